#include "net/stream_pump.hpp"

#include <nettcp/net/errc.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

namespace nettcp::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// Octets read at a time: by threes, so that records need no cutting.
constexpr std::size_t part_size = 3u << 14;
/// Octets queued above which nothing more is read.
constexpr std::size_t enough = 4 * part_size;

}  // namespace

stream_pump::stream_pump(asio::any_io_executor executor, std::shared_ptr<session_shell> shell,
                         std::shared_ptr<body_source> from, teller told)
    : executor_(std::move(executor)),
      shell_(std::move(shell)),
      from_(std::move(from)),
      told_(std::move(told)),
      room_(part_size) {}

void stream_pump::go_on() {
    if (reading_ || over_ || shell_->session().output_size() >= enough)
        return;
    reading_ = true;
    try {
        from_->read(room_, [self = shared_from_this()](const error_code& code, std::size_t size) {
            // Here it may be any thread, and within `go_on`.
            asio::post(self->executor_, [self, code, size] { self->arrived(code, size); });
        });
    } catch (...) {
        asio::post(executor_, [self = shared_from_this()] { self->arrived(errc::body_failed, 0); });
    }
}

void stream_pump::arrived(const error_code& code, std::size_t size) {
    if (!std::exchange(reading_, false) || over_)
        return;
    channel::duplex_session& session = shell_->session();
    result<void> sent = session.write_stream(bytes_view(room_).first(size));
    if (sent && code == asio::error::eof)
        sent = session.end_stream();
    const error_code outcome = sent ? code : sent.error().code;
    const teller tell = told_;
    if (outcome)
        stop();
    tell(outcome);
    go_on();
}

void stream_pump::stop() noexcept {
    over_ = true;
    told_ = nullptr;
    from_.reset();  // ends what it still reads; the handler keeps the room for that
}

}  // namespace nettcp::net
