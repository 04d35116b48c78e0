// Decides which conversations are cut where, and what must then be true: every operation ends by
// itself, with success or an error that says something; a message that was answered has arrived;
// none arrives twice; nothing is left.
#include "load/choices.hpp"
#include "load/cut_relay.hpp"
#include "load/load_service.hpp"
#include "load/parts.hpp"
#include "load/processes.hpp"
#include "load/security_modes.hpp"
#include "load/test_certificate.hpp"
#include "load/texts.hpp"

#include "interop_service/pattern.hpp"

#include <nettcp/client/client.hpp>
#include <nettcp/net/errc.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstdio>
#include <functional>
#include <map>

namespace load {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t stream_size = 300;
constexpr std::size_t lanes = 16;  // cases at a time
constexpr std::size_t slack = 4;   // octets by which handshakes of TLS differ

/// What a case does, and what became of it.
struct conversation {
    nettcp::client& client;
    ledger& seen;
    stamp from;
    nettcp::diagnostics why = {};
    bool good = false;           ///< the call, or the close behind a one-way message
    int callbacks = 0;

    nettcp::call_options told() { return {.diagnostics = &why}; }
    std::string next() {
        ++from.message;
        return from.text();
    }
};

using script = asio::awaitable<void> (*)(conversation&);

void expect(bool holds, const conversation& in, const char* what) {
    must(holds, std::string(what) + " (" + in.why.message() + ")");
}

auto into(error_code& code) {
    return asio::redirect_error(asio::use_awaitable, code);
}

/// A request, its reply, and the end of the session; whether that comes does not matter.
asio::awaitable<void> request_reply(conversation& with) {
    error_code code;
    const std::string text = with.next();
    nettcp::reply answer =
        co_await with.client.async_call("urn:call", text_body(text), with.told(), into(code));
    with.good = !code;
    if (with.good) {
        expect(text_of(answer.message()) == text, with, "another's answer");
        expect(with.seen.last(ledger::call, with.from.client) == with.from.message, with,
               "an answer to what has not arrived");
    }
    co_await with.client.async_close(into(code));
    expect(code != nettcp::net::errc::timed_out, with, "a close hangs");
}

asio::awaitable<void> one_way(conversation& with) {
    error_code code;
    co_await with.client.async_send("urn:note", text_body(with.next()), with.told(), into(code));
    with.good = !code;
    if (!with.good)
        co_return;
    co_await with.client.async_close(with.told(), into(code));
    with.good = !code;
    if (with.good) {
        expect(with.seen.last(ledger::note, with.from.client) == with.from.message, with,
               "a session closed well, and its message has not arrived");
    }
}

asio::awaitable<void> callback(conversation& with) {
    error_code code;
    const std::string text = with.next();
    nettcp::reply answer = co_await with.client.async_call("urn:back", text_body("1 " + text),
                                                           with.told(), into(code));
    with.good = !code && !answer.is_fault();
    if (with.good) {
        expect(text_of(answer.message()) == "answer to " + text, with, "another's answer");
        expect(with.callbacks == 2, with, "callbacks got lost");
    }
    expect(with.callbacks <= 2, with, "a callback came twice");
    co_await with.client.async_close(into(code));
    expect(code != nettcp::net::errc::timed_out, with, "a close hangs");
}

asio::awaitable<void> upload(conversation& with) {
    error_code code;
    nettcp::call_options options = with.told();
    options.stream = nettcp::make_body_source(std::function<std::size_t(std::span<std::byte>)>(
        [head = with.next() + '\n', at = std::size_t{0}](std::span<std::byte> room) mutable {
            std::size_t size = 0;  // a few octets at a time, so that there are many chunks
            for (; size != 50 && size != room.size() && at != head.size() + stream_size; ++at)
                room[size++] = at < head.size() ? static_cast<std::byte>(head[at])
                                                : nettcp::interop::pattern_at(at - head.size());
            return size;
        }));
    nettcp::reply answer =
        co_await with.client.async_call("urn:up", stream_body, options, into(code));
    with.good = !code && !answer.is_fault();
    if (with.good) {
        expect(text_of(answer.message()) == std::to_string(stream_size), with, "octets got lost");
        expect(with.seen.last(ledger::upload, with.from.client) == with.from.message, with,
               "an answer to what has not arrived");
    }
}

asio::awaitable<void> download(conversation& with) {
    error_code code;
    nettcp::call_options options = with.told();
    options.stream_reply = true;
    nettcp::reply answer = co_await with.client.async_call(
        "urn:down", text_body(std::to_string(stream_size)), options, into(code));
    if (code || answer.is_fault())
        co_return;
    nettcp::body_reader body = answer.stream();
    std::array<std::byte, 64> room;
    std::size_t size = 0;
    while (!code) {
        const std::size_t more = co_await body.async_read_some(asio::buffer(room), into(code));
        expect(nettcp::interop::is_pattern(std::span(room).first(more), size), with,
               "wrong octets");
        size += more;
    }
    with.good = code == asio::error::eof;
    if (with.good)
        expect(size == stream_size, with, "a stream that was cut has ended well");
    else
        with.why.code = code;
}

/// Two sessions on one connection. The second may need another one.
asio::awaitable<void> twice(conversation& with) {
    co_await request_reply(with);
    if (with.good)
        co_await request_reply(with);
}

struct kind {
    const char* name;
    script run;
    nettcp::transfer_mode transfer = nettcp::transfer_mode::buffered;
};
constexpr kind kinds[] = {
    {"request and reply", request_reply},
    {"one-way", one_way},
    {"callbacks", callback},
    {"two sessions", twice},
    {"streamed up", upload, nettcp::transfer_mode::streamed},
    {"streamed down", download, nettcp::transfer_mode::streamed},
};

/// One host and some lanes of clients, each behind a relay.
class field {
public:
    explicit field(const std::vector<security_mode>& modes)
        : host_(context_.get_executor(), raised()) {
        const auto service = load_service(workers_.get_executor(), seen_);
        for (const security_mode& mode : modes) {
            host_.add_endpoint("/load" + mode.name, service,
                               {.security = mode.service, .any_port = true});
            host_.add_endpoint("/streamed" + mode.name, service,
                               {.security = mode.service,
                                .any_port = true,
                                .transfer = nettcp::transfer_mode::streamed});
        }
        const auto port = host_.listen("127.0.0.1", 0).port;
        for (std::size_t i = 0; i != lanes; ++i)
            relays_.push_back(std::make_unique<cut_relay>(context_, port));
    }

