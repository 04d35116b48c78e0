#pragma once

#include <nettcp/calls/reply.hpp>
#include <nettcp/net/diagnostics.hpp>

#include <cstdint>
#include <string>

namespace nettcp::cli {

/// What is shown of an answer, or why it cannot be read.
struct answer_text {
    std::string text;  ///< with its `\n`
    bool is_fault = false;
    bool readable = true;
    error failure = {};  ///< when it is not readable
};

/// An answer for people: the content of its body as indented XML, or its fault in words.
answer_text human_answer(reply& answer);

/// The same as one line of JSON. `number` counts the calls from 1.
answer_text json_answer(reply& answer, std::uint64_t number);

/// A failed call as one line of JSON.
std::string json_failure(const diagnostics& why, std::uint64_t number);

/// A one-way message that went out, as one line of JSON.
std::string json_sent(std::uint64_t number);

}  // namespace nettcp::cli
