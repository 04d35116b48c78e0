#pragma once

#ifdef NETTCP_LOAD_TLS
#include "support/certificates.hpp"
#endif

#include <string>

namespace load {

/// A certificate of localhost for as long as this lives; none in builds without TLS.
class test_certificate {
public:
    /// Its path, with its key; empty: none.
    const std::string& file() const noexcept { return file_; }

private:
#ifdef NETTCP_LOAD_TLS
    nettcp::temporary_folder folder_;
    std::string file_ =
        folder_.write("host.pem", nettcp::make_certificate({.names = {"DNS:localhost"}}).both());
#else
    std::string file_;
#endif
};

}  // namespace load
