#include "piece.hpp"

#include <nettcp/base/multi_byte_int31.hpp>
#include <nettcp/framing/record_decoder.hpp>

#include <algorithm>

namespace nettcp::fuzzing {
namespace {

using framing::record_type;

/// More than anybody sends, so that only what cannot be is damage.
framing_limits generous() {
    framing_limits limits;
    limits.max_message_size = 64u << 20;
    limits.max_via_size = limits.max_content_type_size = 1u << 20;
    limits.max_upgrade_name_size = limits.max_fault_size = 1u << 20;
    return limits;
}

piece piece_of(piece_type type, bytes_view content) {
    return {type, octets(content.begin(), content.end())};
}

void append(octets& out, bytes_view content) {
    out.insert(out.end(), content.begin(), content.end());
}

}  // namespace

std::optional<record_type> type_of(const piece& what) noexcept {
    if (what.type != piece_type::record || what.content.empty())
        return std::nullopt;
    return static_cast<record_type>(what.content.front());
}

std::vector<piece> cut(bytes_view content) {
    std::vector<piece> pieces;
    framing::record_decoder decoder(generous());
    while (!content.empty()) {
        const auto part = decoder.next(content);
        if (!part || part->size == 0) {
            pieces.push_back(piece_of(piece_type::raw, content));
            break;
        }
        const auto type = part->type == framing::part_type::whole_record ? piece_type::record
                          : part->type == framing::part_type::octets     ? piece_type::raw
                                                                         : piece_type::chunk;
        pieces.push_back(piece_of(type, content.first(part->size)));
        content = content.subspan(part->size);
    }
    return pieces;
}

std::optional<sized_part> sized_part_of(const piece& what) noexcept {
    std::size_t at = 0;
    if (what.type == piece_type::raw)
        return std::nullopt;
    if (what.type == piece_type::record) {
        switch (*type_of(what)) {
        case record_type::via:
        case record_type::extensible_encoding:
        case record_type::sized_envelope:
        case record_type::fault:
        case record_type::upgrade_request: break;
        default: return std::nullopt;
        }
        at = 1;
    }
    byte_reader in(bytes_view(what.content).subspan(at));
    read_multi_byte_int31(in);
    if (!in.ok())
        return std::nullopt;
    return sized_part{at, at + in.position()};
}

bytes_view content_of(const piece& what) noexcept {
    const auto part = sized_part_of(what);
    return part ? bytes_view(what.content).subspan(part->content_at) : bytes_view();
}

void set_content(piece& what, bytes_view content) {
    octets made;
    if (what.type == piece_type::record)
        made.push_back(what.content.front());
    append_size(made, static_cast<std::uint32_t>(content.size()));
    append(made, content);
    what.content = std::move(made);
}

piece text_record(record_type type, std::string_view text) {
    piece made;
    made.content.push_back(static_cast<std::byte>(type));
    append_size(made.content, static_cast<std::uint32_t>(text.size()));
    append(made.content, as_bytes(text));
    return made;
}

piece plain_record(std::initializer_list<unsigned> content) {
    piece made;
    for (const unsigned octet : content)
        made.content.push_back(static_cast<std::byte>(octet));
    return made;
}

piece chunk_of(bytes_view content) {
    piece made{piece_type::chunk, {}};
    append_size(made.content, static_cast<std::uint32_t>(content.size()));
    append(made.content, content);
    return made;
}

void append_size(octets& out, std::uint32_t size) {
    std::byte written[5];
    const std::byte* end = write_multi_byte_int31(written, size);
    append(out, {written, static_cast<std::size_t>(end - written)});
}

std::optional<session_envelope> read_session_envelope(bytes_view payload) {
    byte_reader in(payload);
    const std::uint32_t size = read_multi_byte_int31(in);
    byte_reader table(in.take(size));
    session_envelope made;
    while (table.remaining() != 0) {
        const bytes_view text = table.take(read_multi_byte_int31(table));
        made.strings.emplace_back(text.begin(), text.end());
    }
    if (!in.ok() || !table.ok())
        return std::nullopt;
    const bytes_view rest = in.rest();
    made.document.assign(rest.begin(), rest.end());
    return made;
}

octets write_session_envelope(const session_envelope& envelope) {
    octets table;
    for (const octets& text : envelope.strings) {
        append_size(table, static_cast<std::uint32_t>(text.size()));
        append(table, text);
    }
    octets made;
    append_size(made, static_cast<std::uint32_t>(table.size()));
    append(made, table);
    append(made, envelope.document);
    return made;
}

void retarget(std::vector<piece>& pieces, std::string_view via) {
    octets old;
    for (piece& what : pieces) {
        if (type_of(what) == record_type::via) {
            const bytes_view was = content_of(what);
            old.assign(was.begin(), was.end());
            set_content(what, as_bytes(via));
        }
        if (old.empty() || type_of(what) != record_type::sized_envelope)
            continue;
        auto envelope = read_session_envelope(content_of(what));
        if (!envelope || std::ranges::find(envelope->strings, old) == envelope->strings.end())
            continue;
        const bytes_view text = as_bytes(via);
        for (octets& string : envelope->strings) {
            if (string == old)
                string.assign(text.begin(), text.end());
        }
        set_content(what, write_session_envelope(*envelope));
    }
}

}  // namespace nettcp::fuzzing
