#pragma once

#include "script.hpp"

#include <functional>

namespace nettcp::fuzzing {

/// Whether what was found is found with this script, too.
using still_found = std::function<bool(const script&)>;

struct minimized {
    script steps;
    unsigned tries = 0;
};

/// Looks for a smaller script that does the same: puts writes together and cuts them into records,
/// leaves steps out, then octets. Asks `found` at most `max_tries` times; the script returned is
/// `from`, or one that `found` has agreed to.
minimized minimize(script from, const still_found& found, unsigned max_tries);

}  // namespace nettcp::fuzzing
