// Drives OpenSSL: which octets it may see, when, and what its answers mean.
#include "security/tls_upgrade.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>
#include <utility>

namespace nettcp::security {
namespace {

constexpr std::size_t header_size = 5;
/// The most that TLS allows in a record: 2^14 octets and what protecting them may add.
constexpr std::size_t largest_record_body = (16u << 10) + 2048;
/// What a record adds to at most this many plain octets, generously.
constexpr std::size_t plain_per_record = 16u << 10;
constexpr std::size_t record_overhead = 128;

std::size_t body_size(bytes_view header) noexcept {
    return std::to_integer<std::size_t>(header[3]) << 8 | std::to_integer<std::size_t>(header[4]);
}

/// An alert's name; OpenSSL 3.0 does not know that of a refusal that TLS 1.3 brought.
std::string name_of_alert(int alert) {
    constexpr int certificate_required = 116;
    if (alert == certificate_required)
        return "alert certificate required";
    const std::string name = SSL_alert_desc_string_long(alert);
    return "alert " + (name == "unknown" ? std::to_string(alert) : name);
}

/// Whether this may be the header of a record. If not, no more octets could make it one.
bool is_plausible(bytes_view header) noexcept {
    return header[1] == std::byte{3} && body_size(header) <= largest_record_body;
}

}  // namespace

// OpenSSL's view of the transport.

BIO_METHOD* tls_upgrade::transport_method() {
    static const bio_method_ptr method = [] {
        bio_method_ptr made{BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "nettcp")};
        if (!made)
            throw std::bad_alloc();
        BIO_meth_set_read(made.get(), transport_read);
        BIO_meth_set_write(made.get(), transport_write);
        BIO_meth_set_ctrl(made.get(), transport_control);
        return made;
    }();
    return method.get();
}

int tls_upgrade::transport_read(BIO* bio, char* into, int size) {
    auto& self = *static_cast<tls_upgrade*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    if (!self.admit_record()) {
        BIO_set_retry_read(bio);
        return -1;
    }
    const std::size_t taken = std::min(static_cast<std::size_t>(size), self.admitted_);
    std::memcpy(into, self.input_.view().data(), taken);
    self.input_.consume(taken);
    self.admitted_ -= taken;
    return static_cast<int>(taken);
}

int tls_upgrade::transport_write(BIO* bio, const char* from, int size) {
    auto& self = *static_cast<tls_upgrade*>(BIO_get_data(bio));
    try {
        self.output_.back().append(as_bytes({from, static_cast<std::size_t>(size)}));
    } catch (const std::bad_alloc&) {  // must not pass through OpenSSL's frames
        self.out_of_memory_ = true;
        return -1;
    }
    return size;
}

long tls_upgrade::transport_control(BIO*, int command, long, void*) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

/// Lets OpenSSL have the record in front once it is whole. What cannot be a record it gets the
/// header of, and refuses.
bool tls_upgrade::admit_record() noexcept {
    if (admitted_ != 0)
        return true;
    const bytes_view octets = input_.view();
    if (octets.size() < header_size)
        return false;
    const std::size_t whole = is_plausible(octets) ? header_size + body_size(octets) : header_size;
    if (octets.size() < whole)
        return false;
    admitted_ = whole;
    ++idle_records_;
    return true;
}

std::size_t tls_upgrade::missing() const noexcept {
    const bytes_view octets = input_.view();
    if (octets.size() < header_size || !is_plausible(octets))
        return 0;
    const std::size_t whole = header_size + body_size(octets);
    return whole > octets.size() ? whole - octets.size() : 0;
}

// The handshake.

tls_upgrade::tls_upgrade(std::shared_ptr<const tls_context> context)
    : context_(std::move(context)), ssl_(SSL_new(context_->ctx.get())) {
    BIO* const transport = ssl_ ? BIO_new(transport_method()) : nullptr;
    if (transport == nullptr)
        throw std::bad_alloc();
    BIO_set_data(transport, this);
    BIO_set_init(transport, 1);
    SSL_set_bio(ssl_.get(), transport, transport);
    SSL_set_app_data(ssl_.get(), &verdict_);
    if (context_->side == role::acceptor) {
        SSL_set_accept_state(ssl_.get());
        return;
    }
    SSL_set_connect_state(ssl_.get());
    if (!context_->server_name.empty())
        SSL_set_tlsext_host_name(ssl_.get(), context_->server_name.c_str());
}

void tls_upgrade::received(std::size_t size) {
    received_ += size;
    input_.received(size);
}

void tls_upgrade::output_sent(std::size_t size) {
    output_.sent(size);
    if (output_.size() == 0)
        answers_ = 0;
}

