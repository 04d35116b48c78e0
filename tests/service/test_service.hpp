#pragma once

#include "service/raw_client.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <mutex>

namespace raw {

inline auto text_body(std::string text) {
    return [text = std::move(text)](nettcp::nbfx::writer& out) {
        out.start_element("Text", "urn:test");
        out.text(text);
        out.end_element();
    };
}

inline std::string text_of(nettcp::incoming_call& call) {
    return text_of(call.message());
}

/// The usual service: echoes at once, echoes after as many milliseconds as the text says, counts.
inline nettcp::service echo_service(std::atomic<int>* noted = nullptr) {
    nettcp::service service;
    service.on("urn:echo",
               [](nettcp::incoming_call& call) { call.reply(text_body(text_of(call))); });
    service.on("urn:sleep", [](nettcp::incoming_call& call) -> boost::asio::awaitable<void> {
        const std::string text = text_of(call);
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
        timer.expires_after(std::chrono::milliseconds(std::stoi(text)));
        co_await timer.async_wait(boost::asio::use_awaitable);
        call.reply(text_body("slept " + text));
    });
    service.on("urn:note",
               [noted](nettcp::incoming_call&) {
                   if (noted != nullptr)
                       ++*noted;
               },
               {.one_way = true});
    return service;
}

inline constexpr std::string_view via = "net.tcp://localhost:9000/test";

/// A host on its own thread with the usual service at `via`, and its log.
class running_host {
public:
    explicit running_host(nettcp::host_options options = {},
                          nettcp::service service = echo_service(),
                          std::string_view ip = "127.0.0.1")
        : host(with_log(std::move(options))) {
        host.add_endpoint(via, std::move(service));
        where = host.listen(ip, 0);
        host.start();
    }

    /// Waits until the log has a line with `text`; false after ten seconds.
    bool logged(std::string_view text) {
        return eventually([&] {
            const std::lock_guard lock(guard_);
            return lines_.find(text) != std::string::npos;
        });
    }
    std::string lines() {
        const std::lock_guard lock(guard_);
        return lines_;
    }
    template <class F>
    static bool eventually(F condition) {
        for (int i = 0; i < 1000; ++i) {
            if (condition())
                return true;
            usleep(10'000);
        }
        return false;
    }

private:
    nettcp::host_options with_log(nettcp::host_options options) {
        options.log = [this](const nettcp::session_event& event) {
            const std::lock_guard lock(guard_);
            lines_ += to_string(event) + '\n';
        };
        return options;
    }

    std::mutex guard_;
    std::string lines_;

public:
    nettcp::service_host host;
    nettcp::listening_address where;
};

/// A request to the usual service.
inline client::request request(std::uint32_t id, std::string action, std::string text) {
    client::request made;
    made.id = id;
    made.action = std::move(action);
    made.text = std::move(text);
    made.to = via;
    return made;
}

}  // namespace raw
