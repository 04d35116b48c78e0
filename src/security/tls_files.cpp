// Reads certificates, keys, trust and revocation lists, PEM and PKCS#12, into an SSL_CTX.
#include "security/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace nettcp::security {
namespace {

error unusable(std::string& said, std::string_view file, std::string_view words) {
    const std::string from_openssl = take_openssl_failure().words;
    said = std::string(file);
    for (const std::string_view part : {words, std::string_view(from_openssl)})
        if (!part.empty())
            said.append(": ").append(part);
    return error{make_error_code(errc::certificate_unusable)};
}

/// Gives OpenSSL the password, or none: without this it would ask at the terminal.
int give_password(char* into, int size, int, void* of) {
    const std::string_view text = static_cast<const secret*>(of)->reveal();
    if (text.size() > static_cast<std::size_t>(size))
        return -1;
    std::copy(text.begin(), text.end(), into);
    return static_cast<int>(text.size());
}

void* password_argument(const secret& password) {
    return const_cast<secret*>(&password);  // OpenSSL hands it to `give_password` only
}

/// Whether a file begins like a long structure of DER, which no PEM does.
bool begins_like_der(BIO* file) {
    std::array<unsigned char, 2> octets{};
    const bool read = BIO_read(file, octets.data(), 2) == 2;
    (void)BIO_reset(file);
    return read && octets[0] == 0x30 && octets[1] >= 0x80;
}

/// Whether the last reading failed only because there is nothing more in the file.
bool at_end_of_pem() {
    const unsigned long last = ERR_peek_last_error();
    if (ERR_GET_LIB(last) != ERR_LIB_PEM || ERR_GET_REASON(last) != PEM_R_NO_START_LINE)
        return false;
    ERR_clear_error();
    return true;
}

result<void> load_pkcs12(SSL_CTX* ctx, BIO* file, const tls_certificate& from, std::string& said) {
    const pkcs12_ptr bundle{d2i_PKCS12_bio(file, nullptr)};
    if (!bundle)
        return unusable(said, from.certificate_file, "is neither PEM nor PKCS#12");
    std::string password{from.password.reveal()};
    EVP_PKEY* key = nullptr;
    X509* own = nullptr;
    STACK_OF(X509)* chain = nullptr;
    const bool opened = PKCS12_parse(bundle.get(), password.c_str(), &key, &own, &chain) == 1;
    OPENSSL_cleanse(password.data(), password.size());
    const private_key_ptr key_owner{key};
    const x509_ptr own_owner{own};
    const auto free_chain = [](STACK_OF(X509) * all) { sk_X509_pop_free(all, X509_free); };
    const std::unique_ptr<STACK_OF(X509), decltype(free_chain)> chain_owner{chain, free_chain};
    if (!opened) {
        const int why = ERR_GET_REASON(ERR_peek_error());
        if (why == ERR_R_UNSUPPORTED)
            return unusable(said, from.certificate_file,
                            "uses a cipher this OpenSSL does not load, such as RC2; export it anew "
                            "with AES");
        return unusable(said, from.certificate_file, "cannot be opened");
    }
    if (key == nullptr || own == nullptr)
        return unusable(said, from.certificate_file, "has no key with its certificate");
    if (SSL_CTX_use_certificate(ctx, own) != 1 || SSL_CTX_use_PrivateKey(ctx, key) != 1)
        return unusable(said, from.certificate_file, "");
    for (int i = 0; i < sk_X509_num(chain); ++i)
        if (SSL_CTX_add1_chain_cert(ctx, sk_X509_value(chain, i)) != 1)
            return unusable(said, from.certificate_file, "");
    return {};
}

result<void> load_pem(SSL_CTX* ctx, BIO* file, const tls_certificate& from, std::string& said) {
    void* const password = password_argument(from.password);
    const x509_ptr own{PEM_read_bio_X509_AUX(file, nullptr, give_password, password)};
    if (!own)
        return unusable(said, from.certificate_file, "has no certificate");
    if (SSL_CTX_use_certificate(ctx, own.get()) != 1)
        return unusable(said, from.certificate_file, "");
    while (const x509_ptr next{PEM_read_bio_X509(file, nullptr, give_password, password)})
        if (SSL_CTX_add1_chain_cert(ctx, next.get()) != 1)
            return unusable(said, from.certificate_file, "");
    if (!at_end_of_pem())
        return unusable(said, from.certificate_file, "");

    const std::string& key_name = from.key_file.empty() ? from.certificate_file : from.key_file;
    const bio_ptr key_file{BIO_new_file(key_name.c_str(), "rb")};
    if (!key_file)
        return unusable(said, key_name, "");
    const private_key_ptr key{
        PEM_read_bio_PrivateKey(key_file.get(), nullptr, give_password, password)};
    if (!key)
        return unusable(said, key_name, "its key cannot be read");
    if (SSL_CTX_use_PrivateKey(ctx, key.get()) != 1)
        return unusable(said, key_name, "its key does not fit the certificate");
    return {};
}

result<void> load_authorities(X509_STORE* store, const std::string& name, std::string& said) {
    const bio_ptr file{BIO_new_file(name.c_str(), "rb")};
    if (!file)
        return unusable(said, name, "");
    std::size_t count = 0;
    while (const x509_ptr next{PEM_read_bio_X509_AUX(file.get(), nullptr, nullptr, nullptr)}) {
        if (X509_STORE_add_cert(store, next.get()) != 1)
            return unusable(said, name, "");
        ++count;
    }
    if (!at_end_of_pem() || count == 0)
        return unusable(said, name, "has no certificate in PEM");
    return {};
}

result<void> load_revocations(X509_STORE* store, const std::string& name, std::string& said) {
    const bio_ptr file{BIO_new_file(name.c_str(), "rb")};
    if (!file)
        return unusable(said, name, "");
    std::size_t count = 0;
    while (const x509_crl_ptr next{PEM_read_bio_X509_CRL(file.get(), nullptr, nullptr, nullptr)}) {
        if (X509_STORE_add_crl(store, next.get()) != 1)
            return unusable(said, name, "");
        ++count;
    }
    if (!at_end_of_pem() || count == 0)
        return unusable(said, name, "has no revocation list in PEM");
    return {};
}

}  // namespace

