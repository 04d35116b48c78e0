#pragma once

#include "hostile/crowd.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace hostile {

/// One direction of the first connection of a captured conversation, and its name.
struct captured {
    std::string name;
    std::string octets;
};

/// What clients (or hosts) said in all captured conversations of a folder of tests/captures.
inline std::vector<captured> read_captures(const std::string& folder, bool from_client) {
    const std::string mark = from_client ? "C>S" : "S>C";
    std::vector<captured> all;
    for (const auto& entry : std::filesystem::directory_iterator("tests/captures/" + folder)) {
        const std::string name = entry.path().filename().string();
        if (!name.ends_with(".txt") || name.ends_with(".xml.txt"))
            continue;
        captured one{name, {}};
        std::ifstream file(entry.path());
        for (std::string line; std::getline(file, line);) {
            const auto at = line.find(mark);
            const bool first = at == 0 || (at != line.npos && line.substr(0, at).ends_with(" 1 "));
            if (!first || line.find('#') != line.npos)
                continue;
            if (line.find("...") != line.npos)
                break;  // it was not captured to its end
            one.octets += text_of_hex(line.substr(line.rfind(' ') + 1));
        }
        if (!one.octets.empty())
            all.push_back(std::move(one));
    }
    if (all.empty())
        throw std::runtime_error("no captures in " + folder);
    std::ranges::sort(all, {}, &captured::name);
    return all;
}

}  // namespace hostile
