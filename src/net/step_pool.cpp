// Decides how many authentications may block at a time, and that nobody waits for one given up.
#include "net/step_pool.hpp"

#include <chrono>
#include <system_error>
#include <thread>

namespace nettcp::net {

namespace {

constexpr std::size_t max_threads = 8;
/// Steps that may wait for a thread.
constexpr std::size_t max_waiting = 1024;
/// How long a thread stays without work.
constexpr auto idle_time = std::chrono::seconds(5);

}  // namespace

/// Shared with the threads, which outlive the pool.
struct step_pool::shared_state {
    struct job {
        std::unique_ptr<security::mechanism_step> step;
        std::shared_ptr<receiver> to;
    };

    std::mutex mutex;
    std::condition_variable changed;
    std::deque<job> waiting;
    std::size_t threads = 0;
    std::size_t idle = 0;
    bool closed = false;

    /// The next job; false: the thread is to end.
    bool take(job& next) {
        std::unique_lock lock(mutex);
        ++idle;
        const bool found =
            changed.wait_for(lock, idle_time, [this] { return closed || !waiting.empty(); });
        --idle;
        if (!found || waiting.empty()) {
            --threads;
            return false;
        }
        next = std::move(waiting.front());
        waiting.pop_front();
        return true;
    }

    void work() {
        for (job next; take(next); next = {}) {
            if (!next.to->is_waiting())
                continue;
            next.step->run();
            next.to->step_run(std::move(next.step));
        }
    }
};

step_pool& step_pool::shared(framing::role side) {
    static step_pool initiators;
    static step_pool acceptors;
    return side == framing::role::initiator ? initiators : acceptors;
}

step_pool::step_pool() : state_(std::make_shared<shared_state>()) {}

step_pool::~step_pool() {
    std::deque<shared_state::job> given_up;
    const std::lock_guard lock(state_->mutex);
    state_->closed = true;
    given_up.swap(state_->waiting);
    state_->changed.notify_all();
}

bool step_pool::run(std::unique_ptr<security::mechanism_step> step, std::shared_ptr<receiver> to) {
    const std::lock_guard lock(state_->mutex);
    if (state_->waiting.size() >= max_waiting)
        return false;
    state_->waiting.push_back({std::move(step), std::move(to)});
    if (state_->waiting.size() > state_->idle && state_->threads < max_threads) {
        try {
            std::thread([state = state_] { state->work(); }).detach();
            ++state_->threads;
        } catch (const std::system_error&) {
            if (state_->threads == 0) {
                state_->waiting.pop_back();
                return false;
            }
        }
    }
    state_->changed.notify_one();
    return true;
}

}  // namespace nettcp::net
