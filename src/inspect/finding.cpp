#include <nettcp/inspect/conversation.hpp>

#include <nettcp/framing/record_type.hpp>

#include <array>
#include <cstdio>

namespace nettcp::inspect {

std::string_view to_string(finding_type type) noexcept {
    if (type == finding_type::opaque)
        return "opaque";
    if (type == finding_type::error)
        return "error";
    return framing::to_string(static_cast<framing::record_type>(type));
}

std::string describe(const error& failure) {
    std::array<char, 64> place{};
    if (failure.got != 0)
        std::snprintf(place.data(), place.size(), " (at octet %llu, value 0x%x)",
                      static_cast<unsigned long long>(failure.at), failure.got);
    else
        std::snprintf(place.data(), place.size(), " (at octet %llu)",
                      static_cast<unsigned long long>(failure.at));
    return failure.code.message() + place.data();
}

}  // namespace nettcp::inspect
