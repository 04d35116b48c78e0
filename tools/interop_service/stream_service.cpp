#include "interop_service/stream_service.hpp"

#include "interop_service/pattern.hpp"
#include "interop_service/sha256.hpp"
#include "interop_service/relay.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <stdexcept>

namespace nettcp::interop {
namespace {

namespace asio = boost::asio;

using namespace nbfx::literals;
using nbfx::dictionary_string;

constexpr dictionary_string ns = nbfx::lasting_string("http://peers.test/svc");
constexpr std::string_view actions = "http://peers.test/svc/IStreaming/";

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

/// Names around streams are text to WCF, others are for the dictionary.
auto stream_result_of(std::string_view response, std::string_view result) {
    return [=](nbfx::writer& out) {
        out.start_element(response, ns.text);
        out.start_element(result, ns.text);
    };
}

void download(incoming_call& call) {
    nbfx::reader& in = call.body();
    in.read_start_element("Download", ns.text);
    const std::int64_t length = in.read_element_int64();
    in.read_end_element();
    call.end_body();
    if (length < 0)
        throw std::invalid_argument("the length is negative");
    call.reply_stream(stream_result_of("DownloadResponse", "DownloadResult"),
                      pattern_source(static_cast<std::uint64_t>(length)));
}

asio::awaitable<void> upload(incoming_call& call) {
    std::uint64_t size = 0;
    bool good = true;
    co_await read_all(call.stream(), [&](std::span<const std::byte> part) {
        good = good && is_pattern(part, size);
        size += part.size();
    });
    if (!good)
        throw std::runtime_error("the stream is not the pattern");
    call.reply([&](nbfx::writer& out) {
        out.start_element("UploadResponse"_dict, ns);
        out.start_element("UploadResult"_dict, ns);
        out.int64(static_cast<std::int64_t>(size));
        out.end_element();
        out.end_element();
    });
}

void echo_stream(incoming_call& call) {
    const auto content = std::make_shared<relay>(call.stream().release());
    call.reply_stream(stream_result_of("EchoStreamResponse", "EchoStreamResult"), content);
    content->start();
}

std::string name_header(incoming_call& call) {
    std::string name;
    for (const auto& other : call.headers().others) {
        if (other.local != "Name" || other.ns != ns.text)
            continue;
        name = call.message().header(other).read_element_text();
        break;
    }
    call.message().reopen_body();
    return name;
}

asio::awaitable<void> upload_named(incoming_call& call) {
    const std::string name = name_header(call);
    std::uint64_t size = 0;
    sha256 digest;
    co_await read_all(call.stream(), [&](std::span<const std::byte> part) {
        size += part.size();
        digest.add(part);
    });
    const std::string hex = digest.finish();
    call.reply(
        [&](nbfx::writer& out) {
            out.start_element("UploadReply"_dict, ns);
            out.start_element("Length"_dict, ns);
            out.int64(static_cast<std::int64_t>(size));
            out.end_element();
            out.start_element("Sha256"_dict, ns);
            out.text(hex);
            out.end_element();
            out.end_element();
        },
        {.headers = [&](nbfx::writer& out) {
            out.start_element("h", "Name"_dict, ns);
            out.text(name);
            out.end_element();
        }});
}

void echo(incoming_call& call) {
    nbfx::reader& in = call.body();
    in.read_start_element("Echo", ns.text);
    const std::string text = in.read_element_text();
    in.read_end_element();
    call.end_body();
    call.reply([&](nbfx::writer& out) {
        out.start_element("EchoResponse"_dict, ns);
        out.start_element("EchoResult"_dict, ns);
        out.text(text);
        out.end_element();
        out.end_element();
    });
}

}  // namespace

service make_stream_service() {
    const auto action = [](std::string_view name) {
        return std::string(actions) + std::string(name);
    };
    service service;
    service.on(action("Download"), download);
    service.on(action("Upload"), upload, {.streamed = true});
    service.on(action("EchoStream"), echo_stream, {.streamed = true});
    service.on(action("UploadNamed"), upload_named, {.streamed = true});
    service.on(action("Echo"), echo);
    return service;
}

}  // namespace nettcp::interop
