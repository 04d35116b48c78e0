// Invariants of a whole client on loopback, whatever its host answers: each operation ends exactly
// once, at the latest when the host has left; a call that succeeds was answered by its own
// MessageID, which the host had seen by then; and a client that was hurt still calls a good host.
//
// The first octet of the input chooses: whether the host leaves with a reset (bit 0), whether it
// acknowledges the preamble first (1), how many octets it sends at a time (2 and 3), whether it
// waits for the requests first (4), whether the client has small limits (5). The others are sent,
// with each 00*15 xx behind AD, a MessageID in binary, replaced by that of request xx.
//
// Reaches src/client/*.cpp src/calls/*.cpp
// Uses dict/framing dict/soap dict/actions
// Mutated by mutators/conversation

#include "support/acting_host.hpp"

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
        // Patient, since it may have to share its processor with many others.
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        for (turn(); !condition(); io_.run_one_for(std::chrono::milliseconds(1)), turn())
            require(std::chrono::steady_clock::now() < give_up);
    }
    std::unique_ptr<loopback::acting_host> accept() {
        int descriptor = -1;
        run_until([&] { return (descriptor = acceptor_.accept()) >= 0; });
        return std::make_unique<loopback::acting_host>(descriptor);
    }
    /// A call to a host that answers, on whatever connection the client takes for it.
    void call_good_host() {
        bool done = false;
        client_.async_call("urn:ask", write_text,
                           [&](const boost::system::error_code& code, reply answer) {
                               require(!code && !answer.is_fault());
                               done = true;
                           });
        std::vector<std::unique_ptr<loopback::acting_host>> hosts;
        run_until([&] {
            for (int one = acceptor_.accept(); one >= 0; one = acceptor_.accept())
                hosts.push_back(std::make_unique<loopback::acting_host>(one));
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
    loopback::put_ids(all, around.heard);
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
