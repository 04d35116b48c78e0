#include "script.hpp"

#include <algorithm>

namespace nettcp::fuzzing {

octets octets_of(const script& steps) {
    octets all;
    for (const step& one : steps)
        all.insert(all.end(), one.content.begin(), one.content.end());
    return all;
}

std::string hex_of(bytes_view content, std::size_t count) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const std::byte octet : content.first(std::min(count, content.size()))) {
        text += digits[std::to_integer<unsigned>(octet) >> 4];
        text += digits[std::to_integer<unsigned>(octet) & 15u];
    }
    if (content.size() > count)
        text += "… (" + std::to_string(content.size()) + " octets)";
    return text;
}

}  // namespace nettcp::fuzzing
