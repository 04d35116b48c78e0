// Conversations that a WCF client and host had, judged by both of our sides at once: our acceptor
// hears the client, our initiator hears the host, and each says again what the other heard.

#include <channel/capture.hpp>
#include <channel/copy.hpp>
#include <support/catch.hpp>

#include <nettcp/channel/duplex_session.hpp>
#include <nettcp/security/errc.hpp>
#include <nettcp/security/negotiate_upgrade.hpp>

#include <algorithm>
#include <deque>

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

session_options large_messages() {
    session_options options;
    options.framing.max_message_size = 1u << 20;
    return options;
}

struct interpreter {
    explicit interpreter(std::size_t step_size, const session_options& options = {})
        : acceptor(role::acceptor, options), initiator(role::initiator, options), step(step_size) {}
    /// What both sides use for security, if anything.
    security::shared_upgrade_factory of_client;
    security::shared_upgrade_factory of_host;

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
                REQUIRE(mouth
                            .open(ears.preamble().via, *ears.preamble().encoding, {}, of_client,
                                  ears.preamble().mode)
                            .has_value());
                ears.accept_preamble(framing::encoding::binary_session, of_host, modes::either);
            } else if (what == event_type::step_wanted) {
                auto step_out = ears.take_step();
                step_out->run();
                ears.stepped(std::move(step_out));
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
std::vector<std::string> listen(role side, bytes_view octets, framing::mode mode) {
    duplex_session ears(side, large_messages());
    std::vector<std::string> heard;
    const auto encoding = mode == framing::mode::duplex ? framing::encoding::binary_session
                                                        : framing::encoding::binary;
    const auto open = [&] {
        if (side == role::initiator)
            REQUIRE(ears.open("net.tcp://h/", encoding, {}, {}, mode).has_value());
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
                ears.accept_preamble(encoding, {}, modes::either);
            else if (what == event_type::opened && side == role::initiator &&
                     mode == framing::mode::singleton_unsized) {
                // No reply comes before a request.
                ears.begin_message({.action = nbfx::dictionary_string{"urn:anything"}});
                REQUIRE(ears.end_message().has_value());
                ears.end();
            } else if (what == event_type::message_arrived)
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
            CHECK(listen(role::acceptor, both.said_by_client, framing::mode::duplex) ==
                  both.heard_by_host);
            CHECK(listen(role::initiator, both.said_by_host, framing::mode::duplex) ==
                  both.heard_by_client);
        }
    }
}

namespace {

/// Stands for TLS where a relay has taken it away: no handshake, and octets as they are.
class absent_tls final : public security::upgrade {
public:
    std::span<std::byte> input_space() override { return in_.prepare(256); }
    void received(std::size_t size) override { in_.commit(size); }
    void received_eof() override {}
    bytes_view output() override { return out_.view(); }
    void output_sent(std::size_t size) override { out_.consume(size); }
    std::size_t output_size() const noexcept override { return out_.size(); }
    bytes_view surplus() const noexcept override { return in_.view(); }
    void release_memory() override {}
    security::upgrade_event next_event() override {
        return std::exchange(told_, true) ? security::upgrade_event::none
                                          : security::upgrade_event::established;
    }
    result<std::size_t> read(std::span<std::byte> into) override {
        const std::size_t size = std::min(into.size(), in_.size());
        std::copy_n(in_.data(), size, into.data());
        in_.consume(size);
        return size;
    }
    result<void> write(bytes_view plain) override {
        out_.append(plain);
        return {};
    }
    const security::party& peer() const noexcept override { return peer_; }
    const error& failure() const noexcept override { return failure_; }
    std::string_view said() const noexcept override { return {}; }

private:
    octet_buffer in_, out_;
    security::party peer_;
    error failure_;
    bool told_ = false;
};

struct absent_tls_factory final : security::upgrade_factory {
    std::string_view name() const noexcept override { return "application/ssl-tls"; }
    std::unique_ptr<security::upgrade> make() const override {
        return std::make_unique<absent_tls>();
    }
};

/// Says again the tokens that one side of a captured authentication said, and insists on those of
/// the other side. What follows is not protected.
class recorded_mechanism final : public security::mechanism {
public:
    recorded_mechanism(std::deque<std::vector<std::byte>> ours,
                       std::deque<std::vector<std::byte>> theirs, bool begins)
        : ours_(std::move(ours)), theirs_(std::move(theirs)), begins_(begins) {}

    security::step_result step(bytes_view token) noexcept override {
        security::step_result next;
        if (!std::exchange(begins_, false)) {
            if (theirs_.empty() || !std::ranges::equal(token, theirs_.front())) {
                next.why = {make_error_code(security::errc::mechanism_failed)};
                return next;
            }
            theirs_.pop_front();
        }
        next.token.append(ours_.front());
        ours_.pop_front();
        next.outcome = ours_.empty() ? security::step_outcome::complete
                                     : security::step_outcome::continue_needed;
        return next;
    }
    const security::party& peer() const noexcept override { return peer_; }
    security::framing_of_octets octets() const noexcept override {
        return security::framing_of_octets::raw;
    }
    result<void> wrap(bytes_view, octet_buffer&) noexcept override { return {}; }
    result<bytes_view> unwrap(std::span<std::byte>) noexcept override { return bytes_view(); }
    std::string_view said() const noexcept override { return {}; }

private:
    std::deque<std::vector<std::byte>> ours_, theirs_;
    security::party peer_;
    bool begins_;
};

/// The tokens of one direction of a conversation by [MS-NNS], up to its done message.
std::deque<std::vector<std::byte>> tokens_in(bytes_view octets, std::string_view before) {
    const std::size_t start = as_text(octets).find(before) + before.size();
    std::deque<std::vector<std::byte>> tokens;
    for (octets = octets.subspan(start);;) {
        const auto size =
            std::to_integer<std::size_t>(octets[3]) << 8 | std::to_integer<std::size_t>(octets[4]);
        const bytes_view token = octets.subspan(5, size);
        tokens.emplace_back(token.begin(), token.end());
        if (octets[0] == std::byte{0x14})
            return tokens;
        octets = octets.subspan(5 + size);
    }
}

struct recorded_factory final : security::upgrade_factory {
    recorded_factory(const std::vector<captured_octets>& conversation, security::role which)
        : side(which),
          client(tokens_in(direction(conversation, true), "application/negotiate")),
          host(tokens_in(direction(conversation, false), "\x0a")) {}

