#pragma once

#include "calls/call_meter.hpp"
#include "service/call_store.hpp"
#include "service/call_turn.hpp"
#include "service/operation_table.hpp"

#include <boost/asio/cancellation_signal.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <utility>

namespace nettcp {

class call_host;
class call_session;

/// What an `incoming_call` stands for. Counted: the call has a share, its session's list another,
/// and so does everything on its way between threads.
///
/// The session's part (from `previous` on) is for the session's executor only.
struct call_record {
    static incoming_call make_call(call_record& record) noexcept { return incoming_call(record); }
    static call_record& of(incoming_call& call) noexcept { return *call.record_; }

    void release() noexcept;
    /// For observers.
    call_info describe() const noexcept;
    /// Others may use the instance now.
    void leave_instance();

    std::atomic<std::uint32_t> references{0};
    std::shared_ptr<call_store> store;
    std::weak_ptr<call_host> host;
    std::weak_ptr<call_session> session;
    std::shared_ptr<const session_info> info;
    std::shared_ptr<const operation_table> table;  ///< keeps `op`, and what its handler captured
    const operation* op = nullptr;                 ///< null: answered with a fault by ourselves
    channel::message message;
    std::shared_ptr<body_source> body;  ///< of a message whose body is still to come
    bool one_way = false;
    std::shared_ptr<void> instance;  ///< of the user's class, if the handler belongs to one

    call_record* previous = nullptr;
    call_record* next = nullptr;
    /// Of the coroutine that serves it, while one does; given with the end of the session.
    boost::asio::cancellation_signal* cancelled = nullptr;
    std::chrono::steady_clock::time_point deadline;
    line_place place;                 ///< in an instance that takes one call at a time
    std::shared_ptr<call_turn> turn;  ///< instead, in one that is reentrant
    observed_call observed;
    uuid activity{};  ///< read for an observer
    bool listed = false;
    bool expired = false;   ///< its deadline has passed, and it has been answered for
    bool answered = false;  ///< or never to be
    bool starting = false;  ///< its handler is being called; what it throws is still to come
    bool dropped = false;   ///< the call was destroyed while starting
};

/// A share of a record.
class call_share {
public:
    explicit call_share(call_record& record) noexcept : record_(&record) {
        record.references.fetch_add(1, std::memory_order_relaxed);
    }
    call_share(call_share&& other) noexcept : record_(std::exchange(other.record_, nullptr)) {}
    call_share(const call_share& other) noexcept : call_share(*other.record_) {}
    call_share& operator=(call_share) = delete;
    ~call_share() {
        if (record_ != nullptr)
            record_->release();
    }

    call_record& operator*() const noexcept { return *record_; }
    call_record* operator->() const noexcept { return record_; }

private:
    call_record* record_;
};

}  // namespace nettcp
