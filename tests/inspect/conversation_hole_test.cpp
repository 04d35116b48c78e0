#include <nettcp/inspect/conversation.hpp>

#include <support/catch.hpp>
#include <support/hex.hpp>

#include <string>

using namespace nettcp;
using namespace nettcp::inspect;

namespace {

constexpr auto client = direction::client_to_server;
constexpr auto service = direction::server_to_client;

/// Text XML, so that envelopes are easy to write down.
const char* const preamble = "00 01 00 01 02 02 0d 6e65742e7463703a2f2f682f73 03 03 0c";

struct listener {
    void add(direction from, std::string_view octets) { talk.add(from, hex(octets)); }

    /// What was found since the last time.
    std::string said() { return std::exchange(text, {}); }

    std::string text;
    conversation talk{1, [this](const finding& f) {
                          text += std::string(to_string(f.type)) + "@" + std::to_string(f.offset) +
                                  "+" + std::to_string(f.size) + " " + f.value + f.xml + f.message +
                                  (f.is_xml ? "." : "") + "\n";
                      }};
};

}  // namespace

TEST_CASE("A hole in a sized envelope costs that envelope only") {
    listener l;
    l.add(client, preamble);
    l.said();
    l.add(client, "06 08 3c61");  // <a
    l.talk.miss(client, 2);
    CHECK(l.said() == "sized_envelope@23+8 \n"
                      "error@27+0 2 octets are missing from the recording (at octet 27)\n");
    l.add(client, "3e3c");
    l.talk.miss(client, 1);
    CHECK(l.said() == "error@31+0 1 octet is missing from the recording (at octet 31)\n");
    l.add(client, "3e 06 04 3c622f3e 07");
    CHECK(l.said() == "sized_envelope@33+4 <b/>.\nend@39+0 \n");
    l.talk.finish();
    CHECK(l.said() == "");
}

TEST_CASE("A hole up to the end of a sized envelope, and one beyond") {
    listener l;
    l.add(client, preamble);
    l.add(client, "06 04 3c61");
    l.said();
    SECTION("up to its end") {
        l.talk.miss(client, 2);
        l.said();
        l.add(client, "06 04 3c622f3e");
        CHECK(l.said() == "sized_envelope@29+4 <b/>.\n");
    }
    SECTION("beyond: borders are lost until the next preamble") {
        l.talk.miss(client, 3);
        l.add(client, "622f3e");
        l.add(client, "06 04 3c622f3e");
        CHECK(l.said() == "error@27+0 3 octets are missing from the recording (at octet 27)\n"
                          "opaque@23+4 \n");
        l.add(client, preamble);
        CHECK(l.said().starts_with("opaque@30+9 \nversion@39+0 1.0\nmode@42+0 duplex\n"));
        l.add(client, "06 04 3c622f3e");
        CHECK(l.said() == "sized_envelope@62+4 <b/>.\n");
    }
}

TEST_CASE("A hole in a chunk leaves the records behind it") {
    listener l;
    l.add(client, preamble);
    l.said();
    l.add(client, "05 03 3c613e 10 3c63");
    l.talk.miss(client, 12);
    CHECK(l.said() == "error@31+0 12 octets are missing from the recording (at octet 31)\n");
    l.add(client, "2f3e 04 3c2f613e 00 07");
    CHECK(l.said() == "unsized_envelope@23+11 \nend@51+0 \n");
    SECTION("beyond a chunk: borders are lost") {
        l.add(client, preamble);
        l.add(client, "05 03 3c61");
        l.talk.miss(client, 2);
        CHECK(l.said().find("unsized_envelope@75+2 \nerror@79+0 2 octets") != std::string::npos);
    }
}

TEST_CASE("A hole between records loses the borders of one direction") {
    listener l;
    l.add(client, preamble);
    l.add(service, "0b");
    l.said();
    l.talk.miss(service, 100);
    l.add(service, "06 04 3c622f3e");
    l.talk.miss(service, 5);
    l.add(service, "07");
    l.add(client, "06 04 3c622f3e");
    CHECK(l.said() == "error@1+0 100 octets are missing from the recording (at octet 1)\n"
                      "opaque@101+6 \n"
                      "error@107+0 5 octets are missing from the recording (at octet 107)\n"
                      "sized_envelope@23+4 <b/>.\n");
    // The client's next session is the service's, too.
    l.add(client, std::string("07") + preamble);
    l.add(service, "0b");
    CHECK(l.said().ends_with("preamble_end@52+0 \nopaque@112+1 \npreamble_ack@113+0 \n"));
}

TEST_CASE("A hole in a string table takes the session's strings, not its records") {
    listener l;
    l.add(client, "00 01 00 01 02 02 0d 6e65742e7463703a2f2f682f73 03 08 0c");
    l.said();
    l.add(client, "06 0a 04 03 61");  // a table of one string that is cut
    l.talk.miss(client, 7);
    l.add(client, "06 07 00 42 01 01 01 01 01 07");
    const std::string said = l.said();
    INFO(said);
    CHECK(said.find("sized_envelope@35+7") != std::string::npos);
    CHECK(said.find("error@") != std::string::npos);
    CHECK(said.ends_with("end@44+0 \n"));
}
