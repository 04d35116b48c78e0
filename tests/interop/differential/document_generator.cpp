// Legal documents by the grammar of [MC-NBFX]; what they hold is drawn so that the edges of every
// record are met often: empty and longest texts, extremes of numbers, ids of both dictionaries.
#include "document_generator.hpp"

#include <array>
#include <algorithm>

namespace nettcp::interop {
namespace {

constexpr std::array<unsigned, 10> item_types{0xb5, 0x8b, 0x8d, 0x8f, 0x91,
                                              0x93, 0x95, 0x97, 0xaf, 0xb1};
constexpr std::uint64_t last_tick = 3155378975999999999;

std::string utf16le(std::u16string_view units) {
    std::string out;
    for (const char16_t unit : units) {
        out.push_back(static_cast<char>(unit & 0xff));
        out.push_back(static_cast<char>(unit >> 8));
    }
    return out;
}

}  // namespace

const std::vector<std::string>& document_generator::session_strings() {
    static const std::vector<std::string> strings{"Echo", "http://peers.test/svc", "text", "i", ""};
    return strings;
}

std::uint32_t document_generator::below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(random_() % bound);
}

void document_generator::number(std::uint64_t value, unsigned size) {
    for (; size != 0; --size, value >>= 8)
        octet(static_cast<std::uint32_t>(value & 0xff));
}

void document_generator::size(std::uint32_t value) {
    for (; value > 0x7f; value >>= 7)
        octet((value & 0x7f) | 0x80);
    if (chance(2)) {  // a longer spelling than needed
        octet(value | 0x80);
        value = 0;
    }
    octet(value);
}

void document_generator::octets(std::string_view text) {
    const auto view = as_bytes(text);
    out_.insert(out_.end(), view.begin(), view.end());
}

void document_generator::string(std::string_view text) {
    size(static_cast<std::uint32_t>(text.size()));
    octets(text);
}

void document_generator::dictionary_id() {
    if (chance(60))
        size(below(487) * 2);
    else
        size(below(static_cast<std::uint32_t>(session_strings().size())) * 2 + 1);
}

std::string document_generator::word() {
    constexpr std::string_view words[] = {"a",  "b",        "item",           "Name",
                                          "x1", "\xc3\xa9", "long-name.of_it"};
    return std::string(words[below(std::size(words))]);
}

std::string document_generator::prefix() {
    constexpr std::string_view some[] = {"a", "b", "i", "s", "z", "ab", "ns1", "\xc3\xa9"};
    return std::string(some[below(std::size(some))]);
}

std::string document_generator::text() {
    constexpr std::string_view pieces[] = {"",
                                           " ",
                                           "\r\n",
                                           "\t",
                                           "x",
                                           "hello",
                                           "<&>\"'",
                                           "\xc3\xa9",
                                           "\xe2\x82\xac",
                                           "\xf0\x9f\x98\x80",
                                           std::string_view("\0", 1),
                                           "\x0b",
                                           "\xef\xbf\xbe",
                                           "]]>",
                                           "1",
                                           "true"};
    std::string made;
    for (std::uint32_t i = below(4); i != 0; --i)
        made += pieces[below(std::size(pieces))];
    if (!nul_)
        std::erase(made, '\0');
    if (chance(3))
        made += std::string(below(70000), 'l');
    return made;
}

