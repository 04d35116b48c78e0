#include <nettcp/net/socks5_proxy.hpp>

#include <nettcp/net/errc.hpp>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <charconv>

namespace nettcp {

result<socks5_proxy> socks5_proxy::parse(std::string_view uri) {
    const error invalid{net::errc::proxy_invalid, 0, 0};
    const auto parsed = boost::urls::parse_uri(uri);
    if (!parsed)
        return invalid;
    const auto scheme = parsed->scheme();
    const bool is_known = scheme == "socks5" || scheme == "socks5h";
    const bool has_more = (!parsed->encoded_path().empty() && parsed->encoded_path() != "/") ||
                          parsed->has_query() || parsed->has_fragment();
    if (!is_known || has_more || parsed->host_address().empty())
        return invalid;
    socks5_proxy out;
    out.host = parsed->host_address();
    if (parsed->has_port() && !parsed->port().empty()) {
        const std::string digits(parsed->port());
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
        if (read.ec != std::errc() || out.port == 0)
            return invalid;
    }
    out.user = parsed->user();
    out.password = security::secret(parsed->password());
    return out;
}

}  // namespace nettcp
