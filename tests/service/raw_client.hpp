#pragma once

// Clients that tests send at a host: plain blocking sockets, so that no shell of ours is at both
// ends.

#include <nettcp/channel/duplex_session.hpp>
#include <nettcp/channel/errc.hpp>
#include <nettcp/service/service_host.hpp>

#include "support/hex.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace raw {

using octets = std::vector<std::byte>;

inline void must(bool good, const char* what) {
    if (!good)
        throw std::runtime_error(what);
}

/// How a connection ended, seen from the peer.
enum class ending { fin, reset, none };

/// A connected blocking socket; reading gives up after ten seconds.
class wire_socket {
public:
    explicit wire_socket(const nettcp::listening_address& where, int receive_buffer = 0) {
        const bool v6 = where.ip.find(':') != std::string::npos;
        descriptor_ = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
        must(descriptor_ >= 0, "socket");
        if (receive_buffer != 0)
            setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        set_patience(std::chrono::seconds(10));
        const int on = 1;
        setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        sockaddr_in6 six{};
        sockaddr_in four{};
        six.sin6_family = AF_INET6;
        six.sin6_port = four.sin_port = htons(where.port);
        four.sin_family = AF_INET;
        const void* address = v6 ? static_cast<void*>(&six) : static_cast<void*>(&four);
        must(inet_pton(v6 ? AF_INET6 : AF_INET, where.ip.c_str(),
                       v6 ? static_cast<void*>(&six.sin6_addr)
                          : static_cast<void*>(&four.sin_addr)) == 1,
             "inet_pton");
        must(::connect(descriptor_, static_cast<const sockaddr*>(address),
                       v6 ? sizeof six : sizeof four) == 0,
             "connect");
    }
    wire_socket(wire_socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    ~wire_socket() { close(); }

    void set_patience(std::chrono::milliseconds patience) {
        const timeval time{patience.count() / 1000, patience.count() % 1000 * 1000};
        setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    }
    void send(nettcp::bytes_view out) {
        while (!out.empty()) {
            const ssize_t size = ::send(descriptor_, out.data(), out.size(), MSG_NOSIGNAL);
            must(size > 0, "the host does not take octets");
            out = out.subspan(static_cast<std::size_t>(size));
        }
    }
    void send(std::string_view digits) { send(nettcp::bytes_view(nettcp::hex(digits))); }
    void send_text(std::string_view text) { send(nettcp::as_bytes(text)); }
    /// Like `send`, but false when the connection is gone.
    bool try_send(nettcp::bytes_view out) {
        return ::send(descriptor_, out.data(), out.size(), MSG_NOSIGNAL) > 0;
    }

    /// Some octets; none at the end, which `how()` then tells.
    octets read_some(std::size_t most = 65536) {
        octets out(most);
        ++reads_;
        const ssize_t size = ::recv(descriptor_, out.data(), out.size(), 0);
        if (size <= 0)
            how_ = size == 0 ? ending::fin : errno == ECONNRESET ? ending::reset : ending::none;
        out.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
        return out;
    }
    octets read(std::size_t size) {
        octets all;
        while (all.size() < size) {
            const octets some = read_some(size - all.size());
            must(!some.empty(), "the host sent too little");
            all.insert(all.end(), some.begin(), some.end());
        }
        return all;
    }
    std::string read_hex(std::size_t size) { return nettcp::to_hex(read(size)); }
    /// Everything until the connection ends or is silent for the patience set.
    octets read_all() {
        octets all;
        for (;;) {
            const octets some = read_some();
            if (some.empty())
                return all;
            all.insert(all.end(), some.begin(), some.end());
        }
    }
    /// How the last reading ended.
    ending how() const { return how_; }
    /// How often `read_some` was called; each allocates.
    std::size_t reads() const { return reads_; }
    void end_sending() { ::shutdown(descriptor_, SHUT_WR); }
    void reset() {
        const linger now{1, 0};
        setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close();
    }
    void close() {
        if (descriptor_ >= 0)
            ::close(std::exchange(descriptor_, -1));
    }

private:
    int descriptor_ = -1;
    ending how_ = ending::none;
    std::size_t reads_ = 0;
};

/// A socket with the engine of an initiator: sends requests, gives answers.
class client {
public:
    explicit client(const nettcp::listening_address& where, int receive_buffer = 0)
        : wire(where, receive_buffer), session(nettcp::channel::role::initiator, options()) {}

