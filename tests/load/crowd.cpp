// Decides how many of a crowd are at work at a time.
#include "load/crowd.hpp"

#include "load/texts.hpp"

#include <chrono>

namespace load {

using clock = std::chrono::steady_clock;
using boost::system::error_code;

crowd::crowd(std::size_t size, const std::string& uri, const nettcp::client_options& options) {
    clients_.reserve(size);
    for (std::size_t i = 0; i != size; ++i)
        clients_.emplace_back(context_.get_executor(), nettcp::endpoint_address(uri), options);
}

double crowd::each(std::size_t at_a_time, const action& what) {
    const clock::time_point begun = clock::now();
    std::size_t next = 0, over = 0;
    std::function<void()> start = [&] {
        if (next == size())
            return;
        what(next++, [&] {
            ++over;
            boost::asio::post(context_, start);
        });
    };
    for (std::size_t i = 0; i != std::min(at_a_time, size()); ++i)
        start();
    context_.restart();
    while (over != size()) {
        must(clock::now() - begun < std::chrono::minutes(5), "it takes too long");
        context_.run_one_for(std::chrono::seconds(1));
    }
    while (context_.poll() != 0) {  // the starts that found nothing to do
    }
    return std::chrono::duration<double>(clock::now() - begun).count();
}

double crowd::echo(std::size_t at_a_time) {
    return each(at_a_time, [this](std::size_t i, std::function<void()> done) {
        clients_[i].async_call("urn:echo", text_body(std::to_string(i)),
                               [i, done](const error_code& code, nettcp::reply answer) {
                                   must_succeed(code, "a call", i);
                                   must(text_of(answer.message()) == std::to_string(i),
                                        "another's answer");
                                   done();
                               });
    });
}

double crowd::close(std::size_t at_a_time) {
    return each(at_a_time, [this](std::size_t i, std::function<void()> done) {
        clients_[i].async_close([i, done](const error_code& code) {
            must_succeed(code, "a close", i);
            done();
        });
    });
}

void must_succeed(const error_code& code, const char* what, std::size_t client) {
    if (code)
        throw std::runtime_error(std::string(what) + " of client " + std::to_string(client) +
                                 " failed: " + code.message());
}

}  // namespace load
