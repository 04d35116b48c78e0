#pragma once

#include <nettcp/net/diagnostics.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <string>
#include <vector>

namespace nettcp::net {

/// Turns host and port into a connected socket: looks the name up and tries each address in turn.
///
/// Lives in a `shared_ptr`, which its outstanding operations share. Keeps no deadline: its owner
/// cancels it. Use it from its executor only.
class connector final : public std::enable_shared_from_this<connector> {
public:
    class owner {
    public:
        virtual void connected(boost::asio::ip::tcp::socket socket) = 0;
        /// `why` has stage, code, the system's code and the address tried last.
        virtual void connect_failed(const diagnostics& why) = 0;

    protected:
        ~owner() = default;
    };

    connector(const boost::asio::any_io_executor& executor, owner& told);

    /// Begins; ends with one call of the owner, never from within this function.
    void start(const std::string& host, std::uint16_t port);
    /// The owner is told nothing more.
    void cancel() noexcept;

    /// How far it has come.
    nettcp::stage stage() const noexcept { return stage_; }
    /// The address being tried.
    const std::string& peer() const noexcept { return peer_; }

private:
    void resolved(const boost::system::error_code& ec);
    void try_next();
    void tried(const boost::system::error_code& ec);
    void fail(const boost::system::error_code& code, const boost::system::error_code& provider);

    boost::asio::ip::tcp::resolver resolver_;
    boost::asio::ip::tcp::socket socket_;
    owner* told_;
    std::vector<boost::asio::ip::tcp::endpoint> addresses_;
    std::size_t next_ = 0;
    std::string peer_;
    nettcp::stage stage_ = nettcp::stage::resolve;
    boost::system::error_code last_;
};

}  // namespace nettcp::net