std::string document_generator::lexical() {
    constexpr std::string_view texts[] = {"0",
                                          "1",
                                          "-1",
                                          "+5",
                                          "-0",
                                          " 12 ",
                                          "\t7\n",
                                          "007",
                                          "2147483647",
                                          "2147483648",
                                          "-2147483648",
                                          "-2147483649",
                                          "9223372036854775807",
                                          "9223372036854775808",
                                          "-9223372036854775808",
                                          "18446744073709551615",
                                          "18446744073709551616",
                                          "5.0",
                                          "5.",
                                          ".5",
                                          "1.5",
                                          "1e5",
                                          "1E-05",
                                          "-2.25E+100",
                                          "1e400",
                                          "1e-400",
                                          "0.1",
                                          "3.4028236e38",
                                          "123456789.123456789",
                                          "79228162514264337593543950335",
                                          "79228162514264337593543950336",
                                          "0.00000000000000000000000000005",
                                          "7922816251426433759354395033.55",
                                          "INF",
                                          "-INF",
                                          "NaN",
                                          "true",
                                          "false",
                                          " true",
                                          "TRUE",
                                          "False",
                                          "",
                                          " ",
                                          "x",
                                          "1 2",
                                          "- 1",
                                          "0x10",
                                          "1,000",
                                          "2000-01-01T00:00:00",
                                          "2000-01-01T00:00:00Z",
                                          "2000-02-29T23:59:59.9999999+02:00",
                                          "1999-02-29T00:00:00",
                                          "2000-01-01T24:00:00",
                                          "2000-01-01",
                                          "0001-01-01T00:00:00+01:00",
                                          "9999-12-31T23:59:59.99999994Z",
                                          "2000-01-01T00:00:00.00000005",
                                          "2000-13-01T00:00:00",
                                          "2000-01-01T00:00:00-14:00",
                                          "2000-01-01T00:00:00+14:01",
                                          "2000-01-01T00:00",
                                          "PT0S",
                                          "PT1S",
                                          "-P1DT2H3M4.567S",
                                          "P1Y2M",
                                          "P1",
                                          "PT",
                                          "P10675200D",
                                          "PT0.00000019S",
                                          "-P10675199DT2H48M5.4775808S",
                                          "P1M1D",
                                          "PT1.5M",
                                          "00112233-4455-6677-8899-aabbccddeeff",
                                          "00112233445566778899AABBCCDDEEFF",
                                          "{00112233-4455-6677-8899-aabbccddeeff}",
                                          "(00112233-4455-6677-8899-aabbccddeeff)",
                                          "00112233-4455-6677-8899-aabbccddeef",
                                          "urn:uuid:00112233-4455-6677-8899-aabbccddeeff",
                                          "AQID",
                                          "AQI=",
                                          "AQ==",
                                          " AQ\nID ",
                                          "AQ",
                                          "A",
                                          "AQI",
                                          "AQ=D",
                                          "AQJ=",
                                          "A*ID",
                                          "=AQI",
                                          "AQID=",
                                          "AQ==AQ=="};
    return std::string(texts[below(std::size(texts))]);
}

std::vector<std::byte> document_generator::document() {
    out_.clear();
    nul_ = true;
    prefixes_.clear();
    budget_ = 1 + below(12);
    if (chance(5)) {
        octet(0x98);
        string(" \r\n");
    }
    if (chance(5)) {
        octet(0x02);
        string(text());
    }
    element(0, false);
    if (chance(5)) {
        octet(0x02);
        string(text());
    }
    if (chance(3))
        octet(0xa8);
    return out_;
}

std::vector<std::byte> document_generator::damaged() {
    auto octets = document();
    for (std::uint32_t i = 1 + below(3); i != 0 && !octets.empty(); --i) {
        const auto at = static_cast<std::ptrdiff_t>(
            below(static_cast<std::uint32_t>(std::min<std::size_t>(octets.size(), 4000))));
        switch (below(6)) {
        case 0: octets.resize(static_cast<std::size_t>(at)); break;
        case 1: octets.erase(octets.begin() + at); break;
        case 2: octets.insert(octets.begin() + at, static_cast<std::byte>(below(256))); break;
        case 3:
            octets[static_cast<std::size_t>(at)] ^= static_cast<std::byte>(1u << below(8));
            break;
        case 4: octets[static_cast<std::size_t>(at)] = static_cast<std::byte>(below(256)); break;
        default: {  // a stretch twice
            const auto size =
                std::min<std::ptrdiff_t>(1 + below(12), octets.end() - octets.begin() - at);
            const std::vector<std::byte> again(octets.begin() + at, octets.begin() + at + size);
            octets.insert(octets.begin() + at, again.begin(), again.end());
            break;
        }
        }
    }
    return octets;
}

std::vector<std::byte> document_generator::value_document(bool in_attribute) {
    out_.clear();
    nul_ = false;
    octet(0x40);
    string("a");
    const auto one = [&](bool closes) {
        if (chance(60)) {
            const std::string made = lexical();
            octet(0x98 + closes);
            octet(static_cast<std::uint32_t>(made.size()));
            octets(made);
        } else {
            text_record(closes);
        }
    };
    if (in_attribute) {
        octet(0x04);
        string("b");
        one(false);
        octet(0x01);
        return out_;
    }
    for (std::uint32_t more = chance(80) ? 0 : 1 + below(2); more != 0; --more) {
        one(false);
        if (chance(30)) {
            octet(0x02);
            string("c");
        }
    }
    if (chance(95))
        one(true);
    else
        octet(0x01);
    return out_;
}

