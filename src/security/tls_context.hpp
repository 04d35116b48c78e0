#pragma once

#include "security/tls_library.hpp"

#include <nettcp/base/result.hpp>
#include <nettcp/security/errc.hpp>
#include <nettcp/security/mechanism.hpp>
#include <nettcp/security/tls.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace nettcp::security {

/// Octets a peer may send before the handshake is complete. Windows' own limit on one handshake
/// message is half of it.
inline constexpr std::size_t max_tls_handshake = 256u << 10;
/// Octets of the certificates a peer sends (OpenSSL's default: 100 KiB).
inline constexpr long max_tls_certificates = 64l << 10;
/// Certificates between the peer's own and a trusted one.
inline constexpr int max_tls_chain = 8;
/// Records in a row that carry nothing to read: tickets, new keys, refused renegotiations.
inline constexpr unsigned max_tls_idle_records = 64;
/// Octets of answers to such records (new keys of ours, refusals) that a peer may leave unread.
inline constexpr std::size_t max_tls_answers = 8u << 10;

/// Who the peer's certificate must be for; both empty: nobody in particular.
struct tls_expectation {
    std::string dns;
    std::string thumbprint;  ///< as `thumbprint()` prints it
};

/// What the verification of one connection's peer leaves for its engine.
struct tls_verdict {
    std::string said;                   ///< why the certificate is refused
    bool our_certificate_asked = false;
};

/// One configuration of TLS, with everything read from files: what the connections of a factory
/// share. Does not move, since OpenSSL points to it.
struct tls_context {
    tls_context() = default;
    tls_context(const tls_context&) = delete;
    tls_context& operator=(const tls_context&) = delete;

    role side = role::initiator;
    tls_expectation expected;
    std::string server_name;  ///< for SNI; empty: none
    bool insecure = false;
    bool has_certificate = false;
    std::function<void(std::string_view)> key_log;
    ssl_ctx_ptr ctx;
};

/// Reads the certificate, its chain and its key. `said` takes OpenSSL's words and the file's name.
result<void> load_certificate(SSL_CTX* ctx, const tls_certificate& from, std::string& said);

/// Reads what the peer's certificate is judged by.
result<void> load_trust(SSL_CTX* ctx, const tls_trust& from, std::string& said);

/// What a client expects of the service's certificate. Fails with `errc::name_invalid`.
result<tls_expectation> expectation_of(const endpoint_identity& identity, std::string_view host,
                                       std::string& said);

/// Judges the peer's certificate: its chain, then who it is for. For
/// `SSL_CTX_set_cert_verify_callback` with the `tls_context`; the connection's application pointer
/// is its `tls_verdict`.
int verify_peer(X509_STORE_CTX* chain, void* context) noexcept;

/// The rule that a verification broke, by OpenSSL's code.
errc rule_of_verification(long code) noexcept;

/// The rule that a connection broke, by the reason in OpenSSL's error queue.
errc rule_of_reason(int reason, bool is_established) noexcept;

}  // namespace nettcp::security
