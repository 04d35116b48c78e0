// Frames of Kerberos without GSS-API: which directions of a context are taken over, and when.
//
// Each direction decides once. Its first frames are always the library's, until it has carried
// enough for OpenSSL to pay. The header of the last of them shows where the numbers stand and which
// of the context's keys is used; with a key of AES all later frames of that direction are ours,
// else the library goes on for good. The library is never asked again for a direction that we
// have taken over, since it does not know of the frames that we made and took.
#include "security/gssapi_mechanism.hpp"

#include <cstring>

namespace nettcp::security {
namespace {

// The prefix of the encryption type's identifier, 1.2.840.113554.1.2.2.4.
constexpr std::string_view type_prefix = "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x04";

// The key of an established context: GSS_C_INQ_SSPI_SESSION_KEY, which leaves the context as it is.
// Wiped when it goes.
class session_key {
public:
    explicit session_key(gss_ctx_id_t context) noexcept {
        OM_uint32 minor = 0;
        if (GSS_ERROR(gss_inquire_sec_context_by_oid(&minor, context, GSS_C_INQ_SSPI_SESSION_KEY,
                                                     &told_)))
            return;
        if (told_ == GSS_C_NO_BUFFER_SET || told_->count != 2)
            return;
        const gss_buffer_desc& key = told_->elements[0];
        const gss_buffer_desc& type = told_->elements[1];
        const std::string_view name(static_cast<const char*>(type.value), type.length);
        // Of the types known here, the last number of the identifier is one octet.
        if (name.size() != type_prefix.size() + 1 || !name.starts_with(type_prefix))
            return;
        key_.type = static_cast<std::uint8_t>(name.back());
        key_.octets = {static_cast<const std::byte*>(key.value), key.length};
    }
    session_key(const session_key&) = delete;
    session_key& operator=(const session_key&) = delete;
    ~session_key() {
        if (told_ == GSS_C_NO_BUFFER_SET)
            return;
        for (std::size_t i = 0; i < told_->count; ++i) {
            volatile char* const octets = static_cast<char*>(told_->elements[i].value);
            for (std::size_t at = 0; at < told_->elements[i].length; ++at)
                octets[at] = 0;
        }
        OM_uint32 minor = 0;
        gss_release_buffer_set(&minor, &told_);
    }

    const kerberos_key& get() const noexcept { return key_; }

private:
    gss_buffer_set_t told_ = GSS_C_NO_BUFFER_SET;
    kerberos_key key_;
};

// Whether a direction that has `carried` so much, and now a token, is worth setting up. What that
// costs is gained back by some ten small frames, or one of 3 KiB.
bool pays(std::size_t& carried, bytes_view token) noexcept {
    constexpr std::size_t each = 256;
    constexpr std::size_t enough = 4096;
    carried += each + token.size();
    return carried >= enough;
}

}  // namespace

bool frame_header::read(bytes_view token) noexcept {
    if (token.size() < size || token[0] != std::byte{5} || token[1] != std::byte{4} ||
        token[3] != std::byte{0xff})
        return false;
    const auto flags = std::to_integer<unsigned>(token[2]);
    sender = (flags & 1) != 0 ? role::acceptor : role::initiator;
    sealed = (flags & 2) != 0;
    acceptor_subkey = (flags & 4) != 0;
    number = 0;
    for (const std::byte octet : token.subspan(8, 8))
        number = number << 8 | std::to_integer<std::uint64_t>(octet);
    return true;
}

void gssapi_mechanism::take_over_sending(bytes_view token) noexcept {
    if (sending_ != frames_by::undecided)
        return;
    frame_header last;
    if (by_ != gss_mechanism::kerberos || frames_ == kerberos_frames::library ||
        !last.read(token)) {
        sending_ = frames_by::library;
        return;
    }
    subkey_ = last.acceptor_subkey ? subkey::acceptors : subkey::initiators;
    if (!pays(sent_, token))
        return;
    sealer_ = make_sealer(session_key(context_.get()).get(), last);
    sending_ = sealer_ ? frames_by::us : frames_by::library;
    release_context();
}

void gssapi_mechanism::take_over_receiving(bytes_view token,
                                           const std::optional<frame_header>& last) noexcept {
    if (receiving_ != frames_by::undecided)
        return;
    if (by_ != gss_mechanism::kerberos || frames_ == kerberos_frames::library || !last ||
        (!last->acceptor_subkey && subkey_ == subkey::acceptors)) {
        receiving_ = frames_by::library;
        return;
    }
    // The context tells one key, the acceptor's where there is one. Whether there is none, where
    // the peer uses the other, shows only once we have sent something.
    if (!pays(received_, token) || (!last->acceptor_subkey && subkey_ == subkey::unknown))
        return;
    opener_ = make_opener(session_key(context_.get()).get(), *last,
                          peer_.protection == protection_level::encrypt_and_sign);
    receiving_ = opener_ ? frames_by::us : frames_by::library;
    release_context();
}

// The library's context is several times as large as what we need for frames.
void gssapi_mechanism::release_context() noexcept {
    if (sealer_ && opener_)
        context_.reset();
}

result<bytes_view> gssapi_mechanism::open(std::span<std::byte> payload) {
    const opened_frame opened = opener_->open(payload);
    switch (opened.verdict) {
    case frame_verdict::good: return opened.plain;
    case frame_verdict::not_sealed: return fail(errc::frame_not_sealed, 0, 0);
    case frame_verdict::out_of_sequence: return fail(errc::frame_out_of_sequence, 0, 0);
    case frame_verdict::invalid: break;
    }
    said_ = "the token's checksum or header is wrong";
    return error{make_error_code(errc::frame_invalid)};
}

}  // namespace nettcp::security
