#pragma once

#include "net/body_gatherer.hpp"
#include "net/lazy_timer.hpp"
#include "net/session_shell.hpp"
#include "service/call_record.hpp"

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string_view>

namespace nettcp {

class callback_channel;
class handler_runners;

/// What calls in progress count for: a host, or a client's callbacks.
class call_host {
public:
    virtual const std::shared_ptr<handler_runners>& runners() const noexcept = 0;
    /// Counts a call, if there may be one more now.
    virtual bool begin_call() noexcept = 0;
    virtual void call_ended() = 0;
    virtual call_meter& meter() noexcept = 0;

protected:
    ~call_host() = default;
};

/// Bounds on the calls of a session.
struct call_limits {
    std::uint32_t max_calls = 0xffffffff;
    /// Octets of messages that wait for their turn while the session is still read from.
    std::size_t max_held = 0;
    /// The same of messages that wait for an instance which others of their session use.
    std::size_t max_in_line = 0;
    /// From the arrival of a call to its answer.
    net::clock::duration timeout = net::clock::duration::max();
    bool include_exception_detail = false;
};

/// The requests that come on one session, from their arrival to their answers: which handler gets
/// one, when, and which fault answers it instead. What a host's sessions and a client's callbacks
/// have in common.
///
/// A side that itself waits for what the peer says reads on whatever its throttles say: what is not
/// the answer is held. So handlers that call back never wait for a message that nobody reads.
///
/// For the session's executor only, but for what says otherwise.
class call_session : public std::enable_shared_from_this<call_session> {
public:
    /// `limits` must live as long as this; `meter` is that of `host()`.
    call_session(std::shared_ptr<call_store> store, const call_limits& limits, call_meter& meter)
        : store_(std::move(store)), limits_(limits), meter_(meter) {}
    call_session(const call_session&) = delete;
    call_session& operator=(const call_session&) = delete;
    virtual ~call_session();

    /// A call may begin that had to wait.
    void take_turn();
    /// Reads on or not, as things stand now.
    void update_reading();

    // For calls. A reply that is not wanted gives null. Writing goes on until one of the last two.
    nbfx::writer* begin_reply(call_record& call, const reply_options& options);
    void end_reply(call_record& call);
    void abandon_reply() noexcept;
    virtual void reply_stream(call_record& call, const std::function<void(nbfx::writer&)>& body,
                              std::shared_ptr<body_source> content, const reply_options& options);
    void answer_fault(call_record& call, const soap::fault& answer,
                      const std::function<void(nbfx::writer&)>& more_headers = {});
    void answer_exception(call_record& call, const std::exception_ptr& why);
    /// The call is being destroyed.
    void call_dropped(call_record& call);
    /// The way back to the caller of this call. Any thread.
    virtual callback_channel callback(const call_record& call) = 0;

protected:
    enum pause_reason : unsigned { throttled = 1, output_full = 2, draining = 4, in_line = 8 };

    /// A message that waits for its turn.
    struct held_message {
        channel::message message;
        net::time_point deadline;
        net::time_point since{};  ///< for an observer
    };

    // What is up to the side.
    virtual std::shared_ptr<call_host> host() = 0;
    virtual const std::shared_ptr<const operation_table>& table() const = 0;
    virtual bool is_for_us(std::optional<std::string_view> to) = 0;
    virtual bool is_authorized(const call_record& call) = 0;
    /// Where the answer goes.
    virtual nbfx::xml_string answer_address(const soap::headers_view& asked,
                                            bool is_fault) const = 0;
    /// The session has calls that must wait for the end of others elsewhere.
    virtual void wait_for_turn() {}
    /// The session has calls that must wait for an instance.
    virtual void waits_in_line() {}
    /// A one-way message has no handler.
    virtual void nobody_serves() {}
    /// To be read from even while requests must wait, as long as they find room in `max_held`.
    virtual bool reads_ahead() const noexcept = 0;
    virtual void reading_changed(bool reads) = 0;
    /// An answer has been queued, or never will be.
    virtual void answer_given() = 0;
    virtual void call_over() = 0;
    virtual void call_failed(const diagnostics& why, std::string_view note) = 0;
    virtual diagnostics describe(const boost::system::error_code& code, stage where) const = 0;
    /// The peer has broken a rule.
    virtual void break_off(const boost::system::error_code& why) = 0;

    /// Starts the handler of a message, or holds it until that may be.
    void take(channel::message message);
    /// The session's instance is no more; the connection may carry another session.
    void end_instance() noexcept { instance_.reset(); }
    void start_held();
    soap::outgoing_headers answer_headers(const call_record& call, bool is_fault) const;
    soap::outgoing_headers reply_headers(const call_record& call,
                                         const reply_options& options) const;
    /// Whoever asked wants no answer, and is told none.
    static bool is_for_nobody(const soap::outgoing_headers& answer) noexcept;
    void answered(call_record& call, call_outcome how);
    void note_end(call_record& call, call_outcome how);
    void reply_unwritable(call_record& call, const error& what);
    void pause(pause_reason why);
    void resume(pause_reason why);
    bool is_paused(pause_reason why) const noexcept { return (paused_ & why) != 0; }
    bool is_reading() const noexcept { return reads_; }
    /// The earliest deadline of a call.
    net::time_point call_deadline() const noexcept;
    void expire_calls(net::time_point now);
    /// The session is no more; `called_off`: nobody wants its calls to go on either.
    void let_go(bool called_off);

    const std::shared_ptr<call_store> store_;
    const call_limits& limits_;  ///< of all sessions
    call_meter& meter_;
    std::shared_ptr<net::session_shell> shell_;
    std::shared_ptr<const session_info> info_;
    std::shared_ptr<body_source> begun_;  ///< the body of the message on its way to a call
    std::list<held_message> held_;  ///< few sessions ever have one
    std::uint32_t call_count_ = 0;
    std::uint32_t unanswered_ = 0;
    bool over_ = false;

private:
    /// Whether a call may begin now; if not, what it waits for.
    enum class admission : std::uint8_t { begins, end_of_call, place_in_line, turn_of_host };
    admission admit(line_place& place);
    void start_call(held_message message, line_place place);
    void refuse_late(held_message message);
    call_record& make_record(held_message message);
    session_instance& instance();
    void find_instance(call_record& call);
    void wait_in_line();
    void granted(line_place place);
    held_message take_held();
    bool check_rules(call_record& call);
    bool is_id_in_use(const call_record& call) const noexcept;
    bool understands_headers(call_record& call);
    void run_handler(call_record& call);
    void send_fault(call_record& call, const soap::fault& answer,
                    const std::function<void(nbfx::writer&)>& more_headers);
    void source_gathered(call_record& call, const boost::system::error_code& code,
                         bytes_view octets, const std::function<void(nbfx::writer&)>& body,
                         const reply_options& options);
    void note_begin(call_record& call);
    void list(call_record& call, net::time_point deadline);
    void unlist(call_record& call);

    std::unique_ptr<session_instance> instance_;  ///< if the service has instances

    using gatherers = std::map<std::uint64_t, std::shared_ptr<net::body_gatherer>>;
    std::unique_ptr<gatherers> gathering_;  ///< bodies of replies; few sessions ever have one
    std::uint64_t gathered_count_ = 0;

    call_record* calls_ = nullptr;  ///< those not yet destroyed, the latest first
    call_record* oldest_ = nullptr;
    std::size_t held_octets_ = 0;
    unsigned paused_ = 0;
    bool reads_ = true;
    bool starting_held_ = false;
    bool waits_for_host_ = false;  ///< for its turn among other sessions
};

}  // namespace nettcp
