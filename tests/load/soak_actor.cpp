// Decides what a client does next, and what must be true after it.
#include "load/soak_actor.hpp"

#include "load/texts.hpp"

#include "interop_service/pattern.hpp"

#include <nettcp/net/errc.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace load {

namespace asio = boost::asio;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

auto into(error_code& code) {
    return asio::redirect_error(asio::use_awaitable, code);
}

/// Waits for some handlers on the executor of whoever waits.
class gathering {
public:
    gathering(const asio::any_io_executor& executor, std::uint32_t count)
        : timer_(executor, asio::steady_timer::time_point::max()), left_(count) {}
    void one() {
        if (--left_ == 0)
            timer_.cancel();
    }
    asio::awaitable<void> all() {
        error_code ignored;
        if (left_ != 0)
            co_await timer_.async_wait(into(ignored));
    }

private:
    asio::steady_timer timer_;
    std::uint32_t left_;
};

asio::awaitable<void> pause(const asio::any_io_executor& executor,
                            std::chrono::steady_clock::duration length) {
    asio::steady_timer timer(executor, length);
    co_await timer.async_wait(asio::use_awaitable);
}

/// A stamp and a line feed, then the pattern.
std::shared_ptr<nettcp::body_source> stamped_source(std::string head, std::uint64_t size) {
    head += '\n';
    return nettcp::make_body_source(std::function<std::size_t(std::span<std::byte>)>(
        [head = std::move(head), size, at = std::uint64_t{0}](std::span<std::byte> room) mutable {
            std::size_t filled = 0;
            for (; at < head.size() && filled != room.size(); ++at)
                room[filled++] = static_cast<std::byte>(head[static_cast<std::size_t>(at)]);
            if (filled != 0)
                return filled;
            const std::uint64_t place = at - head.size();
            filled = static_cast<std::size_t>(std::min<std::uint64_t>(
                {room.size(), size - place, nettcp::interop::pattern_part::longest}));
            std::ranges::copy(nettcp::interop::pattern_part::at(place, filled), room.begin());
            at += filled;
            return filled;
        }));
}

}  // namespace

soak_actor::soak_actor(asio::any_io_executor executor, soak_part part, soak_book& book,
                       std::uint64_t seed)
    : executor_(std::move(executor)),
      part_(std::move(part)),
      book_(book),
      random_(static_cast<std::uint32_t>(seed * 1000003 + part_.number)) {}

asio::awaitable<void> soak_actor::run() {
    while (!book_.over) {
        ++session_;
        places_ = {};
        book_.add(soak_book::sessions);
        if (part_.streamed)
            co_await streamed_session();
        else
            co_await buffered_session();
    }
}

nettcp::client_options soak_actor::options() {
    nettcp::client_options chosen;
    chosen.security = part_.mode.client;
    chosen.session.framing.max_message_size = 1u << 20;
    chosen.session.framing.max_streamed_size = std::uint64_t{1} << 40;
    chosen.reopen = false;  // so that all of a client's messages belong to one session
    chosen.pool = part_.pool;
    if (part_.streamed)
        chosen.transfer = nettcp::transfer_mode::streamed;
    chosen.callbacks.on("urn:told",
                        [this](nettcp::incoming_call& call) {
                            check(text_of(call.message()) == std::to_string(++told_),
                                  "a callback got lost, or came twice");
                        },
                        {.one_way = true});
    chosen.callbacks.on("urn:asked", [](nettcp::incoming_call& call) {
        call.reply(text_body("answer to " + text_of(call.message())));
    });
    return chosen;
}

nettcp::endpoint_address soak_actor::address() const {
    return nettcp::endpoint_address("net.tcp://127.0.0.1:" + std::to_string(part_.port) +
                                    (part_.streamed ? "/streamed" : "/load") + part_.mode.name);
}

std::string soak_actor::next(ledger::kind what) {
    return stamp{part_.number, ledger::number(session_, ++places_[what])}.text();
}

bool soak_actor::arrived(ledger::kind what) const {
    return book_.seen.last(what, part_.number) == ledger::number(session_, places_[what]);
}

void soak_actor::check(bool holds, const char* what) {
    if (!holds)
        book_.wrong(std::string(what) + " (client " + std::to_string(part_.number) + ", " +
                    std::string(address().uri()) + ')');
}

/// Whether it succeeded. Failing is for hosts that come and go; hanging is for none.
bool soak_actor::good(const error_code& code, const char* what) {
    --book_.under_way;
    if (!code)
        return true;
    if (!part_.may_fail || code == nettcp::net::errc::timed_out ||
        code == asio::error::operation_aborted)
        check(false, (std::string(what) + ": " + code.message()).c_str());
    book_.failed(code);
    return false;
}

