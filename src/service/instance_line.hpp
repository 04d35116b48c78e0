#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

namespace nettcp {

class instance_line;

/// The right to use an instance, of one call at a time; destroying it lets the next one in.
class line_place {
public:
    line_place() noexcept = default;
    explicit line_place(std::shared_ptr<instance_line> line) noexcept : line_(std::move(line)) {}
    line_place(line_place&&) noexcept = default;
    line_place& operator=(line_place&& other) noexcept {
        line_place old(std::move(*this));
        line_ = std::move(other.line_);
        return *this;
    }
    ~line_place();

    explicit operator bool() const noexcept { return line_ != nullptr; }
    const std::shared_ptr<instance_line>& line() const noexcept { return line_; }
    void reset() noexcept { line_place old(std::move(*this)); }
    /// Leaves the right to whoever gave it.
    void forget() noexcept { line_.reset(); }

private:
    std::shared_ptr<instance_line> line_;
};

/// Those who want to use an instance that takes one call at a time. Serves all threads: an instance
/// may be that of several hosts.
class instance_line : public std::enable_shared_from_this<instance_line> {
public:
    /// Hands a place over, by a way of its own: never within this function. False: nobody is there
    /// to take it.
    using waiter = std::function<bool(instance_line&)>;

    /// Nothing when the instance is in use, or others wait for it.
    line_place try_enter();
    /// Calls `next` when its turn has come, in the order of these calls; at once when nobody is
    /// inside.
    void wait(waiter next);
    /// The same, before all who have not been inside yet.
    void wait_to_return(waiter next);

private:
    friend class line_place;
    void leave() noexcept;
    void add(std::deque<waiter>& queue, waiter next);
    void let_in();

    std::mutex guard_;  ///< of what follows
    std::deque<waiter> returning_;
    std::deque<waiter> waiting_;
    bool in_use_ = false;
};

}  // namespace nettcp
