// Invariants: whatever the octets are, reading them ends, without a sanitizer's complaint; in
// windows of any size it gives the same nodes with the same texts, or fails as well; and the
// nodes are bounded by the document's size. Every value is converted to every type on the way, and
// some elements are read as values of some type.
//
// Reaches src/nbfx/reader*.cpp src/nbfx/unit_scanner.cpp src/nbfx/record_source.cpp
// Reaches src/nbfx/value*.cpp src/nbfx/namespace_scope.cpp
// Mutated by mutators/document
#include <nettcp/base/byte_reader.hpp>
#include <nettcp/nbfx/reader.hpp>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

using namespace nettcp;
using namespace nettcp::nbfx;

namespace {

/// What a walk saw: the nodes with their texts, and how it ended.
struct walk {
    std::string seen;
    boost::system::error_code code;
    bool text_failed = false;
};

void convert(const value& v) {
    // Only that these return is of interest.
    static_cast<void>(v.to_boolean());
    static_cast<void>(v.to_int32());
    static_cast<void>(v.to_int64());
    static_cast<void>(v.to_uint64());
    static_cast<void>(v.to_float32());
    static_cast<void>(v.to_float64());
    static_cast<void>(v.to_decimal());
    static_cast<void>(v.to_date_time());
    static_cast<void>(v.to_time_span());
    static_cast<void>(v.to_uuid());
    static_cast<void>(v.is_white_space());
    std::vector<std::byte> octets;
    static_cast<void>(v.append_octets(octets));
}

void note(walk& so_far, const value& v) {
    convert(v);
    if (!v.append_text(so_far.seen))
        so_far.text_failed = true;
}

template <class More>
walk walk_all(reader& in, std::size_t most_nodes, More more) {
    walk so_far;
    bool within_text = false;
    for (std::size_t nodes = 0;; ++nodes) {
        if (nodes > most_nodes)
            std::abort();
        switch (in.next()) {
        case node::none: std::abort();
        case node::need_more:
            more();
            --nodes;
            continue;
        case node::failed: so_far.code = in.failure().code; return so_far;
        case node::end_of_document: return so_far;
        case node::element:
            so_far.seen.append("<").append(in.prefix()).append(":").append(in.local_name());
            so_far.seen.append("{").append(in.namespace_uri()).append("}");
            for (const auto& declared : in.declarations())
                so_far.seen.append(" #").append(declared.prefix).append("=").append(declared.uri);
            for (const auto& named : in.attributes()) {
                so_far.seen.append(" ").append(named.prefix).append(":").append(named.local);
                so_far.seen.append("{").append(named.ns).append("}");
                note(so_far, named.value);
            }
            break;
        case node::end_element: so_far.seen.append(">").append(in.local_name()); break;
        case node::comment:
            so_far.seen += "!";
            note(so_far, in.value());
            break;
        case node::text:
            if (!within_text)
                so_far.seen += "'";
            within_text = in.partial();
            note(so_far, in.value());
            break;
        }
    }
}

walk in_windows(bytes_view document, const received_dictionary& session, std::size_t step) {
    // The limit must not come first: windows would meet it before the end of a cut document.
    reader in(reader_quotas{.max_bytes_per_read = 0xffffffff});
    in.open_streamed(&session);
    std::vector<std::byte> window;
    std::size_t arrived = 0;
    // Parts may be as small as an octet, and each is a node.
    return walk_all(in, 300'000 + 600 * document.size(), [&] {
        std::vector<std::byte> next(window.begin() + static_cast<std::ptrdiff_t>(in.consumed()),
                                    window.end());
        const auto fresh = document.subspan(arrived, std::min(step, document.size() - arrived));
        next.insert(next.end(), fresh.begin(), fresh.end());
        arrived += fresh.size();
        in.supply(next, arrived == document.size());
        window = std::move(next);
    });
}

void read_element(reader& in, std::size_t type) {
    switch (type % 12) {
    case 0: static_cast<void>(in.read_element_text()); break;
    case 1: static_cast<void>(in.read_element_bytes()); break;
    case 2: static_cast<void>(in.read_element_boolean()); break;
    case 3: static_cast<void>(in.read_element_int32()); break;
    case 4: static_cast<void>(in.read_element_int64()); break;
    case 5: static_cast<void>(in.read_element_uint64()); break;
    case 6: static_cast<void>(in.read_element_float32()); break;
    case 7: static_cast<void>(in.read_element_float64()); break;
    case 8: static_cast<void>(in.read_element_decimal()); break;
    case 9: static_cast<void>(in.read_element_date_time()); break;
    case 10: static_cast<void>(in.read_element_time_span()); break;
    default: static_cast<void>(in.read_element_uuid()); break;
    }
}

/// Reads the document as an owner of typed bodies does: goes to its element of this number, looks
/// each attribute up by its name, and reads the element as a value of one type.
void read_typed(bytes_view document, const received_dictionary& session, std::size_t number,
                std::size_t type) {
    reader in;
    in.open(document, &session);
    for (node at = in.next(); at != node::end_of_document && at != node::failed; at = in.next()) {
        if (at != node::element || number-- != 0)
            continue;
        for (const auto& one : in.attributes()) {
            const auto* found = in.find_attribute(one.local, one.ns);
            if (found != &one)  // no two have the same name
                std::abort();
        }
        read_element(in, type);
        return;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    const bytes_view document{reinterpret_cast<const std::byte*>(octets), size};
    received_dictionary session;
    static_cast<void>(session.read_table(as_bytes("\x0c\x04"
                                                  "Echo\x06"
                                                  "urn:n2")));

    reader whole;
    whole.open(document, &session);
    // An array item costs an octet at least and is charged four characters; the budget is 64 for
    // each octet, and three nodes show an item.
    const walk at_once = walk_all(whole, 300'000 + 600 * size, [] { std::abort(); });
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, size % 61 + 2}) {
        const walk streamed = in_windows(document, session, step);
        // What is cut short may break another rule in what is there, an item of a cut array for
        // instance: windows are shown that first, the whole is judged by its size.
        const bool cut_short = at_once.code == base_errc::truncated && streamed.code;
        if (streamed.code != at_once.code && !cut_short)
            std::abort();
        if (!at_once.code && !at_once.text_failed && streamed.seen != at_once.seen)
            std::abort();
    }
    for (std::size_t number = 0; number != 4; ++number)
        read_typed(document, session, number, size + number * 5);
    return 0;
}
