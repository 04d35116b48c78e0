#pragma once

#include "net/counter.hpp"
#include "net/lazy_timer.hpp"
#include "net/operation_slot.hpp"

#include <nettcp/channel/duplex_session.hpp>
#include <nettcp/net/octet_tap.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <optional>

namespace nettcp::net {

/// Moves octets between a TCP connection and a `channel::duplex_session`, for both roles.
///
/// It decides nothing: events go to the owner, who commands the session and then calls
/// `flush()`. One read and at most one write are outstanding; everything queued goes out in one
/// write. Steps of an authentication run on a pool of threads. Lives in a `shared_ptr`, which its
/// outstanding operations share. Use it from the socket's executor only, which must be sequential.
class session_shell final : public std::enable_shared_from_this<session_shell>,
                            private lazy_timer::owner {
public:
    /// What the shell tells. It may call back into the shell, `detach` it or abort it.
    class owner {
    public:
        /// The session says this; never `event_type::none` or `step_wanted`. After `failed`
        /// follows nothing but `transport_ended`.
        virtual void session_event(channel::event_type what) = 0;
        /// No more octets come in: `asio::error::eof`, which the peer may also have said within an
        /// upgrade, or a socket error. Told once, after the
        /// events that the last octets (and the end of stream) brought; and once more, with the
        /// error, when after an end of stream our own last octets cannot be sent.
        virtual void transport_ended(const boost::system::error_code& why) = 0;
        /// Octets went to the socket: `written()` has grown and there may be room for output.
        virtual void output_written() = 0;
        /// Octets came from the socket, and the events they brought have been told.
        virtual void octets_read(std::size_t) {}

    protected:
        ~owner() = default;
    };

    /// Takes over a connected socket. `tap` may be null.
    session_shell(boost::asio::ip::tcp::socket socket, channel::role side,
                  const channel::session_options& options, octet_tap tap);
    session_shell(const session_shell&) = delete;
    session_shell& operator=(const session_shell&) = delete;
    ~session_shell();

    /// Starts reading. `told` must live until `detach`, or until the shell is gone.
    void start(owner& told);
    /// Tells the owner nothing from now on. The connection stays as it is.
    void detach() noexcept { owner_ = nullptr; }

    channel::duplex_session& session() noexcept { return session_; }

    /// Sends what the session has queued: when the events at hand have been told, else at the next
    /// turn of the executor, so that what is queued together is written together.
    void flush();
    /// Octets given to the socket so far, and those with what is still queued behind them; both
    /// before protection, as `duplex_session::output_size()`.
    std::uint64_t written() const noexcept { return written_; }
    std::uint64_t queued() const noexcept { return written_ + session_.output_size(); }

    /// Stops reading and telling events, but for a read in flight (false), or goes on (true).
    void keep_reading(bool wanted);
    /// Tells the events that a command to the session has brought, at the next turn of the
    /// executor, and reads on if the session waited for that command.
    void proceed();
    /// Frees spare storage: for a connection that has gone idle. Not from within an event.
    void release_memory();
    /// Counts what goes over the socket from now on.
    void count(std::shared_ptr<octet_counters> octets) noexcept { octets_ = std::move(octets); }
    /// Keeps something as long as the connection is open, whether it is detached or not.
    void hold(std::shared_ptr<void> kept) { held_ = std::move(kept); }

    /// Sends what is queued, ends our direction, then reads and drops what still comes until the
    /// peer ends its own, `drain_limit` octets have come, or `patience` is over; then closes. The
    /// peer can thus read our last record (a fault, or End) before the connection goes. The owner
    /// is told nothing more.
    void finish(clock::duration patience);
    /// Closes now: after writing what the socket takes of what is queued (true), or with a reset.
    /// The owner is told nothing more.
    void leave(bool in_peace) noexcept;
    /// Hands the connection out for another use, after writing what is queued. Nothing when octets
    /// wait on either side or the peer has ended; then the shell is as it was. The owner is told
    /// nothing more. For sessions that are closed: from the event that says so.
    std::optional<boost::asio::ip::tcp::socket> release();
    /// Closes with a reset, now. The owner is told nothing more.
    void abort() noexcept;

    bool is_open() const noexcept { return socket_.is_open(); }
    /// The peer's address as `127.0.0.1:9000`; empty when it cannot be told.
    const std::string& peer() const noexcept { return peer_; }

private:
    enum class reading : std::uint8_t { session, draining, stopped };
    struct way_back;

    struct readable_receiver;
    struct drain_state;

    void read();
    void wait_to_read();
    void readable(const boost::system::error_code& ec);
    void cooled();
    void taken(const boost::system::error_code& ec, bytes_view octets);
    void read_done(const boost::system::error_code& ec, std::size_t size);
    void drain(const boost::system::error_code& ec, std::size_t size);
    void tell_events();
    void begin_step();
    void step_back(std::unique_ptr<security::mechanism_step> step);
    void give_up_step() noexcept;
    void end_transport(const boost::system::error_code& why);
    void tell_end();
    void write();
    void wait_to_write();
    void write_failed(const boost::system::error_code& ec);
    void end_sending();
    void close() noexcept;
    void deadline_passed() override;

    boost::asio::ip::tcp::socket socket_;
    channel::duplex_session session_;
    std::unique_ptr<octet_tap> tap_;
    operation_slot<160> wait_slot_;
    std::shared_ptr<octet_counters> octets_;
    channel::role side_;
    owner* owner_ = nullptr;
    std::string peer_;
    std::shared_ptr<void> held_;
    std::shared_ptr<way_back> step_out_;  ///< a step is being run
    boost::system::error_code write_error_;
    boost::system::error_code end_reason_;
    std::uint64_t written_ = 0;
    std::unique_ptr<drain_state> drained_;  ///< from `finish` on
    reading reading_ = reading::session;
    bool read_outstanding_ = false;
    bool is_warm_;  ///< has had octets lately, or will have: reads lend the session's space
    bool cooling_ = false;  ///< a read is being called off to free that
    bool write_outstanding_ = false;
    bool flush_posted_ = false;
    bool proceed_posted_ = false;
    bool telling_ = false;
    bool paused_ = false;
    bool transport_ended_ = false;
    bool end_told_ = false;
    bool end_after_writing_ = false;
};

/// `address:port` as people read it, with brackets around IPv6 addresses.
std::string to_text(const boost::asio::ip::tcp::endpoint& address);

}  // namespace nettcp::net
