// Puts what real peers sent, right and wrong, before our engine. The answers of the captured host
// (CoreWCF) are the measure: ours are the same, or tell the peer more than a reset does.

#include "support/catch.hpp"
#include "support/hex.hpp"

#include "framing/script.hpp"

#include <nettcp/framing/via.hpp>

#include <filesystem>
#include <fstream>
#include <map>

using namespace nettcp;
using namespace nettcp::framing;

namespace {

const std::filesystem::path captures = "tests/captures";

struct conversation {
    std::vector<std::byte> sent;      ///< by the client
    std::vector<std::byte> answered;  ///< by the host
    bool is_cut = false;              ///< a capture that keeps only the start of long lines
};

/// The connections of a capture, by number; crafted preambles have one without a number.
std::map<std::string, conversation> read_capture(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::map<std::string, conversation> found;
    for (std::string line; std::getline(in, line);) {
        const auto mark = line.find(">S ") != line.npos ? line.find("C>S ") : line.find("S>C ");
        if (line.starts_with('#') || mark == line.npos || line.find(" # ") != line.npos)
            continue;
        std::string connection = line.substr(0, mark);
        if (const auto space = connection.find(' '); space != connection.npos)
            connection = connection.substr(space + 1);
        auto& c = found[connection];
        std::string_view digits = std::string_view(line).substr(mark + 4);
        const auto end = std::min(digits.find_first_not_of("0123456789abcdef"), digits.size());
        c.is_cut = c.is_cut || end != digits.size();
        const auto octets = hex(digits.substr(0, end));
        auto& to = line[mark] == 'C' ? c.sent : c.answered;
        to.insert(to.end(), octets.begin(), octets.end());
    }
    return found;
}

/// The endpoints of the captured host, and what its owner answers.
struct host {
    session engine{role::acceptor};
    std::vector<std::string> log;

    void drain() {
        for (;;) {
            const event e = engine.next_event();
            if (e.type == event_type::none)
                return;
            log.emplace_back(name_of(e.type));
            decide(e);
        }
    }

    void decide(const event& e) {
        if (e.type == event_type::addressed)
            match();
        else if (e.type == event_type::upgrade_requested)
            refuse(fault_code::upgrade_invalid);
        else if (e.type == event_type::preamble_ended && is_secured())
            engine.fail(make_error_code(errc::upgrade_required));
        else if (e.type == event_type::preamble_ended)
            CHECK(engine.ack_preamble().has_value());
        else if (e.type == event_type::peer_ended)
            CHECK(engine.end().has_value());
    }

    void refuse(fault_code why) { CHECK(engine.send_fault(why).has_value()); }

    bool is_secured() const { return engine.preamble().via.find("/tls") != std::string::npos; }

    void match() {
        const preamble& p = engine.preamble();
        via_table endpoints;
        const char* paths[] = {"none/echo",      "none-text/echo", "none-streamed/echo",
                               "none-gzip/echo", "tls/echo",       "win-enc/echo"};
        for (std::uint32_t id = 0; id < 6; ++id)
            CHECK(endpoints.insert("net.tcp://localhost:9000/" + std::string(paths[id]), id));
        const auto endpoint = endpoints.find(*split_via(p.via));
        if (!endpoint)
            refuse(fault_code::endpoint_not_found);
        else if (p.mode == mode::simplex || p.mode == mode::singleton_sized)
            refuse(fault_code::unsupported_mode);
        else if (p.encoding != (endpoint == 1u ? encoding::soap12_utf8 : encoding::binary_session))
            refuse(fault_code::content_type_invalid);
    }

    std::string answer(bytes_view octets, std::size_t stroke) {
        feed(engine, octets, stroke, [&] { drain(); });
        std::string said;
        for (bytes_view out = engine.output(); !out.empty(); out = engine.output()) {
            said += to_hex(out);
            engine.output_sent(out.size());
        }
        return said;
    }
};

std::string fault_octets(fault_code code) {
    octet_buffer out;
    encode_record(out, fault_record{uri(code)});
    return to_hex(out.view());
}

}  // namespace

TEST_CASE("Crafted preambles are answered at least as well as CoreWCF answers them") {
    // Where CoreWCF resets the connection without a word, or faults with another word.
    const std::map<std::string, fault_code> better = {
        {"neg-encoding-1-on-binarysession", fault_code::content_type_invalid},
        {"neg-encoding-3-on-binarysession", fault_code::content_type_invalid},
        {"neg-encoding-7-on-binarysession", fault_code::content_type_invalid},
        {"neg-ext-msbin1", fault_code::content_type_invalid},
        {"neg-ext-too-long", fault_code::content_type_too_long},
        {"neg-mode-3-on-buffered", fault_code::unsupported_mode},
        {"neg-upgrade-negotiate-on-tls", fault_code::upgrade_invalid},
        {"neg-upgrade-tls-on-win", fault_code::upgrade_invalid},
        {"neg-upgrade-unknown-on-none", fault_code::upgrade_invalid},
        {"neg-via-too-long", fault_code::via_too_long},
    };
    // Rules whose breach has no fault: like CoreWCF we reset, without an answer or after 0b.
    const std::map<std::string, errc> resets = {
        {"neg-no-upgrade-on-tls", errc::upgrade_required},
        {"neg-sized-envelope-empty", errc::envelope_empty},  // CoreWCF ignores it
        {"neg-unsized-envelope-in-duplex", errc::record_not_allowed},
        {"neg-via-not-uri", errc::via_not_absolute},
        {"neg-wrong-order-mode-first", errc::record_not_allowed},
        {"neg-wrong-order-via-first", errc::record_not_allowed},
    };
    std::size_t played = 0;
    for (const auto& entry : std::filesystem::directory_iterator(captures / "bad-preambles")) {
        const std::string name = entry.path().stem().string();
        if (name.starts_with("neg-client") || name.ends_with(".xml"))
            continue;
        CAPTURE(name);
        const auto found = read_capture(entry.path());
        REQUIRE(found.size() == 1);
        const conversation& c = found.begin()->second;
        for (const std::size_t stroke : {std::size_t{1} << 20, std::size_t{1}}) {
            CAPTURE(stroke);
            host h;
            const std::string said = h.answer(c.sent, stroke);
            std::string wanted = to_hex(c.answered);
            if (const auto b = better.find(name); b != better.end())
                wanted = fault_octets(b->second);
            if (const auto r = resets.find(name); r != resets.end()) {
                CHECK(h.engine.failure().code == r->second);
                CHECK(h.engine.must_abort());
                // An acknowledgement that had not been sent goes down with the connection.
                CHECK((said == wanted || said.empty()));
            } else {
                CHECK(said == wanted);
                CHECK_FALSE(h.engine.must_abort());
                CHECK(h.engine.must_drain() == wanted.starts_with("08"));
            }
        }
        ++played;
    }
    CHECK(played == 35);
}

