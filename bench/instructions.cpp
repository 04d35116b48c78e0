// The paths that every call takes, each walked once for callgrind to count: `bench/instructions.py`
// runs this under it and compares. Nothing here depends on time, chance or the machine.

#include "measure.hpp"
#include "records.hpp"
#include "walks.hpp"

#include <nettcp/channel/duplex_session.hpp>
#include <nettcp/framing/record_decoder.hpp>
#include <nettcp/soap/envelope.hpp>

#include <array>
#include <cstdio>
#include <cstring>
#include <string_view>

// A stretch of its own, by whose name callgrind counts; not within a namespace, so that it has a
// plain name.
extern "C" __attribute__((noinline)) void counted_stretch(const std::function<void()>* turn) {
    (*turn)();
}

namespace {

using namespace nettcp;
using namespace nettcp::bench;
using namespace nbfx::literals;

constexpr auto service = "http://peers.test/svc"_dict;
constexpr auto address = "net.tcp://localhost:9000/none/echo"_dict;
const soap::outgoing_headers echo_request{.action = "http://peers.test/svc/IEcho/Echo"_dict,
                                          .message_id = uuid{},
                                          .has_reply_to = true,
                                          .to = address};

struct path {
    std::string name;
    std::function<void()> turn;
};

// ---- framing ------------------------------------------------------------------------------------

/// One direction of a session with 16 small messages.
class conversation {
public:
    conversation() { encode(); }

    void encode() {
        out_.clear();
        add(framing::version_record{});
        add(framing::mode_record{});
        add(framing::via_record{address.text});
        add(framing::known_encoding_record{8});
        add(framing::preamble_end_record{});
        for (int i = 0; i != 16; ++i) {
            add(framing::sized_envelope_record{70});
            out_.append(std::span(envelope_));
        }
        add(framing::end_record{});
    }

    void decode() {
        framing::record_decoder decoder;
        std::size_t parts = 0;
        for (bytes_view left = out_.view(); !left.empty(); ++parts) {
            const auto part = decoder.next(left);
            expect(part.has_value(), "a record cannot be read");
            left = left.subspan(part->size);
        }
        expect(parts == 22, "records got lost");
    }

private:
    void add(const framing::record& one) { framing::encode_record(out_, one); }

    std::array<std::byte, 70> envelope_{};
    octet_buffer out_;
};

// ---- session dictionaries -----------------------------------------------------------------------

/// Thirty-two names that a session has not seen, sent and received; then known to both.
class names {
public:
    names() {
        for (int i = 0; i != 32; ++i)
            texts_.push_back("http://peers.test/svc/IService/Operation" + std::to_string(i));
        send_new();
        receive_new();
    }

    void send_new() {
        nbfx::sent_dictionary sent;
        for (const std::string& text : texts_)
            keep(sent.find_or_add(text));
        table_.resize(sent.table_size());
        sent.write_table(table_.data());
        for (const std::string& text : texts_)
            expect(sent.find_or_add(text).has_value(), "a string got lost");
    }

    void receive_new() {
        nbfx::received_dictionary received;
        expect(received.read_table(table_).has_value(), "a string table is broken");
        for (std::uint32_t i = 0; i != texts_.size(); ++i)
            expect(received.find(2 * i + 1) == texts_[i], "a string got lost");
    }

private:
    std::vector<std::string> texts_;
    std::vector<std::byte> table_;
};

// ---- envelopes ----------------------------------------------------------------------------------

void write_hello(nbfx::writer& out, nbfx::dictionary_string element) {
    out.start_element(element, service);
    out.start_element("text"_dict, service);
    out.text("hello");
    out.end_element();
    out.end_element();
}

void check_hello(nbfx::reader& in, std::string_view element) {
    in.read_start_element(element, service.text);
    expect(in.read_element_text() == "hello" && in.ok(), "a wrong text came");
}

class envelopes {
public:
    explicit envelopes(const document& captured) : captured_(captured) {}

    void read() {
        in_.open(captured_.octets, &captured_.received);
        expect(soap::read_envelope(in_, headers_).has_value(), "an envelope cannot be read");
        expect(soap::read_envelope_end(in_).has_value(), "an envelope does not end");
    }

