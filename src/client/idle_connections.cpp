// Decides which idle connection is taken next, and when one goes.
#include "client/idle_connections.hpp"

#include "client/resting_socket.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <thread>
#include <variant>

namespace nettcp {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

class idle_connections::endpoint {
public:
    struct connection {
        std::uint64_t id;
        std::variant<resting_socket, tcp::socket> socket;  ///< resting, or watched
        net::time_point connected_at;
        net::time_point until;
        net::time_point rests_until;

        bool rests() const noexcept { return std::holds_alternative<resting_socket>(socket); }
    };

    explicit endpoint(pool_key which) : key(std::move(which)) {}

    const pool_key key;
    std::vector<connection> idle;  ///< in the order in which they came
};

namespace {

/// How long a connection rests before it is watched.
constexpr auto rest = std::chrono::milliseconds(100);

/// The same connection on another executor; nothing when it is broken.
std::optional<tcp::socket> taken_up(std::variant<resting_socket, tcp::socket> socket,
                                    const asio::any_io_executor& home) {
    if (auto* const watched = std::get_if<tcp::socket>(&socket)) {
        auto loose = resting_socket::from(std::move(*watched), home);
        if (!loose)
            return std::nullopt;
        socket = std::move(*loose);
    }
    auto out = std::get<resting_socket>(socket).wake(home);
    if (out && !is_quiet(*out))
        out.reset();
    return out;
}

}  // namespace

idle_connections::idle_connections(asio::any_io_executor executor,
                                   const connection_pool_options& options, bool is_own)
    : executor_(std::move(executor)), options_(options), is_own_(is_own), timer_(executor_) {}

std::shared_ptr<idle_connections::endpoint> idle_connections::find(const pool_key& key) {
    const std::lock_guard lock(mutex_);
    std::erase_if(endpoints_,
                  [](const auto& each) { return each.use_count() == 1 && each->idle.empty(); });
    const auto found =
        std::ranges::find_if(endpoints_, [&key](const auto& each) { return each->key == key; });
    if (found != endpoints_.end())
        return *found;
    return endpoints_.emplace_back(std::make_shared<endpoint>(key));
}

std::optional<pooled_connection> idle_connections::take(endpoint& from,
                                                        const asio::any_io_executor& home) {
    const std::lock_guard lock(mutex_);
    const net::time_point now = net::clock::now();
    std::optional<pooled_connection> out;
    while (!from.idle.empty() && !out) {
        auto last = std::move(from.idle.back());
        from.idle.pop_back();
        --count_;
        if (last.until <= now)
            continue;
        if (auto socket = taken_up(std::move(last.socket), home))
            out.emplace(std::move(*socket), last.connected_at);
    }
    stop_if_empty();
    return out;
}

void idle_connections::put(const std::shared_ptr<endpoint>& to, pooled_connection back) {
    const std::lock_guard lock(mutex_);
    const net::time_point now = net::clock::now();
    const net::time_point until = std::min(net::later(now, options_.idle_timeout),
                                           net::later(back.connected_at, options_.lease_timeout));
    if (closed_ || until <= now ||
        to->idle.size() >= options_.max_outbound_connections_per_endpoint)
        return;
    auto socket = resting_socket::from(std::move(back.socket), executor_);
    if (!socket)
        return;
    to->idle.push_back({++last_id_, std::move(*socket), back.connected_at, until, now + rest});
    ++count_;
    ring_at(std::min(until, now + rest));
}

/// Watches those that have rested. A peer that says anything now has ended the connection, or is
/// not to be trusted with it.
void idle_connections::watch(const std::shared_ptr<endpoint>& of) {
    const net::time_point now = net::clock::now();
    for (auto& each : of->idle) {
        if (!each.rests() || each.rests_until > now)
            continue;
        auto socket = std::get<resting_socket>(each.socket).wake(executor_);
        if (!socket)
            continue;  // no room: it goes on resting, and is looked at when it is taken
        each.socket = std::move(*socket);
        std::get<tcp::socket>(each.socket)
            .async_wait(tcp::socket::wait_read,
                        [weak = weak_from_this(), of, id = each.id](const error_code& ec) {
                            const auto self = weak.lock();
                            if (!ec && self != nullptr)
                                self->drop(*of, id);
                        });
    }
}

void idle_connections::drop(endpoint& of, std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    count_ -= std::erase_if(of.idle, [id](const auto& each) { return each.id == id; });
    stop_if_empty();
}

/// Rings at the latest then; may ring too early.
void idle_connections::ring_at(net::time_point when) {
    if (when >= rings_)
        return;
    rings_ = when;
    timer_.expires_at(when);
    timer_.async_wait([weak = weak_from_this(), turn = ++timer_turn_](const error_code&) {
        if (const auto self = weak.lock())
            self->rang(turn);
    });
}

void idle_connections::rang(std::uint64_t turn) {
    const std::lock_guard lock(mutex_);
    if (timer_turn_ != turn)
        return;
    rings_ = net::never;
    net::time_point next = net::never;
    for (const auto& each : endpoints_)
        next = std::min(next, tend(each));
    ring_at(next);
}

/// Closes what has been idle for too long, watches what has rested; tells when to look again.
net::time_point idle_connections::tend(const std::shared_ptr<endpoint>& each) {
    const net::time_point now = net::clock::now();
    count_ -= std::erase_if(each->idle, [now](const auto& one) { return one.until <= now; });
    watch(each);
    net::time_point next = net::never;
    for (const auto& one : each->idle)
        next = std::min({next, one.until, one.rests_until > now ? one.rests_until : net::never});
    return next;
}

/// Leaves nothing outstanding on the executor when none is idle.
void idle_connections::stop_if_empty() {
    if (is_own_ || count_ != 0 || rings_ == net::never)
        return;
    rings_ = net::never;
    ++timer_turn_;
    timer_.cancel();
}

std::size_t idle_connections::size() const {
    const std::lock_guard lock(mutex_);
    return count_;
}

void idle_connections::clear(bool for_good) {
    const std::lock_guard lock(mutex_);
    closed_ = closed_ || for_good;
    for (const auto& each : endpoints_)
        each->idle.clear();
    count_ = 0;
    stop_if_empty();
}

/// A context and the thread that runs it.
struct connection_pool::own_thread {
    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
    std::thread thread{[this] { context.run(); }};

    ~own_thread() {
        context.stop();
        thread.join();
    }
};

connection_pool::connection_pool(connection_pool_options options)
    : thread_(std::make_unique<own_thread>()),
      connections_(
          std::make_shared<idle_connections>(thread_->context.get_executor(), options, true)) {}

connection_pool::connection_pool(asio::any_io_executor executor, connection_pool_options options)
    : connections_(std::make_shared<idle_connections>(std::move(executor), options, false)) {}

connection_pool::~connection_pool() {
    connections_->clear(true);
}

std::size_t connection_pool::idle() const {
    return connections_->size();
}

void connection_pool::clear() {
    connections_->clear(false);
}

}  // namespace nettcp
