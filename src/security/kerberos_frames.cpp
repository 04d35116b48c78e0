// The wrap tokens of [RFC 4121], on OpenSSL: MIT's library takes some three times as long for them.
//
// Sealed: header | encrypted (16 random octets | plain | filler | header) | checksum.
// Not sealed: header | plain | checksum of (plain | header).
// What follows the first header may come rotated to the right by any number of octets.
#include "security/kerberos_frames.hpp"

#include "security/kerberos_cipher.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstring>

namespace nettcp::security {
namespace {

// Flags of a header.
constexpr std::byte sent_by_acceptor{1};
constexpr std::byte is_sealed{2};
constexpr std::byte by_acceptor_subkey{4};

using token_header = std::array<std::byte, frame_header::size>;

std::size_t read_16(const std::byte* at) noexcept {
    return std::to_integer<std::size_t>(at[0]) << 8 | std::to_integer<std::size_t>(at[1]);
}

// The uses of keys for wrap tokens [RFC 4121] 2.
std::uint8_t use_of(role sender) noexcept {
    return sender == role::initiator ? 24 : 22;
}

token_header write_header(const frame_header& from) noexcept {
    token_header header = {std::byte{5}, std::byte{4}, std::byte{0}, std::byte{0xff}};
    if (from.sender == role::acceptor)
        header[2] |= sent_by_acceptor;
    if (from.sealed)
        header[2] |= is_sealed;
    if (from.acceptor_subkey)
        header[2] |= by_acceptor_subkey;
    for (std::size_t i = 0; i < 8; ++i)
        header[8 + i] = static_cast<std::byte>(from.number >> 8 * (7 - i));
    return header;
}

// The derived keys of one direction, ready for use.
struct direction {
    const encryption_type* type = nullptr;
    stealing_cipher cipher;
    keyed_hash integrity;  // of sealed tokens
    keyed_hash checksum;  // of others

    bool seals(const kerberos_key& key, role sender, bool encrypts) noexcept {
        derived_key own;
        derived_key check;
        return own.derive(*type, key.octets, use_of(sender), key_purpose::encryption) &&
               check.derive(*type, key.octets, use_of(sender), key_purpose::integrity) &&
               cipher.set_key(*type, own.view(), encrypts) &&
               integrity.set_key(*type, check.view());
    }
    bool signs(const kerberos_key& key, role sender) noexcept {
        derived_key check;
        return check.derive(*type, key.octets, use_of(sender), key_purpose::checksum) &&
               checksum.set_key(*type, check.view());
    }
};

// The checksum of what is sent covers the vector that encryption began with as well.
bool begin_integrity(const encryption_type& type, keyed_hash& by) noexcept {
    constexpr std::array<std::byte, cipher_block> zeros = {};
    return by.begin() && (!type.checks_sent || by.add(zeros));
}

// ---- sending ---------------------------------------------------------------------------------

class aes_sealer final : public frame_sealer {
public:
    explicit aes_sealer(const frame_header& last) noexcept : next_(last) { ++next_.number; }

    bool make(const kerberos_key& key) noexcept {
        keys_.type = find_encryption_type(key.type);
        if (keys_.type == nullptr || key.octets.size() != keys_.type->key_size)
            return false;
        return next_.sealed ? keys_.seals(key, next_.sender, true) : keys_.signs(key, next_.sender);
    }

    bool seal(bytes_view plain, octet_buffer& out) noexcept override {
        const std::size_t most = frame_header::size + cipher_block + plain.size() +
                                 frame_header::size + cipher_block + longest_hash;
        std::byte* const token = out.prepare(most).data();
        const std::size_t size = next_.sealed ? encrypt(plain, token) : sign(plain, token);
        if (size == 0) {
            ERR_clear_error();
            return false;
        }
        out.commit(size);
        ++next_.number;
        return true;
    }

private:
    // Both give the token's size, or 0 when OpenSSL fails.
    std::size_t encrypt(bytes_view plain, std::byte* token) noexcept;
    std::size_t sign(bytes_view plain, std::byte* token) noexcept;

