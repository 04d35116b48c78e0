// Uses both libraries at once: error categories compare by address, so each must exist once.

#include "core_part.hpp"

#include <nettcp/base/cause.hpp>
#include <nettcp/framing/errc.hpp>
#include <nettcp/net/errc.hpp>

#include <cstdio>

int main() {
    const boost::system::error_code here = nettcp::framing::errc::mode_unknown;
    const boost::system::error_code there = error_of_the_core();
    const boost::system::error_code net = nettcp::net::errc::connect_failed;
    if (&here.category() != &there.category() || here != there) {
        std::fputs("the framing category exists twice\n", stderr);
        return 1;
    }
    if (here.category() == net.category() || here == net) {
        std::fputs("two modules share a category\n", stderr);
        return 1;
    }
    // The blame of an error of either library is judged by a condition category of the core.
    if (there != nettcp::cause::peer || net == nettcp::cause::peer) {
        std::fputs("an error does not know whose fault it is\n", stderr);
        return 1;
    }
    std::printf("%s: %s\n", there.category().name(), there.message().c_str());
    return 0;
}
