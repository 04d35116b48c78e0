// Decides which clients may use the same connection, one after the other.
#include "client/pool_key.hpp"

#include <tuple>

namespace nettcp {
namespace {

// What security consists of is listed here, all but who listens to the keys of TLS. Structured
// bindings count the members: a new one does not compile until it is compared.

using namespace security;

auto values(const default_credentials&) {
    return std::tuple<>();
}
auto values(const cache_credentials& given) {
    const auto& [name] = given;
    return std::tie(name);
}
auto values(const password_credentials& given) {
    const auto& [user, password, domain] = given;
    return std::make_tuple(std::string_view(user), password.reveal(), std::string_view(domain));
}
auto values(const keytab_credentials& given) {
    const auto& [keytab, principal] = given;
    return std::tie(keytab, principal);
}
auto values(const socks5_proxy& given) {
    const auto& [host, port, user, password] = given;
    return std::make_tuple(std::string_view(host), port, std::string_view(user), password.reveal());
}
auto values(const std::monostate&) {
    return std::tuple<>();
}
auto values(const spn_identity& given) {
    const auto& [spn] = given;
    return std::tie(spn);
}
auto values(const upn_identity& given) {
    const auto& [upn] = given;
    return std::tie(upn);
}
auto values(const dns_identity& given) {
    const auto& [name] = given;
    return std::tie(name);
}
auto values(const thumbprint_identity& given) {
    const auto& [sha1] = given;
    return std::tie(sha1);
}

template <class... T>
bool same(const std::variant<T...>& left, const std::variant<T...>& right);

bool same(const windows_client& left, const windows_client& right) {
    const auto values_of = [](const windows_client& given) {
        const auto& [identity, credentials, protection, require_server_auth, allow_ntlm, package,
                     impersonation, frames] = given;
        static_cast<void>(identity);
        static_cast<void>(credentials);
        return std::tie(protection, require_server_auth, allow_ntlm, package, impersonation,
                        frames);
    };
    return values_of(left) == values_of(right) && same(left.identity, right.identity) &&
           same(left.credentials, right.credentials);
}

bool same(const tls_client& left, const tls_client& right) {
    const auto values_of = [](const tls_client& given) {
        const auto& [identity, trust, certificate, minimum_version, send_server_name, key_log] =
            given;
        static_cast<void>(identity);
        static_cast<void>(key_log);
        const auto& [ca_files, system_store, crl_files, insecure] = trust;
        const auto& [certificate_file, key_file, password] = certificate;
        return std::make_tuple(std::cref(ca_files), system_store, std::cref(crl_files), insecure,
                               std::string_view(certificate_file), std::string_view(key_file),
                               password.reveal(), minimum_version, send_server_name);
    };
    return values_of(left) == values_of(right) && same(left.identity, right.identity);
}

template <class T>
bool same(const T& left, const T& right) {
    return values(left) == values(right);
}

template <class T>
bool same(const std::optional<T>& left, const std::optional<T>& right) {
    return left.has_value() == right.has_value() && (!left || same(*left, *right));
}

template <class... T>
bool same(const std::variant<T...>& left, const std::variant<T...>& right) {
    return left.index() == right.index() &&
           std::visit(
               [&right](const auto& mine) {
                   return same(mine, std::get<std::remove_cvref_t<decltype(mine)>>(right));
               },
               left);
}

}  // namespace

bool operator==(const pool_key& left, const pool_key& right) {
    return left.host == right.host && left.port == right.port && left.group == right.group &&
           left.keep_alive == right.keep_alive && same(left.proxy, right.proxy) &&
           same(left.security, right.security);
}

}  // namespace nettcp
