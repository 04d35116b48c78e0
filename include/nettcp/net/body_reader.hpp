#pragma once

#include <nettcp/net/body_source.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>

#include <memory>

namespace nettcp {

/// Reads a received body that is a stream; one of Asio's AsyncReadStreams.
///
/// Octets arrive as far as they are read: while nobody reads, the peer waits. One read at a time.
/// Move-only. Destroying it before the end gives the rest up.
class body_reader {
public:
    using executor_type = boost::asio::any_io_executor;

    /// Reads nothing.
    body_reader() noexcept = default;
    body_reader(executor_type executor, std::shared_ptr<body_source> from) noexcept
        : executor_(std::move(executor)), from_(std::move(from)) {}
    /// Reads a source that is known to complete in turns of their own, as those of received bodies.
    explicit body_reader(std::shared_ptr<body_source> from)
        : executor_(from ? from->get_executor() : executor_type()), from_(std::move(from)) {}
    /// Reads what has been received as a typed contract's stream.
    template <class Stream>
        requires(!std::same_as<Stream, body_reader>) && requires(Stream stream) {
            { stream.release() } -> std::same_as<std::shared_ptr<body_source>>;
        }
    body_reader(Stream received) : body_reader(received.release()) {}
    body_reader(body_reader&&) noexcept = default;
    body_reader& operator=(body_reader&&) noexcept = default;

    explicit operator bool() const noexcept { return from_ != nullptr; }
    executor_type get_executor() const noexcept { return executor_; }

    /// Reads at least one octet: `void(error_code, std::size_t)`. `asio::error::eof` when the body
    /// has ended well, and only then. `buffers` must live until the end of the operation.
    /// Cancelling it (all types mean the same) loses nothing: one may read on.
    template <class MutableBufferSequence, class Token>
    auto async_read_some(const MutableBufferSequence& buffers, Token&& token) {
        boost::asio::mutable_buffer room;
        for (auto at = boost::asio::buffer_sequence_begin(buffers);
             room.size() == 0 && at != boost::asio::buffer_sequence_end(buffers); ++at)
            room = *at;
        return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            [](auto handler, const std::shared_ptr<body_source>& from,
               boost::asio::mutable_buffer into) {
                from->read({static_cast<std::byte*>(into.data()), into.size()}, std::move(handler));
            },
            token, from_, room);
    }

    /// The same as a source, for sending it on.
    std::shared_ptr<body_source> release() noexcept { return std::move(from_); }

private:
    executor_type executor_;
    std::shared_ptr<body_source> from_;
};

}  // namespace nettcp
