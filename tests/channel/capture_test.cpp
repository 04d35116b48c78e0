// Conversations that a WCF client and host had, judged by both of our sides at once: our acceptor
// hears the client, our initiator hears the host, and each says again what the other heard.

#include <channel/capture.hpp>
#include <channel/copy.hpp>
#include <support/catch.hpp>

#include <nettcp/channel/duplex_session.hpp>

#include <algorithm>

using namespace nettcp;
using namespace nettcp::channel;

namespace {

/// Everything of a message's document that an application can see.
std::string infoset(const message& m) {
    nbfx::reader in;
    in.open(m.document(), m.dictionary());
    std::string seen;
    for (nbfx::node at = in.next(); in.ok() && at != nbfx::node::end_of_document; at = in.next()) {
        if (at == nbfx::node::element) {
            seen.append("<").append(in.namespace_uri()).append("}").append(in.local_name());
            for (const auto& a : in.attributes())
                seen.append(" {").append(a.ns).append("}").append(a.local).append("=").append(
                    *a.value.to_text());
            for (const auto& d : in.declarations())
                seen.append(" ").append(d.prefix).append(":").append(d.uri);
            seen.append(">");
        } else if (at == nbfx::node::text) {
            seen.append(*in.value().to_text());
        } else if (at == nbfx::node::end_element) {
            seen.append("</>");
        }
    }
    REQUIRE(in.ok());
    return seen;
}

struct interpreter {
    explicit interpreter(std::size_t step_size, const session_options& options = {})
        : acceptor(role::acceptor, options), initiator(role::initiator, options), step(step_size) {}

    duplex_session acceptor;
    duplex_session initiator;
    std::size_t step;  ///< octets received at a time
    std::vector<std::string> heard_by_host;  ///< the infoset of each message
    std::vector<std::string> heard_by_client;
    std::vector<std::byte> said_by_client;
    std::vector<std::byte> said_by_host;
    int closed = 0;

    void hear(const captured_octets& part) {
        duplex_session& ears = part.from_client ? acceptor : initiator;
        duplex_session& mouth = part.from_client ? initiator : acceptor;
        bytes_view rest = part.octets;
        while (!rest.empty()) {
            const auto space = ears.input_space();
            REQUIRE_FALSE(space.empty());
            const std::size_t size = std::min({step, rest.size(), space.size()});
            std::ranges::copy(rest.first(size), space.begin());
            ears.received(size);
            rest = rest.subspan(size);
            tell(ears, mouth);
            tell(mouth, ears);  // what its own commands have led to
        }
    }

    void tell(duplex_session& ears, duplex_session& mouth) {
        for (event_type what = ears.next_event(); what != event_type::none;
             what = ears.next_event()) {
            CAPTURE(ears.failure().code.message(), ears.failure().at);
            REQUIRE(what != event_type::failed);
            if (what == event_type::preamble_addressed) {
                REQUIRE(
                    mouth.open(ears.preamble().via, framing::encoding::binary_session).has_value());
                ears.accept_preamble();
            } else if (what == event_type::message_arrived) {
                message arrived = ears.take_message();
                REQUIRE(message_copier(arrived).send(mouth).has_value());
                arrived.reopen_body();
                CHECK(arrived.read_end().has_value());
                (&ears == &acceptor ? heard_by_host : heard_by_client).push_back(infoset(arrived));
            } else if (what == event_type::peer_ended) {
                mouth.end();
            } else if (what == event_type::closed) {
                ++closed;
            }
        }
        collect(acceptor, said_by_host);
        collect(initiator, said_by_client);
    }

    static void collect(duplex_session& from, std::vector<std::byte>& to) {
        for (bytes_view out = from.output(); !out.empty(); out = from.output()) {
            to.insert(to.end(), out.begin(), out.end());
            from.output_sent(out.size());
        }
    }
};

struct captured_case {
    const char* name;
    std::size_t messages;
    int sessions;
    bool has_arrays =
        false;  ///< which our reader shows as elements, and so are said again as those
};

/// The messages that one direction of a conversation holds.
std::vector<std::string> listen(role side, bytes_view octets) {
    duplex_session ears(side, {});
    std::vector<std::string> heard;
    const auto open = [&] {
        if (side == role::initiator)
            REQUIRE(ears.open("net.tcp://h/", framing::encoding::binary_session).has_value());
    };
    for (open(); !octets.empty();) {
        const auto space = ears.input_space();
        const std::size_t size = std::min(octets.size(), space.size());
        REQUIRE(size != 0);
        std::ranges::copy(octets.first(size), space.begin());
        ears.received(size);
        octets = octets.subspan(size);
        for (event_type what = ears.next_event(); what != event_type::none;
             what = ears.next_event()) {
            REQUIRE(what != event_type::failed);
            if (what == event_type::preamble_addressed)
                ears.accept_preamble();
            else if (what == event_type::message_arrived)
                heard.push_back(infoset(ears.take_message()));
            else if (what == event_type::peer_ended)
                ears.end();
            else if (what == event_type::closed)
                open();
        }
    }
    return heard;
}

/// Nothing, or where two runs of octets part and how they go on.
std::string first_difference(bytes_view ours, bytes_view theirs) {
    if (std::ranges::equal(ours, theirs))
        return {};
    const auto at =
        static_cast<std::size_t>(std::ranges::mismatch(ours, theirs).in1 - ours.begin());
    const auto around = [at](bytes_view octets) {
        const std::size_t from = std::min(octets.size(), at < 32 ? 0 : at - 32);
        return to_hex(octets.subspan(from, std::min<std::size_t>(64, octets.size() - from)));
    };
    return "at " + std::to_string(at) + " ours " + around(ours) + " theirs " + around(theirs);
}

constexpr captured_case complete[] = {
    {"none/none-echo", 2, 1},
    {"none/none-echo3", 6, 1},
    {"none/none-fault", 4, 1},
    {"none/none-oneway", 4, 1},
    {"none/none-whoami", 2, 1},
    {"none/none-slow", 2, 1},
    {"none/none-reopen", 10, 5},
    {"none/none-bytes", 14, 1},
    {"none/none-complex", 4, 1, true},
    {"none/none-duplex-askback", 4, 1},
    {"none/none-duplex-say", 4, 1},
    {"none/none-stream-download-1k", 2, 1},
    {"none/none-stream-echo-1k", 2, 1},
    {"none/none-stream-echo-string", 2, 1},
    {"none/none-stream-upload-1k", 2, 1},
    {"none/none-stream-upload-named", 2, 1},
    {"none/none-reliable-client-open", 2, 1},
    {"none/none-timeout", 1, 0},
    {"none/none-server-idle-timeout", 3, 0},
};

}  // namespace

