#pragma once

#include "calls/call_meter.hpp"
#include "calls/executor_gate.hpp"
#include "calls/operation_list.hpp"
#include "calls/operation_store.hpp"
#include "calls/pending_calls.hpp"
#include "calls/uuid_sequence.hpp"
#include "net/deadline_heap.hpp"

#include <nettcp/calls/operation.hpp>
#include <nettcp/channel/duplex_session.hpp>

#include <atomic>
#include <memory>
#include <vector>

namespace nettcp {

/// The calls and one-way messages that one side sends, from when they are started to their end:
/// what a client and the callback channel of a service have in common. How sessions come and go is
/// up to those.
///
/// All but what is marked otherwise is called on the executor. Functions that complete an
/// operation may run the caller's code, which may call back in, or destroy the client: state is
/// put in order before, and looked at again after.
class outgoing_calls {
public:
    /// The gate is open.
    explicit outgoing_calls(std::shared_ptr<executor_gate> gate);
    outgoing_calls(const outgoing_calls&) = delete;
    outgoing_calls& operator=(const outgoing_calls&) = delete;
    virtual ~outgoing_calls();

    // From any thread.
    const boost::asio::any_io_executor& executor() const noexcept { return executor_; }
    executor_gate& gate() const noexcept { return *gate_; }
    operation_store& store() noexcept { return store_; }
    std::uint64_t next_id() noexcept { return ++last_id_; }
    std::uint64_t dropped_messages() const noexcept { return dropped_; }
    /// Nothing can be begun any more.
    bool is_shut() const noexcept { return shut_; }

    void begin(operations::operation& op);
    virtual void cancel(std::uint64_t id) { cancel_own(id); }

protected:
    using operation = operations::operation;

    // What is up to the side.
    /// Puts an operation into the list where it waits, or ends it.
    virtual void admit(operation& op) = 0;
    /// The connection's sessions, if there is one.
    virtual channel::duplex_session* session() noexcept = 0;
    /// A session is open and takes another message.
    virtual bool has_room() noexcept = 0;
    /// Where a message goes, and where its answer.
    virtual soap::outgoing_headers headers_of(const operation& op) const = 0;
    /// A message has been encoded; the octets of the connection up to its end.
    virtual std::uint64_t message_queued(operation& op) = 0;
    /// Nobody waits any more for what was begun, and perhaps sent, of an operation.
    virtual void given_up(const diagnostics&) {}
    /// A message has answered no call.
    virtual void dropped() { ++dropped_; }
    /// Whether an operation is over, but its handler must not run yet: then it has been taken.
    virtual bool must_wait(operation&, const boost::system::error_code&, reply&,
                           std::unique_ptr<diagnostics>&) {
        return false;
    }
    /// Sends what has been encoded.
    virtual void flush() = 0;
    /// The deadlines have changed.
    virtual void rearm() = 0;
    /// What is known about a failure here and now; as it stands, of a cancelled operation.
    virtual diagnostics describe(nettcp::stage where) const = 0;
    virtual nettcp::stage stage_of(const operation& op) const noexcept = 0;
    /// The address of whoever serves us, for observers.
    virtual std::string_view service_address() const noexcept = 0;

    void set_deadline(operation& op, std::chrono::steady_clock::duration usual);
    /// Encodes what waits, as long as there is room for it.
    void pump();
    /// Completes the one-way messages whose octets have gone.
    void written(std::uint64_t up_to);
    /// The call that a message answers, taken out; null if there is none, and the message has been
    /// counted as dropped, or it has failed because of a header.
    operation* take_answered(const channel::message& arrived);
    /// A call that waits for this message.
    bool is_awaited(const channel::message& arrived) const noexcept;
    bool cancel_own(std::uint64_t id);
    operation* find(std::uint64_t id) const noexcept;
    void unlink(operation& op) noexcept;
    void succeed(operation& op, reply&& answer = {}) { finish(op, {}, std::move(answer), nullptr); }
    void fail(operation& op, const diagnostics& why);
    void fail_all(const diagnostics& why);
    void fail_pending(const diagnostics& why);
    void succeed_all(operation_list& list);
    /// The earliest deadline of an operation.
    std::chrono::steady_clock::time_point next_deadline() const noexcept;

    const std::shared_ptr<executor_gate> gate_;
    const boost::asio::any_io_executor executor_;
    operation_store store_;
    uuid_sequence ids_;
    std::atomic<std::uint64_t> dropped_ = 0;

    operation_list opening_;  // a client's async_open
    operation_list waiting_;  // calls and messages that are not encoded yet
    operation_list writing_;  // one-way messages whose octets have not gone yet
    operation_list closing_;  // a client's async_close
    pending_calls pending_;
    net::deadline_heap<operations::operation> deadlines_;  // all operations
    operation* initiating_ = nullptr;
    operation* encoding_ = nullptr;
    call_meter* meter_ = nullptr;  ///< null: nothing is counted
    bool posting_ = false;  // handlers must not run within the current function
    std::atomic<bool> shut_ = false;

private:
    call_info info_of(const operation& op) const noexcept;
    void note_end(operation& op, const boost::system::error_code& code, const reply& answer);
    void encode(operation& op);
    void encoded(operation& op, bool threw);
    bool understands(operation& op, const channel::message& arrived);
    void finish(operation& op, const boost::system::error_code& code, reply&& answer,
                std::unique_ptr<diagnostics> why);
    void complete(operation& op, const boost::system::error_code& code, reply&& answer,
                  std::unique_ptr<diagnostics> why);
    void fail_these(std::vector<operation*> doomed, const diagnostics& why);
    /// Handlers never run within the function that starts an operation, nor within a signal.
    bool may_complete_inside() const noexcept { return !posting_ && initiating_ == nullptr; }

    std::atomic<std::uint64_t> last_id_ = 0;
    bool encoding_cancelled_ = false;
};

}  // namespace nettcp