    void write() {
        out_.clear();
        writer_.open(out_, &sent_);
        soap::write_envelope_start(writer_, echo_request, {});
        write_hello(writer_, "Echo"_dict);
        soap::write_envelope_end(writer_);
        expect(writer_.finish().has_value(), "an envelope cannot be written");
    }

private:
    const document& captured_;
    nbfx::reader in_;
    soap::headers_view headers_;
    nbfx::sent_dictionary sent_;
    nbfx::writer writer_;
    octet_buffer out_;
};

// ---- whole sessions -----------------------------------------------------------------------------

/// Both sides of a connection, joined in memory.
class joined {
public:
    void open() {
        expect(client_.open(address.text, framing::encoding::binary_session).has_value(),
               "cannot open");
        carry();
        expect(client_.is_open() && host_.is_open(), "the session is not open");
    }

    void echo() {
        write_hello(client_.begin_message(echo_request), "Echo"_dict);
        expect(client_.end_message().has_value(), "a request cannot be sent");
        answered_ = false;
        carry();
        expect(answered_, "no answer came");
    }

    void close() {
        client_.end();
        carry();
        expect(client_.is_closed() && host_.is_closed(), "the session is not closed");
    }

private:
    void carry() {
        while (move(client_, host_) || move(host_, client_)) {
        }
    }

    bool move(channel::duplex_session& from, channel::duplex_session& to) {
        hear(from);
        const bytes_view octets = from.output();
        if (octets.empty())
            return false;
        const auto room = to.input_space();
        const std::size_t size = std::min(octets.size(), room.size());
        std::memcpy(room.data(), octets.data(), size);
        from.output_sent(size);
        to.received(size);
        hear(to);
        return true;
    }

    void hear(channel::duplex_session& side) {
        using channel::event_type;
        for (auto what = side.next_event(); what != event_type::none; what = side.next_event()) {
            expect(what != event_type::failed, "a session has failed");
            if (what == event_type::preamble_addressed)
                side.accept_preamble();
            if (what == event_type::peer_ended)
                side.end();
            if (what != event_type::message_arrived)
                continue;
            channel::message got = side.take_message();
            check_hello(got.body(), &side == &host_ ? "Echo" : "EchoResponse");
            expect(got.read_end().has_value(), "a message does not end");
            if (&side == &host_)
                answer(got);
            answered_ = true;
        }
    }

    void answer(const channel::message& to) {
        write_hello(host_.begin_message({.action = "http://peers.test/svc/IEcho/EchoResponse"_dict,
                                         .relates_to = to.headers().message_id}),
                    "EchoResponse"_dict);
        expect(host_.end_message().has_value(), "a reply cannot be sent");
    }

    channel::session_options options_;
    channel::duplex_session client_{channel::role::initiator, options_};
    channel::duplex_session host_{channel::role::acceptor, options_};
    bool answered_ = false;
};

}  // namespace

int main(int argc, char** argv) {
    const std::string_view mode = argc > 1 ? argv[1] : "";
    if (mode == "--compiler") {
        std::printf("%s\n", __VERSION__);
        return 0;
    }
    const auto documents = load_documents(NETTCP_BENCH_DOCUMENTS);
    conversation talk;
    names some_names;
    envelopes soap(*documents.front());
    full_walk walk;
    full_walk walk_as_text;
    walk_as_text.as_text = true;
    rewriting again;
    typed_records typed;
    joined kept_open;
    kept_open.open();
    joined opened_anew;

    std::vector<path> all{
        {"framing: 22 records encoded", [&] { talk.encode(); }},
        {"framing: 22 records decoded", [&] { talk.decode(); }},
        {"dictionary: 32 names sent", [&] { some_names.send_new(); }},
        {"dictionary: 32 names received", [&] { some_names.receive_new(); }},
        {"envelope read", [&] { soap.read(); }},
        {"envelope written", [&] { soap.write(); }},
        {"session: echo, both sides", [&] { kept_open.echo(); }},
        {"session: open + echo + close, both sides",
         [&] {
             opened_anew.open();
             opened_anew.echo();
             opened_anew.close();
         }},
        {"typed records read", [&] { keep(typed.read().back().id); }},
        {"typed records written", [&] { typed.write(); }},
    };
    for (const auto& one : documents) {
        document* const d = one.get();
        all.push_back({d->name + " walk", [&walk, d] { walk(*d); }});
        all.push_back({d->name + " walk as text", [&walk_as_text, d] { walk_as_text(*d); }});
        all.push_back({d->name + " written", [&again, d] { again(*d); }});
    }
    for (const path& one : all) {
        one.turn();  // what is made once and kept is there afterwards
        one.turn();
        counted_stretch(&one.turn);
        std::printf("%s\n", one.name.c_str());
    }
    return 0;
}
