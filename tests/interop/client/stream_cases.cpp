#include "stream_cases.hpp"

#include "interop_service/pattern.hpp"
#include "interop_service/sha256.hpp"
#include "interop_service/stream_contract.hpp"
#include "mismatch.hpp"

#include <nettcp/client/typed_call.hpp>

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <future>

namespace nettcp::interop {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

std::vector<std::byte> pattern(std::size_t size) {
    std::vector<std::byte> made(size);
    for (std::size_t i = 0; i != size; ++i)
        made[i] = pattern_at(i);
    return made;
}

/// The greatest part of this process that was ever in memory.
long peak_mebibytes() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss / 1024;
}

/// The operations of `IStreaming` as blocking functions.
class stream_client {
public:
    explicit stream_client(const target& where) : client_(stream_address(where), where.options) {}
    ~stream_client() {
        error_code ignored;
        client_.close(ignored);
    }

    std::string echo(const std::string& text) {
        return call(client_, i_streaming::echo(text)).value().value_or("null");
    }

    void download(std::size_t size) {
        must_be_pattern(
            call(client_, i_streaming::download(static_cast<std::int64_t>(size))).value(), size);
    }

    void upload(std::size_t size) {
        const auto length = call(client_, i_streaming::upload(pattern_source(size))).value();
        must(length == static_cast<std::int64_t>(size),
             "the host counts " + std::to_string(length) + " octets");
    }

    void echo_stream(std::size_t size) {
        must_be_pattern(call(client_, i_streaming::echo_stream(pattern_source(size))).value(),
                        size);
    }

    void upload_named(const std::string& name, std::size_t size) {
        const i_streaming::upload_request request{name, pattern_source(size)};
        const auto answer = call(client_, i_streaming::upload_named(request)).value();
        must(answer.length == static_cast<std::int64_t>(size),
             "the length is " + std::to_string(answer.length));
        sha256 expected;
        expected.add(pattern(size));
        must(answer.sha256 == expected.finish(), "the digest is " + answer.sha256.value_or("null"));
        must(answer.name == name, "the header Name is \"" + answer.name.value_or("null") + "\"");
    }

private:
    static nettcp::endpoint_address stream_address(const target& where) {
        std::string uri(where.address.uri());
        uri.replace(uri.rfind('/'), uri.npos, "/stream");
        return nettcp::endpoint_address(uri);
    }

    static void must_be_pattern(nettcp::body_reader body, std::size_t size) {
        std::vector<std::byte> room(65536);
        std::size_t at = 0;
        for (error_code code; code != asio::error::eof;) {
            std::promise<std::size_t> done;
            body.async_read_some(asio::buffer(room), [&](const error_code& ended, std::size_t got) {
                code = ended;
                done.set_value(got);
            });
            const std::size_t got = done.get_future().get();
            must(!code || code == asio::error::eof, "the stream broke: " + code.message());
            must(is_pattern(std::span(room).first(got), at),
                 "another octet behind " + std::to_string(at));
            at += got;
        }
        must(at == size, std::to_string(at) + " octets came");
    }

    nettcp::client client_;
};

void echo_string(const target& where) {
    const std::string back = stream_client(where).echo("hey");
    must(back == "hey", "got \"" + back + "\"");
}

template <std::size_t Size>
void download(const target& where) {
    stream_client(where).download(Size);
}

template <std::size_t Size>
void upload(const target& where) {
    stream_client(where).upload(Size);
}

template <std::size_t Size>
void echo_stream(const target& where) {
    stream_client(where).echo_stream(Size);
}

void upload_named(const target& where) {
    stream_client(where).upload_named("file.bin", 12345);
}

constexpr std::size_t five_megabytes = 5u << 20;

constexpr echo_case cases[] = {
    {"stream-echo-string", echo_string},
    {"stream-download-0", download<0>},
    {"stream-download-1k", download<1000>},
    {"stream-download-300k", download<300'000>},
    {"stream-download-5m", download<five_megabytes>},
    {"stream-upload-0", upload<0>},
    {"stream-upload-1k", upload<1000>},
    {"stream-upload-300k", upload<300'000>},
    {"stream-upload-5m", upload<five_megabytes>},
    {"stream-echo-0", echo_stream<0>},
    {"stream-echo-1k", echo_stream<1000>},
    {"stream-echo-300k", echo_stream<300'000>},
    {"stream-echo-5m", echo_stream<five_megabytes>},
    {"stream-upload-named", upload_named},
};

void run_big(std::string_view name, std::uint64_t size, const std::function<void()>& transfer) {
    const auto begun = std::chrono::steady_clock::now();
    transfer();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
    const double mebibytes = static_cast<double>(size) / (1u << 20);
    std::printf("BIG %s %.0f MiB in %.1f s, %.0f MiB/s, peak memory %ld MiB\n",
                std::string(name).c_str(), mebibytes, taken.count(), mebibytes / taken.count(),
                peak_mebibytes());
    std::fflush(stdout);
}

}  // namespace

void run_big_streams(target where, std::uint64_t size) {
    where.options.session.framing.max_streamed_size = 2 * size + (1u << 20);  // of base64, too
    stream_client client(where);
    run_big("download", size, [&] { client.download(size); });
    run_big("upload", size, [&] { client.upload(size); });
    run_big("echo", size, [&] { client.echo_stream(size); });
}

std::span<const echo_case> stream_cases() noexcept {
    return cases;
}

}  // namespace nettcp::interop
