#include "duty_watch.hpp"

#include <algorithm>
#include <cstring>

namespace nettcp::fuzzing {
namespace {

framing_limits without_limits() {
    framing_limits limits;
    limits.max_message_size = limits.max_via_size = limits.max_content_type_size = 0x7fffffff;
    limits.max_upgrade_name_size = limits.max_fault_size = 0x7fffffff;
    return limits;
}

}  // namespace

duty_watch::duty_watch() : session_(framing::role::acceptor, without_limits()) {}

void duty_watch::add(bytes_view sent) {
    while (follows_ && !sent.empty()) {
        if (!session_.wants_input()) {
            follows_ = false;
            return;
        }
        const auto room = session_.input_space();
        const std::size_t size = std::min(room.size(), sent.size());
        std::memcpy(room.data(), sent.data(), size);
        session_.received(size);
        sent = sent.subspan(size);
        take_events();
    }
}

void duty_watch::take_events() {
    const auto answer = [this](std::string_view why) {
        ++owed_.answers;
        owed_.why = why;
    };
    while (follows_) {
        const framing::event seen = session_.next_event();
        switch (seen.type) {
        case framing::event_type::none:
            if (session_.failed())
                judge_failure();
            session_.output_sent(session_.output().size());
            return;
        case framing::event_type::upgrade_requested:
            answer("the client has asked for an upgrade");
            follows_ = false;
            break;
        case framing::event_type::preamble_ended:
            answer("the preamble is complete");
            follows_ = session_.ack_preamble().has_value();
            break;
        case framing::event_type::peer_ended:
            answer("the client has ended the session");
            follows_ = session_.end().has_value();
            break;
        default: break;
        }
    }
}

void duty_watch::judge_failure() {
    using framing::errc;
    follows_ = false;
    const auto code = session_.failure().code;
    if (code == make_error_code(errc::record_unknown))
        owed_.why = "an octet is no record";
    else if (code == make_error_code(errc::record_not_allowed) ||
             code == make_error_code(errc::message_after_end))
        owed_.why = "a record is not allowed where it stands";
    else if (code == make_error_code(errc::version_unsupported))
        owed_.why = "there is no such version";
    else if (code == make_error_code(errc::mode_unknown))
        owed_.why = "there is no such mode";
    else if (code == make_error_code(base_errc::size_overflow))
        owed_.why = "a size has more than 31 bits";
    else
        return;
    owed_.ends = true;
}

void mark_due(script& steps) {
    duty_watch watch;
    duty before;
    for (step& one : steps) {
        watch.add(one.content);
        if (one.type != step_type::await)
            continue;
        one.due = watch.owed() != before;
        before = watch.owed();
    }
}

}  // namespace nettcp::fuzzing