void document_generator::element(unsigned depth, bool as_array_item) {
    budget_ -= budget_ != 0;
    const std::size_t scope = prefixes_.size();
    std::vector<std::string> declared;
    const std::uint32_t form = below(6);
    std::string chosen;  // the prefix, which must be declared here or around
    if (form >= 2)
        chosen = !prefixes_.empty() && chance(60)
                     ? prefixes_[below(static_cast<std::uint32_t>(prefixes_.size()))]
                     : prefix();
    const bool is_letter = chosen.size() == 1 && chosen[0] >= 'a' && chosen[0] <= 'z';
    const auto letter = is_letter ? static_cast<unsigned>(chosen[0] - 'a') : 0;
    const bool by_id = chance(50);
    if (chosen.empty()) {
        octet(by_id ? 0x42 : 0x40);
    } else if (is_letter && form != 5) {
        octet((by_id ? 0x44 : 0x5e) + letter);
    } else {
        octet(by_id ? 0x43 : 0x41);
        string(chosen);
    }
    if (by_id)
        dictionary_id();
    else
        string(word());
    if (!chosen.empty() && std::ranges::find(prefixes_, chosen) == prefixes_.end())
        declared.push_back(chosen);
    attributes(declared);
    if (as_array_item) {
        octet(0x01);
    } else {
        content(depth);
    }
    prefixes_.resize(scope);
}

void document_generator::attributes(std::vector<std::string>& declared) {
    names_ = 0;
    const auto one_attribute = [&] {
        std::string chosen;
        if (chance(40))
            chosen = chance(10) ? "xml" : prefix();
        if (!chosen.empty() && chosen != "xml" &&
            std::ranges::find(declared, chosen) == declared.end() &&
            std::ranges::find(prefixes_, chosen) == prefixes_.end())
            declared.push_back(chosen);
        const bool is_letter = chosen.size() == 1;
        const auto letter = is_letter ? static_cast<unsigned>(chosen[0] - 'a') : 0;
        const bool by_id = chance(30);
        if (chosen.empty()) {
            octet(by_id ? 0x06 : 0x04);
        } else if (is_letter && chance(70)) {
            octet((by_id ? 0x0c : 0x26) + letter);
        } else {
            octet(by_id ? 0x07 : 0x05);
            string(chosen);
        }
        if (by_id)
            size(2 * (100 + names_++));
        else
            string(word() + std::to_string(names_++));
        text_record(false);
    };
    for (std::uint32_t i = chance(40) ? below(chance(5) ? 20 : 4) : 0; i != 0; --i)
        one_attribute();
    if (chance(10)) {
        const bool by_id = chance(50);
        octet(by_id ? 0x0a : 0x08);
        if (by_id)
            dictionary_id();
        else
            string(chance(20) ? "" : "urn:default");
    }
    for (const std::string& prefix : declared) {
        const bool by_id = chance(50);
        octet(by_id ? 0x0b : 0x09);
        string(prefix);
        if (by_id)
            size(below(80) * 2 % 0xa2);  // not the empty string
        else
            string("urn:" + std::to_string(below(5)));
        prefixes_.push_back(prefix);
    }
    if (chance(5))
        one_attribute();  // behind the declarations
}

void document_generator::content(unsigned depth) {
    for (std::uint32_t i = below(4); i != 0; --i) {
        switch (below(8)) {
        case 0:
        case 1:
        case 2:
        case 3:
            if (budget_ != 0 && depth < 20)
                element(depth + 1, false);
            break;
        case 4:
            octet(0x02);
            string(text());
            break;
        case 5: array(); break;
        default: text_record(false); break;
        }
    }
    if (chance(60))
        text_record(true);
    else
        octet(0x01);
}

void document_generator::array() {
    octet(0x03);
    const std::uint32_t left = budget_;
    element(0, true);
    budget_ = left;
    const unsigned type = item_types[below(item_types.size())];
    octet(type);
    const std::uint32_t count = 1 + below(4);
    size(count);
    for (std::uint32_t i = 0; i != count; ++i)
        text_payload(type);
}

