// What a client offers, in which order: Kerberos by SPNEGO, with NTLM beside it only where that is
// allowed; NTLM alone when Kerberos cannot even begin; bare NTLM for a client that wants no
// protection, as .NET does. The first failure is the one to tell about, since the others follow.
#include "security/gssapi_mechanism.hpp"

#include <gssapi/gssapi_krb5.h>

#include <algorithm>
#include <array>

namespace nettcp::security {
namespace {

OM_uint32 flags_for(const windows_client& choices, const gss_offer& offer) {
    OM_uint32 flags = 0;
    if (choices.protection >= protection_level::sign)
        flags |= GSS_C_INTEG_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG;
    if (choices.protection == protection_level::encrypt_and_sign)
        flags |= GSS_C_CONF_FLAG;
    // Of Kerberos a proof is asked for even where it is not required.
    if (offer.kerberos)
        flags |= GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG;
    if (choices.impersonation == impersonation_level::identification)
        flags |= GSS_C_IDENTIFY_FLAG;
    if (choices.impersonation == impersonation_level::delegation)
        flags |= GSS_C_DELEG_FLAG;
    return flags;
}

// Whether the answer of SPNEGO turns from Kerberos to NTLM: NTLM's identifier near its start, where
// the mechanism stands that the service has chosen.
bool chooses_ntlm(bytes_view token) {
    constexpr std::string_view identifier = "\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a";
    constexpr std::size_t near = 48;
    return as_text(token.first(std::min(token.size(), near))).find(identifier) !=
           std::string_view::npos;
}

}  // namespace

step_result gssapi_initiator::step(bytes_view token) noexcept {
    step_result result = context_ ? go_on(token) : begin();
    if (result.outcome == step_outcome::complete) {
        if (auto why = check())
            result = failed_step(std::move(*why));
    }
    if (result.outcome == step_outcome::failed)
        context_.reset();
    return result;
}

step_result gssapi_initiator::begin() {
    const windows_client& choices = by_choice_->choices;
    const bool ntlm = by_choice_->ntlm_allowed() && choices.package != package::kerberos;
    const bool delegates = choices.impersonation == impersonation_level::delegation;
    if (choices.package == package::ntlm && !ntlm)
        return failed_step(refuse(errc::ntlm_refused));

    std::array<gss_offer, 3> offers;
    std::size_t count = 0;
    const bool bare_ntlm =
        ntlm && (choices.package == package::ntlm || choices.protection == protection_level::none);
    if (bare_ntlm)
        offers[count++] = {gss_mechanism::ntlm, false, true, false};
    if (choices.package == package::kerberos)
        offers[count++] = {gss_mechanism::kerberos, true, false, delegates};
    if (choices.package == package::negotiate) {
        offers[count++] = {gss_mechanism::spnego, true, ntlm && !bare_ntlm, delegates};
        if (ntlm && !bare_ntlm)
            offers[count++] = {gss_mechanism::spnego, false, true, false};
    }
    gss_failure first;
    for (std::size_t i = 0; i < count; ++i) {
        step_result result;
        gss_failure why;
        if (start(offers[i], result, why))
            return result;
        if (i == 0)
            first = std::move(why);
        else if (!why.said.empty())
            first.said += (offers[i].ntlm ? "; NTLM: " : "; Kerberos: ") + why.said;
    }
    return failed_step(std::move(first));
}

bool gssapi_initiator::start(const gss_offer& offer, step_result& result, gss_failure& why) {
    offer_ = offer;
    caller_ = {};
    if (auto failed = by_choice_->credentials.acquire(offer, caller_)) {
        why = std::move(*failed);
        return false;
    }
    target_name_ =
        offer.kerberos
            ? import_name(by_choice_->name.principal, GSS_KRB5_NT_PRINCIPAL_NAME, why)
            : import_name(by_choice_->name.host_service, GSS_C_NT_HOSTBASED_SERVICE, why);
    if (!target_name_)
        return false;
    OM_uint32 minor = 0;
    const OM_uint32 major = advance({}, result, minor);
    if (!GSS_ERROR(major))
        return true;
    why = explain(major, minor, offer.wrapper, gss_stage::initiator);
    if (offer.kerberos)
        why.said = by_choice_->name.shown() + ": " + why.said;
    context_.reset();
    return false;
}

step_result gssapi_initiator::go_on(bytes_view token) {
    if (offer_.kerberos && offer_.ntlm && chooses_ntlm(token)) {
        // NTLM does not understand a principal; from here on nobody else has to.
        gss_failure why;
        target_name_ = import_name(by_choice_->name.host_service, GSS_C_NT_HOSTBASED_SERVICE, why);
        if (!target_name_)
            return failed_step(std::move(why));
    }
    step_result result;
    OM_uint32 minor = 0;
    const OM_uint32 major = advance(token, result, minor);
    if (GSS_ERROR(major))
        return failed_step(explain(major, minor, offer_.wrapper, gss_stage::initiator));
    return result;
}

OM_uint32 gssapi_initiator::advance(bytes_view token, step_result& result, OM_uint32& minor) {
    gss_buffer_desc theirs = lend(token);
    gss_octets ours;
    const OM_uint32 major = gss_init_sec_context(
        &minor, caller_.credential.get(), context_.out(), target_name_.get(),
        identifier_of(offer_.wrapper), flags_for(by_choice_->choices, offer_), GSS_C_INDEFINITE,
        GSS_C_NO_CHANNEL_BINDINGS, token.empty() ? GSS_C_NO_BUFFER : &theirs, nullptr, ours.out(),
        &flags_, nullptr);
    if (GSS_ERROR(major))
        return major;
    if (ours.size() > most_token) {
        minor = 0;
        return GSS_S_FAILURE;
    }
    result.token.append(ours.view());
    result.outcome = (major & GSS_S_CONTINUE_NEEDED) != 0 ? step_outcome::continue_needed
                                                          : step_outcome::complete;
    return major;
}

std::optional<gss_failure> gssapi_initiator::check() {
    if (auto why = inspect(role::initiator, true))
        return why;
    const windows_client& choices = by_choice_->choices;
    if (by_ == gss_mechanism::ntlm && !by_choice_->ntlm_allowed())
        return refuse(errc::ntlm_refused);
    if (by_ == gss_mechanism::kerberos && choices.require_server_auth && !peer_.mutual)
        return refuse(errc::server_not_authenticated);
    if (peer_.protection < choices.protection)
        return refuse(errc::protection_too_low);
    return std::nullopt;
}

}  // namespace nettcp::security
