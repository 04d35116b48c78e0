// Makes certificates for tests with OpenSSL, so that none that expires lies in the tree.
#include "support/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>

#include <stdlib.h>

namespace nettcp {
namespace {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using crl_ptr = std::unique_ptr<X509_CRL, freed_by<X509_CRL_free>>;
using pkcs12_ptr = std::unique_ptr<PKCS12, freed_by<PKCS12_free>>;

void require(bool worked) {
    if (!worked)
        throw std::runtime_error("OpenSSL cannot make what the test needs");
}

bio_ptr reader(const std::string& text) {
    return bio_ptr{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

std::string text_of(const bio_ptr& from) {
    char* octets = nullptr;
    const long size = BIO_get_mem_data(from.get(), &octets);
    return {octets, static_cast<std::size_t>(size)};
}

x509_ptr certificate_of(const issued_certificate& from) {
    x509_ptr out{PEM_read_bio_X509(reader(from.certificate).get(), nullptr, nullptr, nullptr)};
    require(out != nullptr);
    return out;
}

key_ptr key_of(const issued_certificate& from) {
    key_ptr out{PEM_read_bio_PrivateKey(reader(from.key).get(), nullptr, nullptr, nullptr)};
    require(out != nullptr);
    return out;
}

void set_subject(X509* of, std::string text) {
    X509_NAME* const name = X509_get_subject_name(of);
    for (text += '/'; !text.empty();) {
        const auto end = text.find('/');
        const std::string part = text.substr(0, end);
        text.erase(0, end + 1);
        const auto equals = part.find('=');
        require(X509_NAME_add_entry_by_txt(
                    name, part.substr(0, equals).c_str(), MBSTRING_UTF8,
                    reinterpret_cast<const unsigned char*>(part.c_str() + equals + 1), -1, -1,
                    0) == 1);
    }
}

void add_extension(X509* to, int nid, const std::string& value) {
    X509V3_CTX context{};
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, to, to, nullptr, nullptr, 0);
    X509_EXTENSION* const made = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    require(made != nullptr && X509_add_ext(to, made, -1) == 1);
    X509_EXTENSION_free(made);
}

}  // namespace

issued_certificate make_certificate(const certificate_contents& contents,
                                    const issued_certificate* issuer) {
    const key_ptr key{contents.rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256")};
    const x509_ptr made{X509_new()};
    require(key && made);
    X509_set_version(made.get(), X509_VERSION_3);
    std::uint64_t serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), contents.begins);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), contents.ends);
    X509_set_pubkey(made.get(), key.get());
    set_subject(made.get(), contents.subject);

    add_extension(made.get(), NID_basic_constraints,
                  contents.is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    std::string names;
    for (const std::string& name : contents.names)
        names += (names.empty() ? "" : ",") + name;
    if (!names.empty())
        add_extension(made.get(), NID_subject_alt_name, names);
    if (!contents.usage.empty())
        add_extension(made.get(), NID_ext_key_usage, contents.usage);

    if (issuer != nullptr)
        X509_set_issuer_name(made.get(), X509_get_subject_name(certificate_of(*issuer).get()));
    else
        X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
    const key_ptr signer = issuer != nullptr ? key_of(*issuer) : nullptr;
    require(X509_sign(made.get(), signer ? signer.get() : key.get(), EVP_sha256()) != 0);

    const bio_ptr certificate_text{BIO_new(BIO_s_mem())};
    const bio_ptr key_text{BIO_new(BIO_s_mem())};
    require(PEM_write_bio_X509(certificate_text.get(), made.get()) == 1);
    require(PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                     nullptr) == 1);
    return {text_of(certificate_text), text_of(key_text)};
}

std::string make_revocation_list(const issued_certificate& issuer,
                                 const std::vector<issued_certificate>& revoked, long ends) {
    const crl_ptr made{X509_CRL_new()};
    require(made != nullptr);
    X509_CRL_set_version(made.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(made.get(), X509_get_subject_name(certificate_of(issuer).get()));
    ASN1_TIME* const time = X509_gmtime_adj(nullptr, -7200);
    X509_CRL_set1_lastUpdate(made.get(), time);
    for (const issued_certificate& one : revoked) {
        X509_REVOKED* const entry = X509_REVOKED_new();
        X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(certificate_of(one).get()));
        X509_REVOKED_set_revocationDate(entry, time);
        require(X509_CRL_add0_revoked(made.get(), entry) == 1);
    }
    X509_gmtime_adj(time, ends);
    X509_CRL_set1_nextUpdate(made.get(), time);
    ASN1_TIME_free(time);
    X509_CRL_sort(made.get());
    require(X509_CRL_sign(made.get(), key_of(issuer).get(), EVP_sha256()) != 0);
    const bio_ptr text{BIO_new(BIO_s_mem())};
    require(PEM_write_bio_X509_CRL(text.get(), made.get()) == 1);
    return text_of(text);
}

std::string make_pkcs12(const issued_certificate& of, const std::string& password,
                        const issued_certificate* issuer) {
    STACK_OF(X509)* const chain = sk_X509_new_null();
    if (issuer != nullptr)
        sk_X509_push(chain, certificate_of(*issuer).release());
    const pkcs12_ptr made{PKCS12_create(password.c_str(), "test", key_of(of).get(),
                                        certificate_of(of).get(), chain, 0, 0, 0, 0, 0)};
    sk_X509_pop_free(chain, X509_free);
    const bio_ptr text{BIO_new(BIO_s_mem())};
    require(made && i2d_PKCS12_bio(text.get(), made.get()) == 1);
    return text_of(text);
}

std::string sha1_of(const issued_certificate& of) {
    unsigned char octets[20];
    unsigned size = 0;
    require(X509_digest(certificate_of(of).get(), EVP_sha1(), octets, &size) == 1);
    std::string out;
    for (const unsigned char octet : octets) {
        constexpr const char* digits = "0123456789ABCDEF";
        out += digits[octet >> 4];
        out += digits[octet & 15];
    }
    return out;
}

temporary_folder::temporary_folder()
    : path_((std::filesystem::temp_directory_path() / "nettcp-test-XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr)
        throw std::runtime_error("cannot make a folder for the test's files");
}

temporary_folder::~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string temporary_folder::write(const std::string& name, const std::string& content) const {
    const std::string file = path_ + "/" + name;
    std::ofstream(file, std::ios::binary) << content;
    return file;
}

}  // namespace nettcp
