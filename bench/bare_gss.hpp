#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <gssapi/gssapi.h>

#include <cstddef>
#include <span>
#include <vector>

namespace nettcp::bench {

/// Ends the program if GSS-API has failed.
void succeed(OM_uint32 major, const char* what);

/// A caller's credential as ours are made: for SPNEGO with Kerberos alone, and without the client
/// keytab, which GSS-API would look for by itself.
gss_cred_id_t acquire_caller();
/// One for all.
gss_cred_id_t shared_caller();

/// One side of a context, by SPNEGO with Kerberos and mutual authentication, for host/localhost.
class gss_side {
public:
    /// Initiates.
    explicit gss_side(gss_cred_id_t caller) : credential_(caller), initiates_(true) {}
    /// Accepts.
    gss_side();
    gss_side(gss_side&& other) noexcept;
    gss_side& operator=(gss_side&&) = delete;
    ~gss_side();

    bool established() const noexcept { return state_ == GSS_S_COMPLETE; }
    gss_ctx_id_t context() const noexcept { return context_; }
    /// Takes the peer's token, none at first, and returns the one for it; none when it is over.
    std::vector<std::byte> step(std::span<const std::byte> token);

private:
    gss_cred_id_t credential_;
    bool initiates_ = false;
    gss_ctx_id_t context_ = GSS_C_NO_CONTEXT;
    OM_uint32 state_ = GSS_S_CONTINUE_NEEDED;
};

/// A connected socket with what GSS-API wraps, in frames of at most 63 KiB behind their sizes.
/// Blocks.
class gss_socket {
public:
    gss_socket(boost::asio::ip::tcp::socket socket, bool is_server);

    void write(std::size_t size);
    /// False: the peer has gone.
    bool read(std::size_t size);

private:
    void send(const void* token, std::size_t size);
    /// The next frame; empty: the peer has gone. Good until the next one.
    std::span<std::byte> receive();

    boost::asio::ip::tcp::socket socket_;
    gss_side side_;
    std::vector<std::byte> plain_;
    std::vector<std::byte> arrived_;
    std::size_t begin_ = 0;  ///< of what was not handed out yet, in `arrived_`
    std::size_t end_ = 0;
};

}  // namespace nettcp::bench
