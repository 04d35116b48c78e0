#pragma once

#include <nettcp/contract/operation.hpp>

/// The contract `IChat` in namespace `http://peers.test/svc`, with its callbacks.
namespace nettcp::interop::i_chat {

using text = std::optional<std::string>;  ///< null is empty

inline constexpr contract::service_contract self{"IChat", "http://peers.test/svc"};

inline constexpr contract::operation<std::int32_t(text, std::int32_t)> subscribe{
    self, "Subscribe", {"name", "count"}};
inline constexpr contract::operation<void(text)> say{self, "Say", {"text"}, {.one_way = true}};
inline constexpr contract::operation<text(text)> ask_back{self, "AskBack", {"question"}};
inline constexpr contract::operation<text()> session_id{self, "SessionId"};

// IChatCallback: what the client serves.
inline constexpr contract::operation<void(text, text)> on_message{
    self, "OnMessage", {"from", "text"}, {.one_way = true}};
inline constexpr contract::operation<text(text)> ask{self, "Ask", {"question"}};

}  // namespace nettcp::interop::i_chat