    direction keys_;
    frame_header next_;
};

std::size_t aes_sealer::encrypt(bytes_view plain, std::byte* token) noexcept {
    const encryption_type& type = *keys_.type;
    const token_header header = write_header(next_);
    std::byte* const body = token + header.size();
    const bytes_view confounder(body, cipher_block);
    if (RAND_bytes(reinterpret_cast<unsigned char*>(body), cipher_block) != 1)
        return 0;
    const std::size_t size = cipher_block + plain.size() + header.size();
    // The header once more, and zeros up to a whole block.
    std::array<std::byte, frame_header::size + cipher_block> tail = {};
    std::ranges::copy(header, tail.begin());
    const std::size_t padding = (cipher_block - size % cipher_block) % cipher_block;

    keyed_hash& check = keys_.integrity;
    std::array<std::byte, longest_hash> value;
    if (!type.checks_sent && !(check.begin() && check.add(confounder) && check.add(plain) &&
                               check.add(header) && check.finish(value)))
        return 0;
    std::byte* into = body;
    if (!keys_.cipher.begin() || !keys_.cipher.encrypt(confounder, into) ||
        !keys_.cipher.encrypt(plain, into) ||
        !keys_.cipher.encrypt(bytes_view(tail).first(header.size() + padding), into) ||
        into != body + size + padding)
        return 0;
    stealing_cipher::steal(body, size);
    if (type.checks_sent &&
        !(begin_integrity(type, check) && check.add({body, size}) && check.finish(value)))
        return 0;
    std::memcpy(token, header.data(), header.size());
    std::memcpy(body + size, value.data(), type.check_size);
    return header.size() + size + type.check_size;
}

std::size_t aes_sealer::sign(bytes_view plain, std::byte* token) noexcept {
    const encryption_type& type = *keys_.type;
    token_header header = write_header(next_);
    keyed_hash& check = keys_.checksum;
    std::array<std::byte, longest_hash> value;
    if (!check.begin() || !check.add(plain) || !check.add(header) || !check.finish(value))
        return 0;
    header[5] = static_cast<std::byte>(type.check_size);
    std::memcpy(token, header.data(), header.size());
    if (!plain.empty())
        std::memcpy(token + header.size(), plain.data(), plain.size());
    std::memcpy(token + header.size() + plain.size(), value.data(), type.check_size);
    return header.size() + plain.size() + type.check_size;
}

// ---- receiving -------------------------------------------------------------------------------

// Takes rotation back. Windows rotates by 28 octets; more than a few are never seen.
void rotate_back(std::span<std::byte> body, std::size_t count) noexcept {
    if (body.empty() || count % body.size() == 0)
        return;
    count %= body.size();
    std::array<std::byte, 64> front;
    if (count > front.size()) {
        std::ranges::rotate(body, body.begin() + static_cast<std::ptrdiff_t>(count));
        return;
    }
    std::memcpy(front.data(), body.data(), count);
    std::memmove(body.data(), body.data() + count, body.size() - count);
    std::memcpy(body.data() + body.size() - count, front.data(), count);
}

class aes_opener final : public frame_opener {
public:
    aes_opener(const frame_header& last, bool sealed_only) noexcept
        : next_(last), sealed_only_(sealed_only) {
        ++next_.number;
    }

    bool make(const kerberos_key& key) noexcept {
        keys_.type = find_encryption_type(key.type);
        if (keys_.type == nullptr || key.octets.size() != keys_.type->key_size)
            return false;
        return keys_.seals(key, next_.sender, false) &&
               (sealed_only_ || keys_.signs(key, next_.sender));
    }

