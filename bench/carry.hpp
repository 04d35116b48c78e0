#pragma once

#include <nettcp/security/upgrade.hpp>

#include <algorithm>

namespace nettcp::bench {

/// Moves all that one side has to send to the other, in memory.
inline void carry(security::upgrade& from, security::upgrade& to) {
    for (bytes_view part = from.output(); !part.empty(); part = from.output()) {
        const auto space = to.input_space();
        const std::size_t size = std::min(space.size(), part.size());
        std::copy_n(part.begin(), size, space.begin());
        to.received(size);
        from.output_sent(size);
    }
}

}  // namespace nettcp::bench
