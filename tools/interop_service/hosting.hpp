#pragma once

#include <nettcp/service/service_host.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace nettcp::interop {

/// A host of the interop service, from its start to the signal that ends it.
struct hosting {
    std::string ip = "127.0.0.1";
    std::uint16_t port = 9000;  ///< 0: one that is free
    host_options options = {};
    /// How long calls in progress may take to end after a signal.
    std::chrono::milliseconds drain{5000};
    /// Adds the endpoints. `workers` outlives the host.
    std::function<void(service_host&, const boost::asio::any_io_executor& workers)> add_endpoints;
    /// Told when connections are accepted, with the address as `net.tcp://IP:PORT`. False: stop.
    std::function<bool(const std::string& address)> ready;
    std::function<void()> stopping = {};  ///< told of the first signal; may be empty
};

/// Hosts until SIGINT or SIGTERM and then until calls in progress are answered; a second signal
/// ends that, too. The result is why not all sessions ended well, if so. Throws what `service_host`
/// throws.
boost::system::error_code host_until_signal(hosting what);

/// Limits that no test comes near: messages of 1 GiB, streams of 1 TiB.
void open_limits(channel::session_options& session);

/// Adds IEcho, IStreaming and IChat at `/MODE/echo`, `/MODE/stream` and `/MODE/chat`, the first two
/// also for streamed transfers, at `/MODE-streamed/echo` and so on.
void add_mode(service_host& host, const std::string& mode, endpoint_options binding,
              const boost::asio::any_io_executor& workers);

/// Adds the same at `path`, `path`/stream and `path`/chat, for all transfers at once.
void add_everything(service_host& host, const std::string& path, endpoint_options binding,
                    const boost::asio::any_io_executor& workers);

}  // namespace nettcp::interop
