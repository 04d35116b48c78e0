#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nettcp::contract {

/// Where in a value the codec is: a list from the inside out, on the stack. Costs nothing until
/// something fails.
struct place {
    static constexpr std::uint32_t no_index = 0xffffffff;

    const place* outer = nullptr;
    std::string_view name = {};
    std::uint32_t index = no_index;

    /// Appends `Order/Items[3]/Price`.
    void append_to(std::string& out) const;
};

}  // namespace nettcp::contract
