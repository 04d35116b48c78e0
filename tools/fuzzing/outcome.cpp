#include "outcome.hpp"

#include "piece.hpp"

namespace nettcp::fuzzing {

std::string_view to_string(ending how) noexcept {
    switch (how) {
    case ending::refused: return "no connection";
    case ending::open: return "left open";
    case ending::closed: return "closed";
    case ending::reset: return "reset";
    case ending::left: return "ended by us";
    }
    return {};
}

std::vector<std::string> answers_of(bytes_view received) {
    std::vector<std::string> answers;
    for (const piece& one : cut(received)) {
        const auto type = type_of(one);
        if (type && framing::is_defined(*type)) {
            std::string said(framing::to_string(*type));
            if (*type == framing::record_type::fault)
                said += " " + std::string(as_text(content_of(one)));
            answers.push_back(std::move(said));
        } else if (one.type != piece_type::chunk) {
            answers.push_back("octets " + hex_of(one.content, 8));
        }
        if (type == framing::record_type::upgrade_response)
            break;  // what follows is the upgrade's
    }
    return answers;
}

std::string to_text(const outcome& what) {
    std::string text;
    for (const std::string& one : answers_of(what.received))
        text += one + ", ";
    text += to_string(what.end);
    if (!what.overdue.empty())
        text += "; " + what.overdue;
    return text;
}

std::string class_of(const outcome& what) {
    const auto answers = answers_of(what.received);
    std::string text = answers.empty() ? "nothing" : answers.front();
    for (std::size_t i = 1; i < answers.size(); ++i) {
        if (answers[i].starts_with("fault "))
            text += ", " + answers[i];
    }
    if (what.end == ending::refused)
        text += ", no connection";
    if (!what.overdue.empty())
        text += ", " + what.overdue;
    return text;
}

bool agree(const outcome& one, const outcome& other) {
    if (class_of(one) == class_of(other))
        return true;
    const auto lossy = [](const outcome& what) {
        return what.end == ending::reset || what.end == ending::left;
    };
    return one.overdue.empty() && other.overdue.empty() && (lossy(one) || lossy(other)) &&
           one.end != ending::refused && other.end != ending::refused;
}

}  // namespace nettcp::fuzzing
