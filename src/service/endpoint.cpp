#include "service/endpoint.hpp"

#include <nettcp/framing/via.hpp>
#include <nettcp/net/endpoint_address.hpp>
#include <nettcp/net/errc.hpp>

namespace nettcp {

result<endpoint> endpoint::parse(std::string_view address) {
    endpoint parsed;
    parsed.address = address;
    if (address.find("://") == std::string_view::npos) {
        parsed.uri = "net.tcp://localhost";
        if (!address.starts_with('/'))
            parsed.uri += '/';
        parsed.uri += address;
        if (const auto split = framing::split_via(parsed.uri); !split || !split->query.empty())
            return error{make_error_code(net::errc::endpoint_invalid)};
        return parsed;
    }
    const auto whole = endpoint_address::parse(address);
    if (!whole)
        return error{make_error_code(net::errc::endpoint_invalid), whole.error().at};
    parsed.uri = whole->uri();
    parsed.port = whole->port();
    return parsed;
}

bool endpoint::is_addressed_by(std::string_view to, std::uint16_t local_port) const {
    const auto split = framing::split_via(to);
    if (!split)
        return false;
    if (!options.any_port && split->port != port.value_or(local_port))
        return false;
    // Paths are equal when each starts with the other.
    framing::via_table ours;
    framing::via_table theirs;
    const auto own = framing::split_via(uri);
    return ours.insert(uri, 0) && theirs.insert(to, 0) && ours.find(*split) && theirs.find(*own);
}

}  // namespace nettcp