asio::awaitable<void> soak_actor::buffered_session() {
    std::optional<nettcp::client> c(std::in_place, executor_, address(), options());
    error_code code;
    ++book_.under_way;
    co_await c->async_open(into(code));
    bool goes_on = good(code, "open");
    if (!goes_on)
        co_await pause(executor_, 20ms);
    for (auto steps = 1 + up_to(12); goes_on && steps != 0; --steps)
        goes_on = co_await chosen(*c);
    if (!goes_on)
        co_return;
    if (up_to(4) == 0)
        abort(c);
    else
        co_await close(*c);
}

soak_actor::flow soak_actor::chosen(nettcp::client& c) {
    switch (up_to(8)) {
    case 0: return notes(c);
    case 1: return back(c);
    case 2: return large(c);
    case 3: return cancel(c);
    case 4: return expire(c);
    default: return burst(c);
    }
}

/// Several calls at a time; all are answered, each with its own answer.
soak_actor::flow soak_actor::burst(nettcp::client& c) {
    const std::uint32_t count = 1 + up_to(16);
    gathering answers(executor_, count);
    bool all_good = true;
    for (std::uint32_t i = 0; i != count; ++i) {
        ++book_.under_way;
        const std::string text = next(ledger::call);
        c.async_call("urn:call", text_body(text),
                     [&, text](const error_code& code, nettcp::reply answer) {
                         if (good(code, "call")) {
                             check(text_of(answer.message()) == text, "another's answer");
                             book_.add(soak_book::calls);
                         } else {
                             all_good = false;
                         }
                         answers.one();
                     });
    }
    co_await answers.all();
    if (all_good)
        check(arrived(ledger::call), "answers to calls that have not arrived");
    co_return all_good;
}

/// One-way messages, and a call behind them: when it is answered, they have arrived.
soak_actor::flow soak_actor::notes(nettcp::client& c) {
    for (auto count = 1 + up_to(20); count != 0; --count) {
        error_code code;
        ++book_.under_way;
        co_await c.async_send("urn:note", text_body(next(ledger::note)), into(code));
        if (!good(code, "one-way message"))
            co_return false;
        book_.add(soak_book::notes);
    }
    const bool answered = co_await burst(c);
    if (answered)
        check(arrived(ledger::note), "one-way messages got lost");
    co_return answered;
}

soak_actor::flow soak_actor::back(nettcp::client& c) {
    const auto count = up_to(20);
    error_code code;
    told_ = 0;
    ++book_.under_way;
    nettcp::reply answer =
        co_await c.async_call("urn:back", text_body(std::to_string(count) + " x"), into(code));
    if (!good(code, "call with callbacks"))
        co_return false;
    check(text_of(answer.message()) == "answer to x", "callbacks of another");
    check(told_ == static_cast<int>(count), "callbacks got lost");
    book_.add(soak_book::callbacks, count + 1);
    co_return true;
}

