#pragma once

#include <stdexcept>
#include <string>

namespace nettcp::interop {

/// A host did not do what its case expects.
class mismatch : public std::runtime_error {
public:
    using runtime_error::runtime_error;
};

inline void must(bool good, const std::string& what) {
    if (!good)
        throw mismatch(what);
}

}  // namespace nettcp::interop
