// Mutations of documents of binary XML that know where records begin and elements end.
#include "xml_piece.hpp"

#include "piece.hpp"

#include <nbfx/record_kinds.inc>

#include <nettcp/soap/names.hpp>

#include <algorithm>

namespace nettcp::fuzzing {
namespace {

using nbfx::name_form;
using nbfx::prefix_form;
using nbfx::record_kind;
using nbfx::record_shape;
using nbfx::text_payload;
using pieces = std::vector<xml_piece>;

constexpr std::size_t most_octets = 64u << 10;
constexpr std::size_t most_pieces = 20'000;  // elements in elements grow fast

void append(octets& out, std::string_view text) {
    const bytes_view content = as_bytes(text);
    out.insert(out.end(), content.begin(), content.end());
}

void append_text(octets& out, std::string_view text) {
    append_size(out, static_cast<std::uint32_t>(text.size()));
    append(out, text);
}

void append_number(octets& out, std::uint64_t number, unsigned size) {
    for (unsigned i = 0; i < size; ++i)
        out.push_back(static_cast<std::byte>(number >> (8 * i) & 0xff));
}

/// An id of the static dictionary, of the session's strings, or of nothing.
std::uint32_t some_id(random_source& random) {
    constexpr std::uint32_t odd[] = {976, 1001, 16383, 16384, 0x7fffffff};
    if (random.once_in(20))
        return random.pick(odd);
    if (random.once_in(3))
        return static_cast<std::uint32_t>(1 + 2 * random.below(6));
    return static_cast<std::uint32_t>(2 * random.below(random.once_in(2) ? 60 : 488));
}

std::string_view some_name(random_source& random) {
    constexpr std::string_view names[] = {"a",    "b",  "c",   "value", "item",     "nil", "type",
                                          "lang", "Id", "Ref", "xmlns", "xml",      "",    "1a",
                                          "x:y",  " ",  "é",   "size",  "\xf0\x9f", "Code"};
    return random.pick(names);
}

std::string_view some_text(random_source& random) {
    constexpr std::string_view texts[] = {"",
                                          " ",
                                          "0",
                                          "1",
                                          "-1",
                                          "true",
                                          "false",
                                          "INF",
                                          "-INF",
                                          "NaN",
                                          "1e400",
                                          "1.5",
                                          "2147483648",
                                          "x:y",
                                          "urn:uuid:00112233-4455-6677-8899-aabbccddeeff",
                                          "AQID",
                                          "AQ==",
                                          "A",
                                          "P1DT1S",
                                          "2000-01-01T00:00:00Z",
                                          "\r\n",
                                          "\t",
                                          "\v",
                                          "\xc3\xa9",
                                          "\xed\xa0\x80",
                                          "i1",
                                          "a:Sender",
                                          "s:MustUnderstand",
                                          "http://www.w3.org/2005/08/addressing/anonymous",
                                          "00112233-4455-6677-8899-aabbccddeeff"};
    return random.pick(texts);
}

std::uint64_t some_number(random_source& random) {
    constexpr std::uint64_t edges[] = {0,
                                       1,
                                       0x7f,
                                       0x80,
                                       0xff,
                                       0x7fff,
                                       0x8000,
                                       0x7fffffff,
                                       0x80000000,
                                       0xffffffff,
                                       0x7f800000,
                                       0x7ff0000000000000,
                                       0x7fffffffffffffff,
                                       0x8000000000000000,
                                       0xffffffffffffffff};
    return random.once_in(2) ? random.pick(edges) : random.next() >> random.below(64);
}

bool is_utf16(text_payload what) {
    return what == text_payload::unicode_chars8 || what == text_payload::unicode_chars16 ||
           what == text_payload::unicode_chars32;
}

bool has_length(text_payload what) {
    return is_utf16(what) || (what >= text_payload::chars8 && what <= text_payload::bytes32);
}

void append_value(octets& out, const record_shape& shape, random_source& random) {
    if (has_length(shape.payload)) {
        octets content;
        for (const char one : some_text(random)) {
            content.push_back(static_cast<std::byte>(one));
            if (is_utf16(shape.payload))
                content.push_back(random.once_in(9) ? std::byte{0xd8} : std::byte{0});
        }
        append_number(out, content.size() + (random.once_in(16) ? some_number(random) : 0),
                      shape.size);
        out.insert(out.end(), content.begin(), content.end());
    } else if (shape.payload == text_payload::dictionary) {
        append_size(out, some_id(random));
    } else if (shape.payload == text_payload::qname) {
        out.push_back(static_cast<std::byte>(random.below(27)));
        append_size(out, some_id(random));
    } else if (shape.payload == text_payload::decimal && !random.once_in(4)) {
        append_number(out, 0, 2);
        append_number(out, random.below(30), 1);
        append_number(out, random.once_in(2) ? 0x80 : 0, 1);
        append_number(out, random.once_in(2) ? 0 : some_number(random), 4);
        append_number(out, some_number(random), 8);
    } else {
        for (unsigned left = shape.size; left != 0; left -= std::min(left, 8u))
            append_number(out, some_number(random), std::min(left, 8u));
    }
}

unsigned some_type(record_kind kind, random_source& random) {
    for (;;) {
        const auto type = static_cast<unsigned>(random.below(256));
        if (nbfx::record_shapes[type].kind == kind)
            return type;
    }
}

/// A text record that takes in an end, or not; an end alone instead of a list, which cannot.
xml_piece some_text_record(bool with_end, random_source& random) {
    const unsigned type = some_type(record_kind::text, random) & 0xfeu;
    const auto made = make_record(type | (with_end ? 1u : 0u), random);
    return made ? *made : xml_piece{xml_piece_type::record, {std::byte{1}}};
}

std::size_t place(const pieces& all, random_source& random) {
    return random.below(all.size() + 1);
}

auto at(pieces& all, std::size_t index) {
    return all.begin() + static_cast<std::ptrdiff_t>(index);
}

std::optional<std::size_t> some_element(const pieces& all, random_source& random) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (depth_change(all[i]) > 0)
            found.push_back(i);
    if (found.empty())
        return std::nullopt;
    return random.pick(found);
}

pieces copy(const pieces& all, std::size_t first, std::size_t end) {
    return {all.begin() + static_cast<std::ptrdiff_t>(first),
            all.begin() + static_cast<std::ptrdiff_t>(end)};
}

/// A header block, or a part of a fault: an element of WS-Addressing or SOAP with a text.
pieces soap_element(random_source& random) {
    namespace names = soap::names;
    constexpr nbfx::dictionary_string known[] = {
        names::action,     names::message_id,  names::relates_to,
        names::to,         names::reply_to,    names::fault_to,
        names::from,       names::address,     names::reference_parameters,
        names::identity,   names::metadata,    names::fault,
        names::code,       names::value,       names::subcode,
        names::reason,     names::text,        names::node,
        names::fault_role, names::detail,      names::header,
        names::body,       names::activity_id, names::not_understood};
    constexpr unsigned letter_a = 0x44;
    constexpr unsigned letter_s = 0x56;
    constexpr unsigned attribute_s = 0x1e;
    pieces made(1);
    made[0].content.push_back(static_cast<std::byte>(random.once_in(3) ? letter_s : letter_a));
    append_size(made[0].content, random.pick(known).static_id);
    if (random.once_in(3)) {
        constexpr nbfx::dictionary_string attributes[] = {names::must_understand, names::role,
                                                          names::relay};
        xml_piece one;
        one.content.push_back(std::byte{attribute_s});
        append_size(one.content, random.pick(attributes).static_id);
        const xml_piece value = some_text_record(false, random);
        one.content.insert(one.content.end(), value.content.begin(), value.content.end());
        made.push_back(std::move(one));
    }
    if (random.once_in(4)) {
        const pieces inner = soap_element(random);
        made.insert(made.end(), inner.begin(), inner.end());
        made.push_back({xml_piece_type::record, {std::byte{1}}});
    } else {
        made.push_back(some_text_record(true, random));
    }
    return made;
}

pieces array_of_something(random_source& random) {
    unsigned type = 0;
    while (!nbfx::record_shapes[type].array_item)
        type = static_cast<unsigned>(random.below(256));
    pieces made(1, {xml_piece_type::record, {std::byte{3}}});
    made.push_back(*make_record(some_type(record_kind::element, random), random));
    if (random.once_in(4))
        made.push_back(*make_record(some_type(record_kind::attribute, random), random));
    made.push_back({xml_piece_type::record, {std::byte{1}}});
    xml_piece items{xml_piece_type::items, {static_cast<std::byte>(type)}};
    const std::size_t count = random.below(5);
    append_size(items.content, static_cast<std::uint32_t>(random.once_in(8) ? 100 : count));
    for (std::size_t i = 0; i < count; ++i)
        append_value(items.content, nbfx::record_shapes[type], random);
    made.push_back(std::move(items));
    return made;
}

/// The same kind of record with another type, name and value.
void remake(xml_piece& what, random_source& random) {
    const auto type = std::to_integer<unsigned>(what.content.front());
    const record_kind kind = nbfx::record_shapes[type].kind;
    if (what.type != xml_piece_type::record || kind == record_kind::undefined)
        return;
    if (kind == record_kind::text && !random.once_in(4))
        what = some_text_record((type & 1) != 0, random);
    else if (const auto made = make_record(some_type(kind, random), random))
        what = *made;
}

void insert(pieces& into, const pieces& what, random_source& random) {
    if (into.size() + what.size() > most_pieces)
        return;
    const std::size_t index = place(into, random);
    into.insert(at(into, index), what.begin(), what.end());
}

void change_elements(pieces& all, random_source& random) {
    const auto first = some_element(all, random);
    if (!first)
        return insert(all, soap_element(random), random);
    const std::size_t end = end_of_element(all, *first);
    const pieces whole = copy(all, *first, end);
    switch (random.below(5)) {
    case 0: all.erase(at(all, *first), at(all, end)); break;
    case 1:
        for (std::size_t times = random.once_in(8) ? 1 + random.below(40) : 1;
             times != 0 && all.size() + whole.size() <= most_pieces; --times)
            all.insert(at(all, end), whole.begin(), whole.end());
        break;
    case 2:
        all.erase(at(all, *first), at(all, end));
        insert(all, whole, random);
        break;
    case 3:  // within another
        all.insert(at(all, end), {xml_piece_type::record, {std::byte{1}}});
        all.insert(at(all, *first), *make_record(some_type(record_kind::element, random), random));
        break;
    default: insert(all, whole, random); break;
    }
}

void change(pieces& all, random_source& random) {
    if (all.empty())
        return insert(all, soap_element(random), random);
    const std::size_t index = random.below(all.size());
    xml_piece& one = all[index];
    switch (random.below(12)) {
    case 0: all.erase(at(all, index)); break;
    case 1: all.insert(at(all, index), xml_piece(one)); break;
    case 2: std::swap(one, all[random.below(all.size())]); break;
    case 3: {
        const auto made = make_record(static_cast<unsigned>(random.below(256)), random);
        if (made)
            insert(all, {*made}, random);
        break;
    }
    case 4:
    case 5: remake(one, random); break;
    case 6: one.content.front() ^= std::byte{1}; break;  // takes in an end, or does not
    case 7:
        one.content[random.below(one.content.size())] =
            static_cast<std::byte>(random.once_in(2) ? random.below(256) : 0xff);
        break;
    case 8: insert(all, soap_element(random), random); break;
    case 9: insert(all, array_of_something(random), random); break;
    case 10:
        if (random.once_in(4)) {
            all.resize(index);
            break;
        }
        [[fallthrough]];
    default: change_elements(all, random); break;
    }
}

}  // namespace

