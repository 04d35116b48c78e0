// Plays the shared conversations: through the decoder, and through sessions of both roles, which
// must understand the peer's half and, told to say the same, write their own half octet by octet.

#include "support/catch.hpp"
#include "support/hex.hpp"

#include "framing/framing_vectors.inc"
#include "framing/script.hpp"

#include <nettcp/framing/upgrade_name.hpp>

using namespace nettcp;
using namespace nettcp::framing;

namespace {

/// One part of a vector's step, owning its octets.
struct spoken {
    part_type type;
    framing::record record;
    std::string payload;
};

/// What a part is called in the vectors' own words; empty while an envelope in chunks goes on.
std::string describe(const stream_part& part, std::size_t& chunks) {
    if (part.type == part_type::chunk) {
        chunks += part.payload.size();
        return {};
    }
    if (part.type == part_type::octets)
        return "octets " + std::to_string(part.payload.size());
    if (part.type == part_type::envelope_end)
        return "unsized_envelope " + std::to_string(std::exchange(chunks, 0));
    std::string line(to_string(type_of(part.record)));
    if (const auto* v = std::get_if<version_record>(&part.record))
        return line + " " + std::to_string(v->major) + "." + std::to_string(v->minor);
    if (const auto* m = std::get_if<mode_record>(&part.record))
        return line + " " + std::string(to_string(m->value));
    if (const auto* k = std::get_if<known_encoding_record>(&part.record))
        return line + " " +
               (encoding_from_octet(k->octet)
                    ? std::string(to_string(*encoding_from_octet(k->octet)))
                    : std::to_string(k->octet));
    if (const auto* e = std::get_if<sized_envelope_record>(&part.record))
        return line + " " + std::to_string(e->size);
    const auto text = [&](std::string_view value) {
        return line + " " +
               (value.size() > 200 ? std::to_string(value.size()) + " octets" : std::string(value));
    };
    if (const auto* via = std::get_if<via_record>(&part.record))
        return text(via->uri);
    if (const auto* type = std::get_if<extensible_encoding_record>(&part.record))
        return text(type->content_type);
    if (const auto* fault = std::get_if<fault_record>(&part.record))
        return text(fault->uri);
    if (const auto* upgrade = std::get_if<upgrade_request_record>(&part.record))
        return text(upgrade->name);
    if (type_of(part.record) == record_type::unsized_envelope)
        return {};
    return line;
}

/// Both directions' decoders, fed step by step.
struct listener {
    record_decoder from_initiator;
    record_decoder from_acceptor;
    std::vector<std::byte> unread[2];
    std::size_t chunks[2] = {};

    /// The parts that a step completes, in the vectors' words.
    std::string hear(const vector_step& step, const std::function<void(const stream_part&)>& tell) {
        const bool acceptor = step.sender == '<';
        auto& decoder = acceptor ? from_acceptor : from_initiator;
        auto& octets = unread[acceptor ? 1 : 0];
        const auto more = hex(step.hex);
        octets.insert(octets.end(), more.begin(), more.end());
        std::string said;
        std::size_t from = 0;
        for (;;) {
            const auto part = decoder.next(bytes_view(octets).subspan(from));
            if (!part)
                break;
            tell(*part);
            from += part->size;
            const std::string line = describe(*part, chunks[acceptor ? 1 : 0]);
            if (!line.empty())
                said += (said.empty() ? "" : ", ") + line;
        }
        octets.erase(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(from));
        return said;
    }
};

/// Does as one side what a vector says that side did.
struct speaker {
    session& engine;
    framing::preamble ours{};
    bool started = false;

    void say(const stream_part& part) {
        if (part.type == part_type::chunk || part.type == part_type::octets) {
            CHECK(engine.write_chunk(part.payload).has_value());
            return;
        }
        if (part.type == part_type::envelope_end) {
            CHECK(engine.end_chunks().has_value());
            return;
        }
        switch (type_of(part.record)) {
        case record_type::version:
            ours = {};
            ours.content_type = "to come";
            started = false;
            return;
        case record_type::mode: ours.mode = std::get<mode_record>(part.record).value; return;
        case record_type::via: ours.via = std::get<via_record>(part.record).uri; return;
        case record_type::known_encoding:
            ours.encoding = encoding_from_octet(std::get<known_encoding_record>(part.record).octet);
            return start();
        case record_type::extensible_encoding:
            ours.content_type = std::get<extensible_encoding_record>(part.record).content_type;
            return start();
        default: return say_plainly(part);
        }
    }

    void start() {
        started = true;
        CHECK(engine.start(ours).has_value());
    }

    /// Whether the vector has not stopped inside our preamble.
    bool is_complete() const { return started || ours == framing::preamble{}; }

    /// Where a vector's preamble breaks off, ours goes on: a session sends it in one piece.
    void finish_preamble() {
        if (is_complete())
            return;
        if (ours.via.empty())
            ours.via = "net.tcp://h/s";
        ours.encoding = encoding::binary_session;
        start();
    }

