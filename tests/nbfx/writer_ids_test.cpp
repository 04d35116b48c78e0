// Ids of the session's dictionary by how many octets they take.
#include "support/catch.hpp"
#include "support/hex.hpp"

#include <nettcp/nbfx/writer.hpp>

#include <deque>
#include <string>

using namespace nettcp;
using namespace nettcp::nbfx;

namespace {

constexpr dictionary_string soap12 = lasting_string("http://www.w3.org/2003/05/soap-envelope", 4);

/// A session whose dictionary knows `names`.
struct session_of_names {
    sent_dictionary dictionary{1u << 20};
    std::deque<std::string> names;

    explicit session_of_names(std::size_t count) {
        while (names.size() != count)
            dictionary.id_of(names.emplace_back("n" + std::to_string(names.size())));
    }

    /// A document with `name` wherever an id can be.
    std::string write(const dictionary_string& name) {
        octet_buffer out;
        writer w;
        w.open(out, &dictionary);
        w.start_element("s", name, soap12);
        w.attribute("s", name, soap12, "x");
        w.declare_namespace("t", name);
        w.start_element("s", name, soap12);
        w.text(name);
        w.end_element();
        w.end_element();
        return w.finish() ? to_hex(out.view()) : "failed";
    }
};

}  // namespace

TEST_CASE("writer writes ids of any size, whether it has met the name before or not") {
    const auto [number, id] = GENERATE(table<std::size_t, std::string>({
        {63, "7f"},
        {64, "8101"},
        {8191, "ff7f"},
        {8192, "818001"},
    }));
    session_of_names session(8193);
    const auto name = lasting_string(session.names[number]);
    const std::string expected = "56" + id + "1e" + id + "980178" + "0b017304" + "0b0174" + id +
                                 "56" + id + "ab" + id + "01";
    CHECK(session.write(name) == expected);
    CHECK(session.write(name) == expected);
}
