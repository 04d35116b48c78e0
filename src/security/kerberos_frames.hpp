#pragma once

#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/security/mechanism.hpp>

#include <cstdint>
#include <memory>
#include <span>

namespace nettcp::security {

/// The key that protects messages of an established context of Kerberos.
struct kerberos_key {
    std::int32_t type = 0;  ///< the encryption type's number [RFC 3961] 8; 17 to 20 are known here
    bytes_view octets;  ///< borrowed; derived from, never kept
};

/// What the header of a token says [RFC 4121] 4.2.6.2.
struct frame_header {
    role sender = role::initiator;
    bool sealed = false;
    bool acceptor_subkey = false;  ///< the key is one that the acceptor has chosen
    std::uint64_t number = 0;

    static constexpr std::size_t size = 16;
    /// What a token begins with. False: it is too short, or none of RFC 4121's wrap tokens.
    bool read(bytes_view token) noexcept;
};

/// Protects what one side of a context of Kerberos sends, in place of gss_wrap.
class frame_sealer {
public:
    frame_sealer() = default;
    frame_sealer(const frame_sealer&) = delete;
    frame_sealer& operator=(const frame_sealer&) = delete;
    virtual ~frame_sealer() = default;

    /// Appends the token for `plain`. False: OpenSSL failed; nothing was appended.
    virtual bool seal(bytes_view plain, octet_buffer& out) noexcept = 0;
};

/// How a token was found.
enum class frame_verdict : std::uint8_t { good, invalid, not_sealed, out_of_sequence };

/// What a token held.
struct opened_frame {
    frame_verdict verdict = frame_verdict::invalid;
    bytes_view plain;  ///< of a good one: within the token
};

/// Checks and decrypts what one side of a context of Kerberos receives, in place of gss_unwrap.
class frame_opener {
public:
    frame_opener() = default;
    frame_opener(const frame_opener&) = delete;
    frame_opener& operator=(const frame_opener&) = delete;
    virtual ~frame_opener() = default;

    /// Opens a token in place; whatever comes of it, its octets are altered. Good is only the token
    /// with the number behind the last good one's.
    virtual opened_frame open(std::span<std::byte> token) noexcept = 0;
};

/// For the tokens that follow one with this header; sealed or not as that one is. Null: the key is
/// none that is known here, or this build has no OpenSSL, or OpenSSL refuses.
std::unique_ptr<frame_sealer> make_sealer(const kerberos_key& key,
                                          const frame_header& last) noexcept;
/// The same for the side that receives. A context that agreed on encryption takes sealed tokens
/// only.
std::unique_ptr<frame_opener> make_opener(const kerberos_key& key, const frame_header& last,
                                          bool sealed_only) noexcept;

}  // namespace nettcp::security
