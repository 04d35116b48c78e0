#include "support/catch.hpp"

#include <fuzzing/duty_watch.hpp>
#include <fuzzing/fuzz_case.hpp>
#include <fuzzing/samples.hpp>

#include <nettcp/inspect/transcript.hpp>

#include <set>

using namespace nettcp;
using namespace nettcp::fuzzing;

namespace {

endpoint_facts facts() {
    return {"net.tcp://localhost:9000/echo", "urn:echo/Echo", [](nbfx::writer& out) {
                out.start_element("", "Echo", "urn:echo");
                out.text("hello");
                out.end_element();
            }};
}

plan plan_with(std::uint64_t seed, std::vector<mutation> mutations = mutations_of({})) {
    plan made;
    made.seed = seed;
    made.samples = generated_samples(facts());
    made.preferred = 3;
    made.mutations = std::move(mutations);
    return made;
}

std::string hex(const octets& content) {
    return hex_of(content, content.size());
}

}  // namespace

TEST_CASE("The same seed and number make the same case") {
    const plan one = plan_with(7);
    const plan again = plan_with(7);
    const plan other = plan_with(8);
    std::size_t different = 0;
    for (std::uint64_t number = 0; number < 300; ++number) {
        const fuzz_case made = make_case(one, number);
        CHECK(made.steps == make_case(again, number).steps);
        CHECK(made.what == make_case(again, number).what);
        different += made.steps != make_case(other, number).steps ? 1 : 0;
    }
    CHECK(different > 200);
}

TEST_CASE("A seed means the same octets on every machine") {
    random_source random(7, 12);
    CHECK(random.next() == 0x22125fb4638997e);
    CHECK(random.next() == 0x388f20683d64710d);
}

TEST_CASE("The first cases are the conversations as they should be") {
    const plan made = plan_with(1);
    const std::string first = hex(octets_of(make_case(made, 0).steps));
    CHECK(first.starts_with("000100"
                            "0102"
                            "021d6e65742e7463703a2f2f6c6f63616c686f73743a393030302f6563686f"
                            "0308"
                            "0c"
                            "06"));
    CHECK(first.ends_with("0107"));
    for (std::uint64_t number = 0; number < made.samples.size(); ++number) {
        octets whole;
        for (const piece& one : made.samples[number].pieces)
            whole.insert(whole.end(), one.content.begin(), one.content.end());
        CHECK(octets_of(make_case(made, number).steps) == whole);
    }
}

TEST_CASE("Conversations are made in all modes and encodings, with upgrades and twice") {
    std::set<unsigned> modes;
    std::set<unsigned> encodings;
    std::set<std::string> content_types;
    std::size_t upgrades = 0;
    std::size_t unsized = 0;
    std::size_t most_versions = 0;
    for (const sample& one : generated_samples(facts())) {
        INFO(one.name);
        CHECK_FALSE(one.pieces.empty());
        std::size_t versions = 0;
        for (const piece& what : one.pieces) {
            const auto type = type_of(what);
            versions += type == framing::record_type::version ? 1 : 0;
            upgrades += type == framing::record_type::upgrade_request ? 1 : 0;
            unsized += type == framing::record_type::unsized_envelope ? 1 : 0;
            if (type == framing::record_type::mode)
                modes.insert(std::to_integer<unsigned>(what.content[1]));
            if (type == framing::record_type::extensible_encoding)
                content_types.emplace(as_text(content_of(what)));
            if (type == framing::record_type::known_encoding)
                encodings.insert(std::to_integer<unsigned>(what.content[1]));
        }
        most_versions = std::max(most_versions, versions);
    }
    CHECK(modes == std::set<unsigned>{1, 2, 3, 4});
    CHECK(encodings == std::set<unsigned>{0, 3, 7, 8});
    CHECK(content_types.size() >= 8);
    CHECK(upgrades == 2);
    CHECK(unsized >= 2);
    CHECK(most_versions == 2);
}

