#include "contract/place.hpp"

namespace nettcp::contract {

void place::append_to(std::string& out) const {
    const place* chain[256];  // no codec goes deeper by default; the outermost names are left out
    std::size_t count = 0;
    for (const place* at = this; at != nullptr && count != std::size(chain); at = at->outer)
        chain[count++] = at;
    while (count-- != 0) {
        const place& at = *chain[count];
        if (at.index != no_index) {
            out.append("[").append(std::to_string(at.index)).append("]");
            continue;
        }
        if (at.name.empty())
            continue;
        if (!out.empty())
            out.push_back('/');
        out.append(at.name);
    }
}

}  // namespace nettcp::contract
