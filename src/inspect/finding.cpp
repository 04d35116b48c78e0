#include <nettcp/inspect/conversation.hpp>

#include <nettcp/framing/record_type.hpp>

#include <array>
#include <charconv>

namespace nettcp::inspect {

std::string_view to_string(finding_type type) noexcept {
    if (type == finding_type::opaque)
        return "opaque";
    if (type == finding_type::error)
        return "error";
    if (type == finding_type::handshake)
        return "handshake";
    if (type == finding_type::frame)
        return "frame";
    return framing::to_string(static_cast<framing::record_type>(type));
}

std::string describe(const error& failure) {
    std::string text = failure.code.message() + " (at octet " + std::to_string(failure.at);
    if (failure.got != 0) {
        std::array<char, 8> digits{};
        const auto written =
            std::to_chars(digits.data(), digits.data() + digits.size(), failure.got, 16);
        text += ", value 0x";
        text.append(digits.data(), written.ptr);
    }
    return text + ")";
}

}  // namespace nettcp::inspect
