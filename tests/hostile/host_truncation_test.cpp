#include "hostile/captures.hpp"
#include "hostile/hostile_host.hpp"
#include "support/catch.hpp"

#include <nettcp/channel/duplex_session.hpp>

#include <set>

using namespace hostile;
using nettcp::channel::event_type;

namespace {

/// Every beginning of what the clients of a folder said, each once.
std::set<std::string> beginnings(const std::string& folder) {
    std::set<std::string> all;
    for (const captured& one : read_captures(folder, true)) {
        for (std::size_t size = 0; size <= one.octets.size(); ++size)
            all.insert(one.octets.substr(0, size));
    }
    return all;
}

/// What a session makes of a stream that ends: it must fail or close, and want nothing more.
bool comes_to_an_end(nettcp::channel::role side, std::string_view octets) {
    nettcp::channel::duplex_session session(side, {});
    if (side == nettcp::channel::role::initiator &&
        !session.open(echo_via, nettcp::framing::encoding::binary_session))
        return false;
    const auto tell = [&session] {
        for (event_type what = session.next_event(); what != event_type::none;
             what = session.next_event()) {
            if (what == event_type::preamble_addressed)
                session.accept_preamble();
            if (what == event_type::message_arrived)
                (void)session.take_message().read_end();
            if (what == event_type::peer_ended)
                session.end();
        }
    };
    nettcp::bytes_view rest = nettcp::as_bytes(octets);
    while (!rest.empty() && session.wants_input()) {
        const auto space = session.input_space();
        const std::size_t size = std::min(rest.size(), space.size());
        std::copy_n(rest.begin(), size, space.begin());
        session.received(size);
        rest = rest.subspan(size);
        tell();
    }
    session.received_eof();
    tell();
    return !session.wants_input();
}

}  // namespace

TEST_CASE("A host lets go of each captured client that ends at any octet", "[hostile]") {
    attacked_host host;
    std::vector<plan> plans;
    for (const std::string& beginning : beginnings("none"))
        plans.push_back({{{beginning}}});
    const auto outcomes = send_crowd(host.where, plans);
    std::size_t waiting = 0;
    std::size_t strange = 0;
    for (const outcome& one : outcomes) {
        waiting += one.end == ending::nothing ? 1 : 0;
        strange += told(one.answer).find('!') != std::string::npos ? 1 : 0;
    }
    CHECK(plans.size() > 20'000);
    CHECK(waiting == 0);
    CHECK(strange == 0);
    CHECK(host.is_idle());
    CHECK(host.serves_others());
}

TEST_CASE("A host lets go of each captured client that resets at any octet", "[hostile]") {
    attacked_host host;
    std::vector<plan> plans;
    for (const std::string& beginning : beginnings("none")) {
        plans.push_back({{{beginning}}, leaving::reset});
        if (plans.size() == 1'000) {  // no more than the system keeps for a host to accept
            send_crowd(host.where, plans);
            plans.clear();
            REQUIRE(host.is_idle());
        }
    }
    send_crowd(host.where, plans);
    CHECK(host.is_idle());
    CHECK(host.serves_others());
}

TEST_CASE("A session comes to an end wherever a captured conversation is cut", "[hostile]") {
    std::size_t tried = 0;
    for (const char* const folder :
         {"none", "bad-preambles", "tls", "windows", "message-credential"}) {
        for (const bool from_client : {true, false}) {
            const auto side =
                from_client ? nettcp::channel::role::acceptor : nettcp::channel::role::initiator;
            for (const captured& one : read_captures(folder, from_client)) {
                CAPTURE(folder, one.name);
                const std::string_view octets = one.octets;
                for (std::size_t size = 0; size <= octets.size(); ++size, ++tried) {
                    if (!comes_to_an_end(side, octets.substr(0, size)))
                        FAIL("it goes on at octet " << size);
                }
            }
        }
    }
    CHECK(tried > 200'000);
}
