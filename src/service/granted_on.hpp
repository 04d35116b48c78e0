#pragma once

#include "service/call_store.hpp"
#include "service/instance_line.hpp"

#include <memory>
#include <utility>

namespace nettcp {

/// One who waits for an instance, for `instance_line`: when its turn has come, `granted` gets the
/// place on the executor of `store`. When that is gone, the next in line gets it.
template <class F>
instance_line::waiter granted_on(std::shared_ptr<call_store> store, F granted) {
    struct grant {
        F granted;
        line_place place;
        void operator()() { granted(std::move(place)); }
    };
    return [store = std::move(store), granted = std::move(granted)](instance_line& line) {
        grant later{granted, line_place(line.shared_from_this())};
        if (store->post(std::move(later)))
            return true;
        later.place.forget();
        return false;
    };
}

}  // namespace nettcp