soak_actor::flow soak_actor::large(nettcp::client& c) {
    return sent(std::string(up_to(200'000), 'x'), c, up_to(2) == 0 ? "urn:echo" : "urn:work");
}

soak_actor::flow soak_actor::sent(std::string text, nettcp::client& c, std::string_view action) {
    error_code code;
    ++book_.under_way;
    nettcp::reply answer = co_await c.async_call(action, text_body(text), into(code));
    if (!good(code, "echo"))
        co_return false;
    check(text_of(answer.message()) == text, "a wrong echo");
    book_.add(soak_book::calls);
    co_return true;
}

/// A call that is cancelled at some time leaves the session as it was; the host still serves it, so
/// a close waits for that.
soak_actor::flow soak_actor::cancel(nettcp::client& c) {
    asio::cancellation_signal signal;
    gathering end(executor_, 1);
    error_code ended;
    c.async_call("urn:sleep", text_body("100"),
                 asio::bind_cancellation_slot(signal.slot(), [&](const error_code& code, auto&&) {
                     ended = code;
                     end.one();
                 }));
    if (const auto wait = up_to(4); wait != 0)
        co_await pause(executor_, std::chrono::milliseconds(wait));
    signal.emit(asio::cancellation_type::terminal);
    co_await end.all();
    book_.add(soak_book::cancelled);
    ++book_.under_way;
    co_return ended == asio::error::operation_aborted ? good({}, "")
                                                      : good(ended, "cancelled call");
}

/// The same with a deadline that passes.
soak_actor::flow soak_actor::expire(nettcp::client& c) {
    error_code code;
    co_await c.async_call("urn:sleep", text_body("100"),
                          {.timeout = std::chrono::milliseconds(up_to(4))}, into(code));
    book_.add(soak_book::cancelled);
    ++book_.under_way;
    co_return code == nettcp::net::errc::timed_out ? good({}, "") : good(code, "expired call");
}

/// Sends something that nobody waits for, and closes: what has gone has arrived then, unless it was
/// the host that ended the session.
asio::awaitable<void> soak_actor::close(nettcp::client& c) {
    error_code code;
    ++book_.under_way;
    co_await c.async_send("urn:note", text_body(next(ledger::note)), into(code));
    if (!good(code, "one-way message"))
        co_return;
    book_.add(soak_book::notes);
    ++book_.under_way;
    co_await c.async_close(into(code));
    if (good(code, "close") && !part_.may_fail)
        check(arrived(ledger::note), "one-way messages before a close got lost");
}

/// Destroys the client with calls under way: each ends once.
void soak_actor::abort(std::optional<nettcp::client>& c) {
    for (auto count = up_to(6); count != 0; --count) {
        const bool sleeps = up_to(2) == 0;
        ++book_.under_way;
        c->async_call(sleeps ? "urn:sleep" : "urn:call",
                      text_body(sleeps ? "60000" : next(ledger::call)),
                      [book = &book_](const error_code&, auto&&) { --book->under_way; });
    }
    c.reset();
    book_.add(soak_book::aborted);
}

asio::awaitable<void> soak_actor::streamed_session() {
    nettcp::client c(executor_, address(), options());
    bool goes_on = true;
    for (auto steps = 1 + up_to(8); goes_on && steps != 0; --steps) {
        switch (up_to(6)) {
        case 0: goes_on = co_await give_up_download(c); break;
        case 1: goes_on = co_await cancel_upload(c); break;
        case 2: goes_on = co_await large(c); break;
        case 3: goes_on = co_await download(c); break;
        default: goes_on = co_await upload(c); break;
        }
    }
    if (!goes_on) {
        co_await pause(executor_, 20ms);
        co_return;
    }
    error_code code;
    ++book_.under_way;
    co_await c.async_close(into(code));
    good(code, "close");
}

soak_actor::flow soak_actor::upload(nettcp::client& c) {
    const std::uint64_t size = up_to(300'000);
    error_code code;
    nettcp::call_options with;
    with.stream = stamped_source(next(ledger::upload), size);
    ++book_.under_way;
    nettcp::reply answer = co_await c.async_call("urn:up", stream_body, with, into(code));
    if (!good(code, "upload"))
        co_return false;
    check(!answer.is_fault() && text_of(answer.message()) == std::to_string(size),
          "octets of a stream got lost");
    check(arrived(ledger::upload), "an answer to a stream that has not arrived");
    book_.add(soak_book::uploads);
    co_return true;
}

soak_actor::flow soak_actor::download(nettcp::client& c) {
    const std::uint64_t size = up_to(300'000);
    error_code code;
    nettcp::call_options with;
    with.stream_reply = true;
    ++book_.under_way;
    nettcp::reply answer =
        co_await c.async_call("urn:down", text_body(std::to_string(size)), with, into(code));
    if (code)
        co_return good(code, "download");
    nettcp::body_reader body = answer.stream();
    std::vector<std::byte> room(10'000);
    std::uint64_t at = 0;
    while (!code) {
        const std::size_t more = co_await body.async_read_some(asio::buffer(room), into(code));
        check(nettcp::interop::is_pattern(std::span(room).first(more), at),
              "wrong octets in a stream");
        at += more;
    }
    if (code == asio::error::eof) {
        check(at == size, "a stream has ended well without its end");
        book_.add(soak_book::downloads);
        code = {};
    }
    co_return good(code, "download");
}

/// Reads some of a stream and lets it go.
soak_actor::flow soak_actor::give_up_download(nettcp::client& c) {
    error_code code;
    nettcp::call_options with;
    with.stream_reply = true;
    ++book_.under_way;
    {
        nettcp::reply answer =
            co_await c.async_call("urn:down", text_body("100000000"), with, into(code));
        if (code)
            co_return good(code, "download");
        nettcp::body_reader body = answer.stream();
        std::vector<std::byte> room(10'000);
        for (auto times = up_to(20); !code && times != 0; --times)
            co_await body.async_read_some(asio::buffer(room), into(code));
    }
    book_.add(soak_book::given_up);
    co_return good(code, "download");
}

/// A stream that would never end is called off.
soak_actor::flow soak_actor::cancel_upload(nettcp::client& c) {
    nettcp::call_options with;
    with.stream = stamped_source(next(ledger::upload), ~std::uint64_t{0} >> 1);
    --places_[ledger::upload];  // never delivered
    asio::cancellation_signal signal;
    gathering end(executor_, 1);
    error_code ended;
    c.async_call("urn:up", stream_body, with,
                 asio::bind_cancellation_slot(signal.slot(), [&](const error_code& code, auto&&) {
                     ended = code;
                     end.one();
                 }));
    co_await pause(executor_, std::chrono::milliseconds(up_to(8)));
    signal.emit(asio::cancellation_type::terminal);
    co_await end.all();
    book_.add(soak_book::cancelled);
    ++book_.under_way;
    co_return ended == asio::error::operation_aborted ? good({}, "")
                                                      : good(ended, "cancelled upload");
}

}  // namespace load
