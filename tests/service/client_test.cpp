#include "service/test_service.hpp"
#include "support/catch.hpp"

#include <nettcp/client/client.hpp>
#include <nettcp/net/errc.hpp>

#include <boost/asio/use_future.hpp>

#include <future>

using namespace raw;

TEST_CASE("service_host and client understand each other", "[threaded]") {
    std::atomic<int> noted{0};
    nettcp::host_options options;
    options.session.framing.max_message_size = 4u << 20;
    nettcp::service_host host(options);
    host.add_endpoint("/test", echo_service(&noted));
    const auto where = host.listen("127.0.0.1", 0);
    host.start();
    nettcp::client_options client_options;
    client_options.session.framing.max_message_size = 4u << 20;
    nettcp::client c("net.tcp://127.0.0.1:" + std::to_string(where.port) + "/test", client_options);
    const auto text = [](nettcp::reply& answer) { return text_of(answer.message()); };

    auto answer = c.call("urn:echo", text_body("hello"));
    CHECK(text(answer) == "hello");
    const std::string large(1 << 20, 'x');
    answer = c.call("urn:echo", text_body(large));
    CHECK(text(answer) == large);
    c.send("urn:note", text_body(""));
    answer = c.call("urn:nobody", text_body(""));
    CHECK(answer.is_fault());
    CHECK(noted == 1);

    std::vector<std::future<nettcp::reply>> answers;
    for (int i = 0; i < 32; ++i)
        answers.push_back(
            c.async_call("urn:sleep", text_body(std::to_string(i % 5)), boost::asio::use_future));
    for (int i = 0; i < 32; ++i) {
        auto one = answers[static_cast<std::size_t>(i)].get();
        CHECK(text(one) == "slept " + std::to_string(i % 5));
    }
    c.close();
    answer = c.call("urn:echo", text_body("again"));
    CHECK(text(answer) == "again");
    CHECK(!host.stop(std::chrono::seconds(5)));
}
