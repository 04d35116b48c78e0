// A chat room: the service calls its clients back, within their calls and whenever it likes.
//
//     05_duplex_chat
#include <nettcp/client/typed_call.hpp>
#include <nettcp/service/service_host.hpp>
#include <nettcp/service/typed_operation.hpp>

#include <boost/asio/detached.hpp>

#include <cstdio>
#include <future>
#include <map>

// [contract]
namespace chat {

using nettcp::contract::operation;

// [ServiceContract(Namespace = "urn:chat", CallbackContract = typeof(IRoomCallback))] IRoom
inline constexpr nettcp::contract::service_contract i_room{"IRoom", "urn:chat"};
inline constexpr operation<std::string(std::string)> join{i_room, "Join", {"name"}};
inline constexpr operation<void(std::string)> say{i_room, "Say", {"text"}, {.one_way = true}};

// IRoomCallback: what clients serve. WCF names these after the service's contract, too.
inline constexpr operation<bool(std::string)> agree{i_room, "Agree", {"rules"}};
inline constexpr operation<void(std::string, std::string)> heard{
    i_room, "Heard", {"name", "text"}, {.one_way = true}};

}  // namespace chat
// [contract]

// [service]
class room {
public:
    /// Asks the caller before it answers it: the call waits, the session does not.
    boost::asio::awaitable<std::string> join(nettcp::incoming_call& call, std::string name) {
        const nettcp::callback_channel guest = call.callback();
        auto agreed = co_await nettcp::async_call(guest, chat::agree("be kind"));
        if (!agreed.value())
            co_return "another time, " + name;
        std::erase_if(guests_, [](const auto& each) { return !each.second.is_open(); });
        guests_.insert_or_assign(name, guest);  // good as long as the session lives
        co_return "welcome, " + name;
    }

    void say(nettcp::incoming_call& call, const std::string& text) {
        const nettcp::callback_channel from = call.callback();
        std::string speaker = "somebody";
        for (const auto& [name, guest] : guests_)
            if (guest == from)
                speaker = name;
        for (const auto& [name, guest] : guests_)
            nettcp::async_send(guest, chat::heard(speaker, text), boost::asio::detached);
    }

private:
    std::map<std::string, nettcp::callback_channel> guests_;
};

nettcp::service make_room() {
    const auto self = std::make_shared<room>();
    nettcp::service operations;
    nettcp::serve(operations, chat::join, [self](nettcp::incoming_call& call, std::string name) {
        return self->join(call, std::move(name));
    });
    nettcp::serve(operations, chat::say,
                  [self](nettcp::incoming_call& call, std::string text) { self->say(call, text); });
    return operations;
}
// [service]

// [client]
class guest {
public:
    guest(const nettcp::endpoint_address& address, const std::string& name)
        : service_(address, options(name)) {
        std::puts(nettcp::call(service_, chat::join(name)).value().c_str());
    }
    void say(const std::string& text) { nettcp::send(service_, chat::say(text)); }
    void wait_for_words() { heard_.get_future().wait(); }

private:
    /// Callbacks run on the client's own thread.
    nettcp::client_options options(const std::string& name) {
        nettcp::client_options chosen;
        nettcp::serve(chosen.callbacks, chat::agree,
                      [](const std::string& rules) { return rules == "be kind"; });
        nettcp::serve(chosen.callbacks, chat::heard,
                      [this, name](const std::string& who, const std::string& text) {
                          std::printf("%s hears %s say: %s\n", name.c_str(), who.c_str(),
                                      text.c_str());
                          heard_.set_value();
                      });
        return chosen;
    }

    std::promise<void> heard_;
    nettcp::client service_;
};
// [client]

int main() {
    try {
        nettcp::service_host host;
        host.add_endpoint("/room", make_room());
        const auto port = std::to_string(host.listen("127.0.0.1", 0).port);
        host.start();
        const nettcp::endpoint_address address("net.tcp://127.0.0.1:" + port + "/room");
        guest alice(address, "alice");
        guest bob(address, "bob");
        alice.say("hello, everybody");
        alice.wait_for_words();
        bob.wait_for_words();
    } catch (const nettcp::failure& failed) {
        std::fprintf(stderr, "%s\n", failed.diagnostics().message().c_str());
        return 1;
    }
}
