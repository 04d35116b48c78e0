#include <nettcp/service/session_event.hpp>

#include <nettcp/base/utf8.hpp>

namespace nettcp {

std::string_view to_string(session_event::kind value) noexcept {
    switch (value) {
    case session_event::kind::accepted: return "accepted";
    case session_event::kind::opened: return "opened";
    case session_event::kind::refused: return "refused";
    case session_event::kind::failed: return "failed";
    case session_event::kind::closed: return "closed";
    case session_event::kind::disconnected: return "disconnected";
    case session_event::kind::call_failed: return "call failed";
    case session_event::kind::accept_failed: return "accept failed";
    }
    return {};
}

std::string to_string(const session_event& event) {
    std::string line;
    if (event.session.id != 0)
        line = "connection " + std::to_string(event.session.id) + ' ';
    line += to_string(event.what);
    if (!event.session.peer.empty())
        line += ", peer " + event.session.peer;
    if (!event.session.via.empty())
        line += ", via " + event.session.via;
    if (const auto& caller = event.session.caller; caller && !caller->name.empty())
        line += ", caller \"" + printable(caller->name) + "\" by " + caller->mechanism;
    if (event.why.code)
        line += ": " + event.why.message();
    if (!event.note.empty()) {
        line += event.why.code ? " " : ": ";
        line += event.note;
    }
    return line;
}

}  // namespace nettcp
