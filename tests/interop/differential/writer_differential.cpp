#include "writer_differential.hpp"

#include "support/hex.hpp"
#include "writer_script.hpp"

#include <nettcp/base/utf8.hpp>
#include <nettcp/nbfx/static_dictionary.hpp>

#include <algorithm>
#include <bit>
#include <random>

namespace nettcp::interop {
namespace {

constexpr std::string_view names[] = {
    "a",
    "Envelope",
    "Header",
    "mustUnderstand",
    "Echo",
    "value",
    "größe",
    "名前",
    "_x",
    "a.b-c",
    "nil",
    "Body",
    "text",
    "item9",
    "a_name_of_exactly_forty_one_characters_xx",
    "a_name_of_exactly_forty_two_characters_xxx",
    "ein_langer_Name_mit_Umläuten_über_zweiundvierzig_Zeichen",
};
constexpr std::string_view uris[] = {
    "",
    "urn:1",
    "urn:2",
    "urn:3",
    "http://www.w3.org/2003/05/soap-envelope",
    "urn:4",
    "http://www.w3.org/2005/08/addressing",
    "http://www.w3.org/2001/XMLSchema-instance",
    "http://tempuri.org/a/namespace/that/takes/some/more/room/than/others/do",
    "urn:ünïcode",
};
constexpr std::string_view prefixes[] = {"",    "a", "b",   "s",    "z", "i",
                                         "pre", "A", "ns1", "d1p0", "ü"};

class generator {
public:
    generator(std::uint64_t seed, writer_script& script) : random_(seed), script_(script) {}

    void document() {
        if (one_in(8))
            script_.comment(text(20));
        if (one_in(30))
            script_.string(" \r\n");
        element(0);
        if (one_in(20))
            script_.comment("after");
    }

private:
    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
    bool one_in(std::uint64_t n) { return below(n) == 0; }
    template <class T, std::size_t N>
    const T& one_of(const T (&pool)[N]) {
        return pool[below(N)];
    }

    nbfx::xml_string marked(std::string_view text, bool dictionary) {
        if (!dictionary)
            return text;
        return nbfx::dictionary_string{text, nbfx::static_id(text).value_or(nbfx::no_static_id)};
    }

    void element(int depth) {
        const bool dictionary = one_in(2);
        const auto local = marked(one_of(names), dictionary);
        const auto ns = marked(one_of(uris), dictionary);
        const std::string prefix(ns.text().empty() ? "" : one_of(prefixes));
        script_.start_element(one_in(2) ? nullptr : &prefix, local, ns);
        start_tag();
        content(depth);
        script_.end_element();
    }

    void start_tag() {
        used_names_ = below(std::size(names));
        used_xml_lang_ = false;
        const std::uint64_t parts = one_in(3) ? below(5) : one_in(60) ? 40 : below(2);
        for (std::uint64_t i = 0; i != parts; ++i) {
            if (one_in(3))
                declaration();
            else
                attribute();
        }
    }

    void declaration() {
        const auto uri = marked(one_of(uris), one_in(2));
        const std::string prefix(uri.text().empty() ? "" : one_of(prefixes));
        close_attribute();
        script_.declare_namespace(one_in(3) ? nullptr : &prefix, uri);
    }

    void attribute() {
        const bool dictionary = one_in(2);
        // Every attribute of a start tag has a name of its own.
        std::string name(names[used_names_ % std::size(names)]);
        if (used_names_ >= std::size(names))
            name += std::to_string(used_names_);
        ++used_names_;
        const auto local = marked(name, dictionary);
        if (one_in(12) && !used_xml_lang_) {
            used_xml_lang_ = true;
            script_.start_attribute("xml", marked("lang", false),
                                    "http://www.w3.org/XML/1998/namespace");
            script_.string("en");
            attribute_open_ = false;
            return script_.end_attribute();
        }
        const auto ns = marked(one_of(uris), dictionary);
        const std::string prefix(ns.text().empty() || one_in(2) ? "" : one_of(prefixes));
        script_.start_attribute(prefix, local, ns);
        attribute_value();
        attribute_open_ = one_in(4);  // then the next attribute or the element's end ends it
        if (!attribute_open_)
            script_.end_attribute();
    }

    void close_attribute() {
        if (attribute_open_)
            script_.end_attribute();
        attribute_open_ = false;
    }

    void attribute_value() {
        switch (below(7)) {
        case 0: return;
        case 1: return script_.string(marked(one_of(names), true));
        case 2: script_.string(text(length())); return script_.string(text(length()));
        case 3: script_.bytes(octets(length())); return script_.bytes(octets(below(5)));
        case 4:
            script_.string(text(3));
            script_.bytes(octets(below(9)));
            script_.bytes(octets(below(9)));
            return script_.string(text(3));
        case 5: return qualified_name();
        default: return value();
        }
    }

