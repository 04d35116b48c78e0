// From choices to factories: one SSL_CTX for all connections of one configuration.
#include "security/tls_upgrade.hpp"

#include <nettcp/security/factories.hpp>

#include <openssl/err.h>

#include <new>
#include <utility>

namespace nettcp::security {
namespace {

using shared_context = std::shared_ptr<const tls_context>;

class tls_factory final : public upgrade_factory {
public:
    explicit tls_factory(shared_context context) : context_(std::move(context)) {}

    std::string_view name() const noexcept override { return "application/ssl-tls"; }
    std::unique_ptr<upgrade> make() const override {
        return std::make_unique<tls_upgrade>(context_);
    }

private:
    shared_context context_;
};

void tell_key_log(const SSL* connection, const char* line) {
    const auto* context =
        static_cast<const tls_context*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(connection)));
    try {
        context->key_log(line);
    } catch (...) {  // the user's, and it must not pass through OpenSSL's frames
        return;
    }
}

/// OpenSSL calls this in a client only when the service asks for a certificate.
int note_certificate_asked(SSL* connection, void*) {
    static_cast<tls_verdict*>(SSL_get_app_data(connection))->our_certificate_asked = true;
    return 1;
}

std::shared_ptr<tls_context> bare_context(role side, tls_version minimum,
                                          std::function<void(std::string_view)> key_log) {
    auto context = std::make_shared<tls_context>();
    context->side = side;
    context->key_log = std::move(key_log);
    context->ctx.reset(
        SSL_CTX_new(side == role::initiator ? TLS_client_method() : TLS_server_method()));
    SSL_CTX* const ctx = context->ctx.get();
    if (ctx == nullptr)
        throw std::bad_alloc();
    SSL_CTX_set_app_data(ctx, context.get());
    SSL_CTX_set_min_proto_version(ctx, minimum == tls_version::tls_1_2 ? TLS1_2_VERSION
                                                                       : TLS1_3_VERSION);
    // A connection is resumed by nobody, and a ticket that comes late would be read as the next
    // preamble, so there are none.
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(ctx, 0);
    SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_read_ahead(ctx, 0);
    SSL_CTX_set_dh_auto(ctx, 1);
    SSL_CTX_set_max_cert_list(ctx, max_tls_certificates);
    SSL_CTX_set_verify_depth(ctx, max_tls_chain);
    SSL_CTX_set_cert_verify_callback(ctx, verify_peer, context.get());
    if (side == role::initiator)
        SSL_CTX_set_cert_cb(ctx, note_certificate_asked, nullptr);
    if (context->key_log)
        SSL_CTX_set_keylog_callback(ctx, tell_key_log);
    return context;
}

/// The name for SNI, which takes no numeric address.
std::string name_to_send(const tls_expectation& expected, std::string_view host) {
    std::string name = expected.dns.empty() ? std::string(host) : expected.dns;
    ASN1_OCTET_STRING* const number = a2i_IPADDRESS(name.c_str());
    ERR_clear_error();
    if (number == nullptr)
        return name;
    ASN1_OCTET_STRING_free(number);
    return {};
}

result<void> load_own(tls_context& context, const tls_certificate& from, std::string& said) {
    if (const auto loaded = load_certificate(context.ctx.get(), from, said); !loaded)
        return loaded.error();
    context.has_certificate = true;
    return {};
}

}  // namespace

result<shared_upgrade_factory> make_upgrades(const tls_client& choices, std::string_view host,
                                             std::string& said) {
    const auto context = bare_context(role::initiator, choices.minimum_version, choices.key_log);
    context->insecure = choices.trust.insecure;
    if (!context->insecure) {
        auto expected = expectation_of(choices.identity, host, said);
        if (!expected)
            return expected.error();
        context->expected = *std::move(expected);
    }
    if (choices.send_server_name)
        context->server_name = name_to_send(context->expected, host);
    if (!choices.certificate.certificate_file.empty() || !choices.certificate.key_file.empty())
        if (const auto loaded = load_own(*context, choices.certificate, said); !loaded)
            return loaded.error();
    if (const auto loaded = load_trust(context->ctx.get(), choices.trust, said); !loaded)
        return loaded.error();
    SSL_CTX_set_verify(context->ctx.get(), context->insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER,
                       nullptr);
    return shared_upgrade_factory(std::make_shared<tls_factory>(context));
}

result<shared_upgrade_factory> make_upgrades(const tls_service& choices, std::string& said) {
    const auto context = bare_context(role::acceptor, choices.minimum_version, choices.key_log);
    if (choices.certificate.certificate_file.empty()) {
        said = "an endpoint with TLS needs a certificate";
        return error{make_error_code(errc::certificate_unusable)};
    }
    if (const auto loaded = load_own(*context, choices.certificate, said); !loaded)
        return loaded.error();
    if (choices.require_client_certificate) {
        context->insecure = choices.client_trust.insecure;
        if (const auto loaded = load_trust(context->ctx.get(), choices.client_trust, said); !loaded)
            return loaded.error();
        SSL_CTX_set_verify(context->ctx.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                           nullptr);
    }
    return shared_upgrade_factory(std::make_shared<tls_factory>(context));
}

}  // namespace nettcp::security