upgrade_event tls_upgrade::next_event() {
    if (failure_.code)
        return std::exchange(failure_told_, true) ? upgrade_event::none : upgrade_event::failed;
    if (is_established_)
        return upgrade_event::none;
    // OpenSSL would take a first octet like this for the header of SSL 2, which is shorter.
    if (!input_.empty() && admitted_ == 0 && (input_.view()[0] & std::byte{0x80}) != std::byte{}) {
        fail(errc::tls_protocol_error, "the octets are no record of TLS");
        return next_event();
    }
    ERR_clear_error();
    const int outcome = SSL_do_handshake(ssl_.get());
    if (outcome == 1) {
        if (is_peer_unproved()) {
            fail(errc::certificate_required, "the service has shown no certificate");
            return next_event();
        }
        is_established_ = true;
        idle_records_ = 0;
        note_peer();
        return upgrade_event::established;
    }
    if (SSL_get_error(ssl_.get(), outcome) != SSL_ERROR_WANT_READ || out_of_memory_)
        fail_by_openssl(outcome);
    else if (is_over_limit())
        fail(errc::handshake_message_too_large, "the TLS handshake takes too many octets");
    else if (at_eof_)
        fail(errc::tls_cut_short, {});
    return failure_.code ? next_event() : upgrade_event::none;
}

bool tls_upgrade::is_over_limit() const noexcept {
    return received_ > max_tls_handshake;
}

/// Ciphers without certificates are never on by default, but an administrator may have them on, and
/// with those nothing is verified.
bool tls_upgrade::is_peer_unproved() const noexcept {
    return context_->side == role::initiator && !context_->insecure &&
           SSL_get0_peer_certificate(ssl_.get()) == nullptr;
}

void tls_upgrade::note_peer() {
    peer_.protection = protection_level::encrypt_and_sign;
    peer_.tls_version = SSL_get_version(ssl_.get());
    if (const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl_.get()))
        peer_.tls_cipher = SSL_CIPHER_standard_name(cipher);
    X509* const certificate = SSL_get0_peer_certificate(ssl_.get());
    if (certificate == nullptr)
        return;
    unsigned char* der = nullptr;
    if (const int size = i2d_X509(certificate, &der); size > 0) {
        const auto* first = reinterpret_cast<const std::byte*>(der);
        peer_.certificate.assign(first, first + size);
        OPENSSL_free(der);
    }
    peer_.thumbprint = thumbprint(certificate);
    if (context_->insecure)
        return;  // anybody may have sent it
    peer_.name = subject_name(certificate);
    peer_.mechanism = "X509";
    peer_.mutual = context_->side == role::acceptor ||
                   (verdict_.our_certificate_asked && context_->has_certificate);
}

// Plain octets.

result<std::size_t> tls_upgrade::read(std::span<std::byte> into) {
    if (failure_.code)
        return failure_;
    if (!is_established_ || ended_ || (SSL_pending(ssl_.get()) == 0 && !admit_record()))
        return std::size_t{0};
    ERR_clear_error();
    std::size_t size = 0;
    const std::size_t queued = output_.size();
    const int outcome = SSL_read_ex(ssl_.get(), into.data(), into.size(), &size);
    answers_ += output_.size() - queued;
    if (answers_ > max_tls_answers)
        return fail(errc::tls_protocol_error, "too many answers that the peer does not read");
    if (outcome == 1) {
        idle_records_ = 0;
        return size;
    }
    switch (SSL_get_error(ssl_.get(), outcome)) {
    case SSL_ERROR_WANT_READ: break;
    case SSL_ERROR_ZERO_RETURN: ended_ = true; return std::size_t{0};
    default: return fail_by_openssl(outcome);
    }
    if (idle_records_ > max_tls_idle_records)
        return fail(errc::tls_protocol_error, "too many records without content");
    return std::size_t{0};
}

result<void> tls_upgrade::write(bytes_view plain) {
    if (failure_.code)
        return failure_;
    if (!is_established_)
        return error{make_error_code(errc::handshake_out_of_order)};
    if (plain.empty())
        return {};
    const std::size_t records = (plain.size() + plain_per_record - 1) / plain_per_record;
    output_.back().prepare(plain.size() + (records + 1) * record_overhead);
    ERR_clear_error();
    std::size_t size = 0;
    const int outcome = SSL_write_ex(ssl_.get(), plain.data(), plain.size(), &size);
    if (outcome != 1)
        return fail_by_openssl(outcome);
    return {};
}

void tls_upgrade::release_memory() {
    input_.release();
    output_.release();
    SSL_free_buffers(ssl_.get());  // refuses while there are octets to read in them
}

// Failures.

error tls_upgrade::fail(errc rule, std::string said, std::uint32_t got) {
    said_ = std::move(said);
    failure_ = error{make_error_code(rule), received_ - input_.size(), got};
    return failure_;
}

error tls_upgrade::fail_by_openssl(int outcome) {
    if (out_of_memory_)
        throw std::bad_alloc();
    if (SSL_get_error(ssl_.get(), outcome) == SSL_ERROR_ZERO_RETURN)
        return fail(errc::tls_cut_short, "the peer sent close_notify");
    openssl_failure found = take_openssl_failure();
    if (found.reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
        const long code = SSL_get_verify_result(ssl_.get());
        return fail(rule_of_verification(code), std::move(verdict_.said),
                    static_cast<std::uint32_t>(code));
    }
    const errc rule = rule_of_reason(found.reason, is_established_);
    if (found.reason > SSL_AD_REASON_OFFSET) {
        const int alert = found.reason - SSL_AD_REASON_OFFSET;
        return fail(rule, name_of_alert(alert), static_cast<std::uint32_t>(alert));
    }
    return fail(rule, std::move(found.words), static_cast<std::uint32_t>(found.reason));
}

}  // namespace nettcp::security
