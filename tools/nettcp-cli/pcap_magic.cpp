#include "pcap_input.hpp"

#include <array>

namespace nettcp::cli {

bool is_capture(std::string_view content) noexcept {
    using namespace std::string_view_literals;
    constexpr std::array first_octets{
        "\xa1\xb2\xc3\xd4"sv, "\xd4\xc3\xb2\xa1"sv,  // pcap, microseconds
        "\xa1\xb2\x3c\x4d"sv, "\x4d\x3c\xb2\xa1"sv,  // pcap, nanoseconds
        "\xa1\xb2\xcd\x34"sv, "\x34\xcd\xb2\xa1"sv,  // pcap as an old Linux patch wrote it
        "\x0a\x0d\x0d\x0a"sv,                        // pcapng
    };
    for (const std::string_view octets : first_octets) {
        if (content.starts_with(octets))
            return true;
    }
    return false;
}

}  // namespace nettcp::cli
