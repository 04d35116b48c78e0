#pragma once

#include <nettcp/base/export.hpp>

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <string>

namespace nettcp {

/// A failure of the core: which rule, where, and the value that broke it.
///
/// `at` counts octets from the start of what was being decoded (a record, a document, a
/// connection: the function that returns it says which). `got` is the offending value where
/// one number tells it, else 0; `limit` is the limit that it broke, else 0. Both stop at
/// 0xffffffff, which stands for more as well. Costs no heap, and is
/// copyable and comparable.
struct error {
    boost::system::error_code code;
    std::uint64_t at = 0;
    std::uint32_t got = 0;
    std::uint32_t limit = 0;

    friend bool operator==(const error& a, const error& b) noexcept {
        return a.code == b.code && a.at == b.at && a.got == b.got && a.limit == b.limit;
    }
};

/// A number as `error::got` and `error::limit` show it.
constexpr std::uint32_t clamp_u32(std::uint64_t number) noexcept {
    return number > 0xffffffff ? 0xffffffff : static_cast<std::uint32_t>(number);
}

/// The value and the limit of `failure` as a part of a sentence, such as `, value 0x3b` or
/// `, 70000 where the limit is 65536`; empty when it has neither.
NETTCP_EXPORT std::string value_in_words(const error& failure);

}  // namespace nettcp
