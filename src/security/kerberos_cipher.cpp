// What Kerberos's encryption types with AES are made of, on OpenSSL: keys derived, HMAC, and CBC
// with ciphertext stealing. Once a key is set nothing here allocates, except for OpenSSL 3.0, which
// makes a hash's state anew for each use.
#include "security/kerberos_cipher.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/kdf.h>

#include <algorithm>
#include <cstring>

namespace nettcp::security {
namespace {

constexpr std::array<encryption_type, 4> known = {{
    {17, EVP_aes_128_cbc, "AES-128-CBC", EVP_sha1, 20, 16, 16, 12, false},
    {18, EVP_aes_256_cbc, "AES-256-CBC", EVP_sha1, 20, 32, 32, 12, false},
    {19, EVP_aes_128_cbc, "AES-128-CBC", EVP_sha256, 32, 16, 16, 16, true},
    {20, EVP_aes_256_cbc, "AES-256-CBC", EVP_sha384, 48, 32, 24, 24, true},
}};

const unsigned char* unsigned_octets(bytes_view octets) noexcept {
    return reinterpret_cast<const unsigned char*>(octets.data());
}

using block = std::array<std::byte, cipher_block>;

void exclusive_or(std::byte* into, const std::byte* with, std::size_t size) noexcept {
    for (std::size_t i = 0; i < size; ++i)
        into[i] ^= with[i];
}

}  // namespace

const encryption_type* find_encryption_type(std::int32_t number) noexcept {
    const auto* const found = std::ranges::find(known, number, &encryption_type::number);
    return found == known.end() ? nullptr : found;
}

// ---- derived keys ----------------------------------------------------------------------------

namespace {

using use_and_purpose = std::array<std::byte, 5>;

// [RFC 3961] 5.1: OpenSSL has it.
bool derive_by_cipher(const encryption_type& type, bytes_view from, use_and_purpose& label,
                      std::span<std::byte> into) noexcept {
    EVP_KDF* const method = EVP_KDF_fetch(nullptr, "KRB5KDF", nullptr);
    EVP_KDF_CTX* const state = method == nullptr ? nullptr : EVP_KDF_CTX_new(method);
    EVP_KDF_free(method);
    if (state == nullptr)
        return false;
    const OSSL_PARAM given[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_CIPHER, const_cast<char*>(type.cipher_name),
                                         0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, const_cast<std::byte*>(from.data()),
                                          from.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_CONSTANT, label.data(), label.size()),
        OSSL_PARAM_construct_end(),
    };
    const int made =
        EVP_KDF_derive(state, reinterpret_cast<unsigned char*>(into.data()), into.size(), given);
    EVP_KDF_CTX_free(state);
    return made == 1;
}

// [RFC 8009] 3: one round of counting, since no key is longer than the hash's value.
bool derive_by_hash(const encryption_type& type, bytes_view from, const use_and_purpose& label,
                    std::size_t size, std::array<std::byte, longest_hash>& into) noexcept {
    constexpr std::byte first[] = {std::byte{0}, std::byte{0}, std::byte{0}, std::byte{1}};
    const std::byte bits[] = {std::byte{0}, std::byte{0}, std::byte{0},
                              static_cast<std::byte>(size * 8 >> 8),
                              static_cast<std::byte>(size * 8)};
    keyed_hash by;
    return by.set_key(type, from) && by.begin() && by.add(first) && by.add(label) && by.add(bits) &&
           by.finish(into);
}

}  // namespace

derived_key::~derived_key() {
    OPENSSL_cleanse(octets_.data(), octets_.size());
}

bool derived_key::derive(const encryption_type& type, bytes_view from, std::uint8_t use,
                         key_purpose purpose) noexcept {
    size_ = purpose == key_purpose::encryption ? type.key_size : type.check_key_size;
    use_and_purpose label = {std::byte{0}, std::byte{0}, std::byte{0}, std::byte{use},
                             static_cast<std::byte>(purpose)};
    return type.checks_sent ? derive_by_hash(type, from, label, size_, octets_)
                            : derive_by_cipher(type, from, label, std::span(octets_).first(size_));
}

// ---- HMAC ------------------------------------------------------------------------------------

keyed_hash::~keyed_hash() {
    OPENSSL_cleanse(inner_.data(), inner_.size());
    OPENSSL_cleanse(outer_.data(), outer_.size());
}

