#pragma once

#include <string>
#include <vector>

namespace nettcp {

/// A certificate with its key, both in PEM.
struct issued_certificate {
    std::string certificate;
    std::string key;
    std::string both() const { return certificate + key; }
};

/// What a certificate says. Times are in seconds from now.
struct certificate_contents {
    std::string subject = "CN=localhost";  ///< `O=Peers/CN=alice`, the most general first
    std::vector<std::string> names = {};   ///< `DNS:localhost`, `IP:127.0.0.1`
    std::string usage = {};  ///< `serverAuth`, `clientAuth`; empty: no extended key usage
    bool is_authority = false;
    long begins = -3600;
    long ends = 24 * 3600;
    bool rsa = false;  ///< a key of RSA, which takes time to make, instead of P-256
};

/// Makes a certificate, signed by `issuer`'s key, or by its own.
issued_certificate make_certificate(const certificate_contents& contents,
                                    const issued_certificate* issuer = nullptr);

/// A revocation list of `issuer` in PEM. It ends that many seconds from now.
std::string make_revocation_list(const issued_certificate& issuer,
                                 const std::vector<issued_certificate>& revoked,
                                 long ends = 24 * 3600);

/// A PKCS#12 file with a certificate, its key and, where given, its issuer.
std::string make_pkcs12(const issued_certificate& of, const std::string& password,
                        const issued_certificate* issuer = nullptr);

/// Upper-case hexadecimal SHA-1 of a certificate.
std::string sha1_of(const issued_certificate& of);

/// A folder for the files of one test, removed with all that is in it.
class temporary_folder {
public:
    temporary_folder();
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;
    ~temporary_folder();

    /// Writes a file and returns its path.
    std::string write(const std::string& name, const std::string& content) const;
    const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

}  // namespace nettcp
