#include "reader_differential.hpp"

#include "document_generator.hpp"
#include "infoset.hpp"
#include "writer_script.hpp"

#include <nettcp/base/multi_byte_int31.hpp>
#include <nettcp/base/rule_category.hpp>
#include <nettcp/nbfx/errc.hpp>

#include <bit>
#include <stdexcept>

namespace nettcp::interop {
namespace {

std::string to_hex(bytes_view octets) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const std::byte octet : octets) {
        text.push_back(digits[std::to_integer<unsigned>(octet) >> 4]);
        text.push_back(digits[std::to_integer<unsigned>(octet) & 15]);
    }
    return text.empty() ? "-" : text;
}

/// Fills our dictionary with what the generator's ids mean, and says the same to the oracle.
std::string open_session(nbfx::received_dictionary& session) {
    std::string strings, option = "session=";
    for (const std::string& text : document_generator::session_strings()) {
        strings.push_back(static_cast<char>(text.size()));
        strings += text;
        option += (text.empty() ? "" : to_hex(as_bytes(text))) + ",";
    }
    option.pop_back();
    const std::string table = static_cast<char>(strings.size()) + strings;
    if (!session.read_table(as_bytes(table)))
        throw std::runtime_error("the generator's session strings make no table");
    return option;
}

/// Only .NET's limits are in question here, and it is asked without any.
nbfx::reader unlimited_reader() {
    reader_quotas quotas;
    quotas.max_depth = 0x7fffffff;
    quotas.max_attributes = 0x7fffffff;
    quotas.max_expansion = 0x7fffffff;
    return nbfx::reader(quotas);
}

/// Whether we refuse on purpose what .NET accepts: decimals that .NET 10 does not check, an array
/// that makes several roots, and typed values outside the root, where .NET looks at chars only.
bool is_intended(const error& why) {
    return why.code == nbfx::errc::decimal_invalid || why.code == nbfx::errc::multiple_roots ||
           why.code == nbfx::errc::text_outside_root;
}

std::string describe(const std::string& question, const std::string& theirs,
                     const std::string& ours) {
    return question + "\n  .NET: " + theirs + "\n  ours: " + ours;
}

template <class T>
std::string shown_number(T number) {
    return std::to_string(number);
}

template <class Bits>
std::string shown_bits(Bits bits) {
    std::string text;
    for (int shift = static_cast<int>(sizeof bits) * 8 - 4; shift >= 0; shift -= 4)
        text.push_back("0123456789abcdef"[bits >> shift & 15]);
    return text;
}

std::string shown(bool v) {
    return v ? "true" : "false";
}
std::string shown(std::int32_t v) {
    return shown_number(v);
}
std::string shown(std::int64_t v) {
    return shown_number(v);
}
std::string shown(float v) {
    return shown_bits(std::bit_cast<std::uint32_t>(v));
}
std::string shown(double v) {
    return shown_bits(std::bit_cast<std::uint64_t>(v));
}
std::string shown(time_span v) {
    return shown_number(v.ticks);
}
std::string shown(const std::string& v) {
    return escaped(v);
}
std::string shown(date_time v) {
    return shown_number(v.ticks) + "," + shown_number(static_cast<int>(v.kind));
}
std::string shown(const uuid& v) {
    std::string text;
    append_text(text, v);
    return text;
}
std::string shown(const decimal& v) {
    std::array<std::byte, 16> wire{};
    wire[2] = std::byte{v.scale};
    wire[3] = std::byte{static_cast<std::uint8_t>(v.negative ? 0x80 : 0)};
    for (unsigned i = 0; i != 4; ++i)
        wire[4 + i] = static_cast<std::byte>(v.high >> (8 * i) & 0xff);
    for (unsigned i = 0; i != 8; ++i)
        wire[8 + i] = static_cast<std::byte>(v.low >> (8 * i) & 0xff);
    return to_hex(wire);
}
std::string shown(const std::vector<std::byte>& v) {
    return to_hex(v);
}

/// A typed read under the oracle's name for its type.
struct typed_read {
    const char* type;
    std::string (*of_element)(nbfx::reader&);
    std::string (*of_value)(const nbfx::value&, error&);
};

template <auto Read, auto Convert>
constexpr typed_read make_typed_read(const char* type) {
    return {type, [](nbfx::reader& in) { return shown((in.*Read)()); },
            [](const nbfx::value& v, error& why) {
                const auto converted = (v.*Convert)();
                if (!converted)
                    why = converted.error();
                return converted ? shown(*converted) : std::string();
            }};
}

