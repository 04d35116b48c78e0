#pragma once

// A host with operations whose bodies are streams, and streams to be sent and checked.

#include "service/test_service.hpp"
#include "support/catch.hpp"

#include <nettcp/client/client.hpp>

#include <boost/asio/redirect_error.hpp>

#include <future>
#include <memory>
#include <span>
#include <stdexcept>

namespace raw {

namespace asio = boost::asio;
using boost::system::error_code;
using nettcp::transfer_mode;

inline std::byte pattern_at(std::size_t i) {
    return static_cast<std::byte>(i * 7 + 3);
}

/// A source of `size` octets, and how many have been taken from it.
inline std::shared_ptr<nettcp::body_source>
pattern_source(std::size_t size, std::atomic<std::size_t>* taken = nullptr) {
    return nettcp::make_body_source(std::function<std::size_t(std::span<std::byte>)>(
        [size, taken, at = std::size_t{0}](std::span<std::byte> room) mutable {
            const std::size_t now = std::min(room.size(), size - at);
            for (std::size_t i = 0; i != now; ++i)
                room[i] = pattern_at(at + i);
            at += now;
            if (taken != nullptr)
                *taken = at;
            return now;
        }));
}

inline auto stream_body(std::string_view name) {
    return [name = std::string(name)](nettcp::nbfx::writer& out) {
        out.start_element(name, "urn:test");
        out.start_element("data", "urn:test");
    };
}

/// Reads all of a stream; the number of octets, or -1 when they are not the pattern's.
inline asio::awaitable<long> check_stream(nettcp::body_reader& from) {
    std::vector<std::byte> room(10'000);
    std::size_t at = 0;
    bool good = true;
    for (;;) {
        error_code code;
        const std::size_t size = co_await from.async_read_some(
            asio::buffer(room), asio::redirect_error(asio::use_awaitable, code));
        for (std::size_t i = 0; i != size; ++i)
            good &= room[i] == pattern_at(at + i);
        at += size;
        if (code == asio::error::eof)
            co_return good ? static_cast<long>(at) : -1;
        if (code)
            throw boost::system::system_error(code);
    }
}

inline long read_all(nettcp::body_reader from) {
    std::vector<std::byte> room(10'000);
    std::size_t at = 0;
    for (;;) {
        std::promise<std::pair<error_code, std::size_t>> done;
        from.async_read_some(asio::buffer(room), [&](const error_code& code, std::size_t size) {
            done.set_value({code, size});
        });
        const auto [code, size] = done.get_future().get();
        for (std::size_t i = 0; i != size; ++i) {
            if (room[i] != pattern_at(at + i))
                return -1;
        }
        at += size;
        if (code == asio::error::eof)
            return static_cast<long>(at);
        if (code)
            throw boost::system::system_error(code);
    }
}

/// Gives some octets, then nothing any more.
struct stalling_source final : nettcp::body_source {
    void read(std::span<std::byte> room, read_handler done) override {
        if (std::exchange(stalled, true)) {
            kept = std::make_unique<read_handler>(std::move(done));
            return;
        }
        for (std::size_t i = 0; i != 99; ++i)
            room[i] = pattern_at(i);
        std::move(done)(error_code(), 99);
    }
    bool stalled = false;
    std::unique_ptr<read_handler> kept;
};

/// Serves streams at `/test`.
class stream_host {
    std::mutex guard_;
    std::string lines_;
    std::optional<error_code> hold_ended_;

public:
    explicit stream_host(
        transfer_mode transfer = transfer_mode::streamed, nettcp::host_options options = {},
        nettcp::framing::encoding encoding = nettcp::framing::encoding::binary_session) {
        nettcp::framing_limits& limits = options.session.framing;
        if (transfer == transfer_mode::buffered)
            limits.max_message_size = 16u << 20;
        if (limits.max_streamed_size == 0)
            limits.max_streamed_size = 1u << 30;
        options.log = [this](const nettcp::session_event& event) {
            const std::lock_guard lock(guard_);
            lines_ += nettcp::to_string(event) + '\n';
        };
        host.emplace(options);
        host->add_endpoint("/test", operations(), {.encodings = encoding, .transfer = transfer});
        where = host->listen("127.0.0.1", 0);
        host->start();
    }

    std::string uri() const {
        return "net.tcp://127.0.0.1:" + std::to_string(where.port) + "/test";
    }
    nettcp::client client(transfer_mode transfer = transfer_mode::streamed,
                          nettcp::client_options options = {}) const {
        options.transfer = transfer;
        options.session.framing.max_message_size = 16u << 20;
        if (options.session.framing.max_streamed_size == 0)
            options.session.framing.max_streamed_size = 1u << 30;
        return nettcp::client(uri(), options);
    }
    bool logged(std::string_view text) {
        return running_host::eventually([&] {
            const std::lock_guard lock(guard_);
            return lines_.find(text) != std::string::npos;
        });
    }
    /// What the reading of `urn:hold` ended with, if it has.
    std::optional<error_code> hold_ended() {
        const std::lock_guard lock(guard_);
        return hold_ended_;
    }

    std::atomic<int> noted{0};
    std::atomic<std::size_t> taken{0};  ///< from the source of `urn:download`
    std::atomic<bool> gate{false};  ///< `urn:hold` may read on
    std::optional<nettcp::service_host> host;
    nettcp::listening_address where;

private:
    nettcp::service operations() {
        nettcp::service service = echo_service(&noted);
        const auto upload = [](nettcp::incoming_call& call) -> asio::awaitable<void> {
            nettcp::body_reader body = call.stream();
            const long size = co_await check_stream(body);
            call.reply(text_body(std::to_string(size)));
        };
        service.on("urn:upload", upload, {.streamed = true});
        service.on("urn:hold", [this](nettcp::incoming_call& call) { return hold(call); },
                   {.streamed = true});
        service.on("urn:ignore",
                   [](nettcp::incoming_call& call) { call.reply(text_body("not read")); },
                   {.streamed = true});
        service.on("urn:throw",
                   [](nettcp::incoming_call&) { throw std::runtime_error("in the middle"); },
                   {.streamed = true});
        service.on("urn:download", [this](nettcp::incoming_call& call) {
            call.reply_stream(stream_body("Down"),
                              pattern_source(std::stoul(text_of(call)), &taken));
        });
        service.on("urn:stall", [](nettcp::incoming_call& call) {
            call.reply_stream(stream_body("Down"), std::make_shared<stalling_source>());
        });
        service.on("urn:both",
                   [](nettcp::incoming_call& call) {
                       call.reply_stream(stream_body("Both"), call.stream().release());
                   },
                   {.streamed = true});
        return service;
    }

    /// Reads a little, waits at the gate, and reads the rest.
    asio::awaitable<void> hold(nettcp::incoming_call& call) {
        error_code code;
        try {
            co_await hold_stream(call);
        } catch (const boost::system::system_error& why) {
            code = why.code();
        }
        const std::lock_guard lock(guard_);
        hold_ended_ = code;
    }
    asio::awaitable<void> hold_stream(nettcp::incoming_call& call) {
        nettcp::body_reader body = call.stream();
        asio::steady_timer timer(co_await asio::this_coro::executor);
        std::vector<std::byte> room(1000);
        std::size_t all = 0;
        error_code code;
        while (code != asio::error::eof) {
            all += co_await body.async_read_some(asio::buffer(room),
                                                 asio::redirect_error(asio::use_awaitable, code));
            if (code && code != asio::error::eof)
                throw boost::system::system_error(code);
            while (!gate) {
                timer.expires_after(std::chrono::milliseconds(5));
                co_await timer.async_wait(asio::use_awaitable);
            }
        }
        call.reply(text_body(std::to_string(all)));
    }
};

inline std::string text_in(nettcp::reply& answer) {
    REQUIRE_FALSE(answer.is_fault());
    return text_of(answer.message());
}

}  // namespace raw
