#include "net/keep_alive.hpp"

#include <limits>

#if !defined(_WIN32)
#include <netinet/in.h>
#include <netinet/tcp.h>
#endif

namespace nettcp::net {
namespace {

using boost::system::error_code;
using boost::asio::ip::tcp;

/// An option of TCP with a whole number, as Asio wants to see them.
class tcp_number {
public:
    tcp_number(int name, std::chrono::seconds::rep value)
        : name_(name),
          value_(value > std::numeric_limits<int>::max() ? std::numeric_limits<int>::max()
                                                         : static_cast<int>(value)) {}

    template <class Protocol>
    int level(const Protocol&) const {
        return IPPROTO_TCP;
    }
    template <class Protocol>
    int name(const Protocol&) const {
        return name_;
    }
    template <class Protocol>
    const int* data(const Protocol&) const {
        return &value_;
    }
    template <class Protocol>
    std::size_t size(const Protocol&) const {
        return sizeof value_;
    }

private:
    int name_;
    int value_;
};

}  // namespace

error_code keep_alive(tcp::socket& socket, [[maybe_unused]] const tcp_keep_alive& how) {
    error_code ec;
#ifdef TCP_KEEPIDLE
    socket.set_option(tcp_number(TCP_KEEPIDLE, how.idle.count()), ec);
#endif
#ifdef TCP_KEEPINTVL
    if (!ec)
        socket.set_option(tcp_number(TCP_KEEPINTVL, how.interval.count()), ec);
#endif
#ifdef TCP_KEEPCNT
    if (!ec)
        socket.set_option(tcp_number(TCP_KEEPCNT, how.count), ec);
#endif
    if (!ec)
        socket.set_option(boost::asio::socket_base::keep_alive(true), ec);
    return ec;
}

}  // namespace nettcp::net
