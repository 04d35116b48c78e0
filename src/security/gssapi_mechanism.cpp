#include "security/gssapi_mechanism.hpp"

#include <nettcp/base/utf8.hpp>

#include <algorithm>

namespace nettcp::security {
namespace {

constexpr std::size_t ntlm_signature = 16;
constexpr OM_uint32 out_of_sequence =
    GSS_S_DUPLICATE_TOKEN | GSS_S_OLD_TOKEN | GSS_S_UNSEQ_TOKEN | GSS_S_GAP_TOKEN;

protection_level level_of(OM_uint32 flags) {
    if ((flags & GSS_C_CONF_FLAG) != 0)
        return protection_level::encrypt_and_sign;
    return (flags & GSS_C_INTEG_FLAG) != 0 ? protection_level::sign : protection_level::none;
}

impersonation_level impersonation_of(OM_uint32 flags) {
    if ((flags & GSS_C_DELEG_FLAG) != 0)
        return impersonation_level::delegation;
    return (flags & GSS_C_IDENTIFY_FLAG) != 0 ? impersonation_level::identification
                                              : impersonation_level::impersonation;
}

}  // namespace

std::optional<gss_failure> gssapi_mechanism::inspect(role side, bool wants_target) {
    gss_name source;
    gss_name target;
    gss_OID used = GSS_C_NO_OID;
    OM_uint32 minor = 0;
    // Each name that is asked for is copied; of the caller nobody asks who it is itself.
    const OM_uint32 major =
        gss_inquire_context(&minor, context_.get(), side == role::acceptor ? source.out() : nullptr,
                            nullptr, nullptr, &used, &flags_, nullptr, nullptr);
    if (GSS_ERROR(major))
        return explain(major, minor, gss_mechanism::none, gss_stage::acceptor);
    by_ = mechanism_of(used);
    if (by_ != gss_mechanism::kerberos && by_ != gss_mechanism::ntlm)
        return refuse(errc::mechanism_refused);
    const bool kerberos = by_ == gss_mechanism::kerberos;
    // gss-ntlmssp 1.2 crashes when a bare NTLM acceptor is asked which name it was called by.
    if (kerberos && wants_target)
        gss_inquire_context(&minor, context_.get(), nullptr, target.out(), nullptr, nullptr,
                            nullptr, nullptr, nullptr);
    peer_.mechanism = kerberos ? "Kerberos" : "NTLM";
    // gss-ntlmssp gives back the flag that it was asked for; NTLM has no such thing.
    peer_.mutual = kerberos && (flags_ & GSS_C_MUTUAL_FLAG) != 0;
    peer_.protection = level_of(flags_);
    // gss-ntlmssp does not tell what a caller of NTLM allows, so that is the least.
    peer_.impersonation = kerberos ? impersonation_of(flags_) : impersonation_level::identification;
    octets_ = peer_.protection == protection_level::none ? framing_of_octets::raw
                                                         : framing_of_octets::frames;
    bool nobody = false;
    target_ = display_name(target.get(), nobody);
    peer_.name = side == role::acceptor ? display_name(source.get(), anonymous_) : target_;
    anonymous_ = anonymous_ || (side == role::acceptor && (flags_ & GSS_C_ANON_FLAG) != 0);
    if (!is_plain(peer_.name))
        return refuse(errc::name_invalid, printable(peer_.name));
    return std::nullopt;
}

error gssapi_mechanism::fail(errc code, OM_uint32 major, OM_uint32 minor) {
    gss_failure why;
    if (GSS_ERROR(major))
        why = explain(major, minor, by_, gss_stage::acceptor);
    said_ = std::move(why.said);
    return {make_error_code(code), 0, why.got};
}

result<void> gssapi_mechanism::wrap(bytes_view plain, octet_buffer& out) noexcept {
    if (sealer_) {
        if (!sealer_->seal(plain, out))
            return fail(errc::mechanism_failed, 0, 0);
        return {};
    }
    gss_buffer_desc octets = lend(plain);
    gss_octets sealed;
    OM_uint32 minor = 0;
    if (signs_only()) {
        // As .NET has it: gss_wrap of NTLM always encrypts.
        const OM_uint32 major =
            gss_get_mic(&minor, context_.get(), GSS_C_QOP_DEFAULT, &octets, sealed.out());
        if (GSS_ERROR(major))
            return fail(errc::mechanism_failed, major, minor);
        out.append(sealed.view());
        out.append(plain);
        return {};
    }
    const int seal = peer_.protection == protection_level::encrypt_and_sign ? 1 : 0;
    int sealed_it = 0;
    const OM_uint32 major = gss_wrap(&minor, context_.get(), seal, GSS_C_QOP_DEFAULT, &octets,
                                     &sealed_it, sealed.out());
    if (GSS_ERROR(major))
        return fail(errc::mechanism_failed, major, minor);
    if (seal != 0 && sealed_it == 0)
        return fail(errc::frame_not_sealed, 0, 0);
    out.append(sealed.view());
    take_over_sending(sealed.view());
    return {};
}

result<bytes_view> gssapi_mechanism::unwrap(std::span<std::byte> payload) noexcept {
    if (opener_)
        return open(payload);
    // gss-ntlmssp takes the signature's size off without looking (1.2.0).
    if (by_ == gss_mechanism::ntlm && payload.size() < ntlm_signature)
        return fail(errc::frame_invalid, 0, 0);
    if (signs_only())
        return verify(payload);
    gss_buffer_desc octets = lend(payload);
    // Before the library rotates the octets in place.
    frame_header read;
    const auto header = read.read(payload) ? std::optional(read) : std::nullopt;
    const bool next = is_next(header);
    OM_uint32 minor = 0;
    int sealed = 0;
    const OM_uint32 major =
        gss_unwrap(&minor, context_.get(), &octets, plain_.out(), &sealed, nullptr);
    if (GSS_ERROR(major))
        return fail(errc::frame_invalid, major, minor);
    if ((major & out_of_sequence) != 0 || !next)
        return fail(errc::frame_out_of_sequence, 0, 0);
    if (sealed == 0 && peer_.protection == protection_level::encrypt_and_sign)
        return fail(errc::frame_not_sealed, 0, 0);
    if (header) {
        counting_ = true;
        next_ = header->number + 1;
    }
    take_over_receiving(payload, header);
    return plain_.view();
}

result<bytes_view> gssapi_mechanism::verify(std::span<std::byte> payload) {
    gss_buffer_desc signature = lend(payload.first(ntlm_signature));
    const bytes_view plain = payload.subspan(ntlm_signature);
    gss_buffer_desc octets = lend(plain);
    OM_uint32 minor = 0;
    const OM_uint32 major = gss_verify_mic(&minor, context_.get(), &octets, &signature, nullptr);
    if (GSS_ERROR(major))
        return fail(errc::frame_invalid, major, minor);
    if ((major & out_of_sequence) != 0)
        return fail(errc::frame_out_of_sequence, 0, 0);
    return plain;
}

// Kerberos checks the order of frames only when the caller has asked for it, which .NET does not.
// So the number in the header of RFC 4121's tokens, which is protected, is followed here as well.
// NTLM's signature covers the number that the receiver expects.
bool gssapi_mechanism::is_next(const std::optional<frame_header>& header) const noexcept {
    if (by_ != gss_mechanism::kerberos)
        return true;
    // Tokens of the old encryption types (RFC 1964) leave only the library to follow their number.
    if (!header)
        return (flags_ & GSS_C_SEQUENCE_FLAG) != 0;
    return !counting_ || header->number == next_;
}

}  // namespace nettcp::security