    void open(std::string_view via) {
        must(session.open(via, nettcp::framing::encoding::binary_session).has_value(), "open");
        flush();
        must(next() == nettcp::channel::event_type::opened, "the host does not open the session");
    }

    struct request {
        std::string action = "urn:echo";
        std::optional<std::string> to = {};
        std::optional<std::uint32_t> id = {};
        std::string text = "hello";
        std::optional<std::string> reply_to = {};
        std::function<void(nettcp::nbfx::writer&)> headers = {};
    };

    void queue(const request& what) {
        nettcp::soap::outgoing_headers headers;
        headers.action = what.action;
        if (what.id)
            headers.message_id = id_of(*what.id);
        if (what.reply_to)
            headers.reply_to = nettcp::nbfx::xml_string(*what.reply_to);
        if (what.to)
            headers.to = nettcp::nbfx::xml_string(*what.to);
        auto& out = session.begin_message(headers, what.headers);
        out.start_element("Text", "urn:test");
        out.text(what.text);
        out.end_element();
        must(session.end_message().has_value(), "the request cannot be written");
    }
    void send(const request& what) {
        queue(what);
        flush();
    }
    void flush() {
        while (!session.output().empty()) {
            const auto out = session.output();
            wire.send(out);
            session.output_sent(out.size());
        }
    }
    /// Reads until something happens. `failed` when the connection has ended.
    nettcp::channel::event_type next() {
        for (;;) {
            const auto what = session.next_event();
            if (what != nettcp::channel::event_type::none)
                return what;
            const auto space = session.input_space();
            const octets some = wire.read_some(space.size());
            if (some.empty())
                return nettcp::channel::event_type::failed;
            std::copy(some.begin(), some.end(), space.begin());
            session.received(some.size());
        }
    }
    nettcp::channel::message receive() {
        must(next() == nettcp::channel::event_type::message_arrived, "no message came");
        return session.take_message();
    }
    nettcp::channel::message call(const request& what) {
        send(what);
        return receive();
    }
    /// Ends our side and reads until the host has ended its own.
    bool close() {
        session.end();
        flush();
        for (;;) {
            const auto what = next();
            if (what == nettcp::channel::event_type::closed)
                return true;
            if (what == nettcp::channel::event_type::failed)
                return false;
        }
    }

    static nettcp::uuid id_of(std::uint32_t number) {
        nettcp::uuid id{};
        for (std::size_t i = 0; i < 4; ++i)
            id.data[i] = static_cast<std::uint8_t>(number >> (8 * i));
        return id;
    }

    wire_socket wire;
    nettcp::channel::duplex_session session;

private:
    static nettcp::channel::session_options options() {
        nettcp::channel::session_options chosen;
        chosen.framing.max_message_size = 64u << 20;
        return chosen;
    }
};

/// The text of the element in a body.
inline std::string text_of(nettcp::channel::message& message) {
    auto& in = message.body();
    if (in.move_to_content() != nettcp::nbfx::node::element)
        return "no element";
    return in.read_element_text();
}

/// The innermost code and the reason of a fault.
inline std::string fault_of(nettcp::channel::message& message) {
    if (!message.is_fault())
        return "no fault";
    const auto fault = message.read_fault();
    return fault ? fault->codes.front().local + '/' + fault->codes.back().local : "bad fault";
}

}  // namespace raw
