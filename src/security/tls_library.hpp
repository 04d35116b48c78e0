#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nettcp::security {

/// Frees by a function of OpenSSL.
template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* object) const noexcept {
        Free(object);
    }
};

using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using bio_method_ptr = std::unique_ptr<BIO_METHOD, freed_by<BIO_meth_free>>;
using general_names_ptr = std::unique_ptr<GENERAL_NAMES, freed_by<GENERAL_NAMES_free>>;
using pkcs12_ptr = std::unique_ptr<PKCS12, freed_by<PKCS12_free>>;
using private_key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using ssl_ctx_ptr = std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>>;
using ssl_ptr = std::unique_ptr<SSL, freed_by<SSL_free>>;
using x509_crl_ptr = std::unique_ptr<X509_CRL, freed_by<X509_CRL_free>>;
using x509_ptr = std::unique_ptr<X509, freed_by<X509_free>>;

/// A certificate's subject as .NET prints it: `CN=alice, O="Peers, Ltd."`, the most specific first.
std::string subject_name(const X509* certificate);

/// The DNS names a certificate is for: those of the subject alternative name, or else the common
/// name, as WCF sees them.
std::vector<std::string> dns_names(const X509* certificate);

/// The SHA-1 of a certificate, in upper-case hexadecimal.
std::string thumbprint(const X509* certificate);

/// `text` with what is not printable replaced, and cut after some hundred octets.
std::string printable(std::string_view text);

/// What OpenSSL's error queue of this thread held.
struct openssl_failure {
    int reason = 0;  ///< the oldest that libssl gave; 0: none
    std::string words;  ///< all of them, oldest first, printable
};

/// Empties the error queue of this thread.
openssl_failure take_openssl_failure();

}  // namespace nettcp::security
