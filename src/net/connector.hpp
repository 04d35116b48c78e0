#pragma once

#include "net/lazy_timer.hpp"

#include <nettcp/net/diagnostics.hpp>
#include <nettcp/net/socks5_proxy.hpp>
#include <nettcp/net/tcp_keep_alive.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nettcp::net {

/// Where a connector connects to, and how.
struct connect_target {
    std::string host;
    std::uint16_t port = 0;
    std::optional<tcp_keep_alive> keep_alive = {};
    std::optional<socks5_proxy> proxy = {};
};

/// Families in turns, beginning with that of the first; each in the order given (RFC 8305,
/// "Sorting Addresses").
std::vector<boost::asio::ip::tcp::endpoint>
in_turns(const std::vector<boost::asio::ip::tcp::endpoint>& found);

class socks5_tunnel;

/// Turns host and port into a connected socket: looks the name up and tries its addresses, IPv6 and
/// IPv4 in turns, the next one 250 ms after the one before, or as soon as one has failed. The
/// first connection wins, and the others are given up (RFC 8305, "happy eyeballs"). With a proxy
/// these are the proxy's addresses, and the proxy looks up the name.
///
/// Lives in a `shared_ptr`, which its outstanding operations share. Keeps no deadline: its owner
/// cancels it. Use it from its executor only.
class connector final : public std::enable_shared_from_this<connector>, private lazy_timer::owner {
public:
    class owner {
    public:
        virtual void connected(boost::asio::ip::tcp::socket socket) = 0;
        /// `why` has stage, code, the system's code and the address that failed last.
        virtual void connect_failed(const diagnostics& why) = 0;

    protected:
        ~owner() = default;
    };

    connector(const boost::asio::any_io_executor& executor, owner& told);

    /// Begins; ends with one call of the owner, never from within this function.
    void start(connect_target where);
    /// The same, with these addresses instead of a name.
    void start(std::vector<boost::asio::ip::tcp::endpoint> addresses, connect_target where = {});
    /// The owner is told nothing more.
    void cancel() noexcept;

    /// How far it has come.
    nettcp::stage stage() const noexcept { return stage_; }
    /// An address being tried.
    const std::string& peer() const noexcept { return peer_; }

private:
    using tcp = boost::asio::ip::tcp;

    void resolved(const boost::system::error_code& ec);
    void try_next();
    void tried(std::size_t which, boost::system::error_code ec);
    void name_pending();
    void won(tcp::socket socket);
    void tunnelled(const diagnostics& why, tcp::socket socket);
    void stop_trying() noexcept;
    void fail(const boost::system::error_code& code, const boost::system::error_code& provider);
    void deadline_passed() override;

    boost::asio::any_io_executor executor_;
    tcp::resolver resolver_;
    owner* told_;
    connect_target where_;
    std::vector<tcp::endpoint> addresses_;
    std::vector<std::unique_ptr<tcp::socket>> attempts_;  ///< of the first addresses; null: failed
    lazy_timer next_attempt_;
    std::shared_ptr<socks5_tunnel> tunnel_;
    std::string peer_;
    nettcp::stage stage_ = nettcp::stage::resolve;
    boost::system::error_code last_;
};

}  // namespace nettcp::net
