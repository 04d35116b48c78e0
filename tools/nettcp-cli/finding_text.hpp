#pragma once

#include <nettcp/inspect/conversation.hpp>

#include <string>
#include <string_view>

namespace nettcp::cli {

/// A finding for people: a line, strings that are new in the dictionary, the envelope below it.
/// XML is shown as it is in the finding, indented if it was asked for so.
std::string human_text(const inspect::finding& found, bool colours);

/// A finding as one line of JSON, with its `\n`. `file` is left out when empty.
std::string json_line(const inspect::finding& found, std::string_view file = {});

}  // namespace nettcp::cli
