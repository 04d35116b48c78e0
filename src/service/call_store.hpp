#pragma once

#include "calls/executor_gate.hpp"

#include <cstddef>
#include <mutex>

namespace nettcp {

struct call_record;

/// What calls need of their host wherever they are, and after it is gone: the way to its executor,
/// and the storage they came from. Serves all threads.
class call_store : public executor_gate {
public:
    using executor_gate::executor_gate;
    ~call_store();

    /// Warm after the first calls: then it does not allocate.
    call_record* take();
    void give_back(call_record* record) noexcept;

private:
    static constexpr std::size_t max_kept = 256;

    std::mutex guard_;  ///< of what follows
    call_record* kept_ = nullptr;
    std::size_t kept_count_ = 0;
};

}  // namespace nettcp
