#include <nettcp/nbfx/static_dictionary.hpp>

#include "nbfx/static_dictionary_strings.inc"

#include <algorithm>
#include <iterator>

namespace nettcp::nbfx {

std::optional<std::string_view> static_string(std::uint32_t wire_id) noexcept {
    if ((wire_id & 1u) != 0 || wire_id / 2 >= std::size(static_strings))
        return std::nullopt;
    return static_strings[wire_id / 2];
}

std::optional<std::uint32_t> static_id(std::string_view text) noexcept {
    const auto text_of = [](std::uint16_t number) { return static_strings[number]; };
    const auto* found = std::ranges::lower_bound(static_strings_by_text, text, {}, text_of);
    if (found == std::end(static_strings_by_text) || static_strings[*found] != text)
        return std::nullopt;
    return *found * 2u;
}

}  // namespace nettcp::nbfx
