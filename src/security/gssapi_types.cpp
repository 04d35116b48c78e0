#include "security/gssapi_types.hpp"

#include <algorithm>
#include <array>

namespace nettcp::security {
namespace {

// 1.3.6.1.5.5.2, 1.2.840.113554.1.2.2, 1.3.6.1.4.1.311.2.2.10, and 1.2.840.48018.1.2.2: what
// Windows lists for Kerberos as well, since a number was cut off long ago.
char spnego_octets[] = "\x2b\x06\x01\x05\x05\x02";
char kerberos_octets[] = "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02";
char ntlm_octets[] = "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a";
char microsoft_kerberos_octets[] = "\x2a\x86\x48\x82\xf7\x12\x01\x02\x02";

gss_OID_desc spnego = {sizeof spnego_octets - 1, spnego_octets};
gss_OID_desc kerberos = {sizeof kerberos_octets - 1, kerberos_octets};
gss_OID_desc ntlm = {sizeof ntlm_octets - 1, ntlm_octets};
gss_OID_desc microsoft_kerberos = {sizeof microsoft_kerberos_octets - 1, microsoft_kerberos_octets};

bool same(gss_const_OID a, const gss_OID_desc& b) noexcept {
    return std::ranges::equal(as_text({static_cast<const std::byte*>(a->elements), a->length}),
                              as_text({static_cast<const std::byte*>(b.elements), b.length}));
}

}  // namespace

gss_OID identifier_of(gss_mechanism which) noexcept {
    switch (which) {
    case gss_mechanism::spnego: return &spnego;
    case gss_mechanism::kerberos: return &kerberos;
    case gss_mechanism::ntlm: return &ntlm;
    case gss_mechanism::none: break;
    }
    return GSS_C_NO_OID;
}

gss_mechanism mechanism_of(gss_const_OID identifier) noexcept {
    if (identifier == GSS_C_NO_OID)
        return gss_mechanism::none;
    if (same(identifier, kerberos) || same(identifier, microsoft_kerberos))
        return gss_mechanism::kerberos;
    if (same(identifier, ntlm))
        return gss_mechanism::ntlm;
    return same(identifier, spnego) ? gss_mechanism::spnego : gss_mechanism::none;
}

std::string gss_octets::text() const {
    std::string_view text = as_text(view());
    while (text.ends_with('\0'))
        text.remove_suffix(1);
    return std::string(text);
}

}  // namespace nettcp::security
