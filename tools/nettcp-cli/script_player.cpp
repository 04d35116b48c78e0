// Moves the octets of scripts. The only part of `nettcp fuzz` and `nettcp replay` that touches
// sockets; what is sent, and what an outcome means, is decided in tools/fuzzing.
#include "script_player.hpp"

#include <fuzzing/duty_watch.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>

namespace nettcp::cli {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using clock = std::chrono::steady_clock;
using fuzzing::ending;
using fuzzing::step;
using fuzzing::step_type;
using fuzzing::wire_event;

/// Octets of a peer that are kept; one that sends without end is not worth more.
constexpr std::size_t most_received = 16u << 20;

/// One connection, driven from outside: each call runs it until something is so, or time is up.
class connection {
public:
    explicit connection(const play_route& route) : route_(route) {}
    ~connection() {
        error_code ignored;
        socket_.close(ignored);
        context_.restart();
        context_.run();  // lets what was under way end
    }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    bool connect() {
        std::optional<error_code> connected;
        socket_.async_connect(route_.peer, [&connected](const error_code& ec) { connected = ec; });
        const bool in_time = run_until([&] { return connected.has_value(); }, route_.deadline);
        if (!in_time) {
            error_code ignored;
            socket_.close(ignored);
            run_until([&] { return connected.has_value(); }, route_.deadline);
        }
        if (!in_time || *connected) {
            end_ = ending::refused;
            return false;
        }
        error_code ignored;
        socket_.set_option(tcp::no_delay(true), ignored);
        read();
        return true;
    }

    void send(const fuzzing::octets& content) {
        if (is_over() || half_closed_)
            return;
        log({0, wire_event::said, inspect::direction::client_to_server, content});
        std::optional<error_code> sent;
        asio::async_write(socket_, asio::buffer(content),
                          [&sent](const error_code& ec, std::size_t) { sent = ec; });
        if (run_until([&] { return sent.has_value(); }, route_.deadline))
            return;
        stuck_ = true;  // the peer does not read
        error_code ignored;
        socket_.cancel(ignored);
        run_until([&] { return sent.has_value(); }, route_.deadline);
        read();
    }

    void pause(std::chrono::milliseconds time) {
        run_until([] { return false; }, time);
    }

    /// Whether the peer has sent so many octets in all, or ended the connection.
    bool wait_for(std::size_t received, std::chrono::milliseconds time) {
        return run_until([&] { return is_over() || received_.size() >= received; }, time);
    }

    bool wait_for_end(std::chrono::milliseconds time) {
        return run_until([&] { return is_over(); }, time);
    }

    void half_close() {
        if (is_over() || half_closed_)
            return;
        half_closed_ = true;
        log({0, wire_event::client_fin});
        error_code ignored;
        socket_.shutdown(tcp::socket::shutdown_send, ignored);
    }

    void reset() {
        if (is_over())
            return;
        log({0, wire_event::client_reset});
        end_ = ending::left;
        error_code ignored;
        socket_.set_option(tcp::socket::linger(true, 0), ignored);
        socket_.close(ignored);
    }

    /// Looks for what has come meanwhile.
    void look() {
        context_.restart();
        context_.poll();
    }

    bool is_over() const noexcept { return end_ != ending::open; }
    bool is_stuck() const noexcept { return stuck_; }
    std::size_t received() const noexcept { return received_.size(); }

    played finish() {
        played done;
        done.what.received = std::move(received_);
        done.what.end = end_;
        done.entries = std::move(entries_);
        return done;
    }

private:
    template <class Condition>
    bool run_until(Condition holds, std::chrono::milliseconds time) {
        const auto until = clock::now() + time;
        while (!holds()) {
            context_.restart();
            if (context_.run_one_until(until) == 0 && clock::now() >= until)
                return holds();
            if (context_.stopped() && !holds()) {
                // Nothing is under way: only time passes.
                waiting_.expires_at(until);
                error_code ignored;
                waiting_.wait(ignored);
                return holds();
            }
        }
        return true;
    }