    void content(int depth) {
        const std::uint64_t parts = one_in(4) ? 0 : one_in(3) ? 1 : below(6);
        if (parts != 0)
            close_attribute();
        attribute_open_ = false;
        for (std::uint64_t i = 0; i != parts && steps_ < 60; ++i) {
            ++steps_;
            const std::uint64_t choice = below(20);
            if (choice < 8 && depth < 12)
                element(depth + 1);
            else if (choice < 11)
                script_.string(text(length()));
            else if (choice < 12)
                script_.string(marked(one_of(uris), true));
            else if (choice < 14)
                chunks();
            else if (choice < 15)
                script_.comment(text(length()));
            else if (choice < 16)
                array();
            else if (choice < 17)
                list();
            else if (choice < 18 && one_in(3)) {
                script_.string("-");  // within a start tag ours would declare the namespace
                qualified_name();
            } else
                value();
        }
    }

    void qualified_name() {
        const bool dictionary = one_in(2);
        script_.qualified_name(marked(one_of(names), dictionary),
                               marked(uris[1 + below(4)], dictionary));
    }

    void chunks() {
        for (std::uint64_t i = below(4); i != 0; --i)
            script_.bytes(octets(length()));
    }

    void list() {
        script_.start_list();
        for (std::uint64_t i = below(5); i != 0; --i) {
            if (one_in(3))
                script_.string(marked(one_of(names), one_in(2)));
            else if (one_in(8))
                script_.string("");
            else
                value();
        }
        script_.end_list();
    }

    void value() {
        switch (below(11)) {
        case 0: return script_.boolean(one_in(2));
        case 1:
        case 2: return script_.int64(integer());
        case 3: return script_.uint64(static_cast<std::uint64_t>(integer()));
        case 4: return script_.float32(number32());
        case 5: return script_.float64(number64());
        case 6: return script_.decimal(number128());
        case 7: return script_.date_time(moment());
        case 8: return script_.time_span({static_cast<std::int64_t>(random_())});
        case 9: return script_.uuid(id());
        default: return script_.unique_id(unique_id());
        }
    }

    void array() {
        const auto local = marked(one_of(names), one_in(2));
        const auto ns = marked(one_of(uris), local.in_dictionary());
        const std::string prefix(ns.text().empty() ? "" : one_of(prefixes));
        const auto items = [&](auto make) {
            using item = decltype(make());
            const auto size = one_in(6) ? length() : below(5);
            const auto storage = std::make_unique<item[]>(size + 1);
            for (std::uint64_t i = 0; i != size; ++i)
                storage[i] = make();
            script_.array(prefix, local, ns, std::span<const item>(storage.get(), size));
        };
        switch (below(10)) {
        case 0: return items([&] { return one_in(2); });
        case 1: return items([&] { return static_cast<std::int16_t>(integer()); });
        case 2: return items([&] { return static_cast<std::int32_t>(integer()); });
        case 3: return items([&] { return integer(); });
        case 4: return items([&] { return number32(); });
        case 5: return items([&] { return number64(); });
        case 6: return items([&] { return number128(); });
        case 7: return items([&] { return moment(); });
        case 8: return items([&] { return nettcp::time_span{integer()}; });
        default: return items([&] { return id(); });
        }
    }

    // Sizes around those where record types or .NET's buffer change the outcome.
    std::uint64_t length() {
        constexpr std::uint64_t edges[] = {0,   1,   2,   3,   4,   84,  85,  86,
                                           127, 128, 168, 170, 171, 254, 255, 256,
                                           257, 340, 341, 505, 510, 511, 512, 513};
        if (one_in(3))
            return one_of(edges);
        return one_in(200) ? 65500 + below(100) : one_in(5) ? below(700) : below(40);
    }

    std::string text(std::uint64_t units) {
        constexpr char32_t wide[] = {U'é', U'ß', U'日', U'本', U'€', U'\U0001f600', U'ü', U'語'};
        const std::uint64_t exotic = below(4);  // 0: ASCII only, then more and more of the others
        std::string out;
        for (std::uint64_t i = 0; i != units; ++i) {
            if (exotic != 0 && below(4) < exotic)
                append_code_point(out, one_of(wide));
            else
                out.push_back("abc 01<&\t\r\nXYZ"[below(14)]);
        }
        return out;
    }

    std::vector<std::byte> octets(std::uint64_t size) {
        std::vector<std::byte> out(size);
        for (std::byte& octet : out)
            octet = static_cast<std::byte>(random_());
        return out;
    }