bool keyed_hash::set_key(const encryption_type& type, bytes_view key) noexcept {
    const EVP_MD* const hash = type.hash();
    block_ = static_cast<std::size_t>(EVP_MD_get_block_size(hash));
    if (key.size() > block_ || block_ > longest_block)
        return false;
    inner_.fill(std::byte{0x36});
    outer_.fill(std::byte{0x5c});
    exclusive_or(inner_.data(), key.data(), key.size());
    exclusive_or(outer_.data(), key.data(), key.size());
    state_.reset(EVP_MD_CTX_new());
    return state_ != nullptr && EVP_DigestInit_ex(state_.get(), hash, nullptr) == 1;
}

bool keyed_hash::start(const pad& with) noexcept {
    return EVP_DigestInit_ex(state_.get(), nullptr, nullptr) == 1 &&
           add(bytes_view(with).first(block_));
}

bool keyed_hash::add(bytes_view octets) noexcept {
    return EVP_DigestUpdate(state_.get(), octets.data(), octets.size()) == 1;
}

bool keyed_hash::finish(std::array<std::byte, longest_hash>& value) noexcept {
    auto* const octets = reinterpret_cast<unsigned char*>(value.data());
    unsigned int size = 0;
    return EVP_DigestFinal_ex(state_.get(), octets, &size) == 1 && start(outer_) &&
           add(bytes_view(value).first(size)) &&
           EVP_DigestFinal_ex(state_.get(), octets, &size) == 1;
}

// ---- CBC with ciphertext stealing ------------------------------------------------------------

bool stealing_cipher::set_key(const encryption_type& type, bytes_view key, bool encrypts) noexcept {
    state_.reset(EVP_CIPHER_CTX_new());
    return state_ != nullptr && key.size() == type.key_size &&
           EVP_CipherInit_ex(state_.get(), type.cipher(), nullptr, unsigned_octets(key), nullptr,
                             encrypts ? 1 : 0) == 1 &&
           EVP_CIPHER_CTX_set_padding(state_.get(), 0) == 1;
}

bool stealing_cipher::begin() noexcept {
    constexpr unsigned char zeros[cipher_block] = {};
    return EVP_CipherInit_ex(state_.get(), nullptr, nullptr, nullptr, zeros, -1) == 1;
}

bool stealing_cipher::encrypt(bytes_view octets, std::byte*& into) noexcept {
    int made = 0;
    if (EVP_EncryptUpdate(state_.get(), reinterpret_cast<unsigned char*>(into), &made,
                          unsigned_octets(octets), static_cast<int>(octets.size())) != 1)
        return false;
    into += made;
    return true;
}

void stealing_cipher::steal(std::byte* message, std::size_t size) noexcept {
    const std::size_t last = (size - 1) % cipher_block + 1;
    std::byte* const end = message + size - last;
    block before;
    std::memcpy(before.data(), end - cipher_block, cipher_block);
    std::memcpy(end - cipher_block, end, cipher_block);
    std::memcpy(end, before.data(), last);
}

bool stealing_cipher::decrypt_blocks(std::byte* octets, std::size_t size) noexcept {
    auto* const at = reinterpret_cast<unsigned char*>(octets);
    int made = 0;
    return size == 0 ||
           (EVP_DecryptUpdate(state_.get(), at, &made, at, static_cast<int>(size)) == 1 &&
            made == static_cast<int>(size));
}

// With n blocks, of which the last is cut: block n-1 as sent is the whole last one, so that
// decrypting it gives the last plain octets and what was cut off. One chain of CBC goes through
// all: what it mixes in for the last two blocks, n-2 and n-1 as sent, is known and taken out again.
bool stealing_cipher::decrypt(std::span<std::byte> message) noexcept {
    const std::size_t last = (message.size() - 1) % cipher_block + 1;
    const std::size_t front = message.size() - last - cipher_block;
    std::byte* const near_end = message.data() + front;
    std::byte* const end = near_end + cipher_block;
    block before = {};
    if (front != 0)
        std::memcpy(before.data(), near_end - cipher_block, cipher_block);
    block whole;
    std::memcpy(whole.data(), near_end, cipher_block);
    block tail = whole;
    if (!decrypt_blocks(message.data(), front) || !decrypt_blocks(tail.data(), cipher_block))
        return false;
    exclusive_or(tail.data(), before.data(), cipher_block);
    block cut = tail;
    std::memcpy(cut.data(), end, last);
    exclusive_or(tail.data(), end, last);
    std::memcpy(end, tail.data(), last);
    if (!decrypt_blocks(cut.data(), cipher_block))
        return false;
    exclusive_or(cut.data(), whole.data(), cipher_block);
    exclusive_or(cut.data(), before.data(), cipher_block);
    std::memcpy(near_end, cut.data(), cipher_block);
    return true;
}

}  // namespace nettcp::security