namespace {

/// Calls `tell(name of the connection, conversation)` for each that is whole, and in the clear.
template <class Tell>
void for_each_conversation(Tell tell) {
    for (const auto& entry : std::filesystem::directory_iterator(captures / "none")) {
        const std::string name = entry.path().stem().string();
        if (entry.path().extension() != ".txt" || name.ends_with(".xml"))
            continue;
        for (const auto& [number, c] : read_capture(entry.path())) {
            if (!c.is_cut)
                tell(name + " " + number, c);
        }
    }
}

/// Answers for us as far as the peer's next octets need it; counts what came.
struct partner {
    session engine;
    std::map<event_type, std::size_t> told{};

    void open_like(bytes_view first_octets) {
        record_decoder decoder;
        framing::preamble ours;
        for (std::size_t from = 0; ours.content_type.empty() && !ours.encoding;) {
            const auto part = decoder.next(first_octets.subspan(from));
            REQUIRE(part.has_value());
            from += part->size;
            if (const auto* m = std::get_if<mode_record>(&part->record))
                ours.mode = m->value;
            else if (const auto* via = std::get_if<via_record>(&part->record))
                ours.via = via->uri;
            else if (const auto* known = std::get_if<known_encoding_record>(&part->record))
                ours.encoding = encoding_from_octet(known->octet);
            else if (const auto* type = std::get_if<extensible_encoding_record>(&part->record))
                ours.content_type = type->content_type;
        }
        open(ours);
    }

    void open(const framing::preamble& ours) {
        CHECK(engine.start(ours).has_value());
        CHECK(engine.end_preamble().has_value());
    }

    void drain() {
        for (;;) {
            const event e = engine.next_event();
            if (e.type == event_type::none)
                return;
            ++told[e.type];
            decide(e.type);
        }
    }

    void decide(event_type happened) {
        const bool is_singleton = engine.preamble().mode == mode::singleton_unsized;
        if (happened == event_type::preamble_ended) {
            CHECK(engine.ack_preamble().has_value());
        } else if (happened == event_type::preamble_acked && is_singleton) {
            CHECK(engine.write_chunk(hex("42")).has_value());
            CHECK(engine.end_chunks().has_value());
            CHECK(engine.end().has_value());
        } else if (happened == event_type::peer_ended && engine.state() != framing::state::closed) {
            CHECK(engine.end().has_value());
        } else if (happened == event_type::closed && engine.side() == role::initiator) {
            open(framing::preamble(engine.preamble()));
        }
    }
};

}  // namespace

TEST_CASE("Captured conversations are cut into records without a rest") {
    std::size_t records = 0;
    for_each_conversation([&](const std::string& name, const conversation& c) {
        CAPTURE(name);
        for (const bytes_view octets : {bytes_view(c.sent), bytes_view(c.answered)}) {
            record_decoder decoder;
            for (std::size_t from = 0; from < octets.size(); ++records) {
                const auto part = decoder.next(octets.subspan(from));
                REQUIRE(part.has_value());
                from += part->size;
                REQUIRE(decoder.offset() == from);
            }
        }
    });
    CHECK(records > 500);
}

TEST_CASE("Sessions of both roles take what captured peers sent, in every stroke") {
    std::size_t envelopes = 0;
    for_each_conversation([&](const std::string& name, const conversation& c) {
        CAPTURE(name);
        std::map<event_type, std::size_t> told[2];
        for (const std::size_t stroke : {std::size_t{1} << 20, std::size_t{1}}) {
            CAPTURE(stroke);
            partner host{session(role::acceptor)};
            feed(host.engine, c.sent, stroke, [&] { host.drain(); });
            CHECK_FALSE(host.engine.failed());
            partner client{session(role::initiator)};
            client.open_like(c.sent);
            feed(client.engine, c.answered, stroke, [&] { client.drain(); });
            CHECK_FALSE(client.engine.failed());
            host.told.erase(event_type::chunk);  // as many as there were strokes
            client.told.erase(event_type::chunk);
            if (stroke == 1) {
                CHECK(host.told == told[0]);
                CHECK(client.told == told[1]);
            }
            told[0] = host.told;
            told[1] = client.told;
        }
        envelopes += told[0][event_type::envelope] + told[0][event_type::envelope_ended];
    });
    CHECK(envelopes > 50);
}
