#pragma once

// The hostile end of a connection, for tests and fuzz targets that run a whole host or client in
// one thread with it: non-blocking sockets, so that whoever waits runs the other end meanwhile.

#include <nettcp/base/bytes.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <utility>

namespace loopback {

inline void require(bool holds) {
    if (!holds)
        std::abort();
}

inline sockaddr_in address(std::uint16_t port) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return where;
}

/// A connected socket. Closing it resets the connection, so that no port waits for its end.
class connection {
public:
    explicit connection(int descriptor) : descriptor_(descriptor) {
        require(descriptor_ >= 0);
        const int on = 1;
        setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    static connection to(std::uint16_t port) {
        connection made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const sockaddr_in where = address(port);
        require(::connect(made.descriptor_, reinterpret_cast<const sockaddr*>(&where),
                          sizeof where) == 0);
        return made;
    }
    connection(connection&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)), ended_(other.ended_) {}
    ~connection() { reset(); }

    /// How many octets the system took; none when the peer is gone or does not read.
    std::size_t send(nettcp::bytes_view out) {
        const ssize_t size =
            ::send(descriptor_, out.data(), out.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        return size > 0 ? static_cast<std::size_t>(size) : 0;
    }
    void end_sending() { ::shutdown(descriptor_, SHUT_WR); }
    /// What has come; `ended()` tells whether more may.
    std::string receive() {
        std::string all;
        std::array<char, 4096> some;
        while (!ended_) {
            const ssize_t size = ::recv(descriptor_, some.data(), some.size(), MSG_DONTWAIT);
            if (size < 0 && (errno == EAGAIN || errno == EINTR))
                break;
            ended_ = size <= 0;
            all.append(some.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
        }
        return all;
    }
    bool ended() const { return ended_; }
    void reset() {
        if (descriptor_ < 0)
            return;
        const linger now{1, 0};
        setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        ::close(std::exchange(descriptor_, -1));
    }

private:
    int descriptor_;
    bool ended_ = false;
};

/// A listening socket on a port that the system chooses.
class acceptor {
public:
    acceptor() : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
        sockaddr_in where = address(0);
        socklen_t size = sizeof where;
        auto* const name = reinterpret_cast<sockaddr*>(&where);
        require(::bind(descriptor_, name, size) == 0 && ::listen(descriptor_, 16) == 0 &&
                ::getsockname(descriptor_, name, &size) == 0);
        port_ = ntohs(where.sin_port);
    }
    acceptor(const acceptor&) = delete;
    acceptor& operator=(const acceptor&) = delete;
    ~acceptor() { ::close(descriptor_); }

    std::uint16_t port() const { return port_; }
    /// Negative when nobody waits.
    int accept() { return ::accept(descriptor_, nullptr, nullptr); }

private:
    int descriptor_;
    std::uint16_t port_ = 0;
};

}  // namespace loopback
