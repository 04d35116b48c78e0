#pragma once

#include "service/instance_line.hpp"

#include <nettcp/service/instance_mode.hpp>

#include <functional>
#include <memory>

namespace nettcp {

/// Which instance of a user's class serves a call, and whether calls take turns for it.
struct instance_rules {
    bool takes_turns() const noexcept { return options.concurrency != concurrency_mode::multiple; }

    instance_options options;
    std::function<std::shared_ptr<void>()> make;  ///< may throw
    std::shared_ptr<void> single;  ///< the instance, if there is one for all
    std::shared_ptr<instance_line> line;  ///< its line
};

/// What a session has of a service with instances: its own instance, and its place in line. Calls
/// of one session take turns even when each has an instance of its own, as in WCF: so they begin
/// and end in order.
struct session_instance {
    std::shared_ptr<void> object;  ///< made by the first call, in `per_session`
    std::shared_ptr<instance_line> line;
    line_place granted;  ///< for the call that waits
    bool waits = false;
};

}  // namespace nettcp