TEST_CASE("Each kind of mutation appears, alone and among others") {
    for (std::size_t i = 0; i < mutation_count; ++i) {
        const auto kind = static_cast<mutation>(i);
        INFO(to_string(kind));
        const plan alone = plan_with(3, {kind});
        std::size_t changed = 0;
        for (std::uint64_t number = alone.samples.size(); number < 120; ++number) {
            const fuzz_case made = make_case(alone, number);
            if (made.what.find(to_string(kind)) != made.what.npos)
                ++changed;
        }
        CHECK(changed > 30);
    }
    const plan all = plan_with(3);
    std::set<std::string_view> seen;
    for (std::uint64_t number = 0; number < 2000; ++number) {
        const std::string what = make_case(all, number).what;
        for (std::size_t i = 0; i < mutation_count; ++i) {
            if (what.find(to_string(static_cast<mutation>(i))) != what.npos)
                seen.insert(to_string(static_cast<mutation>(i)));
        }
    }
    CHECK(seen.size() == mutation_count);
}

TEST_CASE("Records of every type, unknown ones and sizes that cannot be are sent") {
    const plan all = plan_with(5);
    std::set<unsigned> types;
    std::size_t impossible_sizes = 0;
    for (std::uint64_t number = 0; number < 3000; ++number) {
        const octets sent = octets_of(make_case(all, number).steps);
        for (const piece& one : cut(sent)) {
            if (one.type != piece_type::chunk && !one.content.empty())
                types.insert(std::to_integer<unsigned>(one.content.front()));
        }
        impossible_sizes += hex(sent).find("ffffffff0f") != std::string::npos ? 1 : 0;
    }
    for (unsigned type = 0; type <= 0x0c; ++type)
        CHECK(types.contains(type));
    CHECK(types.size() > 100);
    CHECK(impossible_sizes > 0);
}

TEST_CASE("Scripts say when the peer owes an answer") {
    const plan made = plan_with(1);
    const script steps = make_case(made, 2).steps;  // an empty session
    std::vector<bool> due;
    for (const step& one : steps) {
        if (one.type == step_type::await)
            due.push_back(one.due);
    }
    CHECK(due == std::vector<bool>{true, true});  // behind the preamble, and behind End
}

namespace {

duty owed_after(std::string_view hex_octets) {
    octets sent;
    REQUIRE(inspect::read_hex(hex_octets, sent) == hex_octets.size());
    duty_watch watch;
    watch.add(sent);
    return watch.owed();
}

}  // namespace

TEST_CASE("Peers owe only what the rules of framing oblige them to") {
    const std::string preamble = "000100 0102 020b6e65742e7463703a2f2f68 0308";
    CHECK(owed_after(preamble).answers == 0);
    CHECK(owed_after(preamble + "0c").answers == 1);
    CHECK(owed_after(preamble + "0c 06 02 0001").answers == 1);
    CHECK(owed_after(preamble + "0c 07").answers == 2);
    CHECK(owed_after(preamble + "0c 07 " + preamble + "0c").answers == 3);
    CHECK(owed_after(preamble + "09 03 616263").answers == 1);
    for (const std::string& broken :
         {preamble + "0c 0d", preamble + "0c ff", std::string("000200"), std::string("000100 0105"),
          preamble + "0c 06 ffffffff0f", preamble + "03 08", std::string("0c")}) {
        INFO(broken);
        CHECK(owed_after(broken).ends);
        CHECK_FALSE(owed_after(broken).why.empty());
    }
    for (const std::string& patient :
         {std::string(), std::string("0001"), preamble + "0c 06 ffffffff07", preamble + "0c 06 00",
          std::string("000100 0102 02 ffffff07"), std::string("000100 0102 0202 fffe")}) {
        INFO(patient);
        CHECK_FALSE(owed_after(patient).ends);
    }
}
