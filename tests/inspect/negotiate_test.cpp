#include "support/catch.hpp"
#include "support/hex.hpp"

#include "inspect/der_reader.hpp"
#include "inspect/security_token.hpp"

#include <nettcp/inspect/conversation.hpp>

#include <algorithm>

using namespace nettcp;
using namespace nettcp::inspect;

namespace {

constexpr direction client = direction::client_to_server;
constexpr direction server = direction::server_to_client;

const std::string preamble = "000100 0102 020d 6e65742e7463703a2f2f682f73 0308"
                             "09156170706c69636174696f6e2f6e65676f7469617465";
const std::string ntlm = "4e544c4d53535000";
/// NTLM's last message with these flags, in clear.
std::string authenticate(const std::string& flags) {
    return ntlm + "03000000" + std::string(96, '0') + flags;
}

struct listener {
    std::vector<finding> found;
    conversation what{1, [this](finding f) { found.push_back(std::move(f)); }};

    listener& hears(direction from, std::string_view octets, std::size_t stroke = SIZE_MAX) {
        const auto all = hex(octets);
        for (std::size_t at = 0; at < all.size(); at += std::min(stroke, all.size() - at))
            what.add(from, bytes_view(all).subspan(at, std::min(stroke, all.size() - at)));
        return *this;
    }
    /// Findings behind the upgrade response, in words.
    std::string summary() {
        what.finish();
        std::string text;
        bool is_behind = false;
        for (const finding& f : found) {
            if (is_behind)
                text += std::string(to_string(f.direction)) + " " + std::string(to_string(f.type)) +
                        (f.value.empty() ? "" : " " + f.value) + " " + std::to_string(f.size) +
                        "@" + std::to_string(f.offset) + (f.xml.empty() ? "" : " " + f.xml) + "\n";
            is_behind = is_behind || f.type == finding_type::upgrade_response;
        }
        return text;
    }
};

std::string words(std::string_view token) {
    return meaning_of_token(hex(token)).words;
}

}  // namespace

TEST_CASE("der_reader reads elements of one level and remembers its first failure") {
    const auto octets = hex("0401aa 30820002 0500 02810107");
    der_reader in(octets);
    CHECK(to_hex(in.next(0x04)) == "aa");
    const auto sequence = in.next();
    CHECK(sequence.tag == 0x30);
    CHECK(to_hex(sequence.content) == "0500");
    CHECK(to_hex(in.rest()) == "02810107");
    CHECK(to_hex(in.next(0x02)) == "07");
    CHECK(in.at_end());
    CHECK(in.ok());
    for (const char* broken : {"04", "0401", "0480", "0485000000000100", "04840000000200", "1f0100",
                               "0482 01", "04ffff", "0484ffffffff00", "0501"}) {
        CAPTURE(broken);
        const auto bad = hex(broken);
        der_reader failing(bad);
        CHECK(failing.next().content.empty());
        CHECK_FALSE(failing.ok());
        CHECK(failing.at_end());
        CHECK(failing.rest().empty());
        CHECK(failing.next().tag == 0);
    }
    der_reader wrong(octets);
    CHECK(wrong.next(0x30).empty());
    CHECK_FALSE(wrong.ok());
}

TEST_CASE("Tokens of a Negotiate handshake are told apart without keys") {
    const std::string ntlm_oid = "060a2b06010401823702020a";
    const std::string kerberos_oid = "06092a864886f712010202";
    CHECK(words(ntlm + "01000000 b7820862") == "NTLM negotiate");
    CHECK(words(ntlm + "09000000") == "NTLM message of no known type");
    CHECK(meaning_of_token(hex(authenticate("15828ae2"))).ntlm_flags == 0xe28a8215);
    CHECK(words("600f" + kerberos_oid + "0100 6e00") == "Kerberos AP-REQ");
    CHECK(words("600d" + kerberos_oid + "0300") == "Kerberos KRB-ERROR");
    CHECK(words("a1073005a0030a0102") == "SPNEGO response, reject");
    CHECK(words("a1153013a0030a0103a10c" + ntlm_oid) == "SPNEGO response, request-mic, NTLM");
    CHECK(
        words("6023 06062b0601050502 a019 3017 a00f 300d 060b2b0601040182370202ffff a204 0402 6000")
            .starts_with("SPNEGO init, offers another mechanism; "));
    for (const char* odd : {"", "00", "a1", "a103300100", "6000", "ff0100", "60073005a0030a0102"})
        CHECK(words(odd).find("not understood") != std::string::npos);
}