    opened_frame open(std::span<std::byte> token) noexcept override {
        frame_header header;
        if (!header.read(token) || header.sender != next_.sender ||
            header.acceptor_subkey != next_.acceptor_subkey)
            return {};
        if (!header.sealed && sealed_only_)
            return {frame_verdict::not_sealed, {}};
        const opened_frame opened = header.sealed ? decrypt(token) : verify(token);
        if (opened.verdict != frame_verdict::good) {
            ERR_clear_error();
            return opened;
        }
        if (header.number != next_.number)
            return {frame_verdict::out_of_sequence, {}};
        ++next_.number;
        return opened;
    }

private:
    opened_frame decrypt(std::span<std::byte> token) noexcept;
    opened_frame verify(std::span<std::byte> token) noexcept;
    bool matches(keyed_hash& by, bytes_view check) noexcept;

    direction keys_;
    frame_header next_;
    bool sealed_only_;
};

bool aes_opener::matches(keyed_hash& by, bytes_view check) noexcept {
    std::array<std::byte, longest_hash> value;
    return by.finish(value) && CRYPTO_memcmp(value.data(), check.data(), check.size()) == 0;
}

opened_frame aes_opener::decrypt(std::span<std::byte> token) noexcept {
    const encryption_type& type = *keys_.type;
    const auto header = token.first(frame_header::size);
    const auto body = token.subspan(frame_header::size);
    const std::size_t filler = read_16(&header[4]);
    const std::size_t around = cipher_block + frame_header::size + type.check_size;
    if (body.size() < around || body.size() - around < filler)
        return {};
    rotate_back(body, read_16(&header[6]));
    const auto message = body.first(body.size() - type.check_size);
    const bytes_view check = body.last(type.check_size);
    keyed_hash& integrity = keys_.integrity;
    if (type.checks_sent &&
        !(begin_integrity(type, integrity) && integrity.add(message) && matches(integrity, check)))
        return {};
    if (!keys_.cipher.begin() || !keys_.cipher.decrypt(message))
        return {};
    if (!type.checks_sent &&
        !(begin_integrity(type, integrity) && integrity.add(message) && matches(integrity, check)))
        return {};
    // The header inside is the one outside, except for the rotation, which is nobody's secret.
    const auto inside = message.last(frame_header::size);
    if (!std::ranges::equal(inside.first(6), header.first(6)) ||
        !std::ranges::equal(inside.subspan(8), header.subspan(8)))
        return {};
    const std::size_t size = body.size() - around - filler;
    return {frame_verdict::good, message.subspan(cipher_block, size)};
}

opened_frame aes_opener::verify(std::span<std::byte> token) noexcept {
    const encryption_type& type = *keys_.type;
    const auto header = token.first(frame_header::size);
    const auto body = token.subspan(frame_header::size);
    if (read_16(&header[4]) != type.check_size || body.size() < type.check_size)
        return {};
    rotate_back(body, read_16(&header[6]));
    const auto plain = body.first(body.size() - type.check_size);
    std::ranges::fill(header.subspan(4, 4), std::byte{0});
    if (!keys_.checksum.begin() || !keys_.checksum.add(plain) || !keys_.checksum.add(header) ||
        !matches(keys_.checksum, body.last(type.check_size)))
        return {};
    return {frame_verdict::good, plain};
}

template <class T>
std::unique_ptr<T> with_key(std::unique_ptr<T> made, const kerberos_key& key) noexcept {
    if (!made->make(key)) {
        ERR_clear_error();
        made.reset();
    }
    return made;
}

}  // namespace

std::unique_ptr<frame_sealer> make_sealer(const kerberos_key& key,
                                          const frame_header& last) noexcept {
    return with_key(std::make_unique<aes_sealer>(last), key);
}

std::unique_ptr<frame_opener> make_opener(const kerberos_key& key, const frame_header& last,
                                          bool sealed_only) noexcept {
    return with_key(std::make_unique<aes_opener>(last, sealed_only), key);
}

}  // namespace nettcp::security