    /// Cuts one kind everywhere, and prints how the cases ended.
    void run(const kind& what, const security_mode& mode, std::size_t stride) {
        const auto begun = clock::now();
        endings_.clear();
        kind_ = &what;
        mode_ = &mode;
        all_.clear();
        next_ = 0;
        all_.push_back({});  // one that is not cut says how much there is to pass
        wait_for(1);
        must(good_ == 1, std::string("it does not even work uncut: ") + what.name);
        for (const auto where : {cut::to_host, cut::to_client}) {
            const std::size_t size = relays_[0]->passed(where);
            for (std::size_t behind = 0; behind <= size + slack; behind += stride) {
                for (const auto how : {cut::ended, cut::reset})
                    all_.push_back({where, behind, how});
            }
        }
        wait_for(lanes);
        settle();
        must(stride != 1 || good_ > 4, "not even those succeeded that had got their answer");
        std::printf("%s%s: cut %zu times, %zu succeeded all the same, %.1f s\n", what.name,
                    mode.name.c_str(), all_.size() - 1, good_ - 1,
                    std::chrono::duration<double>(clock::now() - begun).count());
        for (const auto& [said, count] : endings_)
            std::printf("    %5zu  %s\n", count, said.c_str());
        good_ = 0;
    }

private:
    static nettcp::host_options raised() {
        nettcp::host_options options;
        options.max_pending_connections = 10 * lanes;
        return options;
    }

