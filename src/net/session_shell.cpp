// Decides nothing about the protocol: only when to read and write, and how a connection is closed
// so that the peer can still read our last record.
#include "net/session_shell.hpp"

#include "net/step_pool.hpp"

#include <nettcp/net/errc.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <mutex>

namespace nettcp::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// What a peer may still send after we have given up on it (WCF: MaxDrainSize).
constexpr std::size_t drain_limit = 65536;

}  // namespace

/// Where a step returns to from the pool's threads, as long as somebody waits there. Keeps the
/// executor at work meanwhile.
struct session_shell::way_back final : step_pool::receiver, std::enable_shared_from_this<way_back> {
    explicit way_back(session_shell& shell)
        : whose(shell.weak_from_this()),
          home(asio::prefer(asio::any_io_executor(shell.socket_.get_executor()),
                            asio::execution::outstanding_work.tracked)) {}

    bool is_waiting() noexcept override {
        const std::lock_guard lock(mutex);
        return !!home;
    }

    void step_run(std::unique_ptr<security::mechanism_step> step) noexcept override {
        const std::lock_guard lock(mutex);  // the executor may go as soon as this is closed
        if (!home)
            return;  // the caller, a thread of the pool, destroys the step
        asio::post(home, [self = shared_from_this(), done = std::move(step)]() mutable {
            const auto shell = self->whose.lock();
            if (shell && shell->step_out_ == self)
                shell->step_back(std::move(done));
        });
    }

    void close() noexcept {
        const std::lock_guard lock(mutex);
        home = {};
    }

    std::weak_ptr<session_shell> whose;
    std::mutex mutex;
    asio::any_io_executor home;
};

/// What a connection needs while nobody wants any more what its peer says.
struct session_shell::drain_state {
    drain_state(session_shell& shell, clock::duration length)
        : patience(shell.socket_.get_executor(), static_cast<lazy_timer::owner&>(shell)) {
        patience.set(later(clock::now(), length));
    }

    lazy_timer patience;
    std::size_t octets = 0;  ///< that have come
    std::byte space[4096];
};

session_shell::session_shell(asio::ip::tcp::socket socket, channel::role side,
                             const channel::session_options& options, octet_tap tap)
    : socket_(std::move(socket)),
      session_(side, options),
      tap_(tap ? std::make_unique<octet_tap>(std::move(tap)) : nullptr),
      side_(side),
      is_warm_(side == channel::role::initiator) {
    error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    if (!socket_.non_blocking())  // a pooled one may be
        socket_.non_blocking(true, ignored);
    const auto remote = socket_.remote_endpoint(ignored);
    if (!ignored)
        peer_ = to_text(remote);
}

session_shell::~session_shell() {
    give_up_step();
}

void session_shell::start(owner& told) {
    owner_ = &told;
    read();
}

void session_shell::keep_reading(bool wanted) {
    const bool held_back = paused_ && wanted;
    paused_ = !wanted;
    if (held_back)
        proceed();
    else
        read();
}

void session_shell::proceed() {
    if (telling_ || proceed_posted_)
        return;
    proceed_posted_ = true;
    asio::post(socket_.get_executor(), [self = shared_from_this()] {
        self->proceed_posted_ = false;
        if (self->reading_ != reading::session)
            return;
        self->tell_events();
        self->tell_end();
        self->read();
    });
}

void session_shell::read() {
    if (read_outstanding_ || paused_ || transport_ended_ || reading_ == reading::stopped)
        return;
    // Events at hand come first: with them the space to read into may go, that of an upgrade.
    if (reading_ == reading::session && (telling_ || proceed_posted_))
        return;
    if (reading_ == reading::session && !session_.wants_input()) {
        // It holds what must wait for a command, which `proceed` follows, or for a step; or the
        // peer has said within an upgrade that it is done.
        if (session_.finished() && session_.is_closed())
            end_transport(asio::error::eof);
        else if (write_error_ && !step_out_ && !session_.stream_full())
            end_transport(write_error_);  // nobody would ever read that the peer is gone
        return;
    }
    read_outstanding_ = true;
    if (reading_ == reading::draining) {
        socket_.async_read_some(
            asio::buffer(drained_->space),
            [self = shared_from_this()](const error_code& ec, std::size_t size) {
                self->taken(ec, {self->drained_->space, size});
            });
    } else if (is_warm_) {
        const std::span<std::byte> space = session_.input_space();
        socket_.async_read_some(
            asio::buffer(space.data(), space.size()),
            [self = shared_from_this(), at = space.data()](const error_code& ec, std::size_t size) {
                if (std::exchange(self->cooling_, false) && ec == asio::error::operation_aborted)
                    self->cooled();
                else
                    self->taken(ec, {at, size});
            });
    } else {
        wait_to_read();
    }
}

