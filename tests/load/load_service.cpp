// Decides what hosts of these tests answer.
#include "load/load_service.hpp"

#include "load/processes.hpp"
#include "load/texts.hpp"

#include "interop_service/pattern.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <limits>

namespace load {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using nettcp::incoming_call;

std::string text_of(incoming_call& call) {
    return load::text_of(call.message());
}

void note_down(ledger* seen, ledger::kind what, const std::string& text) {
    const auto from = stamp::parse(text);
    must(from.has_value(), "a message without a stamp");
    if (seen != nullptr)
        seen->delivered(what, from->client, from->message);
}

asio::awaitable<void> sleep(incoming_call& call) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    timer.expires_after(std::chrono::milliseconds(std::stoi(text_of(call))));
    co_await timer.async_wait(asio::use_awaitable);
    call.reply(text_body("slept"));
}

asio::awaitable<void> back(incoming_call& call) {
    const std::string asked = text_of(call);
    const std::size_t space = asked.find(' ');
    const nettcp::callback_channel caller = call.callback();
    for (int i = 1; i <= std::stoi(asked); ++i)
        co_await caller.async_send("urn:told", text_body(std::to_string(i)));
    nettcp::reply answer =
        co_await caller.async_call("urn:asked", text_body(asked.substr(space + 1)));
    call.reply(text_body(load::text_of(answer.message())));
}

/// One call that has called back many times.
struct many_callbacks {
    many_callbacks(incoming_call asked, int count) : call(std::move(asked)), left(count) {}
    void answered(int which, const error_code& code, nettcp::reply answer) {
        if (!code && !answer.is_fault() &&
            load::text_of(answer.message()) == "answer to " + std::to_string(which))
            ++right;
        if (--left == 0)
            call.reply(text_body(std::to_string(right)));
    }

    incoming_call call;
    int left;
    int right = 0;
};

void many(incoming_call call) {
    const int count = std::stoi(text_of(call));
    const auto caller = call.callback();
    const auto all = std::make_shared<many_callbacks>(std::move(call), count);
    for (int i = 1; i <= count; ++i) {
        caller.async_call("urn:asked", text_body(std::to_string(i)),
                          [all, i](const error_code& code, nettcp::reply answer) {
                              all->answered(i, code, std::move(answer));
                          });
    }
}

asio::awaitable<void> up(incoming_call& call, std::shared_ptr<ledger> seen) {
    nettcp::body_reader from = call.stream();
    std::vector<std::byte> room(16384);
    std::string head;
    bool has_head = false;
    std::uint64_t size = 0;
    for (error_code code; code != asio::error::eof;) {
        const std::size_t arrived = co_await from.async_read_some(
            asio::buffer(room), asio::redirect_error(asio::use_awaitable, code));
        if (code && code != asio::error::eof)
            throw boost::system::system_error(code);
        nettcp::bytes_view part(room.data(), arrived);
        while (!has_head && !part.empty()) {
            has_head = part.front() == std::byte{'\n'};
            if (!has_head)
                head += static_cast<char>(part.front());
            part = part.subspan(1);
        }
        must(nettcp::interop::is_pattern(part, size), "a stream that is not what was sent");
        size += part.size();
    }
    note_down(seen.get(), ledger::upload, head);
    call.reply(text_body(std::to_string(size)));
}

void down(incoming_call& call) {
    call.reply_stream(stream_body, nettcp::interop::pattern_source(std::stoull(text_of(call))));
}

void held(incoming_call& call) {
    const holding now = now_held();
    call.reply(text_body(std::to_string(now.resident) + ' ' + std::to_string(now.heap) + ' ' +
                         std::to_string(now.descriptors)));
}

}  // namespace

nettcp::service load_service(asio::any_io_executor workers, std::shared_ptr<ledger> seen) {
    const auto echo = [](incoming_call& call) { call.reply(text_body(text_of(call))); };
    nettcp::service made;
    made.on("urn:echo", echo);
    made.on_executor(std::move(workers), "urn:work", echo);
    made.on("urn:call", [seen](incoming_call& call) {
        const std::string text = text_of(call);
        note_down(seen.get(), ledger::call, text);
        call.reply(text_body(text));
    });
    made.on("urn:note",
            [seen](incoming_call& call) { note_down(seen.get(), ledger::note, text_of(call)); },
            {.one_way = true});
    made.on("urn:sleep", sleep);
    made.on("urn:back", back);
    made.on("urn:many", many);
    made.on("urn:up",
            [seen](incoming_call& call) -> asio::awaitable<void> { return up(call, seen); },
            {.streamed = true});
    made.on("urn:down", down);
    made.on("urn:held", held);
    return made;
}

}  // namespace load
