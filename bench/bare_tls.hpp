#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace nettcp::bench {

/// OpenSSL as a program without us would use it: its own choices, without sessions and tickets.
/// `file` has certificate and key in PEM; clients trust that very certificate.
std::shared_ptr<SSL_CTX> bare_context(bool is_server, const std::string& file);

}  // namespace nettcp::bench
