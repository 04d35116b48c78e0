#pragma once

// Services that tests talk to: plain blocking sockets on a thread, so that nothing of the client's
// own shell is at both ends.

#include <nettcp/channel/duplex_session.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace test_peer {

using octets = std::vector<std::byte>;

inline octets hex(std::string_view digits) {
    octets out;
    int high = -1;
    for (const char c : digits) {
        if (c == ' ' || c == '\n')
            continue;
        const int value = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
        if (high < 0) {
            high = value;
            continue;
        }
        out.push_back(static_cast<std::byte>(high * 16 + value));
        high = -1;
    }
    return out;
}

inline void must(bool good, const char* what) {
    if (!good)
        throw std::runtime_error(what);
}

/// A connected blocking socket; reading gives up after ten seconds.
class connection {
public:
    explicit connection(int descriptor) : descriptor_(descriptor) {
        const timeval patience{10, 0};
        setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        const int on = 1;
        setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    connection(connection&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    ~connection() { close(); }

    std::size_t read_some(std::span<std::byte> space) {
        const ssize_t size = ::recv(descriptor_, space.data(), space.size(), 0);
        must(size >= 0 || errno != ECONNRESET, "the client reset the connection");
        must(size >= 0, "the client sent nothing in time");
        return static_cast<std::size_t>(size);
    }
    /// The same; zero also when the client has reset the connection.
    std::size_t read_some_or_reset(std::span<std::byte> space) {
        const ssize_t size = ::recv(descriptor_, space.data(), space.size(), 0);
        must(size >= 0 || errno == ECONNRESET, "the client sent nothing in time");
        return static_cast<std::size_t>(std::max<ssize_t>(size, 0));
    }
    octets read(std::size_t size) {
        octets out(size);
        for (std::size_t done = 0; done < size;) {
            const std::size_t part = read_some(std::span(out).subspan(done));
            must(part != 0, "the client ended the connection too early");
            done += part;
        }
        return out;
    }
    /// Reads a preamble up to its end record and acknowledges it.
    void accept_preamble() {
        read_preamble();
        send("0b");
    }
    /// The octets of a preamble with an extensionless known encoding.
    octets read_preamble() {
        octets all = read(7);
        const auto via_size = static_cast<std::size_t>(all[6]);
        must(via_size < 128, "a via of one size octet");
        const octets rest = read(via_size + 3);
        all.insert(all.end(), rest.begin(), rest.end());
        must(all.back() == std::byte{0x0c}, "the preamble ends");
        return all;
    }
    /// The payload of a sized envelope.
    octets read_envelope() {
        must(read(1)[0] == std::byte{0x06}, "a sized envelope");
        std::size_t size = 0;
        for (unsigned shift = 0;; shift += 7) {
            const auto octet = static_cast<unsigned>(read(1)[0]);
            size |= static_cast<std::size_t>(octet & 0x7f) << shift;
            if ((octet & 0x80) == 0)
                return read(size);
        }
    }
    void send(nettcp::bytes_view out) {
        while (!out.empty()) {
            const ssize_t size = ::send(descriptor_, out.data(), out.size(), MSG_NOSIGNAL);
            must(size > 0, "the client does not take octets");
            out = out.subspan(static_cast<std::size_t>(size));
        }
    }
    void send(std::string_view digits) { send(nettcp::bytes_view(hex(digits))); }
    void send_text(std::string_view text) { send(nettcp::as_bytes(text)); }
    void end_sending() { ::shutdown(descriptor_, SHUT_WR); }
    /// Whether the client ended its side, and did not reset.
    bool at_end() {
        std::byte one;
        return ::recv(descriptor_, &one, 1, 0) == 0;
    }
    void wait_for_end() {
        std::byte some[256];
        while (::recv(descriptor_, some, sizeof some, 0) > 0) {
        }
    }
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
    int descriptor_;
};

/// A listening socket on a free port of 127.0.0.1.
class listener {
public:
    listener() : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* const address = reinterpret_cast<sockaddr*>(&where);
        must(::bind(descriptor_, address, sizeof where) == 0, "bind");
        socklen_t size = sizeof where;
        must(::getsockname(descriptor_, address, &size) == 0, "getsockname");
        port_ = ntohs(where.sin_port);
        const timeval patience{10, 0};
        setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        must(::listen(descriptor_, 16) == 0, "listen");
    }
    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;
    ~listener() { ::close(descriptor_); }

    connection accept() {
        const int accepted = ::accept(descriptor_, nullptr, nullptr);
        must(accepted >= 0, "nobody connected in time");
        return connection(accepted);
    }
    unsigned short port() const { return port_; }
    std::string uri(std::string_view path = "/none/echo") const {
        return "net.tcp://127.0.0.1:" + std::to_string(port_) + std::string(path);
    }

private:
    int descriptor_;
    unsigned short port_ = 0;
};

/// Runs `script` against the listener on a thread; `finish` reports what went wrong there.
class scripted {
public:
    explicit scripted(std::function<void(listener&)> script)
        : thread_([this, script = std::move(script)] {
              try {
                  script(listener_);
              } catch (const std::exception& thrown) {
                  trouble_ = thrown.what();
              }
          }) {}
    ~scripted() {
        if (thread_.joinable())
            thread_.join();
    }
    /// Waits for the script; empty when it went well.
    std::string finish() {
        thread_.join();
        return trouble_;
    }
    std::string uri(std::string_view path = "/none/echo") const { return listener_.uri(path); }
    unsigned short port() const { return listener_.port(); }

private:
    listener listener_;
    std::string trouble_;
    std::thread thread_;
};

/// One connection's worth of a service: our session engine behind a blocking socket.
class session {
public:
    using on_message = std::function<void(session&, nettcp::channel::message)>;

