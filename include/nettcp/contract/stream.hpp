#pragma once

#include <concepts>
#include <memory>
#include <utility>

namespace nettcp {
class body_source;
}

namespace nettcp::contract {

/// The octets that are all of a body (.NET: Stream): an operation's only parameter, what it gives
/// back, or the only body member of a message contract.
///
/// Whoever sends makes it of a source (`make_body_source`) or of a `body_reader`; whoever receives
/// makes a `body_reader` of it, and reads the octets as they arrive where the transfer is streamed.
/// One pass: copies are the same stream. Without a source, no octets.
class stream {
public:
    stream() noexcept = default;
    /// Implicit, so that sources are arguments and results.
    template <class Source>
        requires std::convertible_to<Source*, body_source*>
    stream(std::shared_ptr<Source> from) noexcept : from_(std::move(from)) {}
    /// Of a reader: what has not been read of it.
    template <class Reader>
        requires(!std::same_as<Reader, stream>) && requires(Reader reader) {
            { reader.release() } -> std::same_as<std::shared_ptr<body_source>>;
        }
    stream(Reader from) noexcept : from_(from.release()) {}

    explicit operator bool() const noexcept { return from_ != nullptr; }
    /// Hands the octets over; null without any.
    std::shared_ptr<body_source> release() noexcept { return std::exchange(from_, nullptr); }

private:
    std::shared_ptr<body_source> from_;
};

}  // namespace nettcp::contract
