#pragma once

#include <nettcp/framing/session_state.hpp>
#include <nettcp/security/mechanism.hpp>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

namespace nettcp::net {

/// Runs steps of authentications where they may block: on a few threads that come when they are
/// needed and go when they have not been for a while.
///
/// Nobody ever waits for them: what is given up is not begun, or else runs to its end here, and is
/// destroyed here.
class step_pool {
public:
    /// Where a step that has been run goes. Called on threads of the pool.
    class receiver {
    public:
        /// Somebody still wants the step to be run.
        virtual bool is_waiting() noexcept = 0;
        virtual void step_run(std::unique_ptr<security::mechanism_step> step) noexcept = 0;

    protected:
        ~receiver() = default;
    };

    /// The pool that the initiators or the acceptors of this process share: callers that wait for
    /// a KDC do not keep hosts from accepting others.
    static step_pool& shared(framing::role side);

    step_pool();
    step_pool(const step_pool&) = delete;
    step_pool& operator=(const step_pool&) = delete;
    ~step_pool();

    /// Runs a step and gives it to `to`. False: too many wait already, or there is no thread; the
    /// step is gone then.
    bool run(std::unique_ptr<security::mechanism_step> step, std::shared_ptr<receiver> to);

private:
    struct shared_state;
    std::shared_ptr<shared_state> state_;
};

}  // namespace nettcp::net