std::string octets_of(const nbfx::value& v, error& why) {
    std::vector<std::byte> octets;
    const auto done = v.append_octets(octets);
    if (!done)
        why = done.error();
    return shown(octets);
}

using nbfx::reader;
using nbfx::value;
constexpr typed_read typed_reads[] = {
    make_typed_read<&reader::read_element_boolean, &value::to_boolean>("bool"),
    make_typed_read<&reader::read_element_int32, &value::to_int32>("int32"),
    make_typed_read<&reader::read_element_int64, &value::to_int64>("int64"),
    make_typed_read<&reader::read_element_float32, &value::to_float32>("float"),
    make_typed_read<&reader::read_element_float64, &value::to_float64>("double"),
    make_typed_read<&reader::read_element_decimal, &value::to_decimal>("decimal"),
    make_typed_read<&reader::read_element_date_time, &value::to_date_time>("datetime"),
    make_typed_read<&reader::read_element_time_span, &value::to_time_span>("timespan"),
    make_typed_read<&reader::read_element_uuid, &value::to_uuid>("guid"),
    make_typed_read<&reader::read_element_text, &value::to_text>("string"),
    {"base64", [](reader& in) { return shown(in.read_element_bytes()); }, octets_of},
};

std::string read_typed(reader& in, bytes_view document, const nbfx::received_dictionary& session,
                       const typed_read& read, bool in_attribute, error& why) {
    in.open(document, &session);
    in.move_to_content();
    std::string text;
    if (in_attribute) {
        if (in.ok())
            text = read.of_value(in.attributes()[0].value, why);
    } else {
        text = read.of_element(in);
    }
    while (in.ok() && in.next() != nbfx::node::end_of_document) {
    }
    if (!in.ok())
        why = in.failure();
    return text;
}

}  // namespace

bool run_reader_differential(oracle& dotnet, std::uint64_t seed, std::size_t count, report& found) {
    nbfx::received_dictionary session;
    const std::string request = "read " + open_session(session) + " ";
    document_generator generator(seed);
    reader in = unlimited_reader();
    for (std::size_t i = 0; i != count; ++i) {
        const auto document = i % 10 < 6 ? generator.document() : generator.damaged();
        const std::string question = request + to_hex(document);
        const std::string answer = dotnet.ask(question);
        const read_outcome ours = read_infoset(in, document, &session);
        const std::size_t step = 1 + i % 23;
        const read_outcome in_windows = read_infoset_in_windows(in, document, &session, step);
        if (in_windows.accepted != ours.accepted || in_windows.infoset != ours.infoset)
            found.differs(describe(question, "not asked",
                                   "another document in windows of " + std::to_string(step)));
        const bool accepts = answer.starts_with("OK");
        ++found.compared;
        found.accepted += accepts;
        const std::string expected = answer.size() > 3 ? answer.substr(3) : "";
        if (accepts ? ours.accepted && ours.infoset == expected : !ours.accepted)
            continue;
        if (accepts && !ours.accepted && is_intended(ours.why))
            continue;
        found.differs(describe(question, answer,
                               ours.accepted ? ours.infoset
                                             : std::string(rule_of(ours.why.code)) + " at " +
                                                   std::to_string(ours.why.at)));
    }
    return found.differences == 0;
}

bool run_value_differential(oracle& dotnet, std::uint64_t seed, std::size_t count, report& found) {
    nbfx::received_dictionary session;
    const std::string option = open_session(session);
    document_generator generator(seed);
    reader in = unlimited_reader();
    for (std::size_t i = 0; i != count; ++i) {
        const bool in_attribute = i % 4 == 3;
        const typed_read& read = typed_reads[generator.below(std::size(typed_reads))];
        const auto document = generator.value_document(in_attribute);
        const std::string question = std::string(in_attribute ? "attribute " : "value ") + option +
                                     " " + read.type + " " + to_hex(document);
        const std::string answer = dotnet.ask(question);
        error why;
        const std::string text = read_typed(in, document, session, read, in_attribute, why);
        const bool accepts = answer.starts_with("OK");
        ++found.compared;
        found.accepted += accepts;
        const std::string expected = answer.size() > 3 ? answer.substr(3) : "";
        if (accepts ? !why.code && text == expected : why.code.failed())
            continue;
        found.differs(describe(question, answer, why.code ? std::string(rule_of(why.code)) : text));
    }
    return found.differences == 0;
}

}  // namespace nettcp::interop