/// Has the place for its operation in the shell: while idle a session has no other.
struct session_shell::readable_receiver {
    using allocator_type = slot_allocator<void, 160>;
    allocator_type get_allocator() const noexcept { return self->wait_slot_; }
    void operator()(const error_code& ec) const { self->readable(ec); }

    std::shared_ptr<session_shell> self;
};

/// Waits before there is space to receive into, so that an idle connection needs none. That takes
/// a call of the system more than a read that is outstanding, so busy ones do it once.
void session_shell::wait_to_read() {
    socket_.async_wait(asio::ip::tcp::socket::wait_read, readable_receiver{shared_from_this()});
}

void session_shell::readable(const error_code& ec) {
    if (ec) {
        read_done(ec, 0);
        return;
    }
    read_outstanding_ = false;
    is_warm_ = true;
    read();
}

void session_shell::taken(const error_code& ec, bytes_view octets) {
    if (tap_ && !octets.empty())
        (*tap_)(direction::received, octets);
    if (octets_)
        octets_->received.add(octets.size());
    read_done(ec, octets.size());
}

void session_shell::read_done(const error_code& ec, std::size_t size) {
    read_outstanding_ = false;
    if (reading_ == reading::stopped)
        return;
    if (reading_ == reading::draining) {
        drain(ec, size);
        return;
    }
    if (ec == asio::error::eof && !write_error_) {
        session_.received_eof();
        tell_events();
    }
    if (ec) {
        end_transport(ec == asio::error::eof && write_error_ ? write_error_ : ec);
        return;
    }
    session_.received(size);
    tell_events();
    if (owner_ != nullptr)
        owner_->octets_read(size);
    read();
}

void session_shell::tell_events() {
    telling_ = true;
    while (owner_ != nullptr && !paused_) {
        const channel::event_type what = session_.next_event();
        if (what == channel::event_type::none)
            break;
        if (what == channel::event_type::step_wanted)
            begin_step();
        else
            owner_->session_event(what);
    }
    telling_ = false;
    write();
}

void session_shell::begin_step() {
    step_out_ = std::make_shared<way_back>(*this);
    if (!step_pool::shared(side_).run(session_.take_step(), step_out_)) {
        give_up_step();
        session_.fail(net::errc::authentications_exceeded);
    }
}

void session_shell::step_back(std::unique_ptr<security::mechanism_step> step) {
    give_up_step();
    if (reading_ != reading::session)
        return;
    session_.stepped(std::move(step));
    tell_events();
    read();
}

void session_shell::give_up_step() noexcept {
    if (step_out_)
        step_out_->close();
    step_out_.reset();
}

void session_shell::end_transport(const error_code& why) {
    transport_ended_ = true;
    end_reason_ = why;
    tell_end();
}

void session_shell::tell_end() {
    if (!transport_ended_ || end_told_ || paused_)
        return;
    end_told_ = true;
    if (owner_ != nullptr)
        owner_->transport_ended(end_reason_);
}

void session_shell::flush() {
    if (telling_ || write_outstanding_ || flush_posted_ || session_.output_size() == 0)
        return;
    flush_posted_ = true;
    asio::post(socket_.get_executor(), [self = shared_from_this()] {
        self->flush_posted_ = false;
        self->write();
    });
}

