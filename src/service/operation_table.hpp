#pragma once

#include "service/instance_rules.hpp"

#include <nettcp/service/service.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace nettcp {

/// One action of an endpoint. Every kind of handler has become a function that takes the call over.
struct operation {
    std::string action;
    std::string reply_action;
    operation_options options;
    std::function<void(incoming_call)> start;
};

/// The actions of an endpoint. Immutable once an endpoint has it.
struct operation_table {
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>()(text);
        }
    };

    /// The operation for an action, or the one for all others, or null.
    const operation* find(std::string_view action) const noexcept {
        const auto found = operations.find(action);
        if (found != operations.end())
            return &found->second;
        const auto other = operations.find(std::string_view("*"));
        return other != operations.end() ? &other->second : nullptr;
    }

    std::unordered_map<std::string, operation, text_hash, std::equal_to<>> operations;
    std::shared_ptr<const instance_rules> instances;  ///< null: handlers belong to none
};

}  // namespace nettcp
