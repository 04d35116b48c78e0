#pragma once

#include "load/ledger.hpp"
#include "load/security_modes.hpp"

#include <nettcp/client/client.hpp>
#include <nettcp/client/connection_pool.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <string>

namespace load {

/// What all actors together have done and met. Any thread.
class soak_book {
public:
    explicit soak_book(const ledger& hosts) : seen(hosts) {}

    enum counted : std::size_t {
        sessions,
        calls,
        notes,
        callbacks,
        uploads,
        downloads,
        cancelled,
        given_up,
        aborted,
        count
    };
    void add(counted what, std::uint64_t more = 1) { counts_[what] += more; }
    std::string figures() const;
    std::uint64_t of(counted what) const { return counts_[what]; }
    /// Something that must never be. The first few are kept.
    void wrong(const std::string& what);
    /// An operation failed at a host that comes and goes.
    void failed(const boost::system::error_code& code);
    /// Throws the first wrong, if there was one.
    void must_be_right() const;
    std::string failures() const;

    std::atomic<bool> over = false;  ///< end your session and come back
    std::atomic<std::int64_t> under_way = 0;  ///< operations that have not ended
    const ledger& seen;

private:
    std::array<std::atomic<std::uint64_t>, count> counts_{};
    mutable std::mutex guard_;
    std::map<std::string, std::size_t> failures_;
    std::string wrong_;
};

/// Whom an actor calls, and how.
struct soak_part {
    std::uint32_t number = 0;
    std::uint16_t port = 0;
    security_mode mode = {};
    bool streamed = false;
    bool may_fail = false;  ///< the host comes and goes
    std::shared_ptr<nettcp::connection_pool> pool = {};
};

/// One client after the other, each with a session in which calls of all kinds follow each other as
/// chance has it; some sessions end well, others in the middle. On one sequential executor.
class soak_actor {
public:
    soak_actor(boost::asio::any_io_executor executor, soak_part part, soak_book& book,
               std::uint64_t seed);

    /// Until the book is over.
    boost::asio::awaitable<void> run();

private:
    using flow = boost::asio::awaitable<bool>;  // whether the session can go on

    boost::asio::awaitable<void> buffered_session();
    boost::asio::awaitable<void> streamed_session();
    flow burst(nettcp::client& c);
    flow notes(nettcp::client& c);
    flow back(nettcp::client& c);
    flow large(nettcp::client& c);
    flow cancel(nettcp::client& c);
    flow expire(nettcp::client& c);
    flow upload(nettcp::client& c);
    flow download(nettcp::client& c);
    flow give_up_download(nettcp::client& c);
    flow cancel_upload(nettcp::client& c);
    boost::asio::awaitable<void> close(nettcp::client& c);
    void abort(std::optional<nettcp::client>& c);

    nettcp::client_options options();
    nettcp::endpoint_address address() const;
    flow chosen(nettcp::client& c);
    flow sent(std::string text, nettcp::client& c, std::string_view action);
    bool good(const boost::system::error_code& code, const char* what);
    void check(bool holds, const char* what);
    std::string next(ledger::kind what);
    bool arrived(ledger::kind what) const;
    std::uint32_t up_to(std::uint32_t most) { return static_cast<std::uint32_t>(random_()) % most; }

    boost::asio::any_io_executor executor_;
    const soak_part part_;
    soak_book& book_;
    std::minstd_rand random_;
    std::uint32_t session_ = 0;
    std::array<std::uint32_t, 3> places_{};  // of the last message of each kind in this session
    int told_ = 0;  // by the callbacks of this call
};

}  // namespace load
