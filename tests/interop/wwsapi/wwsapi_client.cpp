// wwsapi_client.exe net.tcp://HOST:PORT/none/echo [CASE...]
// Drives the echo group with WWSAPI's channels, each case on sessions of its own. Prints "PASS case
// 12ms" or "FAIL case 12ms reason" and "TOTAL pass=N fail=N"; exits 0 only when something ran and
// nothing failed.
#include "echo_contract.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

namespace interop {
namespace {

std::wstring service_address;

void same(const std::string& wanted, const std::string& got, const char* what) {
    if (wanted != got)
        throw std::runtime_error(std::string(what) + " is '" + got + "', not '" + wanted + "'");
}

void same(long long wanted, long long got, const char* what) {
    same(std::to_string(wanted), std::to_string(got), what);
}

std::string text_of(const WS_XML_STRING& s) {
    return {reinterpret_cast<const char*>(s.bytes), s.length};
}

std::string text_of(const WS_XML_TEXT* text) {
    if (text->textType == WS_XML_TEXT_TYPE_UTF8)
        return text_of(reinterpret_cast<const WS_XML_UTF8_TEXT*>(text)->value);
    if (text->textType == WS_XML_TEXT_TYPE_INT32)
        return std::to_string(reinterpret_cast<const WS_XML_INT32_TEXT*>(text)->value);
    return "a text of type " + std::to_string(text->textType);
}

/// Elements of a body by the local names on the way to them.
struct element_content {
    std::string ns;
    std::string text;
};
using body_content = std::map<std::string, element_content>;

/// One WWSAPI channel: opened by the constructor, shut down and closed by `close`.
class session {
public:
    explicit session(ULONG octets_per_message = 4u << 20) {
        check("WsCreateError", WsCreateError(nullptr, 0, &error_));
        check("WsCreateHeap", WsCreateHeap(16u << 20, 0, nullptr, 0, &heap_, error_));
        ULONG largest = octets_per_message;
        const WS_CHANNEL_PROPERTY properties[] = {
            {WS_CHANNEL_PROPERTY_MAX_BUFFERED_MESSAGE_SIZE, &largest, sizeof largest}};
        check("WsCreateChannel",
              WsCreateChannel(WS_CHANNEL_TYPE_DUPLEX_SESSION, WS_TCP_CHANNEL_BINDING, properties, 1,
                              nullptr, &channel_, error_));
        WS_ENDPOINT_ADDRESS address = {};
        address.url.length = static_cast<ULONG>(service_address.size());
        address.url.chars = service_address.data();
        check("WsOpenChannel", WsOpenChannel(channel_, &address, nullptr, error_));
    }
    session(const session&) = delete;
    session& operator=(const session&) = delete;
    ~session() {
        if (channel_ != nullptr)
            WsFreeChannel(channel_);
        if (heap_ != nullptr)
            WsFreeHeap(heap_);
        if (error_ != nullptr)
            WsFreeError(error_);
    }

    void close() {
        check("WsShutdownSessionChannel", WsShutdownSessionChannel(channel_, nullptr, error_));
        check("WsCloseChannel", WsCloseChannel(channel_, nullptr, error_));
    }

    /// The reply's content, which lives as long as the session.
    template <class Reply, class Request>
    const Reply& call(message_shape& asked, const Request& request, message_shape& answered) {
        WS_MESSAGE* const question = new_message();
        WS_MESSAGE* const answer = new_message();
        Reply* content = nullptr;
        const HRESULT code =
            WsRequestReply(channel_, question, &asked.message, WS_WRITE_REQUIRED_VALUE, &request,
                           sizeof request, answer, &answered.message, WS_READ_REQUIRED_POINTER,
                           heap_, &content, sizeof content, nullptr, error_);
        WsFreeMessage(question);
        WsFreeMessage(answer);
        check("WsRequestReply", code);
        if (content == nullptr)
            throw std::runtime_error("WsRequestReply gave no content");
        return *content;
    }

    /// Sends Echo in the way of one-way messages, without a MessageID, and reads the fault that
    /// answers it: in single steps, which treat a fault as any other message, and node by node,
    /// since Wine's descriptions know faults of SOAP 1.1 only.
    body_content echo_without_id() {
        std::wstring text = L"who asks?";
        send(echo_request, text_content{text.data()});
        WS_MESSAGE* const answer = new_message();
        check("WsReadMessageStart", WsReadMessageStart(channel_, answer, nullptr, error_));
        BOOL is_fault = FALSE;
        check("WsGetMessageProperty", WsGetMessageProperty(answer, WS_MESSAGE_PROPERTY_IS_FAULT,
                                                           &is_fault, sizeof is_fault, error_));
        same(TRUE, is_fault, "whether it is a fault");
        WS_XML_READER* body = nullptr;
        check("WsGetMessageProperty", WsGetMessageProperty(answer, WS_MESSAGE_PROPERTY_BODY_READER,
                                                           &body, sizeof body, error_));
        body_content content = read_element(body);
        check("WsReadMessageEnd", WsReadMessageEnd(channel_, answer, nullptr, error_));
        WsFreeMessage(answer);
        return content;
    }

