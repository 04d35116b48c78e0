#pragma once

#include "client/pool_key.hpp"
#include "net/lazy_timer.hpp"

#include <nettcp/client/connection_pool.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace nettcp {

/// A connection between two sessions.
struct pooled_connection {
    boost::asio::ip::tcp::socket socket;
    net::time_point connected_at;
};

/// What a `connection_pool` holds.
///
/// A connection that comes back rests at first, since mostly it is soon wanted again. After a
/// while it goes to the pool's executor, where one wait each tells that the peer has ended. Whether
/// it has is looked at, too, when a connection is taken, which moves it to the taker's executor.
/// All is guarded by one mutex. Any thread.
class idle_connections : public std::enable_shared_from_this<idle_connections> {
public:
    /// The connections of one key.
    class endpoint;

    /// `is_own`: the executor runs for us alone, so a wait for nothing keeps nobody.
    idle_connections(boost::asio::any_io_executor executor, const connection_pool_options& options,
                     bool is_own);

    std::shared_ptr<endpoint> find(const pool_key& key);
    /// The connection that came last, on executor `home`.
    std::optional<pooled_connection> take(endpoint& from, const boost::asio::any_io_executor& home);
    /// Keeps it, or closes it when it is too old or there are enough.
    void put(const std::shared_ptr<endpoint>& to, pooled_connection back);
    std::size_t size() const;
    /// Closes all; and what comes later, too (true).
    void clear(bool for_good);

private:
    net::time_point tend(const std::shared_ptr<endpoint>& each);
    void watch(const std::shared_ptr<endpoint>& of);
    void drop(endpoint& of, std::uint64_t id);
    void ring_at(net::time_point when);
    void rang(std::uint64_t turn);
    void stop_if_empty();

    boost::asio::any_io_executor executor_;
    const connection_pool_options options_;
    const bool is_own_;
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<endpoint>> endpoints_;
    std::size_t count_ = 0;  ///< of idle connections
    boost::asio::steady_timer timer_;
    net::time_point rings_ = net::never;
    std::uint64_t timer_turn_ = 0;
    std::uint64_t last_id_ = 0;
    bool closed_ = false;
};

}  // namespace nettcp
