// Valid conversations, written by our own sans-I/O session as its client would say them, so that
// each encoding is what hosts expect.
#include "samples.hpp"

#include <nettcp/channel/duplex_session.hpp>
#include <nettcp/inspect/transcript.hpp>

#include <algorithm>
#include <map>

namespace nettcp::fuzzing {
namespace {

using framing::encoding;
using framing::mode;
using framing::record_type;

/// The only answer that our client needs in order to go on.
constexpr std::byte preamble_ack{0x0b};

/// Collects what a session has to send, and marks where it waits.
class listener {
public:
    explicit listener(channel::duplex_session& from) : from_(from) {}

    void take(bool answered) {
        while (!from_.output().empty()) {
            const bytes_view out = from_.output();
            said_.insert(said_.end(), out.begin(), out.end());
            from_.output_sent(out.size());
        }
        if (answered)
            waits_.push_back(said_.size());
    }

    void answer(std::byte octet) {
        from_.input_space()[0] = octet;
        from_.received(1);
        while (from_.next_event() != channel::event_type::none) {
        }
    }

    std::vector<piece> pieces() const {
        std::vector<piece> all = cut(said_);
        std::size_t at = 0;
        for (piece& one : all) {
            at += one.content.size();
            one.answered = std::ranges::find(waits_, at) != waits_.end();
        }
        return all;
    }

private:
    channel::duplex_session& from_;
    octets said_;
    std::vector<std::size_t> waits_;
};

/// A MessageID that says where it comes from.
uuid message_id(std::uint8_t number) {
    uuid made{};
    for (std::size_t i = 0; i < 16; ++i)
        made.data[i] = static_cast<std::uint8_t>(0xf0 + i);
    made.data[15] = number;
    return made;
}

std::vector<piece> session(const endpoint_facts& facts, encoding encoded, mode how,
                           std::uint8_t requests) {
    channel::session_options options;
    channel::duplex_session client(channel::role::initiator, options);
    listener ear(client);
    if (!client.open(facts.via, encoded, {}, {}, how))
        return {};
    ear.take(true);
    ear.answer(preamble_ack);
    for (std::uint8_t number = 1; number <= requests; ++number) {
        soap::outgoing_headers headers;
        headers.action = nbfx::dictionary_string{facts.action};
        headers.message_id = message_id(number);
        headers.has_reply_to = true;
        headers.to = nbfx::xml_string(nbfx::dictionary_string{facts.via});
        nbfx::writer& body = client.begin_message(headers);
        if (facts.body)
            facts.body(body);
        if (!client.end_message())
            return {};
        ear.take(true);
    }
    client.end();
    ear.take(true);
    return ear.pieces();
}

/// Cuts the first chunk with octets into three.
void cut_chunk(std::vector<piece>& pieces) {
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const bytes_view whole = content_of(pieces[i]);
        if (pieces[i].type != piece_type::chunk || whole.size() < 8)
            continue;
        const piece parts[] = {chunk_of(whole.first(1)), chunk_of(whole.subspan(1, 4)),
                               chunk_of(whole.subspan(5))};
        const auto at = pieces.begin() + static_cast<std::ptrdiff_t>(i);
        pieces.insert(pieces.erase(at), std::begin(parts), std::end(parts));
        return;
    }
}

/// Makes a session one of modes 3 or 4, whose preambles have no end and no answer.
void set_one_way_mode(std::vector<piece>& pieces, std::uint8_t number) {
    std::erase_if(pieces,
                  [](const piece& what) { return type_of(what) == record_type::preamble_end; });
    for (piece& what : pieces) {
        what.answered = false;
        if (type_of(what) == record_type::mode)
            what.content[1] = static_cast<std::byte>(number);
    }
}

/// A preamble up to a request for an upgrade, then what an upgrade's handshake begins with.
sample upgrade(const endpoint_facts& facts, std::string_view name,
               std::initializer_list<unsigned> handshake) {
    sample made{"upgrade " + std::string(name), session(facts, facts.encoding, mode::duplex, 0)};
    while (!made.pieces.empty() && type_of(made.pieces.back()) != record_type::preamble_end)
        made.pieces.pop_back();
    if (!made.pieces.empty())
        made.pieces.pop_back();
    piece request = text_record(record_type::upgrade_request, name);
    request.answered = true;
    made.pieces.push_back(std::move(request));
    piece first = plain_record(handshake);
    first.type = piece_type::raw;
    first.answered = true;
    made.pieces.push_back(std::move(first));
    return made;
}

void add(std::vector<sample>& all, std::string name, std::vector<piece> pieces) {
    if (!pieces.empty())
        all.push_back({std::move(name), std::move(pieces)});
}

}  // namespace