    void notify(std::wstring text) { send(notify_message, text_content{text.data()}); }

    void echoes(std::wstring text) {
        const text_content request = {text.data()};
        const auto& reply = call<text_content>(echo_request, request, echo_reply);
        if (reply.text == nullptr)
            throw std::runtime_error("the reply is nil");
        same(narrow(text), narrow(reply.text), "reply");
    }

    int notified(std::wstring text) {
        const text_content request = {text.data()};
        return call<number_content>(count_request, request, count_reply).number;
    }

private:
    /// From the start tag the reader stands on, or comes to next, to its end tag.
    body_content read_element(WS_XML_READER* in) {
        body_content content;
        std::vector<std::string> path;
        check("WsReadToStartElement", WsReadToStartElement(in, nullptr, nullptr, nullptr, error_));
        do {
            const WS_XML_NODE* node = nullptr;
            check("WsGetReaderNode", WsGetReaderNode(in, &node, error_));
            if (node->nodeType == WS_XML_NODE_TYPE_ELEMENT) {
                const auto* tag = reinterpret_cast<const WS_XML_ELEMENT_NODE*>(node);
                path.push_back((path.empty() ? "" : path.back() + "/") + text_of(*tag->localName));
                content[path.back()].ns = text_of(*tag->ns);
            } else if (node->nodeType == WS_XML_NODE_TYPE_TEXT) {
                // May come in pieces, as the prefix, colon and name of the fault's code do.
                content[path.back()].text +=
                    text_of(reinterpret_cast<const WS_XML_TEXT_NODE*>(node)->text);
            } else if (node->nodeType == WS_XML_NODE_TYPE_END_ELEMENT) {
                path.pop_back();
            }
            check("WsReadNode", WsReadNode(in, error_));
        } while (!path.empty());
        return content;
    }

    template <class Content>
    void send(message_shape& shape, const Content& content) {
        WS_MESSAGE* const message = new_message();
        const HRESULT code =
            WsSendMessage(channel_, message, &shape.message, WS_WRITE_REQUIRED_VALUE, &content,
                          sizeof content, nullptr, error_);
        WsFreeMessage(message);
        check("WsSendMessage", code);
    }

    void check(const char* function, HRESULT code) {
        if (FAILED(code))
            throw std::runtime_error(reason(function, code, error_));
    }

    WS_MESSAGE* new_message() {
        WS_MESSAGE* made = nullptr;
        check("WsCreateMessageForChannel",
              WsCreateMessageForChannel(channel_, nullptr, 0, &made, error_));
        return made;
    }

