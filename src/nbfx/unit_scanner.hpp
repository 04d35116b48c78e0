#pragma once

#include <nettcp/base/bytes.hpp>

#include <cstdint>

namespace nettcp::nbfx {

/// Tells, as octets arrive, whether the next unit of a streamed document is there whole.
///
/// A unit is what the reader takes in one go: a start tag up to its last attribute, an array up
/// to its first item, a comment, a list, or the fixed part of any other record. Goes on where it
/// stopped, so that a unit which arrives octet by octet is walked once. Judges nothing: at an
/// octet that breaks a rule it calls the unit whole, and the reader, walking the same octets,
/// meets it first.
class unit_scanner {
public:
    enum class verdict : std::uint8_t { whole, needs_more, too_large };

    /// Looks at the octets that have arrived since the unit's first one, inclusive. `too_large`:
    /// the unit is known to take more than `limit` octets.
    verdict scan(bytes_view unit, std::uint32_t limit) noexcept;

    /// Octets the unit is known to take at least, after `too_large`.
    std::uint64_t wanted() const noexcept { return wanted_; }

    /// Forgets the unit: the next one begins.
    void reset() noexcept { *this = {}; }

private:
    enum class stage : std::uint8_t { first, tag, item_tag, item_attributes, array_header, list };

    stage stage_ = stage::first;
    stage after_list_ = stage::first;
    std::size_t walked_ = 0;
    std::uint64_t wanted_ = 0;
};

}  // namespace nettcp::nbfx
