#pragma once

#include "security/kerberos_frames.hpp"

#include <openssl/evp.h>

#include <array>

namespace nettcp::security {

/// An encryption type of Kerberos with AES: [RFC 3962] (17, 18) or [RFC 8009] (19, 20).
struct encryption_type {
    std::int32_t number;
    const EVP_CIPHER* (*cipher)();
    const char* cipher_name;
    const EVP_MD* (*hash)();
    std::size_t hash_size;       ///< octets that the hash gives
    std::size_t key_size;        ///< of the key for messages, and of those for encryption
    std::size_t check_key_size;  ///< of keys for checksums
    std::size_t check_size;      ///< octets of a checksum
    /// The checksum is of what is sent [RFC 8009]; else of what was there before encryption.
    bool checks_sent;
};

/// The type of that number; null when it is not known here.
const encryption_type* find_encryption_type(std::int32_t number) noexcept;

inline constexpr std::size_t cipher_block = 16;
/// The longest key, and the longest value of a hash.
inline constexpr std::size_t longest_key = 32;
inline constexpr std::size_t longest_hash = 48;

/// What a derived key is for [RFC 3961] 5.3.
enum class key_purpose : std::uint8_t { checksum = 0x99, encryption = 0xaa, integrity = 0x55 };

/// A derived key, wiped when it goes.
class derived_key {
public:
    derived_key() = default;
    derived_key(const derived_key&) = delete;
    derived_key& operator=(const derived_key&) = delete;
    ~derived_key();

    /// Derives from a context's key, for one of the uses of [RFC 4121] 2. False: OpenSSL refuses.
    bool derive(const encryption_type& type, bytes_view from, std::uint8_t use,
                key_purpose purpose) noexcept;
    bytes_view view() const noexcept { return bytes_view(octets_).first(size_); }

private:
    std::array<std::byte, longest_hash> octets_ = {};
    std::size_t size_ = 0;
};

/// HMAC [RFC 2104], written out over a hash, so that keys are set once: OpenSSL 3.0's own copies
/// three states for each message.
class keyed_hash {
public:
    keyed_hash() = default;
    keyed_hash(const keyed_hash&) = delete;
    keyed_hash& operator=(const keyed_hash&) = delete;
    ~keyed_hash();

    bool set_key(const encryption_type& type, bytes_view key) noexcept;
    bool begin() noexcept { return start(inner_); }
    bool add(bytes_view octets) noexcept;
    /// The value, whole; the first `hash_size` octets count.
    bool finish(std::array<std::byte, longest_hash>& value) noexcept;

private:
    static constexpr std::size_t longest_block = 128;
    using pad = std::array<std::byte, longest_block>;

    bool start(const pad& with) noexcept;

    struct freed {
        void operator()(EVP_MD_CTX* state) const noexcept { EVP_MD_CTX_free(state); }
    };
    std::unique_ptr<EVP_MD_CTX, freed> state_;
    std::size_t block_ = 0;
    pad inner_ = {};
    pad outer_ = {};
};

/// AES in CBC mode with ciphertext stealing, the last two blocks always exchanged, from a vector of
/// zeros: [RFC 3962] 5. For one direction.
class stealing_cipher {
public:
    bool set_key(const encryption_type& type, bytes_view key, bool encrypts) noexcept;

    /// Begins a message.
    bool begin() noexcept;
    /// Encrypts the next octets of it to `into`, as many whole blocks as there are by now; moves
    /// `into` behind them. `octets` may lie at `into`.
    bool encrypt(bytes_view octets, std::byte*& into) noexcept;
    /// Makes of a message that was encrypted with zeros behind it to fill its last block what is
    /// sent: `size` octets, more than one block.
    static void steal(std::byte* message, std::size_t size) noexcept;
    /// Decrypts a message of more than one block in place.
    bool decrypt(std::span<std::byte> message) noexcept;

private:
    bool decrypt_blocks(std::byte* octets, std::size_t size) noexcept;

    struct freed {
        void operator()(EVP_CIPHER_CTX* state) const noexcept { EVP_CIPHER_CTX_free(state); }
    };
    std::unique_ptr<EVP_CIPHER_CTX, freed> state_;
};

}  // namespace nettcp::security
