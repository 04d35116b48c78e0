#pragma once

#include <boost/system/error_code.hpp>

#include <cstdint>

namespace nettcp {

/// A failure of the core: which rule, where, and the value that broke it.
///
/// `at` counts octets from the start of what was being decoded (a record, a document, a
/// connection: the function that returns it says which). `got` is the offending value where
/// one number tells it, else 0. Costs no heap, and is copyable and comparable.
struct error {
    boost::system::error_code code;
    std::uint64_t at = 0;
    std::uint32_t got = 0;

    friend bool operator==(const error& a, const error& b) noexcept {
        return a.code == b.code && a.at == b.at && a.got == b.got;
    }
};

}  // namespace nettcp
