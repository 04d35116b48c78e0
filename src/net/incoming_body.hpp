#pragma once

#include "net/session_shell.hpp"

#include <nettcp/net/body_source.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <memory>

namespace nettcp::net {

/// A read of a body that waits: its handler, which its executor has work for until it has run.
struct body_read {
    body_read(body_source::read_handler&& done, const boost::asio::any_io_executor& otherwise);

    body_source::read_handler handler;
    boost::asio::any_completion_executor theirs;
};

/// The body that a session receives as a stream, for whoever reads it.
///
/// Belongs to the reader; the session's owner keeps a weak reference, and finds it expired when the
/// reader is gone. May be read and destroyed on any thread; all else is for the shell's executor.
class incoming_body final : public body_source, public std::enable_shared_from_this<incoming_body> {
public:
    /// Told on the executor.
    class owner {
    public:
        /// The reader waits for octets (true), or does no more.
        virtual void body_waits(bool waits) = 0;
        /// Nobody reads on, and the body that comes on this connection has not ended.
        virtual void body_abandoned(const session_shell& shell) = 0;

    protected:
        ~owner() = default;
    };

    incoming_body(boost::asio::any_io_executor executor, std::shared_ptr<session_shell> shell,
                  std::weak_ptr<owner> told)
        : executor_(std::move(executor)), shell_(std::move(shell)), owner_(std::move(told)) {}
    ~incoming_body() override;

    void read(std::span<std::byte> room, read_handler done) override;
    boost::asio::any_io_executor get_executor() const override { return executor_; }
    /// There may be more to read.
    void wake();
    /// There will be no more.
    void fail(const boost::system::error_code& why);
    /// The same, and the executor may end: whoever reads on is told without it.
    void cut_off(const boost::system::error_code& why);

private:
    void begin(std::span<std::byte> room, const std::shared_ptr<body_read>& done);
    void attempt();
    void cancel(const std::shared_ptr<body_read>& done);
    void complete(const boost::system::error_code& code, std::size_t size);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<session_shell> shell_;  ///< null when it is over
    std::weak_ptr<owner> owner_;
    boost::system::error_code outcome_;  ///< when it is over
    std::atomic<bool> cut_off_ = false;  ///< the executor may be gone
    std::span<std::byte> room_;
    std::shared_ptr<body_read> waiting_;  ///< null: nobody waits
};

/// A body that has come as a whole, to be read like a stream: the octets of its first content.
/// Handlers run on their own executors, or where they read if they have none, as the `executor` may
/// be gone by then; it is only what the source calls its own.
std::shared_ptr<body_source> whole_body(channel::message& message,
                                        boost::asio::any_io_executor executor);

}  // namespace nettcp::net