std::optional<xml_piece> make_record(unsigned type, random_source& random) {
    const record_shape& shape = nbfx::record_shapes[type & 0xff];
    if (shape.kind == record_kind::undefined)
        return std::nullopt;
    xml_piece made;
    made.content.push_back(static_cast<std::byte>(type));
    if (shape.prefix == prefix_form::inline_text)
        append_text(made.content, some_name(random));
    if (shape.name == name_form::inline_text)
        append_text(made.content, some_name(random));
    else if (shape.name == name_form::dictionary)
        append_size(made.content, some_id(random));
    if (shape.kind == record_kind::comment)
        append_text(made.content, some_text(random));
    if (shape.kind == record_kind::text)
        append_value(made.content, shape, random);
    if (shape.kind == record_kind::attribute) {
        const unsigned value = some_type(record_kind::text, random) & 0xfeu;
        made.content.push_back(static_cast<std::byte>(value));
        append_value(made.content, nbfx::record_shapes[value], random);
        if (nbfx::record_shapes[value].payload == text_payload::list)
            made.content.push_back(std::byte{0xa6});
    }
    return made;
}

void mutate_document(octets& document, random_source& random) {
    pieces all = cut_document(document);
    for (std::size_t times = 1 + random.below(4); times != 0; --times) {
        change(all, random);
        std::erase_if(all, [](const xml_piece& one) { return one.content.empty(); });
    }
    document = join(all);
    document.resize(std::min(document.size(), most_octets));
}

octets cross_documents(bytes_view one, bytes_view other, random_source& random) {
    pieces into = cut_document(one);
    const pieces from = cut_document(other);
    if (random.once_in(2)) {
        into.resize(place(into, random));
        const pieces rest = copy(from, place(from, random), from.size());
        into.insert(into.end(), rest.begin(), rest.end());
    } else if (const auto first = some_element(from, random)) {
        insert(into, copy(from, *first, end_of_element(from, *first)), random);
    }
    return join(into);
}

}  // namespace nettcp::fuzzing
