// What a client learns when its message is larger than the host allows.

#include "service/stream_host.hpp"

#include <nettcp/framing/errc.hpp>
#include <nettcp/net/errc.hpp>

using namespace raw;

TEST_CASE("A client learns of the quota that its message breaks, however large it is",
          "[threaded]") {
    const auto transfer = GENERATE(transfer_mode::buffered, transfer_mode::streamed);
    CAPTURE(static_cast<int>(transfer));
    nettcp::host_options limits;
    limits.session.framing.max_streamed_size = 100'000;
    limits.session.framing.max_message_size = 65536;
    nettcp::service_host host(limits);
    std::atomic<int> noted{0};
    nettcp::service service = echo_service(&noted);
    service.on("urn:upload",
               [](nettcp::incoming_call& call) -> asio::awaitable<void> {
                   nettcp::body_reader body = call.stream();
                   const long size = co_await check_stream(body);
                   call.reply(text_body(std::to_string(size)));
               },
               {.streamed = true});
    host.add_endpoint("/test", service, {.transfer = transfer});
    const auto where = host.listen("127.0.0.1", 0);
    host.start();
    nettcp::client_options options;
    options.transfer = transfer;
    options.session.max_pending_output = 64u << 20;
    nettcp::client c("net.tcp://127.0.0.1:" + std::to_string(where.port) + "/test", options);
    for (int i = 0; i != 5; ++i) {
        for (const std::size_t size : {200'000u, 1'000'000u, 20'000'000u}) {
            error_code code;
            c.call("urn:upload", stream_body("Up"), code, nullptr,
                   {.stream = pattern_source(size)});
            // As WCF's hosts: no words in the middle of a stream.
            if (transfer == transfer_mode::buffered)
                CHECK(code == nettcp::framing::errc::peer_said_max_message_size_exceeded);
            else
                CHECK(code == nettcp::net::errc::connection_reset);
        }
    }
}