void document_generator::text_record(bool closes) {
    // Even types 80 to BC without the list's two and the reserved one.
    unsigned type = 0x80 + 2 * below(31);
    if (type == 0xa4 || type == 0xa6) {
        list();
        if (closes)
            octet(0x01);
        return;
    }
    if (type == 0xa8 && chance(50))
        type = 0x98;
    octet(type + closes);
    text_payload(type);
}

void document_generator::list() {
    octet(0xa4);
    for (std::uint32_t i = below(5); i != 0; --i) {
        // Without octets, which .NET shows as "System.Byte[]", and qualified names, at which it
        // throws InvalidOperationException: both are its own bugs.
        unsigned type = 0x80 + 2 * below(31);
        if ((type >= 0x9e && type <= 0xa6) || type == 0xbc)
            type = 0xa8;
        octet(type);
        text_payload(type);
    }
    octet(0xa6);
}

void document_generator::run(unsigned width_code, std::string_view content) {
    // An octet's, a short's or an int's length; too long a content is cut for the first two.
    constexpr std::array<std::size_t, 3> longest{0xfe, 0xfffe, 0x7ffffffe};
    constexpr std::array<unsigned, 3> widths{1, 2, 4};
    if (content.size() > longest[width_code])
        content = content.substr(0, 0);
    number(content.size(), widths[width_code]);
    octets(content);
}

void document_generator::text_payload(unsigned type) {
    switch (type & ~1u) {
    case 0x88: number(bits(), 1); break;
    case 0x8a: number(bits(), 2); break;
    case 0x8c: number(bits(), 4); break;
    case 0x8e: number(chance(50) ? bits() : bits() >> below(64), 8); break;
    case 0x90: {
        constexpr std::uint32_t some[] = {0,          0x80000000, 0x3f800000, 0x7f800000,
                                          0xff800000, 0x7fc00000, 0x4e6e6b28, 0x00000001,
                                          0x7f7fffff, 0x38d1b717};
        number(chance(30) ? some[below(std::size(some))] : bits(), 4);
        break;
    }
    case 0x92: {
        constexpr std::uint64_t some[] = {0,
                                          0x8000000000000000,
                                          0x3ff0000000000000,
                                          0x7ff0000000000000,
                                          0xfff0000000000000,
                                          0x7ff8000000000000,
                                          1,
                                          0x7fefffffffffffff,
                                          0x4341c37937e08000,
                                          0x4376345785d8a000,
                                          0x3f1a36e2eb1c432d,
                                          0x3ee4f8b588e368f1};
        number(chance(30) ? some[below(std::size(some))] : bits(), 8);
        break;
    }
    case 0x94:
        number(0, 2);
        number(below(29), 1);
        number(chance(50) ? 0x80 : 0, 1);
        number(chance(50) ? 0 : bits(), 4);
        number(chance(10) ? 0 : bits() >> below(64), 8);
        break;
    case 0x96: number(random_() % (last_tick + 1) | bits() << 62, 8); break;
    case 0x98:
    case 0x9a:
    case 0x9c: run(((type & ~1u) - 0x98) / 2, text()); break;
    case 0x9e:
    case 0xa0:
    case 0xa2: run(((type & ~1u) - 0x9e) / 2, text()); break;
    case 0xaa: dictionary_id(); break;
    case 0xac:
    case 0xb0:
        number(bits(), 8);
        number(bits(), 8);
        break;
    case 0xae: number(chance(30) ? 0 : chance(50) ? bits() : bits() >> below(64), 8); break;
    case 0xb2: number(chance(50) ? bits() : bits() >> below(64), 8); break;
    case 0xb4: octet(chance(10) ? below(256) : below(2)); break;
    case 0xb6:
    case 0xb8:
    case 0xba: {
        constexpr std::u16string_view texts[] = {u"",  u"x",  u"日本",  u"\U0001f600",
                                                 u" ", u"é€", u"\ufffe"};
        run(((type & ~1u) - 0xb6) / 2, utf16le(texts[below(std::size(texts))]));
        break;
    }
    case 0xbc:
        octet(below(26));
        dictionary_id();
        break;
    default: break;  // the type says it all
    }
}

}  // namespace nettcp::interop