    void say_plainly(const stream_part& part) {
        switch (type_of(part.record)) {
        case record_type::upgrade_request:
            CHECK(engine.request_upgrade(std::get<upgrade_request_record>(part.record).name)
                      .has_value());
            break;
        case record_type::upgrade_response: CHECK(engine.accept_upgrade().has_value()); break;
        case record_type::preamble_end: CHECK(engine.end_preamble().has_value()); break;
        case record_type::preamble_ack: CHECK(engine.ack_preamble().has_value()); break;
        case record_type::fault: {
            const auto code = fault_code_from_uri(std::get<fault_record>(part.record).uri);
            REQUIRE(code);
            CHECK(engine.send_fault(*code).has_value());
            break;
        }
        case record_type::end: CHECK(engine.end().has_value()); break;
        case record_type::sized_envelope: {
            const auto out = engine.begin_envelope();
            REQUIRE(out.has_value());
            (*out)->append(part.payload);
            CHECK(engine.end_envelope().has_value());
            break;
        }
        default: break;
        }
    }
};

void drain(session& s) {
    while (s.next_event().type != event_type::none) {
    }
}

std::string take_output(session& s) {
    std::string sent;
    for (bytes_view out = s.output(); !out.empty(); out = s.output()) {
        sent += to_hex(out);
        s.output_sent(out.size());
    }
    return sent;
}

/// Spelled so on purpose, as our own side never would.
bool is_canonical(const framing_vector& v) {
    return v.name.find("spelled longer") == v.name.npos &&
           v.name.find("minor version") == v.name.npos &&
           v.name.find("known encoding binary_") == v.name.npos;
}

/// What no session of ours would say of itself.
bool is_beyond_us(const framing_vector& v, role side) {
    const auto is_named = [&](std::string_view part) { return v.name.find(part) != v.name.npos; };
    if (side == role::acceptor)
        return is_named("then the end");  // our last word is the fault
    return v.code.empty() && (is_named("without a meaning") || is_named("without octets"));
}

/// A fault text that no session of ours would send.
bool is_foreign(const vector_step& step) {
    return step.meaning.starts_with("fault ") &&
           !fault_code_from_uri(step.meaning.substr(6, step.meaning.find(',') - 6));
}

void check_outcome(const framing_vector& v, session& s) {
    if (v.code == "framing.octets_before_upgrade_answer")
        CHECK_FALSE(s.accept_upgrade().has_value());
    const std::string failure = s.failure().code.failed() ? s.failure().code.message() : "";
    CAPTURE(failure);
    if (!v.code.empty()) {
        CHECK(v.code.substr(v.code.find('.') + 1) == rule_of(s.failure().code));
        CHECK(s.failure().at == v.at);
        CHECK((s.must_abort() || s.must_drain()));
    } else if (v.name.find("fault") == v.name.npos) {
        CHECK_FALSE(s.failed());
    } else {
        CHECK(s.failed());
    }
}

/// Plays `v` as `side`, the peer's octets coming in strokes of `stroke`.
void play(const framing_vector& v, role side, std::size_t stroke) {
    session s(side);
    listener heard;
    speaker our{s};
    std::string wanted;
    std::string sent;
    const char mine = side == role::initiator ? '>' : '<';
    for (const vector_step& step : v.steps) {
        CAPTURE(step.meaning);
        const bool is_eof = step.meaning == "eof";
        if (step.sender == '=') {
            CHECK(s.upgrade_completed().has_value());
        } else if (is_eof && step.sender == mine) {
            CHECK(s.end().has_value());
        } else if (step.sender == mine) {
            if (is_foreign(step))
                return;
            // The peer's pipelined records come out once our own record has let them.
            heard.hear(step, [&](const stream_part& part) {
                our.say(part);
                drain(s);
            });
            wanted += step.hex;
            sent += take_output(s);
            if (our.is_complete() && is_canonical(v))
                CHECK(sent == wanted);
        } else {
            our.finish_preamble();
            sent += take_output(s);
            CHECK((!is_canonical(v) || sent.starts_with(wanted)));
            sent.clear();
            wanted.clear();
            feed(s, hex(step.hex), stroke, [&] { drain(s); });
            if (is_eof)
                s.received_eof();
            drain(s);
        }
    }
    check_outcome(v, s);
}

}  // namespace

TEST_CASE("The record decoder hears what the vectors say") {
    for (const framing_vector& v : framing_vectors) {
        CAPTURE(v.name);
        listener heard;
        for (const vector_step& step : v.steps) {
            const bool is_last = &step == &v.steps.back();
            if (step.sender == '=' || step.meaning == "eof" || (!v.code.empty() && is_last))
                continue;
            const bool is_whole = !step.meaning.starts_with("the start of");
            CHECK(heard.hear(step, [](const stream_part&) {}) == (is_whole ? step.meaning : ""));
        }
    }
}

TEST_CASE("Sessions of both roles hold the conversations of the vectors") {
    for (const framing_vector& v : framing_vectors) {
        for (const role side : {role::initiator, role::acceptor}) {
            const char mine = side == role::initiator ? '>' : '<';
            if ((!v.code.empty() && v.steps.back().sender == mine) || is_beyond_us(v, side))
                continue;
            for (const std::size_t stroke : {std::size_t{1} << 20, std::size_t{1}}) {
                CAPTURE(v.name, to_string(side), stroke);
                play(v, side, stroke);
            }
        }
    }
}