    std::int64_t integer() {
        const auto bits = static_cast<std::int64_t>(random_() >> below(64));
        constexpr std::int64_t edges[] = {
            0,          1,           -1,          127,       128,      -128,
            -129,       32767,       32768,       -32768,    -32769,   2147483647,
            2147483648, -2147483648, -2147483649, INT64_MAX, INT64_MIN};
        return one_in(3) ? one_of(edges) : one_in(2) ? bits : -bits;
    }

    float number32() {
        const float any = std::bit_cast<float>(static_cast<std::uint32_t>(random_()));
        return one_in(2) ? any : static_cast<float>(integer());
    }

    double number64() {
        constexpr double edges[] = {
            0.0, -0.0, 1.5, 0.1, 1e300, 3.4028234663852886e38, 1e39, -9223372036854775808.0};
        if (one_in(4))
            return one_of(edges);
        if (one_in(3))
            return static_cast<double>(number32());
        return std::bit_cast<double>(random_());
    }

    nettcp::decimal number128() {
        return {random_(), static_cast<std::uint32_t>(random_() >> below(64)),
                static_cast<std::uint8_t>(below(29)), one_in(2)};
    }

    nettcp::date_time moment() {
        return {static_cast<std::int64_t>(below(max_date_time_ticks + 1)),
                static_cast<date_time_kind>(below(3))};
    }

    nettcp::uuid id() {
        nettcp::uuid out;
        for (auto& octet : out)
            octet = static_cast<std::uint8_t>(random_());
        return out;
    }

    std::string unique_id() {
        std::string out = "urn:uuid:";
        if (one_in(4))
            out = one_in(2) ? "urn:other" : "URN:UUID:";
        append_text(out, id());
        if (one_in(4))
            out.back() = 'F';
        return out;
    }

    std::mt19937_64 random_;
    writer_script& script_;
    std::uint64_t used_names_ = 0;
    bool used_xml_lang_ = false;
    bool attribute_open_ = false;
    int steps_ = 0;
};

// The reply to `write`: octets, how many strings the session gained, and those strings.
std::string ours_as_answer(bytes_view document, nbfx::sent_dictionary& session) {
    std::vector<std::byte> table(session.table_size());
    session.write_table(table.data());
    nbfx::received_dictionary strings(1u << 30);
    if (!strings.read_table(table))
        throw std::logic_error("our own string table is damaged");
    std::string answer = "OK " + to_hex(document) + " " + std::to_string(strings.count());
    for (std::uint32_t k = 0; k != strings.count(); ++k)
        answer += " " + to_hex(as_bytes(*strings.find(2 * k + 1)));
    return answer;
}

std::string first_difference(const std::string& ours, const std::string& theirs) {
    constexpr std::size_t shown = 60;
    const auto [a, b] = std::mismatch(ours.begin(), ours.end(), theirs.begin(), theirs.end());
    const auto at = static_cast<std::size_t>(a - ours.begin());
    const std::size_t from = at < shown ? 0 : at - shown;
    return "\n  differ at character " + std::to_string(at) + "\n  ours   " +
           ours.substr(from, 2 * shown) + "\n  theirs " + theirs.substr(from, 2 * shown);
}

}  // namespace

bool run_writer_differential(oracle& dotnet, std::uint64_t seed, std::size_t count, report& found) {
    nbfx::writer writer;
    octet_buffer document;
    const std::size_t before = found.differences;
    for (std::size_t i = 0; i != count; ++i) {
        document.clear();
        const std::uint32_t budget = i % 3 == 0 ? 40 : 2048;
        nbfx::sent_dictionary session(budget);
        writer_script script(writer);
        writer.open(document, &session);
        generator(seed + i, script).document();
        const auto finished = writer.finish();
        const std::string theirs =
            dotnet.ask("write session=new budget=" + std::to_string(budget) + " " + script.text());
        const bool accepted = theirs.starts_with("OK");
        const std::string what =
            "seed " + std::to_string(seed + i) + "\n  script " + script.text().substr(0, 4000);
        ++found.compared;
        found.accepted += accepted ? 1 : 0;
        if (!finished) {
            if (accepted || theirs.starts_with("BAD"))
                found.differs(what + "\n  ours   " + finished.error().code.message() +
                              "\n  theirs " + theirs.substr(0, 2000));
            continue;
        }
        const std::string ours = ours_as_answer(document.view(), session);
        if (ours != theirs)
            found.differs(what + first_difference(ours, theirs));
    }
    return found.differences == before;
}

}  // namespace nettcp::interop
