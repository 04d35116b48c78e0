#pragma once

#include "security/kerberos_frames.hpp"

#include <krb5/krb5.h>

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace nettcp::security {

/// A key made by MIT's library, and what that library makes and reads with it: the tokens of
/// RFC 4121 for tests, put together around its encryption and its checksums. No KDC is needed.
class library_key {
public:
    using octets = std::vector<std::byte>;

    explicit library_key(krb5_enctype type) {
        succeed(krb5_init_context(&context_));
        succeed(krb5_c_make_random_key(context_, type, &key_));
    }
    library_key(const library_key&) = delete;
    library_key& operator=(const library_key&) = delete;
    ~library_key() {
        krb5_free_keyblock_contents(context_, &key_);
        krb5_free_context(context_);
    }

    kerberos_key get() const {
        return {key_.enctype,
                {reinterpret_cast<const std::byte*>(key_.contents), std::size_t{key_.length}}};
    }

    static octets header_of(const frame_header& from, std::size_t filler, std::size_t rotation) {
        const int flags = (from.sender == role::acceptor ? 1 : 0) | (from.sealed ? 2 : 0) |
                          (from.acceptor_subkey ? 4 : 0);
        octets made = {std::byte{5},
                       std::byte{4},
                       static_cast<std::byte>(flags),
                       std::byte{0xff},
                       static_cast<std::byte>(filler >> 8),
                       static_cast<std::byte>(filler),
                       static_cast<std::byte>(rotation >> 8),
                       static_cast<std::byte>(rotation)};
        for (int shift = 56; shift >= 0; shift -= 8)
            made.push_back(static_cast<std::byte>(from.number >> shift));
        return made;
    }

    /// A token, rotated to the right; with `filler` octets behind the plain ones if it is sealed.
    octets wrap(bytes_view plain, const frame_header& header, std::size_t filler = 0,
                std::size_t rotation = 0) const {
        octets body(plain.begin(), plain.end());
        if (header.sealed) {
            body.resize(body.size() + filler, std::byte{'x'});
            append(body, header_of(header, filler, 0));
            body = encrypt(header.sender, body);
        } else {
            append(body, header_of(header, 0, 0));
            const octets check = checksum(header.sender, body);
            filler = check.size();
            body.assign(plain.begin(), plain.end());
            append(body, check);
        }
        const auto by = static_cast<std::ptrdiff_t>(rotation % body.size());
        std::rotate(body.begin(), body.end() - by, body.end());
        octets token = header_of(header, filler, rotation);
        append(token, body);
        return token;
    }

    /// What a token has inside; throws when the library refuses it or anything is out of place.
    octets unwrap(bytes_view token, const frame_header& header) const {
        const octets front(token.begin(), token.begin() + frame_header::size);
        const octets body(token.begin() + frame_header::size, token.end());
        if (!header.sealed) {
            const std::size_t size = checksum(header.sender, {}).size();
            octets covered(body.begin(), body.end() - static_cast<std::ptrdiff_t>(size));
            const octets plain = covered;
            append(covered, header_of(header, 0, 0));
            octets whole = plain;
            append(whole, checksum(header.sender, covered));
            check(front == header_of(header, size, 0) && whole == body, "a signed token");
            return plain;
        }
        check(front == header_of(header, 0, 0), "a header");
        octets inside = decrypt(header.sender, body);
        check(inside.size() >= frame_header::size, "the size inside");
        const octets end(inside.end() - frame_header::size, inside.end());
        check(end == front, "the header inside");
        inside.resize(inside.size() - frame_header::size);
        return inside;
    }

private:
    static void check(bool holds, const char* what) {
        if (!holds)
            throw std::runtime_error(std::string("wrong: ") + what);
    }
    static void succeed(krb5_error_code code) { check(code == 0, "MIT's library fails"); }
    static void append(octets& to, const octets& more) {
        to.insert(to.end(), more.begin(), more.end());
    }
    static krb5_keyusage use_of(role sender) { return sender == role::initiator ? 24 : 22; }
    static krb5_data lend(const octets& from) {
        return {KV5M_DATA, static_cast<unsigned>(from.size()),
                reinterpret_cast<char*>(const_cast<std::byte*>(from.data()))};
    }

    octets encrypt(role sender, const octets& plain) const {
        std::size_t size = 0;
        succeed(krb5_c_encrypt_length(context_, key_.enctype, plain.size(), &size));
        octets made(size);
        const krb5_data from = lend(plain);
        krb5_enc_data into = {KV5M_ENC_DATA, key_.enctype, 0, lend(made)};
        succeed(krb5_c_encrypt(context_, &key_, use_of(sender), nullptr, &from, &into));
        return made;
    }

    octets decrypt(role sender, const octets& sent) const {
        octets made(sent.size());
        const krb5_enc_data from = {KV5M_ENC_DATA, key_.enctype, 0, lend(sent)};
        krb5_data into = lend(made);
        succeed(krb5_c_decrypt(context_, &key_, use_of(sender), nullptr, &from, &into));
        made.resize(into.length);
        return made;
    }

    // The checksum that goes with the type of encryption.
    octets checksum(role sender, const octets& of) const {
        const krb5_data from = lend(of);
        krb5_checksum got = {};
        succeed(krb5_c_make_checksum(context_, 0, &key_, use_of(sender), &from, &got));
        const auto* const start = reinterpret_cast<const std::byte*>(got.contents);
        octets made(start, start + got.length);
        krb5_free_checksum_contents(context_, &got);
        return made;
    }

    krb5_context context_ = nullptr;
    mutable krb5_keyblock key_ = {};
};

}  // namespace nettcp::security