TEST_CASE("Captured conversations are said again octet for octet") {
    for (const auto& expected : complete) {
        CAPTURE(expected.name);
        const auto conversation = read_capture(expected.name);
        for (const std::size_t step : {std::size_t{65536}, std::size_t{1}, std::size_t{7}}) {
            CAPTURE(step);
            interpreter both(step);
            for (const auto& part : conversation)
                both.hear(part);
            CHECK(both.heard_by_host.size() + both.heard_by_client.size() == expected.messages);
            CHECK(both.closed == 2 * expected.sessions);
            if (!expected.has_arrays) {
                CHECK(first_difference(both.said_by_client, direction(conversation, true)) == "");
                CHECK(first_difference(both.said_by_host, direction(conversation, false)) == "");
            }
            CHECK(listen(role::acceptor, both.said_by_client) == both.heard_by_host);
            CHECK(listen(role::initiator, both.said_by_host) == both.heard_by_client);
        }
    }
}

TEST_CASE("Captured preambles of other encodings and modes are refused") {
    const auto refusal = [](const char* name) {
        duplex_session ears(role::acceptor, {});
        const auto octets = direction(read_capture(name), true);
        const auto space = ears.input_space();
        const std::size_t size = std::min(octets.size(), space.size());
        std::copy_n(octets.begin(), size, space.begin());
        ears.received(size);
        REQUIRE(ears.next_event() == event_type::preamble_addressed);
        ears.accept_preamble();
        REQUIRE(ears.next_event() == event_type::failed);
        CHECK(ears.drain_after_failure());
        return std::string(as_text(ears.output().subspan(2)));
    };
    CHECK(refusal("none/none-gzip-echo") ==
          framing::uri(framing::fault_code::content_type_invalid));
    CHECK(refusal("none/none-text-echo") ==
          framing::uri(framing::fault_code::content_type_invalid));
    CHECK(refusal("none/none-streamed-echo") ==
          framing::uri(framing::fault_code::unsupported_mode));
}

TEST_CASE("The same call makes the octets that .NET's client made") {
    using namespace nbfx::literals;
    duplex_session client(role::initiator, {});
    const auto conversation = read_capture("none/none-echo");
    const auto theirs = direction(conversation, true);
    const auto feed_host = [&](std::size_t part) {
        const auto space = client.input_space();
        std::ranges::copy(conversation[part].octets, space.begin());
        client.received(conversation[part].octets.size());
    };
    std::vector<std::byte> ours;
    const auto collect = [&] {
        for (bytes_view out = client.output(); !out.empty(); out = client.output()) {
            ours.insert(ours.end(), out.begin(), out.end());
            client.output_sent(out.size());
        }
    };
    REQUIRE(client.open("net.tcp://localhost:9000/none/echo", framing::encoding::binary_session)
                .has_value());
    collect();
    feed_host(1);
    REQUIRE(client.next_event() == event_type::opened);
    nbfx::writer& body = client.begin_message(
        {.action = "http://peers.test/svc/IEcho/Echo"_dict,
         .message_id = parse_uuid("0e9ae643-bda9-4de2-9b22-c7c383dbcfd0").value(),
         .has_reply_to = true,
         .to = "net.tcp://localhost:9000/none/echo"_dict});
    body.start_element("", "Echo"_dict, "http://peers.test/svc"_dict);
    body.start_element("", "text"_dict, "http://peers.test/svc"_dict);
    body.text("hello");
    body.end_element();
    body.end_element();
    REQUIRE(client.end_message().has_value());
    collect();
    feed_host(3);
    REQUIRE(client.next_event() == event_type::message_arrived);
    client.end();
    collect();
    CHECK(first_difference(ours, theirs) == "");
}
