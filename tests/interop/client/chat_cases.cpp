#include "chat_cases.hpp"

#include "interop_service/chat_contract.hpp"
#include "echo_client.hpp"

#include <nettcp/service/typed_operation.hpp>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace nettcp::interop {
namespace {

using i_chat::text;

constexpr auto patience = std::chrono::seconds(10);

/// What the host has told us by OnMessage.
class inbox {
public:
    using message = std::pair<text, text>;

    void add(text from, text words) {
        const std::lock_guard lock(guard_);
        got_.emplace_back(std::move(from), std::move(words));
        more_.notify_all();
    }
    std::vector<message> wait_for(std::size_t count) {
        std::unique_lock lock(guard_);
        more_.wait_for(lock, patience, [&] { return got_.size() >= count; });
        return got_;
    }

private:
    std::mutex guard_;
    std::condition_variable more_;
    std::vector<message> got_;
};

std::string chat_address(const target& where) {
    std::string address(where.address.uri());
    return address.replace(address.rfind('/') + 1, std::string::npos, "chat");
}

nettcp::client_options with_callbacks(nettcp::client_options options,
                                      const std::shared_ptr<inbox>& got) {
    nettcp::serve(options.callbacks, i_chat::on_message,
                  [got](text from, text words) { got->add(std::move(from), std::move(words)); });
    nettcp::serve(options.callbacks, i_chat::ask, [](const text& question) -> text {
        return "answer to " + question.value_or("");
    });
    return options;
}

/// The operations of `IChat` as blocking functions.
class chat_client {
public:
    explicit chat_client(const target& where)
        : client_(chat_address(where), with_callbacks(where.options, got_)) {}

    template <class Operation>
    auto ask(const nettcp::contract::request<Operation>& request) {
        return value_of(*request.operation, nettcp::call(client_, request));
    }
    void say(const std::string& words) { nettcp::send(client_, i_chat::say(words)); }
    void close() { client_.close(); }
    inbox& got() noexcept { return *got_; }

private:
    std::shared_ptr<inbox> got_ = std::make_shared<inbox>();
    nettcp::client client_;
};

void duplex_subscribe(const target& where) {
    chat_client session(where);
    const std::int32_t count = session.ask(i_chat::subscribe("bob", 3));
    must(count == 3, "the count came back as " + std::to_string(count));
    const auto got = session.got().wait_for(3);
    must(got.size() == 3, std::to_string(got.size()) + " messages came instead of 3");
    for (std::size_t i = 0; i != 3; ++i) {
        must(got[i].first == "server", "a message came from somebody else");
        const std::string words = "hello bob #" + std::to_string(i);
        must(got[i].second == words, "message " + std::to_string(i) + " says \"" +
                                         got[i].second.value_or("") + "\" instead of \"" + words +
                                         '"');
    }
    session.close();
}

void duplex_say(const target& where) {
    chat_client session(where);
    must(session.ask(i_chat::subscribe("eve", 0)) == 0, "the count came back as another");
    session.say("hi");
    const auto got = session.got().wait_for(1);
    must(got.size() == 1, "no message came");
    must(got[0] == inbox::message("eve", "echo: hi"), "the message says something else");
    session.close();
}

void duplex_ask_back(const target& where) {
    chat_client session(where);
    const text answer = session.ask(i_chat::ask_back("why"));
    must(answer == "client said: answer to why", "the answer is " + answer.value_or("null"));
    session.close();
}

void duplex_session(const target& where) {
    std::vector<text> ids;
    for (int i = 0; i != 2; ++i) {
        chat_client session(where);
        const text id = session.ask(i_chat::session_id());
        must(id && !id->empty(), "the session has no id");
        must(session.ask(i_chat::session_id()) == id, "the id has changed within a session");
        ids.push_back(id);
        session.close();
    }
    must(ids[0] != ids[1], "two sessions have the same id");
}

constexpr echo_case all_cases[] = {
    {"duplex-subscribe", duplex_subscribe},
    {"duplex-say", duplex_say},
    {"duplex-askback", duplex_ask_back},
    {"duplex-session", duplex_session},
};

}  // namespace

std::span<const echo_case> chat_cases() noexcept {
    return all_cases;
}

}  // namespace nettcp::interop
