#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/base/export.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace nettcp {

/// Where the octets of a streamed body come from. One read at a time is asked for.
///
/// When nobody wants the body any more, the source is destroyed, even while it reads, as Asio's
/// streams may be: it then completes that read, or drops its handler.
class NETTCP_EXPORT body_source {
public:
    using read_handler =
        boost::asio::any_completion_handler<void(boost::system::error_code, std::size_t)>;

    virtual ~body_source();

    /// Fills some of `room`, which lives until `done` is called or destroyed: with at least one
    /// octet, or with `asio::error::eof` at the end, or with what went wrong. `done` may be called
    /// on any thread, and within this function.
    virtual void read(std::span<std::byte> room, read_handler done) = 0;
    /// For a `body_reader` of this source: what handlers without an executor of their own run on.
    /// The system's, unless it has one.
    virtual boost::asio::any_io_executor get_executor() const;
};

/// A source that reads from one of Asio's streams: a file, a socket, a pipe, a `body_reader`.
template <class AsyncReadStream>
class stream_source final : public body_source {
public:
    explicit stream_source(AsyncReadStream&& from) : from_(std::move(from)) {}

    void read(std::span<std::byte> room, read_handler done) override {
        from_.async_read_some(boost::asio::buffer(room.data(), room.size()), std::move(done));
    }
    boost::asio::any_io_executor get_executor() const override {
        if constexpr (requires(AsyncReadStream& from) { from.get_executor(); })
            return const_cast<AsyncReadStream&>(from_).get_executor();
        else
            return body_source::get_executor();
    }

private:
    AsyncReadStream from_;
};

template <class AsyncReadStream>
    requires(!std::invocable<AsyncReadStream&, std::span<std::byte>>)
std::shared_ptr<body_source> make_body_source(AsyncReadStream from) {
    return std::make_shared<stream_source<AsyncReadStream>>(std::move(from));
}

/// A source of octets that are at hand.
NETTCP_EXPORT std::shared_ptr<body_source> make_body_source(std::vector<std::byte> octets);

/// A source that asks a function, which must not block: it fills some of the room and says how
/// much; none at the end.
NETTCP_EXPORT std::shared_ptr<body_source>
make_body_source(std::function<std::size_t(std::span<std::byte>)> fill);

}  // namespace nettcp
