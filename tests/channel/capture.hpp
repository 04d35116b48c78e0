#pragma once

#include <support/hex.hpp>

#include <algorithm>
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

/// The octets of the first connection of a captured conversation, in order; those within TLS as
/// the relay saw them, in clear.
inline std::vector<captured_octets> read_capture(const std::string& name) {
    std::ifstream file("tests/captures/" + name + ".txt");
    std::vector<captured_octets> conversation;
    for (std::string line; std::getline(file, line);) {
        if (line.find('#') != line.npos)
            continue;
        std::size_t mark = line.npos;
        for (const char* way : {" C>S ", " S>C ", " C>S(tls) ", " S>C(tls) "})
            mark = std::min(mark, line.find(way));
        if (mark == line.npos || line.substr(0, mark).find(" 1") == line.npos)
            continue;
        conversation.push_back({line[mark + 1] == 'C', hex(line.substr(line.rfind(' ') + 1))});
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
