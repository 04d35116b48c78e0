// Invariants of a whole client on loopback, whatever its host answers: each operation ends exactly
// once, at the latest when the host has left; a call that succeeds was answered by its own MessageID,
// which the host had seen by then; and a client that was hurt still calls a good host.
//
// The first octet of the input chooses: whether the host leaves with a reset (bit 0), whether it
// acknowledges the preamble first (1), how many octets it sends at a time (2 and 3), whether it
// waits for the requests first (4), whether the client has small limits (5). The others are sent,
// with each 00*15 xx behind AD, a MessageID in binary, replaced by that of request xx.
//
// Uses dict/framing dict/soap dict/actions

#include "loopback.hpp"

#include <nettcp/channel/duplex_session.hpp>
#include <nettcp/client/client.hpp>

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

using namespace nettcp;
using loopback::connection;
using loopback::require;

namespace {

constexpr int call_count = 3;

client_options limits(bool small) {
    client_options options;
    if (small) {
        options.session.framing.max_message_size = 2000;
        options.session.max_pending_output = 100;
    }
    return options;
}

void write_text(nbfx::writer& out) {
    out.start_element("Text", "urn:x");
    out.text("hello");
    out.end_element();
}

/// The acceptor's side of a connection, as far as it hears.
class hearing {
public:
    explicit hearing(int descriptor) : wire(descriptor) {}

    /// Takes what the client has said.
    void listen() {
        const std::string heard = wire.receive();
        for (bytes_view rest = as_bytes(heard); !rest.empty();) {
            if (!session.wants_input())
                return;
            const auto space = session.input_space();
            const std::size_t size = std::min(rest.size(), space.size());
            std::copy_n(rest.begin(), size, space.begin());
            session.received(size);
            rest = rest.subspan(size);
            while (take(session.next_event())) {
            }
        }
    }
    /// Answers as a good host does.
    void answer() {
        for (const uuid& id : std::exchange(ids, {})) {
            soap::outgoing_headers headers;
            headers.action = "urn:answer";
            headers.relates_to = soap::unique_id_view{id, {}};
            write_text(session.begin_message(headers));
            require(session.end_message().has_value());
        }
        flush();
    }
    void flush() {
        while (!session.output().empty()) {
            const std::size_t size = wire.send(session.output());
            if (size == 0)
                return;
            session.output_sent(size);
        }
    }

    connection wire;
    channel::duplex_session session{channel::role::acceptor, {}};
    std::vector<uuid> ids;

private:
    bool take(channel::event_type what) {
        require(what != channel::event_type::failed);  // the client keeps the rules
        if (what == channel::event_type::preamble_addressed)
            session.accept_preamble();
        if (what == channel::event_type::message_arrived) {
            const auto request = session.take_message();
            if (request.headers().message_id)
                ids.push_back(*request.headers().message_id->guid);
        }
        if (what == channel::event_type::peer_ended)
            session.end();
        return what != channel::event_type::none;
    }
};

class world {
public:
    explicit world(bool small)
        : client_(
              io_.get_executor(),
              endpoint_address("net.tcp://127.0.0.1:" + std::to_string(acceptor_.port()) + "/x"),
              limits(small)) {}

    void start_calls() {
        for (int i = 0; i < call_count; ++i) {
            client_.async_call("urn:ask", write_text,
                               [this, i](const boost::system::error_code& code, reply answer) {
                                   ended(i);
                                   if (!code)
                                       check_reply(static_cast<std::size_t>(i), answer);
                               });
        }
        client_.async_send("urn:tell", write_text,
                           [this](const boost::system::error_code&) { ended(call_count); });
    }
    bool all_ended() const { return ended_ == call_count + 1; }
    void turn() {
        while (io_.poll() != 0) {
        }
        io_.restart();
    }
    template <class Condition>
    void run_until(Condition condition) {
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        for (turn(); !condition(); io_.run_one_for(std::chrono::milliseconds(1)), turn())
            require(std::chrono::steady_clock::now() < give_up);
    }
    std::unique_ptr<hearing> accept() {
        int descriptor = -1;
        run_until([&] { return (descriptor = acceptor_.accept()) >= 0; });
        return std::make_unique<hearing>(descriptor);
    }
    /// A call to a host that answers, on whatever connection the client takes for it.
    void call_good_host() {
        bool done = false;
        client_.async_call("urn:ask", write_text,
                           [&](const boost::system::error_code& code, reply answer) {
                               require(!code && !answer.is_fault());
                               done = true;
                           });
        std::vector<std::unique_ptr<hearing>> hosts;
        run_until([&] {
            for (int one = acceptor_.accept(); one >= 0; one = acceptor_.accept())
                hosts.push_back(std::make_unique<hearing>(one));
            for (const auto& host : hosts) {
                host->listen();
                host->answer();
            }
            return done;
        });
        client_.async_close([&](const boost::system::error_code& code) {
            require(!code);
            done = false;
        });
        run_until([&] {
            for (const auto& host : hosts) {
                host->listen();
                host->answer();
            }
            return !done;
        });
    }

    /// Somebody who connects once more is sent away.
    void send_away() {
        for (int one = acceptor_.accept(); one >= 0; one = acceptor_.accept())
            connection(one).reset();
    }

    std::vector<uuid> heard;  ///< the requests' ids, in their order

private:
    void ended(int which) {
        require(!std::exchange(seen_[which], true));
        ++ended_;
    }
    void check_reply(std::size_t which, reply& answer) {
        const auto& relates_to = answer.headers().relates_to;
        require(relates_to && which < heard.size() && relates_to->guid == heard[which]);
        if (answer.is_fault())
            (void)answer.fault();
        answer.message().reopen_body();
        (void)answer.message().read_end();
    }

    boost::asio::io_context io_;
    loopback::acceptor acceptor_;
    client client_;
    bool seen_[call_count + 1] = {};
    int ended_ = 0;
};

/// Puts the ids that the client chose where the input asks for them.
void put_ids(std::string& all, const std::vector<uuid>& ids) {
    const std::string mark = '\xad' + std::string(15, '\0');
    for (auto at = all.find(mark); at != all.npos && at + 17 <= all.size();
         at = all.find(mark, at + 17)) {
        if (!ids.empty())
            std::ranges::copy(ids[static_cast<unsigned char>(all[at + 16]) % ids.size()].data,
                              all.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    if (size == 0)
        return 0;
    constexpr std::size_t steps[] = {1, 5, 150, 65536};
    const unsigned choice = octets[0];
    std::string all(reinterpret_cast<const char*>(octets) + 1, size - 1);
    const std::size_t step = std::max(steps[(choice >> 2) & 3], all.size() / 200);

    world around((choice & 32) != 0);
    around.start_calls();
    auto hostile = around.accept();
    if ((choice & 2) != 0) {
        around.run_until([&] {
            hostile->listen();
            hostile->flush();
            return (choice & 16) == 0 || hostile->ids.size() == call_count;
        });
    }
    around.heard = hostile->ids;
    put_ids(all, around.heard);
    for (bytes_view rest = as_bytes(all); !rest.empty();) {
        const std::size_t sent = hostile->wire.send(rest.first(std::min(step, rest.size())));
        if (sent == 0)
            break;
        rest = rest.subspan(sent);
        around.turn();
        hostile->listen();
    }
    if ((choice & 1) == 0)
        hostile->wire.end_sending();
    else
        hostile->wire.reset();
    around.run_until([&] {
        around.send_away();
        return around.all_ended();
    });
    hostile.reset();
    around.call_good_host();
    return 0;
}