    asio::awaitable<void> one_lane(std::size_t lane) {
        while (next_ != all_.size())
            co_await one_case(*relays_[lane], all_[next_++]);
    }

    asio::awaitable<void> one_case(cut_relay& relay, const cut& planned) {
        relay.prepare(planned);
        const std::uint32_t number = ++cases_;
        nettcp::client_options options;
        options.security = mode_->client;
        options.transfer = kind_->transfer;
        options.open_timeout = options.send_timeout = options.close_timeout = 30s;
        conversation* current = nullptr;
        options.callbacks.on("urn:told", [&](nettcp::incoming_call&) { ++current->callbacks; },
                             {.one_way = true});
        options.callbacks.on("urn:asked", [&](nettcp::incoming_call& call) {
            ++current->callbacks;
            call.reply(text_body("answer to " + text_of(call.message())));
        });
        const bool streamed = kind_->transfer != nettcp::transfer_mode::buffered;
        nettcp::client client(
            context_.get_executor(),
            nettcp::endpoint_address("net.tcp://127.0.0.1:" + std::to_string(relay.port()) +
                                     (streamed ? "/streamed" : "/load") + mode_->name),
            options);
        conversation one{client, *seen_, {number % ledger::clients, ledger::number(number, 0)}};
        current = &one;
        co_await kind_->run(one);
        expect(one.why.code != nettcp::net::errc::timed_out, one, "a call hangs");
        expect(one.why.code != asio::error::operation_aborted, one, "a call was called off");
        expect(one.good || one.why.code, one, "a failure without a code");
        good_ += one.good ? 1 : 0;
        if (!one.good)
            ++endings_[one.why.code.message() + " [" + one.why.code.category().name() + ']'];
    }

    /// All that is to do, in so many lanes.
    void wait_for(std::size_t left) {
        std::exception_ptr failed;
        for (std::size_t i = 0, count = left; i != count; ++i) {
            asio::co_spawn(context_, one_lane(i), [&](const std::exception_ptr& thrown) {
                --left;
                if (thrown)
                    failed = thrown;
            });
        }
        while (left != 0 && !failed)
            context_.run_one();
        if (failed)
            std::rethrow_exception(failed);
    }

    /// All is over at the host, too.
    void settle() {
        const auto patience = clock::now() + 20s;
        while (host_.connections() != 0 || host_.calls() != 0) {
            must(clock::now() < patience, "the host keeps connections that are gone");
            context_.run_one_for(10ms);
        }
        must(seen_->wrong() == 0, "a message came twice");
    }

    asio::io_context context_{1};
    asio::thread_pool workers_{1};
    std::shared_ptr<ledger> seen_ = std::make_shared<ledger>();
    nettcp::service_host host_;
    std::vector<std::unique_ptr<cut_relay>> relays_;
    const kind* kind_ = nullptr;
    const security_mode* mode_ = nullptr;
    std::vector<cut> all_;
    std::size_t next_ = 0;
    std::size_t good_ = 0;
    std::uint32_t cases_ = 0;
    std::map<std::string, std::size_t> endings_;
};

}  // namespace

void run_cuts(const choices& chosen) {
    const test_certificate certificate;
    const auto modes = security_modes({certificate.file(), ""});
    field tried(modes);
    for (const security_mode& mode : modes) {
        const bool plain = mode.name.empty();
        const auto stride = plain ? chosen.number("stride", 1) : chosen.number("tls-stride", 1);
        const std::string only = chosen.text("only");
        for (const kind& what : kinds) {
            if (only.empty() || only == what.name)
                tried.run(what, mode, stride);
        }
    }
}

}  // namespace load
