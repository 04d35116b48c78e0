#pragma once

#include "net/session_shell.hpp"

#include <nettcp/net/body_source.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>

namespace nettcp::net {

/// Sends what a source has as the stream that a session has started, as fast as the peer takes it:
/// little waits in memory. For the shell's executor only.
class stream_pump final : public std::enable_shared_from_this<stream_pump> {
public:
    /// `told` is called after each part has been queued, with `eof` when all is, the message's end
    /// included, or with what went wrong; not after `stop`, and never within `go_on`.
    using teller = std::function<void(const boost::system::error_code&)>;

    stream_pump(boost::asio::any_io_executor executor, std::shared_ptr<session_shell> shell,
                std::shared_ptr<body_source> from, teller told);

    /// Reads on, if there is room in the session's output; call it when octets have been written.
    void go_on();
    /// Sends nothing more.
    void stop() noexcept;

private:
    void arrived(const boost::system::error_code& code, std::size_t size);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<session_shell> shell_;
    std::shared_ptr<body_source> from_;
    teller told_;
    std::vector<std::byte> room_;
    bool reading_ = false;
    bool over_ = false;
};

}  // namespace nettcp::net
