#include "interop_service/chat_service.hpp"

#include "interop_service/chat_contract.hpp"

#include <nettcp/calls/typed_call.hpp>
#include <nettcp/service/typed_operation.hpp>

#include <boost/asio/detached.hpp>

#include <algorithm>
#include <memory>
#include <vector>

namespace nettcp::interop {
namespace {

namespace asio = boost::asio;
using i_chat::text;

/// Who has subscribed on which session.
class subscribers {
public:
    void add(const callback_channel& who, text name) {
        std::erase_if(known_,
                      [&](const entry& each) { return each.who == who || !each.who.is_open(); });
        known_.push_back({who, std::move(name)});
    }
    text name_of(const callback_channel& who) const {
        const auto found = std::ranges::find(known_, who, &entry::who);
        return found == known_.end() ? text("?") : found->name;
    }

private:
    struct entry {
        callback_channel who;
        text name;
    };
    std::vector<entry> known_;
};

asio::awaitable<std::int32_t> subscribe(subscribers& all, incoming_call& call, text name,
                                        std::int32_t count) {
    const callback_channel back = call.callback();
    all.add(back, name);
    for (std::int32_t i = 0; i < count; ++i) {
        const std::string hello = "hello " + name.value_or("") + " #" + std::to_string(i);
        co_await async_send(back, i_chat::on_message("server", hello));
    }
    co_return count;
}

asio::awaitable<text> ask_back(incoming_call& call, text question) {
    auto answer = co_await async_call(call.callback(), i_chat::ask(std::move(question)));
    co_return "client said: " + answer.value().value_or("");
}

text session_id(incoming_call& call) {
    std::string id = "urn:uuid:";
    append_text(id, call.session().session);
    return id;
}

}  // namespace

service make_chat_service() {
    const auto all = std::make_shared<subscribers>();
    service operations;
    serve(operations, i_chat::subscribe, [all](incoming_call& call, text name, std::int32_t count) {
        return subscribe(*all, call, std::move(name), count);
    });
    serve(operations, i_chat::say, [all](incoming_call& call, const text& words) {
        const callback_channel back = call.callback();
        async_send(back, i_chat::on_message(all->name_of(back), "echo: " + words.value_or("")),
                   asio::detached);
    });
    serve(operations, i_chat::ask_back, ask_back);
    serve(operations, i_chat::session_id, session_id);
    return operations;
}

}  // namespace nettcp::interop