result<void> load_certificate(SSL_CTX* ctx, const tls_certificate& from, std::string& said) {
    ERR_clear_error();
    const bio_ptr file{BIO_new_file(from.certificate_file.c_str(), "rb")};
    if (!file)
        return unusable(said, from.certificate_file, "");
    if (const auto loaded = begins_like_der(file.get()) ? load_pkcs12(ctx, file.get(), from, said)
                                                        : load_pem(ctx, file.get(), from, said);
        !loaded)
        return loaded.error();
    if (SSL_CTX_check_private_key(ctx) != 1)
        return unusable(said, from.certificate_file, "its key does not fit the certificate");
    return {};
}

result<void> load_trust(SSL_CTX* ctx, const tls_trust& from, std::string& said) {
    ERR_clear_error();
    X509_STORE* const store = SSL_CTX_get_cert_store(ctx);
    for (const std::string& name : from.ca_files)
        if (const auto loaded = load_authorities(store, name, said); !loaded)
            return loaded.error();
    for (const std::string& name : from.crl_files)
        if (const auto loaded = load_revocations(store, name, said); !loaded)
            return loaded.error();
    if (from.ca_files.empty() && from.system_store && SSL_CTX_set_default_verify_paths(ctx) != 1)
        return unusable(said, "the machine's certificates", "");
    // Whatever the trusted files hold is trusted itself, be it a root or the peer's own.
    unsigned long flags = X509_V_FLAG_PARTIAL_CHAIN;
    if (!from.crl_files.empty())
        flags |= X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL;
    X509_STORE_set_flags(store, flags);
    return {};
}

}  // namespace nettcp::security
