#pragma once

#include <support/hex.hpp>

#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace nettcp::channel {

/// What one reception of the relay held.
struct captured_octets {
    bool from_client = false;
    std::vector<std::byte> octets;
};

/// The plain octets of the first connection of a captured conversation, in order.
inline std::vector<captured_octets> read_capture(const std::string& name) {
    std::ifstream file("tests/captures/" + name + ".txt");
    std::vector<captured_octets> conversation;
    for (std::string line; std::getline(file, line);) {
        const auto mark = line.find(" C>S ") != line.npos ? line.find(" C>S ") : line.find(" S>C ");
        if (line.starts_with('#') || mark == line.npos || line.find('#') != line.npos)
            continue;
        if (line.substr(0, mark).find(" 1") == line.npos)
            continue;
        conversation.push_back({line[mark + 1] == 'C', hex(line.substr(mark + 5))});
    }
    if (conversation.empty())
        throw std::runtime_error("no capture called " + name);
    return conversation;
}

/// All octets of one direction.
inline std::vector<std::byte> direction(const std::vector<captured_octets>& conversation,
                                        bool from_client) {
    std::vector<std::byte> all;
    for (const auto& part : conversation) {
        if (part.from_client == from_client)
            all.insert(all.end(), part.octets.begin(), part.octets.end());
    }
    return all;
}

}  // namespace nettcp::channel