    WS_ERROR* error_ = nullptr;
    WS_HEAP* heap_ = nullptr;
    WS_CHANNEL* channel_ = nullptr;
};

const std::wstring unicode = wide("h\u00e9llo <&>\"' \u4f60\u597d \U0001F600 \t end");

void on_session(const std::function<void(session&)>& work) {
    session opened;
    work(opened);
    opened.close();
}

void echo_empty(session& opened) {
    const counted_text_content request = {};
    const auto& reply =
        opened.call<counted_text_content>(counted_echo_request, request, counted_echo_reply);
    same(0, reply.text.length, "length of the reply");
}

void echo_null(session& opened) {
    const text_content request = {nullptr};
    const auto& reply = opened.call<text_content>(echo_request, request, echo_reply);
    if (reply.text != nullptr)
        throw std::runtime_error("the reply is '" + narrow(reply.text) + "', not nil");
}

void echo_bytes(std::size_t length) {
    std::vector<BYTE> octets(length);
    for (std::size_t i = 0; i < length; ++i)
        octets[i] = static_cast<BYTE>(i * 7 + 3);
    on_session([&](session& opened) {
        const bytes_content request = {{static_cast<ULONG>(length), octets.data()}};
        const auto& reply = opened.call<bytes_content>(bytes_request, request, bytes_reply);
        same(static_cast<long long>(length), reply.bytes.length, "length of the reply");
        if (!std::equal(octets.begin(), octets.end(), reply.bytes.bytes))
            throw std::runtime_error("the reply has other octets");
    });
}

/// The names of the first calls come back as ids of the session's dictionaries, in both directions.
void many_calls(session& opened) {
    for (int i = 0; i < 50; ++i) {
        opened.echoes(L"call " + std::to_wstring(i));
        const pair_content numbers = {i, 7};
        const auto& sum = opened.call<pair_content>(add_request, numbers, add_reply);
        same(i + 7, sum.first, "sum");
        same(i - 7, sum.second, "difference");
    }
}

void one_way(session& opened) {
    const std::wstring text = L"note " + std::to_wstring(GetTickCount64());
    same(0, opened.notified(text), "count before");
    opened.notify(text);
    opened.notify(text);
    int count = 0;
    for (int i = 0; i < 100 && (count = opened.notified(text)) < 2; ++i)
        Sleep(20);
    same(2, count, "count after two notifications");
    opened.echoes(L"still here");
}

void fault(session& opened) {
    body_content got = opened.echo_without_id();
    same("http://www.w3.org/2003/05/soap-envelope", got["Fault"].ns, "namespace of the fault");
    same("s:Sender", got["Fault/Code/Value"].text, "fault code");
    same("a:MessageAddressingHeaderRequired", got["Fault/Code/Subcode/Value"].text, "subcode");
    const std::string reason = got["Fault/Reason/Text"].text;
    if (reason.find("MessageID") == std::string::npos)
        throw std::runtime_error("the reason is '" + reason + "'");
}

void many_sessions() {
    std::vector<std::unique_ptr<session>> sessions;
    for (int i = 0; i < 8; ++i)
        sessions.push_back(std::make_unique<session>());
    for (int round = 0; round < 3; ++round)
        for (std::size_t i = 0; i < sessions.size(); ++i)
            sessions[i]->echoes(L"session " + std::to_wstring(i) + L" round " +
                                std::to_wstring(round));
    for (auto& opened : sessions)
        opened->close();
}

using test_case = std::pair<std::string, std::function<void()>>;

std::vector<test_case> all_cases() {
    std::vector<test_case> cases;
    const auto in_session = [&](const char* name, std::function<void(session&)> work) {
        cases.emplace_back(name, [work = std::move(work)] { on_session(work); });
    };
    in_session("echo", [](session& s) { s.echoes(L"hello"); });
    in_session("echo-unicode", [](session& s) { s.echoes(unicode); });
    in_session("echo-crlf", [](session& s) { s.echoes(L"one\r\ntwo\rthree\nfour"); });
    in_session("echo-empty", echo_empty);
    in_session("echo-null", echo_null);
    in_session("chars-8000", [](session& s) { s.echoes(std::wstring(8000, L'x')); });
    for (const std::size_t length : {0, 1, 2, 3, 255, 256, 1000, 70000, 120000})
        cases.emplace_back("bytes-" + std::to_string(length), [length] { echo_bytes(length); });
    in_session("out-params", [](session& s) {
        const pair_content numbers = {-2147483647, 3};
        const auto& sum = s.call<pair_content>(add_request, numbers, add_reply);
        same(-2147483644, sum.first, "sum");
        same(2147483646, sum.second, "difference");  // wraps around, as in C#
    });
    in_session("many-calls", many_calls);
    in_session("oneway", one_way);
    in_session("fault", fault);
    in_session("after-fault", [](session& s) {
        fault(s);
        s.echoes(L"after the fault");
        fault(s);
        s.echoes(unicode);
    });
    cases.emplace_back("many-sessions", many_sessions);
    cases.emplace_back("reopen", [] {
        for (int i = 0; i < 5; ++i)
            on_session([i](session& s) { s.echoes(L"session " + std::to_wstring(i)); });
    });
    return cases;
}

int run(int count, char** arguments) {
    if (count < 2) {
        std::fputs("usage: wwsapi_client.exe net.tcp://HOST:PORT/none/echo [CASE...]\n", stderr);
        return 2;
    }
    service_address = wide(arguments[1]);
    const std::vector<std::string> wanted(arguments + 2, arguments + count);
    int passed = 0;
    int failed = 0;
    for (const auto& [name, work] : all_cases()) {
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), name) == wanted.end())
            continue;
        const ULONGLONG started = GetTickCount64();
        std::string why;
        try {
            work();
        } catch (const std::exception& failure) {
            why = failure.what();
        }
        const ULONGLONG took = GetTickCount64() - started;
        ++(why.empty() ? passed : failed);
        std::printf("%s %s %llums%s%s\n", why.empty() ? "PASS" : "FAIL", name.c_str(), took,
                    why.empty() ? "" : " ", why.c_str());
    }
    std::printf("TOTAL pass=%d fail=%d\n", passed, failed);
    return failed == 0 && passed > 0 ? 0 : 1;
}

}  // namespace
}  // namespace interop

int main(int count, char** arguments) {
    std::setvbuf(stdout, nullptr, _IONBF, 0);
    return interop::run(count, arguments);
}
