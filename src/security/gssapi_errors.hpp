#pragma once

#include "security/gssapi_types.hpp"

#include <nettcp/security/errc.hpp>
#include <nettcp/security/mechanism.hpp>

#include <krb5/krb5.h>

#include <string>

namespace nettcp::security {

/// Why GSS-API or Kerberos could not do what was asked.
struct gss_failure {
    errc code = errc::mechanism_failed;
    std::uint32_t got = 0;  ///< the mechanism's own code, or GSS-API's where there is none
    std::string said;       ///< printable
};

/// What was being done when it failed: the same code of Kerberos means different things.
enum class gss_stage : std::uint8_t {
    log_in,     ///< getting or finding the credentials that we call with
    service,    ///< finding the keys that we serve with
    initiator,  ///< a step of who calls
    acceptor,   ///< a step of who is called
};

/// What a status means. `by` is the mechanism that was called; inside SPNEGO the one that failed is
/// found out, or, where its status is one of the system's, taken to be `inside`. To be called on
/// the thread that got the status, before anything else of GSS-API.
gss_failure explain(OM_uint32 major, OM_uint32 minor, gss_mechanism by, gss_stage stage,
                    gss_mechanism inside = gss_mechanism::kerberos);

/// What a code of Kerberos's library means.
gss_failure explain_kerberos(krb5_context context, krb5_error_code code, gss_stage stage);

/// What a failure without a library behind it looks like.
gss_failure refuse(errc code, std::string said = {});

/// The failure as the result of a step, with what [MS-NNS] has the peer told about it.
step_result failed_step(gss_failure why) noexcept;

}  // namespace nettcp::security