TEST_CASE("conversation shows what NTLM only signs, and counts what is sealed") {
    const std::string done = "1401000000";
    for (const std::size_t stroke : {std::size_t{1}, std::size_t{5}, SIZE_MAX}) {
        CAPTURE(stroke);
        SECTION("signed") {
            listener l;
            l.hears(client, preamble).hears(server, "0a");
            l.hears(client, "1601000040" + authenticate("15828ae2"), stroke);
            l.hears(server, done, stroke);
            // Preamble end; an envelope over two frames; end. The signatures are zeros.
            const std::string signature(32, '0');
            l.hears(client, "11000000" + signature + "0c", stroke);
            l.hears(client, "14000000" + signature + "06060201", stroke);
            l.hears(client, "14000000" + signature + "61420101", stroke);
            l.hears(client, "11000000" + signature + "07", stroke);
            l.hears(server, "11000000" + signature + "07", stroke);
            l.hears(client, "00010001020201", stroke);
            CHECK(l.summary() == "C>S handshake in_progress: NTLM authenticate 69@45\n"
                                 "S>C handshake done 5@1\n"
                                 "C>S frame signed 21@114\n"
                                 "C>S preamble_end 0@134\n"
                                 "C>S frame signed 24@135\n"
                                 "C>S frame signed 24@159\n"
                                 "C>S sized_envelope 6@175 <a/>\n"
                                 "C>S frame signed 21@183\n"
                                 "C>S end 0@203\n"
                                 "S>C frame signed 21@6\n"
                                 "S>C end 0@26\n"
                                 "C>S version 1.0 0@204\n"
                                 "C>S mode duplex 0@207\n"
                                 "C>S error 0@211\n"
                                 "C>S opaque 2@209\n");
        }
        SECTION("sealed, and the next session behind it") {
            listener l;
            l.hears(client, preamble).hears(server, "0a");
            l.hears(client, "1601000040" + authenticate("35828ae2"), stroke);
            l.hears(server, done, stroke);
            l.hears(client, "05000000 0102030405", stroke);
            l.hears(client, "000100", stroke);
            l.hears(client, "0102", stroke);
            CHECK(l.summary() == "C>S handshake in_progress: NTLM authenticate 69@45\n"
                                 "S>C handshake done 5@1\n"
                                 "C>S frame sealed 9@114\n"
                                 "C>S version 1.0 0@123\n"
                                 "C>S mode duplex 0@126\n");
        }
        SECTION("not protected") {
            listener l;
            l.hears(client, preamble).hears(server, "0a");
            l.hears(client, "1401000040" + authenticate("05828aa2"), stroke);
            l.hears(server, done, stroke);
            l.hears(client, "0c 06 06 02 0161 42 01 01", stroke);
            CHECK(l.summary() == "C>S handshake done: NTLM authenticate 69@45\n"
                                 "S>C handshake done 5@1\n"
                                 "C>S preamble_end 0@114\n"
                                 "C>S sized_envelope 6@115 <a/>\n");
        }
    }
}

TEST_CASE("conversation puts signed Kerberos frames right that Windows has rotated") {
    listener l;
    l.hears(client, preamble).hears(server, "0a");
    l.hears(client, "160100000f 600d 06092a864886f712010202 0100");
    l.hears(server, "1401000000");
    // Plain octet 0c and a check sum of 4, rotated by 3: sum 1..4 -> 2 3 4 | 0c 1.
    l.hears(client, "15000000 050404ff00040003 0000000000000000 020304 0c 01");
    CHECK(l.summary() == "C>S handshake in_progress: Kerberos AP-REQ 20@45\n"
                         "S>C handshake done 5@1\n"
                         "C>S frame signed 25@65\n"
                         "C>S preamble_end 0@85\n");
}

TEST_CASE("conversation tells a refusal in the handshake, and takes nothing behind it for frames") {
    listener l;
    l.hears(client, preamble).hears(server, "0a");
    l.hears(client, "160100000101");
    l.hears(server, "150100000804030980ffffffff");
    l.hears(client, "0500000001020304");
    CHECK(l.summary() == "C>S handshake in_progress: a token that is not understood 6@45\n"
                         "S>C handshake error 0x80090304 SEC_E_INTERNAL_ERROR 13@1\n"
                         "C>S error 0@51\n"
                         "C>S opaque 8@51\n");
}
