#pragma once

#include <nettcp/base/bytes.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace nettcp::inspect {

/// What can be seen in a token of a Negotiate handshake without any key.
struct token_meaning {
    /// `SPNEGO init, offers Kerberos, NTLM; Kerberos AP-REQ`; no names, no secrets.
    std::string words;
    /// The flags of an NTLM message, which say what will protect the octets.
    std::optional<std::uint32_t> ntlm_flags;
};

/// The meaning of a token: SPNEGO, Kerberos or NTLM; what is none of these, or damaged, is said to
/// be. Spec: RFC 4178 4.2, RFC 4121 4.1, [MS-NLMP] 2.2.1.
token_meaning meaning_of_token(bytes_view token);

}  // namespace nettcp::inspect