void session_shell::write() {
    if (write_outstanding_ || write_error_ || reading_ == reading::stopped)
        return;
    bool progress = false;
    while (true) {
        const bytes_view out = session_.output();
        if (out.empty())
            break;
        error_code ec;
        const std::size_t size = socket_.write_some(asio::buffer(out.data(), out.size()), ec);
        if (ec == asio::error::would_block || ec == asio::error::try_again) {
            wait_to_write();
            break;
        }
        if (ec) {
            write_failed(ec);
            return;
        }
        if (tap_)
            (*tap_)(direction::sent, out.first(size));
        if (octets_)
            octets_->sent.add(size);
        const std::size_t queued = session_.output_size();
        session_.output_sent(size);
        written_ += queued - session_.output_size();
        progress = true;
    }
    if (session_.failure_untold() && owner_ != nullptr && !paused_)
        proceed();  // what is queued could not be protected
    if (end_after_writing_ && session_.output().empty())
        end_sending();
    if (progress && owner_ != nullptr)
        owner_->output_written();
}

/// Waits for room instead of lending the output to the system: the session may move it meanwhile.
void session_shell::wait_to_write() {
    write_outstanding_ = true;
    socket_.async_wait(asio::ip::tcp::socket::wait_write,
                       [self = shared_from_this()](const error_code& ec) {
                           self->write_outstanding_ = false;
                           if (!ec)
                               self->write();
                       });
}

/// What the peer sent before it went is still to be read (it may tell why), so the end of
/// reading is what counts.
void session_shell::write_failed(const error_code& ec) {
    write_error_ = ec;
    if (owner_ == nullptr) {
        close();
        return;
    }
    if (!transport_ended_) {
        keep_reading(true);
        return;
    }
    end_reason_ = ec;  // the peer does not even listen: what the owner waits for never comes
    end_told_ = false;
    asio::post(socket_.get_executor(), [self = shared_from_this()] { self->tell_end(); });
}

void session_shell::release_memory() {
    if (reading_ != reading::session || telling_ || write_outstanding_)
        return;
    if (is_warm_ && read_outstanding_) {
        cooling_ = true;
        error_code ignored;
        socket_.cancel(ignored);
    } else {
        session_.release_memory();
        is_warm_ = false;
    }
}

/// The read that had the session's space has been called off.
void session_shell::cooled() {
    read_outstanding_ = false;
    release_memory();
    read();
}

void session_shell::finish(clock::duration patience) {
    owner_ = nullptr;
    if (reading_ == reading::stopped || drained_ != nullptr)
        return;
    drained_ = std::make_unique<drain_state>(*this, patience);
    reading_ = reading::draining;
    give_up_step();
    paused_ = false;
    end_after_writing_ = true;
    if (write_error_) {
        close();
        return;
    }
    if (!telling_)
        write();
    read();
}

void session_shell::end_sending() {
    if (transport_ended_) {
        close();
        return;
    }
    error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

void session_shell::drain(const error_code& ec, std::size_t size) {
    drained_->octets += size;
    if (ec == asio::error::eof && !session_.output().empty()) {
        transport_ended_ = true;  // the peer still listens: close when all is written
        return;
    }
    if (ec || drained_->octets > drain_limit) {
        close();
        return;
    }
    read();
}

void session_shell::leave(bool in_peace) noexcept {
    owner_ = nullptr;
    if (!in_peace) {
        abort();
        return;
    }
    write();
    close();
}

std::optional<asio::ip::tcp::socket> session_shell::release() {
    owner* const told = std::exchange(owner_, nullptr);
    write();
    if (read_outstanding_ || write_outstanding_ || transport_ended_ || write_error_ ||
        reading_ != reading::session || session_.output_size() != 0 || session_.mid_record()) {
        owner_ = told;
        return std::nullopt;
    }
    reading_ = reading::stopped;
    std::optional<asio::ip::tcp::socket> out(std::move(socket_));
    held_.reset();
    return out;
}

void session_shell::abort() noexcept {
    error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    close();
}

void session_shell::close() noexcept {
    owner_ = nullptr;
    reading_ = reading::stopped;
    give_up_step();
    error_code ignored;
    socket_.close(ignored);
    if (drained_ != nullptr)
        drained_->patience.stop();
    held_.reset();
}

void session_shell::deadline_passed() {
    abort();
}

std::string to_text(const asio::ip::tcp::endpoint& address) {
    const auto ip = address.address();
    const std::string port = ':' + std::to_string(address.port());
    return ip.is_v6() ? '[' + ip.to_string() + ']' + port : ip.to_string() + port;
}

}  // namespace nettcp::net
