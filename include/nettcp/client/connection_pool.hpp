#pragma once

#include <nettcp/base/export.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace nettcp {

class idle_connections;

/// Choices of a pool, under WCF's names and with WCF's defaults (TcpConnectionPoolSettings).
struct connection_pool_options {
    using duration = std::chrono::steady_clock::duration;

    /// Idle connections kept for each endpoint; what comes back beyond that is closed. Not a limit
    /// on connections in use.
    std::uint32_t max_outbound_connections_per_endpoint = 10;
    /// How long a connection may lie idle.
    duration idle_timeout = std::chrono::minutes(2);
    /// A connection older than this is closed instead of being kept.
    duration lease_timeout = std::chrono::minutes(5);
};

/// Connections between sessions, shared by all clients whose options name the pool.
///
/// A client that opens a session takes the connection that came back last, if there is one for
/// its endpoint, and gives it back when the session was closed well. Endpoints are the same when
/// host and port to connect to, `client_options::pool_group`, `security`, `keep_alive` and `proxy`
/// are: nothing is shared between different credentials, although each session proves anew who is
/// who.
///
/// Any thread; its clients may run on any executors. Clients share it, so it lives as long as
/// they do.
class NETTCP_EXPORT connection_pool {
public:
    /// Watches idle connections on a thread of its own.
    explicit connection_pool(connection_pool_options options = {});
    /// Watches them on `executor`, which need not be sequential and whose context must outlive
    /// the pool. Idle connections are work there until their time is over.
    explicit connection_pool(boost::asio::any_io_executor executor,
                             connection_pool_options options = {});
    connection_pool(const connection_pool&) = delete;
    connection_pool& operator=(const connection_pool&) = delete;
    /// Closes what is idle.
    ~connection_pool();

    /// How many connections are idle now.
    std::size_t idle() const;
    /// Closes what is idle now. Connections in use come back as ever.
    void clear();

private:
    friend class client_core;
    struct own_thread;

    std::unique_ptr<own_thread> thread_;
    std::shared_ptr<idle_connections> connections_;
};

}  // namespace nettcp
