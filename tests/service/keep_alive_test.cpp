#include "service/test_service.hpp"
#include "support/catch.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

using namespace raw;

namespace {

/// Which socket of this process is connected to one from that address: the other end of it.
int other_end(const sockaddr_in& address) {
    for (int fd = 3; fd != 1024; ++fd) {
        sockaddr_in peer{};
        socklen_t size = sizeof peer;
        if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) == 0 &&
            peer.sin_port == address.sin_port)
            return fd;
    }
    return -1;
}

int number(int fd, int level, int name) {
    int value = -1;
    socklen_t size = sizeof value;
    (void)getsockopt(fd, level, name, &value, &size);
    return value;
}

}  // namespace

TEST_CASE("A host probes silent connections when asked to", "[threaded]") {
    const bool asked = GENERATE(false, true);
    nettcp::host_options options;
    if (asked)
        options.keep_alive = nettcp::tcp_keep_alive{
            .idle = std::chrono::seconds(7), .interval = std::chrono::seconds(3), .count = 2};
    running_host host(options);
    const int ours = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(host.where.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(ours, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(running_host::eventually([&] { return host.host.connections() == 1; }));
    socklen_t size = sizeof address;
    REQUIRE(getsockname(ours, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    const int theirs = other_end(address);
    REQUIRE(theirs != -1);
    CHECK((number(theirs, SOL_SOCKET, SO_KEEPALIVE) != 0) == asked);
    if (asked) {
        CHECK(number(theirs, IPPROTO_TCP, TCP_KEEPIDLE) == 7);
        CHECK(number(theirs, IPPROTO_TCP, TCP_KEEPINTVL) == 3);
        CHECK(number(theirs, IPPROTO_TCP, TCP_KEEPCNT) == 2);
    }
    ::close(ours);
}
