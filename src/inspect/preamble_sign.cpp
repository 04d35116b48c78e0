#include <nettcp/inspect/preamble_sign.hpp>

#include <nettcp/framing/mode.hpp>
#include <nettcp/framing/record_type.hpp>

namespace nettcp::inspect {

preamble_sign find_preamble(bytes_view octets) noexcept {
    using framing::record_type;
    const auto is_sign = [](std::size_t at, std::uint8_t octet) {
        switch (at) {
        case 0: return octet == static_cast<std::uint8_t>(record_type::version);
        case 1: return octet == 1;  // version 1.0
        case 2: return octet == 0;
        case 3: return octet == static_cast<std::uint8_t>(record_type::mode);
        case 4: return !to_string(static_cast<framing::mode>(octet)).empty();
        default: return octet == static_cast<std::uint8_t>(record_type::via);
        }
    };
    for (std::size_t i = 0; i < preamble_sign_size; ++i) {
        if (i == octets.size())
            return preamble_sign::maybe;
        if (!is_sign(i, std::to_integer<std::uint8_t>(octets[i])))
            return preamble_sign::no;
    }
    return preamble_sign::yes;
}

}  // namespace nettcp::inspect
