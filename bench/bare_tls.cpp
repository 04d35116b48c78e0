#include "bare_tls.hpp"

#include "measure.hpp"

namespace nettcp::bench {

std::shared_ptr<SSL_CTX> bare_context(bool is_server, const std::string& file) {
    std::shared_ptr<SSL_CTX> ctx(SSL_CTX_new(is_server ? TLS_server_method() : TLS_client_method()),
                                 SSL_CTX_free);
    SSL_CTX_set_session_cache_mode(ctx.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(ctx.get(), 0);
    if (is_server) {
        expect(SSL_CTX_use_certificate_chain_file(ctx.get(), file.c_str()) == 1, "certificate");
        expect(SSL_CTX_use_PrivateKey_file(ctx.get(), file.c_str(), SSL_FILETYPE_PEM) == 1, "key");
        return ctx;
    }
    expect(SSL_CTX_load_verify_locations(ctx.get(), file.c_str(), nullptr) == 1, "trust");
    SSL_CTX_set_verify(ctx.get(), SSL_VERIFY_PEER, nullptr);
    return ctx;
}

}  // namespace nettcp::bench