    void read() {
        if (is_over() || reading_)
            return;
        reading_ = true;
        socket_.async_read_some(asio::buffer(space_),
                                [this](const error_code& ec, std::size_t size) {
                                    reading_ = false;
                                    took(ec, size);
                                });
    }

    void took(const error_code& ec, std::size_t size) {
        if (size != 0) {
            const auto begin = space_.begin();
            const fuzzing::octets content(begin, begin + static_cast<std::ptrdiff_t>(size));
            received_.insert(received_.end(), content.begin(), content.end());
            log({0, wire_event::said, inspect::direction::server_to_client, content});
        }
        if (ec == asio::error::operation_aborted)
            return;
        if (received_.size() > most_received)
            return reset();
        if (!ec)
            return read();
        end_ = ec == asio::error::eof ? ending::closed : ending::reset;
        log({0, end_ == ending::closed ? wire_event::server_fin : wire_event::server_reset});
    }

    void log(fuzzing::wire_entry entry) {
        entry.seconds = std::chrono::duration<double>(clock::now() - began_).count();
        entries_.push_back(std::move(entry));
    }

    const play_route& route_;
    asio::io_context context_{1};
    tcp::socket socket_{context_};
    asio::steady_timer waiting_{context_};
    clock::time_point began_ = clock::now();
    std::array<std::byte, 16384> space_{};
    fuzzing::octets received_;
    std::vector<fuzzing::wire_entry> entries_;
    ending end_ = ending::open;
    bool reading_ = false;
    bool half_closed_ = false;
    bool stuck_ = false;
};

class player {
public:
    player(const play_route& route, const fuzzing::script& steps)
        : route_(route), steps_(steps), peer_(route) {}

    played play() {
        if (!peer_.connect())
            return peer_.finish();
        for (const step& one : steps_)
            take(one);
        conclude();
        played done = peer_.finish();
        done.what.overdue = overdue_;
        return done;
    }

private:
    void take(const step& one) {
        switch (one.type) {
        case step_type::send:
            peer_.send(one.content);
            owed_.add(one.content);
            return;
        case step_type::pause: peer_.pause(one.time); return;
        case step_type::await: {
            const std::size_t wanted = one.at_least != 0 ? one.at_least : answered_ + 1;
            peer_.wait_for(wanted, one.due ? std::max(one.time, route_.deadline) : one.time);
            answered_ = peer_.received();
            return;
        }
        case step_type::half_close: peer_.half_close(); return;
        case step_type::reset: peer_.reset(); return;
        }
    }

    void conclude() {
        const fuzzing::duty& owed = owed_.owed();
        if (owed.ends && !peer_.wait_for_end(route_.deadline))
            return overdue("it does not end the connection, though " + std::string(owed.why));
        if (owed.answers != 0 && !peer_.wait_for(1, route_.deadline))
            return overdue("it does not answer, though " + std::string(owed.why));
        peer_.half_close();
        if (!peer_.wait_for_end(route_.deadline))
            overdue(peer_.is_stuck() ? "it does not read"
                                     : "it does not end the connection, "
                                       "though the client has");
    }

    void overdue(std::string what) { overdue_ = std::move(what); }

    const play_route& route_;
    const fuzzing::script& steps_;
    connection peer_;
    fuzzing::duty_watch owed_;
    std::size_t answered_ = 0;
    std::string overdue_;
};

}  // namespace

played play(const play_route& route, const fuzzing::script& steps) {
    return player(route, steps).play();
}

struct bystander::state : connection {
    using connection::connection;
};

bystander::bystander(const play_route& route) : route_(route) {}
bystander::~bystander() = default;

bool bystander::open(const fuzzing::script& preamble) {
    if (state_ && !state_->is_over())
        return true;
    state_ = std::make_unique<state>(route_);
    if (state_->connect()) {
        for (const step& one : preamble)
            state_->send(one.content);
        if (state_->wait_for(1, route_.deadline) && !state_->is_over())
            return true;
    }
    state_.reset();
    return false;
}

bool bystander::is_lost() {
    if (!state_)
        return false;
    state_->look();
    if (!state_->is_over())
        return false;
    state_.reset();
    return true;
}

}  // namespace nettcp::cli
