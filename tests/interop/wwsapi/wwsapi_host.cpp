// wwsapi_host.exe net.tcp://HOST:PORT/none/echo
// Serves the echo group with a WWSAPI listener, one session after the other: Wine's listener
// accepts onto a single channel. Prints READY when it listens; ends when its standard input does.
#include "echo_contract.hpp"

#include <cstdint>
#include <map>
#include <stdexcept>
#include <thread>

namespace interop {
namespace {

/// One-way messages seen, per text.
class notification_counts {
public:
    void add(const WCHAR* text) { ++counts_[text == nullptr ? L"" : text]; }
    int count(const WCHAR* text) {
        const auto found = counts_.find(text == nullptr ? L"" : text);
        return found == counts_.end() ? 0 : found->second;
    }

private:
    std::map<std::wstring, int> counts_;
};

notification_counts notifications;

void check(const char* function, HRESULT code, WS_ERROR* error) {
    if (FAILED(code))
        throw std::runtime_error(reason(function, code, error));
}

/// The channel that all sessions use in turn.
class channel {
public:
    explicit channel(WS_LISTENER* listener) : listener_(listener) {
        check("WsCreateError", WsCreateError(nullptr, 0, &error_), nullptr);
        check("WsCreateHeap", WsCreateHeap(16u << 20, 0, nullptr, 0, &heap_, error_), error_);
        ULONG largest = 4u << 20;
        const WS_CHANNEL_PROPERTY properties[] = {
            {WS_CHANNEL_PROPERTY_MAX_BUFFERED_MESSAGE_SIZE, &largest, sizeof largest}};
        check("WsCreateChannelForListener",
              WsCreateChannelForListener(listener, properties, 1, &channel_, error_), error_);
    }
    channel(const channel&) = delete;
    channel& operator=(const channel&) = delete;
    ~channel() {
        if (channel_ != nullptr)
            WsFreeChannel(channel_);
        if (heap_ != nullptr)
            WsFreeHeap(heap_);
        if (error_ != nullptr)
            WsFreeError(error_);
    }

    void accept() {
        check("WsAcceptChannel", WsAcceptChannel(listener_, channel_, nullptr, error_), error_);
    }

    /// Answers messages until the client ends the session, or does something that we cannot read.
    void serve() {
        try {
            while (answer_one())
                WsResetHeap(heap_, error_);
        } catch (const std::exception& failure) {
            std::printf("session: %s\n", failure.what());
        }
        WsCloseChannel(channel_, nullptr, error_);
        check("WsResetChannel", WsResetChannel(channel_, error_), error_);
    }

private:
    bool answer_one() {
        static const WS_MESSAGE_DESCRIPTION* const requests[] = {
            &echo_request.message, &bytes_request.message, &add_request.message,
            &notify_message.message, &count_request.message};
        WS_MESSAGE* const asked = new_message();
        void* content = nullptr;
        ULONG which = 0;
        const HRESULT code =
            WsReceiveMessage(channel_, asked, const_cast<const WS_MESSAGE_DESCRIPTION**>(requests),
                             5, WS_RECEIVE_OPTIONAL_MESSAGE, WS_READ_REQUIRED_POINTER, heap_,
                             &content, sizeof content, &which, nullptr, error_);
        if (code == WS_S_END) {
            WsFreeMessage(asked);
            return false;
        }
        check("WsReceiveMessage", code, error_);
        answer(which, content, asked);
        WsFreeMessage(asked);
        return true;
    }

    void answer(ULONG which, const void* content, WS_MESSAGE* asked) {
        if (which == 0) {
            send(echo_reply, *static_cast<const text_content*>(content), asked);
        } else if (which == 1) {
            send(bytes_reply, *static_cast<const bytes_content*>(content), asked);
        } else if (which == 2) {
            const auto& numbers = *static_cast<const pair_content*>(content);
            const auto a = static_cast<std::uint32_t>(numbers.first);
            const auto b = static_cast<std::uint32_t>(numbers.second);
            send(add_reply, pair_content{static_cast<int>(a + b), static_cast<int>(a - b)}, asked);
        } else if (which == 3) {
            notifications.add(static_cast<const text_content*>(content)->text);
        } else {
            const WCHAR* text = static_cast<const text_content*>(content)->text;
            send(count_reply, number_content{notifications.count(text)}, asked);
        }
    }

    template <class Content>
    void send(message_shape& shape, const Content& content, WS_MESSAGE* asked) {
        WS_MESSAGE* const message = new_message();
        const HRESULT code =
            WsSendReplyMessage(channel_, message, &shape.message, WS_WRITE_REQUIRED_VALUE, &content,
                               sizeof content, asked, nullptr, error_);
        WsFreeMessage(message);
        check("WsSendReplyMessage", code, error_);
    }

    WS_MESSAGE* new_message() {
        WS_MESSAGE* made = nullptr;
        check("WsCreateMessageForChannel",
              WsCreateMessageForChannel(channel_, nullptr, 0, &made, error_), error_);
        return made;
    }

    WS_LISTENER* listener_;
    WS_CHANNEL* channel_ = nullptr;
    WS_ERROR* error_ = nullptr;
    WS_HEAP* heap_ = nullptr;
};

int run(std::wstring address) {
    WS_ERROR* error = nullptr;
    check("WsCreateError", WsCreateError(nullptr, 0, &error), nullptr);
    WS_LISTENER* listener = nullptr;
    check("WsCreateListener",
          WsCreateListener(WS_CHANNEL_TYPE_DUPLEX_SESSION, WS_TCP_CHANNEL_BINDING, nullptr, 0,
                           nullptr, &listener, error),
          error);
    WS_STRING url = {static_cast<ULONG>(address.size()), address.data()};
    check("WsOpenListener", WsOpenListener(listener, &url, nullptr, error), error);
    std::printf("READY %s modes=none\n", narrow(address).c_str());
    channel accepted(listener);
    for (;;) {
        accepted.accept();
        accepted.serve();
    }
}

/// Whoever started us closes our standard input when it has seen enough.
void end_with_input() {
    while (std::getchar() != EOF) {
    }
    ExitProcess(0);
}

}  // namespace
}  // namespace interop

int main(int count, char** arguments) {
    std::setvbuf(stdout, nullptr, _IONBF, 0);
    if (count != 2) {
        std::fputs("usage: wwsapi_host.exe net.tcp://HOST:PORT/none/echo\n", stderr);
        return 2;
    }
    std::thread(interop::end_with_input).detach();
    try {
        return interop::run(interop::wide(arguments[1]));
    } catch (const std::exception& failure) {
        std::printf("%s\n", failure.what());
        return 1;
    }
}