    std::string_view name() const noexcept override { return "application/negotiate"; }
    std::unique_ptr<security::upgrade> make() const override {
        const bool begins = side == security::role::initiator;
        return security::make_negotiate_upgrade(
            side, std::make_shared<recorded_mechanism>(begins ? client : host,
                                                       begins ? host : client, begins));
    }

    security::role side;
    std::deque<std::vector<std::byte>> client, host;
};

constexpr captured_case secured[] = {
    {"tls/tls-echo-plain", 2, 1},          {"tls/tls-whoami-plain", 2, 1},
    {"tls/tls-fault-plain", 4, 1},         {"tls/tls-cert-echo-plain", 2, 1},
    {"tls/tls-cert-whoami-plain", 2, 1},   {"windows/win-none-ntlm-echo", 2, 1},
    {"windows/win-none-ntlm-fault", 4, 1}, {"windows/win-none-ntlm-whoami", 2, 1},
};

}  // namespace

TEST_CASE("Captured conversations with security are said again octet for octet") {
    for (const auto& expected : secured) {
        CAPTURE(expected.name);
        const auto conversation = read_capture(expected.name);
        for (const std::size_t step : {std::size_t{65536}, std::size_t{1}, std::size_t{7}}) {
            CAPTURE(step);
            interpreter both(step);
            if (std::string_view(expected.name).starts_with("tls/")) {
                both.of_client = both.of_host = std::make_shared<absent_tls_factory>();
            } else {
                both.of_client =
                    std::make_shared<recorded_factory>(conversation, security::role::initiator);
                both.of_host =
                    std::make_shared<recorded_factory>(conversation, security::role::acceptor);
            }
            for (const auto& part : conversation)
                both.hear(part);
            CHECK(both.heard_by_host.size() + both.heard_by_client.size() == expected.messages);
            CHECK(both.closed == 2 * expected.sessions);
            CHECK(first_difference(both.said_by_client, direction(conversation, true)) == "");
            CHECK(first_difference(both.said_by_host, direction(conversation, false)) == "");
        }
    }
}

namespace {

/// In mode singleton_unsized: how an envelope is cut into chunks is its sender's own affair.
constexpr captured_case in_pieces[] = {
    {"none/none-streamed-echo", 2, 1},
    {"none/none-streamed-fault", 4, 2},
    {"none/none-streamed-oneway", 4, 3},
    {"none/none-streamed-reopen", 10, 5},
    {"none/none-streamed-stream-download-0", 2, 1},
    {"none/none-streamed-stream-download-1k", 2, 1},
    {"none/none-streamed-stream-echo-1k", 2, 1},
    {"none/none-streamed-stream-upload-0", 2, 1},
    {"none/none-streamed-stream-upload-1k", 2, 1},
    {"none/none-streamed-stream-upload-named", 2, 1},
    {"none/none-streamedrequest-echo", 2, 1},
    {"none/none-streamedrequest-stream-echo-1k", 2, 1},
    {"none/none-streamedrequest-stream-upload-1k", 2, 1},
    {"tls/tls-streamed-echo-plain", 2, 1},
    {"tls/tls-streamed-stream-echo-1k-plain", 2, 1},
    {"tls/tls-streamedrequest-stream-echo-1k-plain", 2, 1},
    {"tls/tls-streamedresponse-stream-echo-1k-plain", 2, 1},
    {"tls/tls-cert-streamed-stream-echo-1k-plain", 2, 1},
};

}  // namespace

TEST_CASE("Captured conversations in pieces are heard by both sides and said again") {
    for (const auto& expected : in_pieces) {
        CAPTURE(expected.name);
        const auto conversation = read_capture(expected.name);
        for (const std::size_t step : {std::size_t{65536}, std::size_t{1}}) {
            CAPTURE(step);
            interpreter both(step, large_messages());
            if (std::string_view(expected.name).starts_with("tls/"))
                both.of_client = both.of_host = std::make_shared<absent_tls_factory>();
            for (const auto& part : conversation)
                both.hear(part);
            CHECK(both.heard_by_host.size() + both.heard_by_client.size() == expected.messages);
            CHECK(both.closed == 2 * expected.sessions);
            if (both.of_host != nullptr)
                continue;  // what a handshake parts cannot be heard in one go
            CHECK(listen(role::acceptor, both.said_by_client, framing::mode::singleton_unsized) ==
                  both.heard_by_host);
            CHECK(listen(role::initiator, both.said_by_host, framing::mode::singleton_unsized) ==
                  both.heard_by_client);
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
