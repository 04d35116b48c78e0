// Which callers a service takes, and with how much protection.
#include "security/gssapi_mechanism.hpp"

#include <algorithm>

namespace nettcp::security {
namespace {

constexpr std::string_view ntlm_signature("NTLMSSP\0", 8);

bool is_bare_ntlm(bytes_view token) {
    return as_text(token).starts_with(ntlm_signature);
}

bool has_ntlm(bytes_view token) {
    return as_text(token).find(ntlm_signature) != std::string_view::npos;
}

// Kerberos's identifiers, the misprinted one included, in the list at the start of SPNEGO's token.
bool offers_kerberos(bytes_view token) {
    constexpr std::size_t list = 128;
    const std::string_view start = as_text(token.first(std::min(token.size(), list)));
    return start.find("\x2a\x86\x48\x86\xf7\x12\x01\x02\x02") != start.npos ||
           start.find("\x2a\x86\x48\x82\xf7\x12\x01\x02\x02") != start.npos;
}

// A token of Kerberos's own, without SPNEGO around it.
bool is_bare_kerberos(bytes_view token) {
    constexpr std::size_t header = 16;
    const std::string_view start = as_text(token.first(std::min(token.size(), header)));
    return offers_kerberos(token) && start.find("\x2b\x06\x01\x05\x05\x02") == start.npos;
}

}  // namespace

step_result gssapi_acceptor::step(bytes_view token) noexcept {
    step_result result = accept(token);
    if (result.outcome == step_outcome::complete) {
        if (auto why = check())
            result = failed_step(std::move(*why));
    }
    if (result.outcome == step_outcome::failed)
        context_.reset();
    return result;
}

step_result gssapi_acceptor::accept(bytes_view token) {
    if (token.empty())
        return failed_step(refuse(errc::token_invalid));  // SPNEGO would send hints
    if (is_bare_ntlm(token) && !service_->choices().allow_ntlm)
        return failed_step(refuse(errc::ntlm_refused));
    if (is_bare_kerberos(token) && !service_->choices().allow_kerberos)
        return failed_step(refuse(errc::mechanism_refused, "Kerberos"));
    if (credential_ == GSS_C_NO_CREDENTIAL)
        if (auto why = service_->acquire(offers_kerberos(token), credential_))
            return failed_step(std::move(*why));
    gss_buffer_desc theirs = lend(token);
    gss_octets ours;
    OM_uint32 minor = 0;
    const OM_uint32 major = gss_accept_sec_context(&minor, context_.out(), credential_, &theirs,
                                                   GSS_C_NO_CHANNEL_BINDINGS, nullptr, nullptr,
                                                   ours.out(), &flags_, nullptr, nullptr);
    if (GSS_ERROR(major)) {
        const gss_mechanism by = is_bare_ntlm(token) ? gss_mechanism::ntlm : gss_mechanism::spnego;
        const gss_mechanism inside =
            has_ntlm(token) ? gss_mechanism::ntlm : gss_mechanism::kerberos;
        return failed_step(explain(major, minor, by, gss_stage::acceptor, inside));
    }
    if (ours.size() > most_token)
        return failed_step(refuse(errc::handshake_message_too_large));
    step_result result;
    result.token.append(ours.view());
    result.outcome = (major & GSS_S_CONTINUE_NEEDED) != 0 ? step_outcome::continue_needed
                                                          : step_outcome::complete;
    return result;
}

std::optional<gss_failure> gssapi_acceptor::check() {
    const windows_service& choices = service_->choices();
    if (auto why = inspect(role::acceptor, !choices.spn.empty()))
        return why;
    if (by_ == gss_mechanism::ntlm && !choices.allow_ntlm)
        return refuse(errc::ntlm_refused);
    if (by_ == gss_mechanism::kerberos && !choices.allow_kerberos)
        return refuse(errc::mechanism_refused, "Kerberos");
    if (anonymous_ || peer_.name.empty())
        return refuse(errc::anonymous_refused);
    if (peer_.protection < choices.protection)
        return refuse(errc::protection_too_low, std::string(to_string(peer_.protection)));
    if (peer_.impersonation < choices.impersonation)
        return refuse(errc::impersonation_too_low, std::string(to_string(peer_.impersonation)));
    if (by_ == gss_mechanism::kerberos && !choices.spn.empty() && !is_service(target_, choices.spn))
        return refuse(errc::service_name_refused, target_);
    return std::nullopt;
}

}  // namespace nettcp::security