    session(connection socket, on_message told)
        : socket_(std::move(socket)),
          engine_(nettcp::channel::role::acceptor, nettcp::channel::session_options()),
          told_(std::move(told)) {}

    connection& socket() { return socket_; }
    nettcp::channel::duplex_session& engine() { return engine_; }

    /// Serves until the client is gone. One that has sent End without waiting for ours may then
    /// close its socket before or after ours arrives there; after, the system resets.
    void serve() {
        while (true) {
            const auto space = engine_.input_space();
            const std::size_t size =
                has_ended_ ? socket_.read_some_or_reset(space) : socket_.read_some(space);
            if (size == 0)
                return;
            engine_.received(size);
            while (one_event()) {
            }
            flush();
        }
    }

    void reply(const nettcp::channel::message& request, std::string_view text) {
        using namespace nettcp::nbfx::literals;
        nettcp::soap::outgoing_headers headers;
        headers.action = nettcp::nbfx::dictionary_string{"urn:reply"};
        headers.relates_to = request.headers().message_id;
        auto& out = engine_.begin_message(headers);
        out.start_element("", "Result"_dict, "urn:test"_dict);
        out.text(text);
        out.end_element();
        must(engine_.end_message().has_value(), "a reply that can be written");
    }

    void flush() {
        while (!engine_.output().empty()) {
            const auto out = engine_.output();
            socket_.send(out);
            engine_.output_sent(out.size());
        }
    }

private:
    bool one_event() {
        using nettcp::channel::event_type;
        switch (engine_.next_event()) {
        case event_type::none: return false;
        case event_type::preamble_addressed: engine_.accept_preamble(); return true;
        case event_type::message_arrived: told_(*this, engine_.take_message()); return true;
        case event_type::peer_ended:
            has_ended_ = true;
            engine_.end();
            return true;
        case event_type::failed: throw std::runtime_error("the client broke a rule");
        case event_type::opened:
        case event_type::step_wanted:
        case event_type::message_begun:
        case event_type::body_arrived:
        case event_type::closed: return true;
        }
        return false;
    }

    connection socket_;
    nettcp::channel::duplex_session engine_;
    on_message told_;
    bool has_ended_ = false;
};

/// The text of the first element in a message's body.
inline std::string text_of(nettcp::channel::message& m) {
    return m.body().read_element_text();
}

/// A body `<name xmlns="urn:test">text</name>`.
inline auto body(std::string text) {
    return [text = std::move(text)](nettcp::nbfx::writer& out) {
        using namespace nettcp::nbfx::literals;
        out.start_element("", "Text"_dict, "urn:test"_dict);
        out.text(text);
        out.end_element();
    };
}

}  // namespace test_peer
