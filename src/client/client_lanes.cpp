#include "client/client_lanes.hpp"

#include "client/client_core.hpp"

#include <algorithm>

namespace nettcp {

std::shared_ptr<client_core> client_lanes::free_lane() {
    // Those with a connection first.
    std::shared_ptr<client_core> found;
    for (const auto& lane : lanes_) {
        if (lane->is_free() && (found == nullptr || lane->is_connected()))
            found = lane;
    }
    if (found == nullptr && lanes_.size() < front_.options().max_connections) {
        found = std::make_shared<client_core>(front_.executor(), front_.address(), front_.options(),
                                              front_.weak_from_this());
        lanes_.push_back(found);
    }
    return found;
}

bool client_lanes::all_free() const {
    return std::ranges::all_of(lanes_, [](const auto& lane) { return lane->is_free(); });
}

void client_lanes::cancel(std::uint64_t id) {
    const auto lanes = lanes_;
    for (const auto& lane : lanes)
        lane->cancel(id);
}

void client_lanes::shut_down() {
    const auto lanes = lanes_;
    for (const auto& lane : lanes)
        lane->shut_down();
}

}  // namespace nettcp
