#include "bulk_nettcp.hpp"

#include "bulk_asio.hpp"
#include "measure.hpp"

#include <nettcp/net/body_source.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace nettcp::bench {
namespace {

namespace asio = boost::asio;
using namespace nbfx::literals;

constexpr auto contract = "http://peers.test/svc"_dict;
constexpr std::string_view upload_action = "http://peers.test/svc/IStreaming/Upload";
constexpr std::string_view download_action = "http://peers.test/svc/IStreaming/Download";
constexpr std::uint64_t longest_stream = std::uint64_t{1} << 40;

endpoint_address address_of(std::uint16_t port) {
    return endpoint_address("net.tcp://127.0.0.1:" + std::to_string(port) + "/bulk");
}

channel::session_options large_messages() {
    channel::session_options limits;
    limits.framing.max_message_size = 2 * mebibyte;
    limits.framing.max_streamed_size = longest_stream;
    return limits;
}

client_options streamed() {
    client_options options;
    options.session = large_messages();
    options.transfer = transfer_mode::streamed;
    return options;
}

client_options buffered(client_security security) {
    client_options options;
    options.session = large_messages();
    options.security = std::move(security);
    return options;
}

void serve(service operations, endpoint_options options, const host_process::say_port& say) {
    host_options limits;
    limits.session = large_messages();
    serve_nettcp_service("/bulk", std::move(operations), std::move(options), limits, say);
}

asio::awaitable<void> echo(incoming_call& call) {
    call.body().read_start_element("Echo", contract.text);
    const std::vector<std::byte> octets = call.body().read_element_bytes();
    call.end_body();
    call.reply([&](nbfx::writer& out) {
        out.start_element("EchoResponse"_dict, contract);
        out.start_element("EchoResult"_dict, contract);
        out.bytes(octets);
        out.end_element();
        out.end_element();
    });
    co_return;
}

/// So many octets, whatever they are: neither side looks at what it moves.
std::shared_ptr<body_source> octets(std::uint64_t size) {
    return make_body_source([left = size](std::span<std::byte> room) mutable {
        const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(room.size(), left));
        left -= now;
        return now;
    });
}

asio::awaitable<std::uint64_t> read_all(body_reader from) {
    std::vector<std::byte> room(64u << 10);
    std::uint64_t size = 0;
    boost::system::error_code code;
    while (!code)
        size += co_await from.async_read_some(asio::buffer(room),
                                              asio::redirect_error(asio::use_awaitable, code));
    expect(code == asio::error::eof, "a stream broke");
    co_return size;
}

asio::awaitable<void> upload(incoming_call& call) {
    const std::uint64_t size = co_await read_all(call.stream());
    call.reply([size](nbfx::writer& out) {
        out.start_element("UploadResponse"_dict, contract);
        out.start_element("UploadResult"_dict, contract);
        out.int64(static_cast<std::int64_t>(size));
        out.end_element();
        out.end_element();
    });
}

void download(incoming_call& call) {
    call.body().read_start_element("Download", contract.text);
    const auto size = static_cast<std::uint64_t>(call.body().read_element_int64());
    call.end_body();
    call.reply_stream(
        [](nbfx::writer& out) {
            out.start_element("DownloadResponse"_dict, contract);
            out.start_element("DownloadResult"_dict, contract);
        },
        octets(size));
}

void run(asio::io_context& context, asio::awaitable<void> work) {
    asio::co_spawn(context, std::move(work), [&context](std::exception_ptr failed) {
        expect(!failed, "a call failed");
        context.stop();  // a connection that is kept is work
    });
    context.restart();
    context.run();
}

}  // namespace

void serve_bulk_nettcp(const host_process::say_port& say, service_security security) {
    service operations;
    operations.on(echo_action, echo);
    endpoint_options options;
    options.security = std::move(security);
    serve(std::move(operations), std::move(options), say);
}

void serve_streams_nettcp(const host_process::say_port& say) {
    service operations;
    operations.on(upload_action, upload, {.streamed = true});
    operations.on(download_action, download);
    serve(std::move(operations), {.transfer = transfer_mode::streamed}, say);
}

bulk_nettcp_client::bulk_nettcp_client(std::uint16_t port, std::size_t payload,
                                       client_security security)
    : client_(context_.get_executor(), address_of(port), buffered(std::move(security))),
      payload_(payload) {}

asio::awaitable<void> bulk_nettcp_client::echoes(int times) {
    while (times-- > 0) {
        reply answer = co_await client_.async_call(echo_action, [this](nbfx::writer& out) {
            out.start_element("Echo"_dict, contract);
            out.start_element("data"_dict, contract);
            out.bytes(payload_);
            out.end_element();
            out.end_element();
        });
        answer.body().read_start_element("EchoResponse", contract.text);
        const std::vector<std::byte> back = answer.body().read_element_bytes();
        expect(answer.body().ok() && back.size() == payload_.size(), "a wrong answer came");
    }
}

void bulk_nettcp_client::echo(int times) {
    run(context_, echoes(times));
}

stream_nettcp_client::stream_nettcp_client(std::uint16_t port)
    : client_(context_.get_executor(), address_of(port), streamed()) {}

asio::awaitable<void> stream_nettcp_client::sending(std::uint64_t size) {
    call_options options;
    options.stream = octets(size);
    reply answer = co_await client_.async_call(
        upload_action,
        [](nbfx::writer& out) {
            out.start_element("Upload"_dict, contract);
            out.start_element("data"_dict, contract);
        },
        options, asio::use_awaitable);
    answer.body().read_start_element("UploadResponse", contract.text);
    const auto taken = static_cast<std::uint64_t>(answer.body().read_element_int64());
    expect(answer.body().ok() && taken == size, "octets of a stream are missing");
}

asio::awaitable<void> stream_nettcp_client::receiving(std::uint64_t size) {
    call_options options;
    options.stream_reply = true;
    reply answer = co_await client_.async_call(
        download_action,
        [size](nbfx::writer& out) {
            out.start_element("Download"_dict, contract);
            out.start_element("size"_dict, contract);
            out.int64(static_cast<std::int64_t>(size));
            out.end_element();
            out.end_element();
        },
        options, asio::use_awaitable);
    expect(co_await read_all(answer.stream()) == size, "octets of a stream are missing");
}

void stream_nettcp_client::send(int mebibytes) {
    run(context_, sending(static_cast<std::uint64_t>(mebibytes) * mebibyte));
}
void stream_nettcp_client::receive(int mebibytes) {
    run(context_, receiving(static_cast<std::uint64_t>(mebibytes) * mebibyte));
}

}  // namespace nettcp::bench
