#pragma once

#include "calls/operation_list.hpp"

#include <nettcp/calls/operation.hpp>

#include <memory>
#include <vector>

namespace nettcp {

class client_core;

/// The connections of a client whose transfer is streamed: each carries one call at a time, so
/// calls that are under way together take one each, as many as the options allow; more wait.
///
/// A lane is a `client_core` of its own that is given one operation at a time.
class client_lanes {
public:
    explicit client_lanes(client_core& front) : front_(front) {}

    /// A lane that has nothing to do, or null when all are busy.
    std::shared_ptr<client_core> free_lane();
    bool all_free() const;
    void cancel(std::uint64_t id);
    void shut_down();

private:
    client_core& front_;
    std::vector<std::shared_ptr<client_core>> lanes_;
};

}  // namespace nettcp
