// Decides when a preamble has been answered: by an acknowledgement, an agreement to upgrade, a
// fault, or the end of the connection.
#include "probe.hpp"

#include <nettcp/base/utf8.hpp>
#include <nettcp/framing/session.hpp>
#include <nettcp/net/socks5_handshake.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <array>

namespace nettcp::cli {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using kind = probe_answer::kind;

class asker {
public:
    asker(const probe_route& route, const probe_question& question)
        : route_(route), question_(question), session_(framing::role::initiator) {}

    probe_answer ask() {
        const auto& [where, patience, proxy] = route_;
        resolver_.async_resolve(proxy ? proxy->host : where.host(),
                                std::to_string(proxy ? proxy->port : where.port()),
                                [this](const error_code& ec, auto found) {
                                    if (ec)
                                        return unreachable(ec);
                                    connect(found);
                                });
        context_.run_for(patience);
        if (!answered_)
            answer_.what = answer_.peer.empty() ? kind::unreachable : kind::silent;
        if (answer_.what == kind::unreachable && answer_.said.empty())
            answer_.said = "no connection in time";
        error_code ignored;
        socket_.close(ignored);
        return answer_;
    }

private:
    void connect(const asio::ip::tcp::resolver::results_type& found) {
        asio::async_connect(
            socket_, found, [this](const error_code& ec, const asio::ip::tcp::endpoint& peer) {
                if (ec)
                    return unreachable(ec);
                answer_.peer = peer.address().to_string() + ":" + std::to_string(peer.port());
                if (!route_.proxy)
                    return speak();
                tunnel_.emplace(*route_.proxy, route_.where.host(), route_.where.port());
                dig();
            });
    }

    /// Goes on with the proxy's handshake.
    void dig() {
        if (tunnel_->done())
            return speak();
        if (tunnel_->failure()) {
            const std::string said(tunnel_->said());
            return answered(kind::unreachable,
                            tunnel_->failure().message() + (said.empty() ? "" : ": " + said));
        }
        const bytes_view out = tunnel_->output();
        asio::async_write(socket_, asio::buffer(out.data(), out.size()),
                          [this](const error_code& ec, std::size_t) {
                              if (ec)
                                  return unreachable(ec);
                              hear_proxy();
                          });
    }

    void hear_proxy() {
        asio::async_read(socket_, asio::buffer(room_.data(), tunnel_->wanted()),
                         [this](const error_code& ec, std::size_t size) {
                             if (ec)
                                 return unreachable(ec);
                             tunnel_->received(bytes_view(room_).first(size));
                             dig();
                         });
    }

    void speak() {
        framing::preamble ours;
        ours.mode = question_.mode;
        ours.via = route_.where.uri();
        ours.encoding = question_.encoding;
        auto spoken = session_.start(ours);
        if (spoken)
            spoken = question_.upgrade
                         ? session_.request_upgrade(framing::upgrade_name(*question_.upgrade))
                         : session_.end_preamble();
        if (!spoken)
            return answered(kind::other, spoken.error().code.message());
        const bytes_view out = session_.output();
        asio::async_write(socket_, asio::buffer(out.data(), out.size()),
                          [this](const error_code& ec, std::size_t) {
                              if (ec)
                                  ended(ec);
                              else
                                  listen();
                          });
    }

    void listen() {
        const auto space = session_.input_space();
        socket_.async_read_some(asio::buffer(space.data(), space.size()),
                                [this](const error_code& ec, std::size_t size) {
                                    if (ec)
                                        return ended(ec);
                                    session_.received(size);
                                    judge();
                                });
    }

    void judge() {
        const framing::event seen = session_.next_event();
        if (!session_.peer_fault().empty())
            return answered(kind::faulted, printable(session_.peer_fault()));
        if (session_.failed())
            return answered(kind::other, session_.failure().code.message());
        if (seen.type == framing::event_type::preamble_acked ||
            seen.type == framing::event_type::upgrade_accepted)
            return answered(kind::accepted);
        listen();
    }

    void ended(const error_code& ec) {
        answered(ec == asio::error::connection_reset || ec == asio::error::broken_pipe
                     ? kind::reset
                     : kind::closed);
    }

    void unreachable(const error_code& ec) { answered(kind::unreachable, ec.message()); }

    void answered(kind what, std::string said = {}) {
        answer_.what = what;
        answer_.said = std::move(said);
        answered_ = true;
    }

    const probe_route& route_;
    const probe_question& question_;
    asio::io_context context_{1};
    asio::ip::tcp::resolver resolver_{context_};
    asio::ip::tcp::socket socket_{context_};
    std::optional<net::socks5_handshake> tunnel_;
    std::array<std::byte, 257> room_{};  ///< as much as the tunnel ever wants
    framing::session session_;
    probe_answer answer_;
    bool answered_ = false;
};

}  // namespace

probe_answer probe(const probe_route& route, const probe_question& question) {
    return asker(route, question).ask();
}

std::string to_text(const probe_answer& answer) {
    switch (answer.what) {
    case kind::accepted: return "accepted";
    case kind::faulted: return "refused: " + answer.said.substr(answer.said.rfind('/') + 1);
    case kind::closed: return "refused: closed without a word";
    case kind::reset: return "refused: reset without a word";
    case kind::silent: return "no answer in time";
    case kind::other: return "not net.tcp: " + answer.said;
    case kind::unreachable: return "unreachable: " + answer.said;
    }
    return {};
}

}  // namespace nettcp::cli
