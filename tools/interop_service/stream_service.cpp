#include "interop_service/stream_service.hpp"

#include "interop_service/pattern.hpp"
#include "interop_service/relay.hpp"
#include "interop_service/sha256.hpp"
#include "interop_service/stream_contract.hpp"

#include <nettcp/service/typed_operation.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <stdexcept>

namespace nettcp::interop {
namespace {

namespace asio = boost::asio;

/// Gives each part of a stream to `take`, to the end.
template <class Function>
asio::awaitable<void> read_all(body_reader from, Function take) {
    std::vector<std::byte> room(65536);
    for (;;) {
        boost::system::error_code code;
        const std::size_t size = co_await from.async_read_some(
            asio::buffer(room), asio::redirect_error(asio::use_awaitable, code));
        take(std::span<const std::byte>(room).first(size));
        if (code == asio::error::eof)
            co_return;
        if (code)
            throw boost::system::system_error(code);
    }
}

std::shared_ptr<body_source> download(std::int64_t length) {
    if (length < 0)
        throw std::invalid_argument("the length is negative");
    return pattern_source(static_cast<std::uint64_t>(length));
}

asio::awaitable<std::int64_t> upload(body_reader data) {
    std::uint64_t size = 0;
    bool good = true;
    co_await read_all(std::move(data), [&](std::span<const std::byte> part) {
        good = good && is_pattern(part, size);
        size += part.size();
    });
    if (!good)
        throw std::runtime_error("the stream is not the pattern");
    co_return static_cast<std::int64_t>(size);
}

std::shared_ptr<body_source> echo_stream(body_reader data) {
    auto content = std::make_shared<relay>(data.release());
    content->start();
    return content;
}

asio::awaitable<i_streaming::upload_reply> upload_named(i_streaming::upload_request request) {
    std::int64_t size = 0;
    sha256 digest;
    co_await read_all(std::move(request.data), [&](std::span<const std::byte> part) {
        size += static_cast<std::int64_t>(part.size());
        digest.add(part);
    });
    co_return i_streaming::upload_reply{std::move(request.name), size, digest.finish()};
}

}  // namespace

service make_stream_service() {
    service made;
    serve(made, i_streaming::download, download);
    serve(made, i_streaming::upload, upload);
    serve(made, i_streaming::echo_stream, echo_stream);
    serve(made, i_streaming::upload_named, upload_named);
    serve(made, i_streaming::echo, [](i_streaming::text said) { return said; });
    return made;
}

}  // namespace nettcp::interop
