// Invariants: any text is a transcript without harm; what is found does not depend on how octets
// were grouped into receptions (but for how one begins, where a lost direction finds its way back);
// no more octets are opaque than were there.
//
// Reaches src/inspect/transcript.cpp src/inspect/conversation*.cpp
// Uses dict/framing

#include <nettcp/inspect/conversation.hpp>
#include <nettcp/inspect/preamble_sign.hpp>

#include <algorithm>
#include <cstdlib>
#include <string>

using namespace nettcp;
using namespace nettcp::inspect;

namespace {

void require(bool holds) {
    if (!holds)
        std::abort();
}

struct listener {
    std::string found;
    std::uint64_t opaque_size = 0;
    conversation_options options{.indent = false, .max_message_size = 1u << 20};
    conversation what{1,
                      [this](const finding& f) {
                          found += std::string(to_string(f.direction)) + " " +
                                   std::string(to_string(f.type)) + " " + f.value + " " +
                                   std::to_string(f.offset) + " " + std::to_string(f.size) + " " +
                                   f.xml + f.message + "\n";
                          if (f.type == finding_type::opaque)
                              opaque_size += f.size;
                      },
                      options};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(octets), size);
    listener whole;
    listener single;
    std::uint64_t all = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        transcript_line line;
        const auto kind = read_transcript_line(text.substr(0, end), line);
        require(kind != line_kind::remark || line.octets.empty());
        text.remove_prefix(std::min(end + 1, text.size()));
        all += line.octets.size();
        whole.what.add(line);
        const bytes_view all_of_it = line.octets;
        const std::size_t start = std::min(preamble_sign_size, all_of_it.size());
        single.what.add(line.direction, all_of_it.first(start), line.inside_upgrade);
        for (const std::byte& octet : all_of_it.subspan(start))
            single.what.add(line.direction, bytes_view(&octet, 1), line.inside_upgrade);
    }
    whole.what.finish();
    single.what.finish();
    require(whole.found == single.found);
    require(whole.opaque_size <= all);
    return 0;
}
