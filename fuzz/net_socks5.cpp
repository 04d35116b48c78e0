// Invariants of a SOCKS5 handshake, whatever the proxy answers: it ends, wants no more than 257
// octets at a time and 400 in all, sends no password to a proxy that has not chosen to see it, and
// nothing at all once it has failed.
//
// The first octet of the input chooses what is asked for, the rest is what the proxy says.
//
// Reaches src/net/socks5.cpp

#include <nettcp/net/socks5_handshake.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace nettcp;

namespace {

constexpr std::string_view password = "not to be seen";

void require(bool holds) {
    if (!holds)
        std::abort();
}

bool shows_password(bytes_view sent) {
    return as_text(sent).find(password) != std::string_view::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    if (size == 0)
        return 0;
    constexpr std::string_view hosts[] = {"service.example", "192.0.2.1", "2001:db8::1", "::"};
    const bool has_user = (octets[0] & 4) != 0;
    socks5_proxy proxy;
    if (has_user) {
        proxy.user = "user";
        proxy.password = password;
    }
    net::socks5_handshake handshake(proxy, hosts[octets[0] & 3], 808);
    bytes_view said(reinterpret_cast<const std::byte*>(octets) + 1, size - 1);
    require(!shows_password(handshake.output()));
    std::size_t heard = 0;
    while (handshake.wanted() != 0) {
        const std::size_t wanted = handshake.wanted();
        require(wanted <= 257);
        if (said.size() < wanted)
            return 0;  // the proxy says no more
        const bool may_authenticate =
            has_user && heard == 0 && said[0] == std::byte{5} && said[1] == std::byte{2};
        handshake.received(said.first(wanted));
        said = said.subspan(wanted);
        heard += wanted;
        require(shows_password(handshake.output()) == may_authenticate);
    }
    require(heard <= 400);
    require(handshake.output().empty());
    require(handshake.done() == !handshake.failure().failed());
    handshake.received(said.first(std::min<std::size_t>(said.size(), 1)));
    require(!handshake.done());  // nobody asked for more
    return 0;
}
