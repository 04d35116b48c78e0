// Invariants of a whole host on loopback, whatever a client sends: a well-behaved session beside it
// is served meanwhile; the host says nothing but whole records that an acceptor may say; and it has
// let go of the connection, and of all calls, soon after the client has left.
//
// The first octet of the input chooses: whether the client leaves with a reset (bit 0), whether a
// good preamble comes first (1), how many octets it sends at a time (2 and 3), whether it reads
// before it leaves (4), whether the host has small limits (5). The others are sent.
//
// Reaches src/service/*.cpp
// Uses dict/framing dict/soap dict/actions
// Mutated by mutators/conversation

#include "support/loopback.hpp"

#include <nettcp/framing/record_decoder.hpp>
#include <nettcp/nbfx/copy.hpp>
#include <nettcp/service/service_host.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <optional>

using namespace nettcp;
using loopback::connection;
using loopback::require;

namespace {

constexpr std::string_view via = "net.tcp://localhost:9000/none/echo";

/// Answers with the body that came.
void echo(incoming_call& call) {
    call.reply([&call](nbfx::writer& out) {
        auto& in = call.body();
        if (in.move_to_content() == nbfx::node::element)
            nbfx::copy_element(in, out);
    });
    call.end_body();
}

/// Handlers of every kind, under names that the seeds call.
service every_kind_of_handler() {
    const std::string contract = "http://peers.test/svc/IEcho/";
    service made;
    made.on(contract + "Echo", [](incoming_call& call) { echo(call); });
    made.on(contract + "EchoBytes", [](incoming_call& call) {
        std::vector<std::byte> octets;
        if (call.body().move_to_content() == nbfx::node::element) {
            call.body().next();
            (void)call.body().value().append_octets(octets);
        }
        call.end_body();
        call.reply([&](nbfx::writer& out) {
            out.start_element("Octets", "urn:x");
            out.bytes(octets);
            out.end_element();
        });
    });
    made.on(contract + "EchoComplex", [](incoming_call call) {
        auto kept = std::make_shared<incoming_call>(std::move(call));
        boost::asio::post(kept->get_executor(), [kept] { echo(*kept); });
    });
    made.on(contract + "WhoAmI", [](incoming_call& call) -> boost::asio::awaitable<void> {
        co_await boost::asio::post(call.get_executor(), boost::asio::use_awaitable);
        for (const auto& other : call.headers().others)
            (void)call.message().header(other);
        call.message().reopen_body();
        echo(call);
    });
    made.on(contract + "Fail", [](incoming_call&) { throw std::runtime_error("on purpose"); });
    made.on(contract + "Notify", [](incoming_call&) {}, {.one_way = true});
    made.on("*", [](incoming_call& call) { (void)call; });  // without an answer
    return made;
}

host_options limits(bool small) {
    host_options options;
    if (small) {
        options.session.framing.max_message_size = 2000;
        options.session.max_pending_output = 1000;
        options.max_concurrent_calls = 1;
    }
    return options;
}

/// A host, and a well-behaved client with an open session.
class world {
public:
    explicit world(bool small) : host_(io_.get_executor(), limits(small)) {
        host_.add_endpoint(via, every_kind_of_handler(), {.any_port = true});
        port_ = host_.listen("127.0.0.1", 0).port;
        good_.emplace(connection::to(port_));
        require(session_.open(via, framing::encoding::binary_session).has_value());
        run_until([this] { return good_event() == channel::event_type::opened; });
    }

    connection connect() { return connection::to(port_); }
    void turn() {
        while (io_.poll() != 0) {
        }
    }
    template <class Condition>
    void run_until(Condition condition) {
        // Patient, since it may have to share its processor with many others.
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        for (turn(); !condition(); io_.run_one_for(std::chrono::milliseconds(1)), turn())
            require(std::chrono::steady_clock::now() < give_up);
    }
    /// The good client calls, and must be answered.
    void call() {
        const std::string text = "call " + std::to_string(++calls_);
        soap::outgoing_headers headers;
        headers.action = "http://peers.test/svc/IEcho/Echo";
        headers.to = nbfx::xml_string(via);
        headers.message_id = uuid{{static_cast<std::uint8_t>(calls_)}};
        auto& out = session_.begin_message(headers);
        out.start_element("Text", "urn:x");
        out.text(text);
        out.end_element();
        require(session_.end_message().has_value());
        run_until([this] { return good_event() == channel::event_type::message_arrived; });
        auto answer = session_.take_message();
        require(answer.headers().relates_to->guid == headers.message_id);
        require(!answer.is_fault() && answer.body().read_element_text() == text);
    }
    bool only_the_good_one_is_left() const {
        return host_.connections() == 1 && host_.calls() == 0;
    }

private:
    channel::event_type good_event() {
        while (!session_.output().empty())
            session_.output_sent(good_->send(session_.output()));
        for (bytes_view in = refill(); !in.empty(); in = refill()) {
            const auto space = session_.input_space();
            const std::size_t size = std::min(in.size(), space.size());
            std::copy_n(in.begin(), size, space.begin());
            session_.received(size);
            unread_.erase(0, size);
        }
        return session_.next_event();
    }
    bytes_view refill() {
        unread_ += good_->receive();
        return as_bytes(unread_);
    }

    boost::asio::io_context io_;
    service_host host_;
    std::uint16_t port_ = 0;
    std::optional<connection> good_;
    channel::duplex_session session_{channel::role::initiator, {}};
    std::string unread_;
    unsigned calls_ = 0;
};

/// What the host said, as far as it was read.
void check_said(std::string_view said) {
    framing::record_decoder decoder({.max_message_size = 1u << 20});
    bytes_view rest = as_bytes(said);
    while (!rest.empty()) {
        const auto part = decoder.next(rest);
        if (!part) {
            require(part.error().code == base_errc::truncated);
            return;
        }
        require(part->type == framing::part_type::whole_record);
        switch (framing::type_of(part->record)) {
        case framing::record_type::preamble_ack:
        case framing::record_type::sized_envelope:
        case framing::record_type::end: break;
        case framing::record_type::fault: require(rest.size() == part->size); break;
        default: require(false);
        }
        rest = rest.subspan(part->size);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    if (size == 0)
        return 0;
    constexpr std::size_t steps[] = {1, 5, 150, 65536};
    const unsigned choice = octets[0];
    std::string all;
    if ((choice & 2) != 0) {
        all.assign("\0\1\0\1\2\2", 6).append(1, static_cast<char>(via.size())).append(via);
        all.append("\3\x08\x0c");
    }
    all.append(reinterpret_cast<const char*>(octets) + 1, size - 1);
    const std::size_t step = std::max(steps[(choice >> 2) & 3], all.size() / 200);

    world around((choice & 32) != 0);
    connection hostile = around.connect();
    std::string said;
    for (bytes_view rest = as_bytes(all); !rest.empty();) {
        const std::size_t sent = hostile.send(rest.first(std::min(step, rest.size())));
        if (sent == 0)
            break;
        rest = rest.subspan(sent);
        around.turn();
        if ((choice & 16) != 0)
            said += hostile.receive();
    }
    around.call();
    if ((choice & 1) == 0) {
        hostile.end_sending();
        around.run_until([&] {
            said += hostile.receive();
            return hostile.ended();
        });
    }
    hostile.reset();
    check_said(said);
    around.run_until([&] { return around.only_the_good_one_is_left(); });
    around.call();
    return 0;
}
