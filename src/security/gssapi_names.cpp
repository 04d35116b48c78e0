// Names of services and users. A service is always imported as a principal of Kerberos with an
// empty realm, which MIT's library takes for "ask the KDC". As a host-based service it would ask
// DNS for the host's canonical name and call whoever that says.
#include "security/gssapi_names.hpp"

#include <nettcp/base/utf8.hpp>

#include <gssapi/gssapi_krb5.h>

#include <algorithm>

namespace nettcp::security {
namespace {

constexpr std::size_t most_name = 1024;
constexpr std::string_view anonymous_principal = "WELLKNOWN/ANONYMOUS@";

bool usable(std::string_view name) {
    const auto strange = [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == '\x7f' || c == '\\';
    };
    return !name.empty() && name.size() <= most_name && std::ranges::none_of(name, strange);
}

std::optional<service_name> service_of(std::string_view text) {
    if (!usable(text) || text.front() == '@' || text.front() == '/')
        return std::nullopt;
    const std::size_t realm = std::min(text.find('@'), text.size());
    service_name name{std::string(text), std::string(text.substr(0, realm))};
    if (realm == text.size())
        name.principal += '@';
    if (const std::size_t slash = name.host_service.find('/'); slash != std::string::npos)
        name.host_service[slash] = '@';
    return name;
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}

bool same_letters(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

std::optional<service_name> name_of_service(const endpoint_identity& identity,
                                            std::string_view host) {
    if (const auto* by_spn = std::get_if<spn_identity>(&identity))
        return service_of(by_spn->spn);
    if (const auto* by_upn = std::get_if<upn_identity>(&identity))
        return service_of(by_upn->upn);
    if (const auto* by_dns = std::get_if<dns_identity>(&identity))
        return service_of(by_dns->name.empty() ? "" : "host/" + by_dns->name);
    if (!std::holds_alternative<std::monostate>(identity))
        return std::nullopt;  // a certificate, which says nothing about an account
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    return service_of(host.empty() ? "" : "host/" + std::string(host));
}

bool is_service(std::string_view principal, std::string_view spn) {
    if (spn.find('@') == spn.npos)
        principal = principal.substr(0, principal.rfind('@'));
    return same_letters(principal, spn);
}

user_name name_of_user(const password_credentials& given) {
    user_name name{given.user, {}, given.domain};
    if (const std::size_t slash = name.user.find('\\'); slash != std::string::npos) {
        if (name.domain.empty())
            name.domain = name.user.substr(0, slash);
        name.user.erase(0, slash + 1);
    } else if (const std::size_t at = name.user.rfind('@'); at != std::string::npos) {
        name.realm = name.user.substr(at + 1);
        name.user.erase(at);
        if (name.domain.empty())
            name.domain = name.realm;
        return name;
    }
    // Domains are written in any case, realms are their DNS names in upper case. A short name has
    // no DNS name that could be told from here, so that is the default realm.
    if (name.domain.find('.') != std::string::npos)
        std::ranges::transform(name.domain, std::back_inserter(name.realm), upper);
    return name;
}

gss_name import_name(std::string_view text, gss_OID type, gss_failure& why) {
    gss_name name;
    gss_buffer_desc octets = lend(as_bytes(text));
    OM_uint32 minor = 0;
    const OM_uint32 major = gss_import_name(&minor, &octets, type, name.out());
    if (GSS_ERROR(major)) {
        why = explain(major, minor, gss_mechanism::none, gss_stage::initiator);
        why.code = errc::name_invalid;
        name.reset();
    }
    return name;
}

bool is_plain(std::string_view name) {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
    return is_utf8(name) && std::ranges::none_of(name, control);
}

std::string display_name(gss_name_t name, bool& anonymous) {
    if (name == GSS_C_NO_NAME)
        return {};
    gss_octets text;
    gss_OID type = GSS_C_NO_OID;
    OM_uint32 minor = 0;
    if (GSS_ERROR(gss_display_name(&minor, name, text.out(), &type)))
        return {};
    std::string shown = text.text();
    const auto same_type = [&](gss_OID other) {
        return type != GSS_C_NO_OID && other != GSS_C_NO_OID && type->length == other->length &&
               std::equal(static_cast<const char*>(type->elements),
                          static_cast<const char*>(type->elements) + type->length,
                          static_cast<const char*>(other->elements));
    };
    anonymous =
        shown.empty() || shown.starts_with(anonymous_principal) || same_type(GSS_C_NT_ANONYMOUS);
    if (shown.ends_with('@'))
        shown.pop_back();  // a realm that nobody has named
    return shown;
}

}  // namespace nettcp::security
