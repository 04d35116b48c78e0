#include <nettcp/inspect/conversation.hpp>

#include <nettcp/framing/record_type.hpp>

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
    return failure.code.message() + " (at octet " + std::to_string(failure.at) +
           value_in_words(failure) + ')';
}

}  // namespace nettcp::inspect
