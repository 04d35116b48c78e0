#include <nettcp/net/stage.hpp>

namespace nettcp {

std::string_view to_string(stage value) noexcept {
    switch (value) {
    case stage::none: return "none";
    case stage::resolve: return "resolve";
    case stage::connect: return "connect";
    case stage::preamble: return "preamble";
    case stage::upgrade: return "upgrade";
    case stage::authenticate: return "authenticate";
    case stage::open: return "open";
    case stage::send: return "send";
    case stage::receive: return "receive";
    case stage::close: return "close";
    }
    return "unknown";
}

}  // namespace nettcp
