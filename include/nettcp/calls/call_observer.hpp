#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/uuid.hpp>

#include <chrono>
#include <cstdint>
#include <string_view>

namespace nettcp {

/// What is known about a call, or a one-way message, while it is observed. Views live as long as
/// the function that gets them.
struct call_info {
    std::string_view action = {};
    std::string_view endpoint = {};  ///< the service's address
    std::string_view peer = {};  ///< of a call that came: the caller's network address
    uuid message_id{};      ///< its MessageID; nil if it has none, or none that is a GUID
    uuid activity{};        ///< WCF's header ActivityId of a call that came; nil without
    std::uint64_t connection = 0;  ///< `session_info::id` of a call that came to a host
    bool incoming = false;  ///< it came; else it is one of ours
    bool one_way = false;
};

/// How a call has ended.
enum class call_outcome : std::uint8_t {
    replied,    ///< well: with a reply, or, one-way, when it was sent or its handler had ended
    faulted,    ///< with a SOAP fault
    failed,     ///< without an answer: the connection, a broken rule, an unreadable header
    cancelled,  ///< by the caller, or because its session or host is gone
    timed_out,  ///< its deadline has passed
};

/// The enumerator's name. Static text.
NETTCP_EXPORT std::string_view to_string(call_outcome value) noexcept;

/// Told when calls begin and end, for traces and histograms of durations: what makes a span in
/// OpenTelemetry's words.
///
/// Runs on the executor of the client or host: be quick, do not throw, and do not destroy it. Must
/// live as long as what it observes, which shares it.
class NETTCP_EXPORT call_observer {
public:
    call_observer() = default;
    call_observer(const call_observer&) = delete;
    call_observer& operator=(const call_observer&) = delete;
    virtual ~call_observer();

    /// A call begins: ours, when it is started; one that came, when it has arrived and its handler
    /// is to be called. What is returned, such as a pointer to a span, goes to `call_ended`.
    virtual void* call_began(const call_info& call) = 0;
    /// It has ended, once for each that began; `took` is the time from its start or arrival.
    virtual void call_ended(const call_info& call, void* span, call_outcome how,
                            std::chrono::nanoseconds took) = 0;
};

/// How a call is followed from its begin to its end. Not for direct use.
struct observed_call {
    void* span = nullptr;
    std::chrono::steady_clock::time_point since{};
    bool open = false;
};

/// Calls, or one-way messages, of one side since it was made. Numbers only grow, but `in_progress`.
struct call_metrics {
    std::uint64_t started = 0;
    std::uint64_t in_progress = 0;
    std::uint64_t replied = 0;  ///< this and what follows: as `call_outcome` says
    std::uint64_t faulted = 0;
    std::uint64_t failed = 0;
    std::uint64_t cancelled = 0;
    std::uint64_t timed_out = 0;
};

/// Octets on the wire, with all that protects them.
struct octet_metrics {
    std::uint64_t received = 0;
    std::uint64_t sent = 0;
};

}  // namespace nettcp
