#pragma once

#include "service/test_service.hpp"

#include <nettcp/client/client.hpp>

#include <boost/asio/detached.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <optional>
#include <vector>

namespace callbacks {

using boost::asio::awaitable;
using nettcp::callback_channel;
using nettcp::incoming_call;
using raw::text_body;
using raw::text_of;

inline std::string text_of(nettcp::reply& answer) {
    return raw::text_of(answer.message());
}

/// A service that calls back: asks on what it is asked, sends as many notes as it is told to, and
/// keeps the way back for later.
class asking_service {
public:
    nettcp::service operations() {
        nettcp::service made = raw::echo_service();
        made.on("urn:ask-back", [](incoming_call& call) -> awaitable<void> {
            nettcp::reply answer =
                co_await call.callback().async_call("urn:ask", text_body(text_of(call)));
            call.reply(text_body("client said: " + callbacks::text_of(answer)));
        });
        made.on("urn:subscribe", [this](incoming_call& call) {
            const std::lock_guard lock(guard_);
            kept_ = call.callback();
            const int count = std::stoi(text_of(call));
            for (int i = 0; i != count; ++i)
                kept_.async_send("urn:note", text_body(std::to_string(i)), boost::asio::detached);
            call.reply(text_body("subscribed"));
        });
        return made;
    }

    /// Of the last call of urn:subscribe.
    callback_channel kept() {
        const std::lock_guard lock(guard_);
        return kept_;
    }

private:
    std::mutex guard_;
    callback_channel kept_;
};

/// What a client has been told.
class notes {
public:
    void add(std::string text) {
        const std::lock_guard lock(guard_);
        all_.push_back(std::move(text));
    }
    std::vector<std::string> all() {
        const std::lock_guard lock(guard_);
        return all_;
    }
    bool reached(std::size_t count) {
        return raw::running_host::eventually([&] { return all().size() >= count; });
    }

private:
    std::mutex guard_;
    std::vector<std::string> all_;
};

/// A host with that service, and its clients.
class pair {
public:
    explicit pair(nettcp::host_options options = {})
        : running(std::in_place, std::move(options), asking.operations()) {}

    nettcp::endpoint_address address() const {
        return nettcp::endpoint_address(
            "net.tcp://127.0.0.1:" + std::to_string(running->where.port) + "/test");
    }
    /// Options of a client that answers urn:ask, and takes notes.
    nettcp::client_options options() {
        nettcp::client_options chosen;
        // What the service is called inside must be its own address.
        chosen.via = address();
        chosen.callbacks.on("urn:ask", [](incoming_call& call) {
            call.reply(text_body("answer to " + text_of(call)));
        });
        chosen.callbacks.on("urn:note", [this](incoming_call& call) { told.add(text_of(call)); },
                            {.one_way = true});
        return chosen;
    }
    nettcp::client client(nettcp::client_options chosen) {
        return nettcp::client(nettcp::endpoint_address(raw::via), std::move(chosen));
    }

    asking_service asking;
    notes told;
    std::optional<raw::running_host> running;
};

}  // namespace callbacks
