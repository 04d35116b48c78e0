#include "net/body_gatherer.hpp"

#include <nettcp/channel/errc.hpp>
#include <nettcp/net/errc.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <span>
#include <utility>

namespace nettcp::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t room_size = 16384;

}  // namespace

body_gatherer::body_gatherer(asio::any_io_executor executor, std::shared_ptr<body_source> from,
                             std::size_t limit, teller told)
    : executor_(std::move(executor)),
      from_(std::move(from)),
      room_(std::make_shared<std::vector<std::byte>>(room_size)),
      limit_(limit),
      told_(std::move(told)) {}

void body_gatherer::go_on() {
    // The handler does not keep us: we keep the source, and that the handler.
    const auto later = [weak = weak_from_this(), room = room_,
                        executor = executor_](const error_code& code, std::size_t size) {
        asio::post(executor, [weak, room, code, size] {
            if (const auto self = weak.lock())
                self->arrived(code, size);
        });
    };
    try {
        from_->read(*room_, later);
    } catch (...) {
        later(errc::body_failed, 0);
    }
}

void body_gatherer::arrived(const error_code& code, std::size_t size) {
    if (!told_)
        return;
    const auto part = std::span(*room_).first(size);
    octets_.insert(octets_.end(), part.begin(), part.end());
    if (!code && octets_.size() <= limit_) {
        go_on();
        return;
    }
    error_code outcome = code;
    if (octets_.size() > limit_)
        outcome = channel::errc::source_too_large;
    else if (code == asio::error::eof)
        outcome = {};
    const teller tell = std::exchange(told_, nullptr);
    tell(outcome, std::move(octets_));
}

}  // namespace nettcp::net