sample empty_session(const endpoint_facts& facts) {
    return {"empty session", session(facts, facts.encoding, mode::duplex, 0)};
}

sample request_session(const endpoint_facts& facts) {
    return {"one request", session(facts, facts.encoding, mode::duplex, 1)};
}

std::vector<sample> generated_samples(const endpoint_facts& facts) {
    std::vector<sample> all;
    all.push_back(request_session(facts));
    add(all, "three requests", session(facts, facts.encoding, mode::duplex, 3));
    all.push_back(empty_session(facts));
    auto twice = request_session(facts).pieces;
    const auto again = twice;
    twice.insert(twice.end(), again.begin(), again.end());
    add(all, "two sessions on a connection", std::move(twice));

    const encoding streamed =
        facts.encoding == encoding::binary_session ? encoding::binary : facts.encoding;
    add(all, "streamed", session(facts, streamed, mode::singleton_unsized, 1));
    auto chunks = session(facts, streamed, mode::singleton_unsized, 1);
    cut_chunk(chunks);
    add(all, "streamed in chunks", std::move(chunks));
    auto simplex = session(facts, facts.encoding, mode::duplex, 1);
    set_one_way_mode(simplex, 3);
    add(all, "simplex", std::move(simplex));
    auto singleton = session(facts, streamed, mode::duplex, 1);
    set_one_way_mode(singleton, 4);
    std::erase_if(singleton, [](const piece& what) { return type_of(what) == record_type::end; });
    for (piece& what : singleton) {
        if (type_of(what) == record_type::sized_envelope) {
            const bytes_view payload = content_of(what);
            what = {piece_type::raw, octets(payload.begin(), payload.end())};
        }
    }
    add(all, "singleton sized", std::move(singleton));

    all.push_back(
        upgrade(facts, "application/ssl-tls", {0x16, 3, 1, 0, 8, 1, 0, 0, 4, 3, 3, 0, 0}));
    all.push_back(upgrade(facts, "application/negotiate", {0x16, 1, 0, 0, 4, 0x60, 2, 6, 0}));
    for (unsigned number = 0; number <= static_cast<unsigned>(encoding::mtom_soap11); ++number) {
        const auto encoded = static_cast<encoding>(number);
        if (encoded != facts.encoding)
            add(all, "encoding " + std::string(framing::to_string(encoded)),
                session(facts, encoded, mode::duplex, 1));
    }
    return all;
}

std::vector<sample> recorded_samples(std::string_view transcript, const std::string& name) {
    struct half {
        octets said;
        std::vector<std::size_t> waits;
        bool upgraded = false;
    };
    std::map<std::uint32_t, half> connections;
    const auto take = [&](std::string_view text) {
        inspect::transcript_line line;
        if (inspect::read_transcript_line(text, line) != inspect::line_kind::octets)
            return;
        half& one = connections[line.connection];
        one.upgraded |= line.inside_upgrade;
        if (one.upgraded)
            return;
        if (line.direction == inspect::direction::client_to_server)
            one.said.insert(one.said.end(), line.octets.begin(), line.octets.end());
        else if (!one.said.empty())
            one.waits.push_back(one.said.size());
    };
    if (transcript.find("C>S") == transcript.npos && transcript.find("S>C") == transcript.npos) {
        inspect::read_hex(transcript, connections[1].said);
    } else {
        while (!transcript.empty()) {
            const std::size_t end = std::min(transcript.find('\n'), transcript.size());
            take(transcript.substr(0, end));
            transcript.remove_prefix(std::min(end + 1, transcript.size()));
        }
    }
    std::vector<sample> all;
    for (const auto& [number, one] : connections) {
        std::vector<piece> pieces = cut(one.said);
        std::size_t at = 0;
        for (piece& what : pieces) {
            const std::size_t began = at;
            at += what.content.size();
            what.answered = std::ranges::any_of(
                one.waits, [&](std::size_t wait) { return wait > began && wait <= at; });
        }
        add(all, name + " connection " + std::to_string(number), std::move(pieces));
    }
    return all;
}

}  // namespace nettcp::fuzzing
