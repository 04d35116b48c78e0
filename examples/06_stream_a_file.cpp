// Sends a file of any size to a service and shows how far it is, in a few KiB of memory on both
// sides: the file is read as fast as the service takes it.
//
//     06_stream_a_file FILE
#include <nettcp/client/client.hpp>
#include <nettcp/service/service_host.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <cstdio>
#include <fstream>

namespace asio = boost::asio;
using namespace nettcp::nbfx::literals;

constexpr auto ns = "http://peers.test/svc"_dict;
constexpr auto upload_action = "http://peers.test/svc/IStreaming/Upload";

// [service]
// long Upload(Stream data), on a binding with TransferMode.Streamed
asio::awaitable<void> upload(nettcp::incoming_call& call) {
    nettcp::body_reader data = call.stream();
    std::array<char, 4096> room;
    std::int64_t size = 0;
    boost::system::error_code code;
    while (!code) {
        size += static_cast<std::int64_t>(co_await data.async_read_some(
            asio::buffer(room), asio::redirect_error(asio::use_awaitable, code)));
    }
    if (code != asio::error::eof)  // which comes when the whole stream is there, and only then
        throw boost::system::system_error(code);
    call.reply([&](nettcp::nbfx::writer& out) {
        out.start_element("UploadResponse"_dict, ns);
        out.start_element("UploadResult"_dict, ns);
        out.int64(size);
        out.end_element();
        out.end_element();
    });
}
// [service]

// [client]
void send(nettcp::client& service, const char* path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file)
        throw std::runtime_error(std::string("cannot read ") + path);
    const double size = static_cast<double>(file.tellg());
    file.seekg(0);
    double sent = 0;
    nettcp::call_options options;
    options.timeout = std::chrono::hours(1);
    // Asked when there is room for more.
    options.stream = nettcp::make_body_source([&](std::span<std::byte> room) {
        file.read(reinterpret_cast<char*>(room.data()), static_cast<std::streamsize>(room.size()));
        sent += static_cast<double>(file.gcount());
        std::printf("\r%3.0f %%", size == 0 ? 100 : 100 * sent / size);
        return static_cast<std::size_t>(file.gcount());
    });
    nettcp::reply answer = service.call(
        upload_action,
        [](nettcp::nbfx::writer& out) {  // the elements around the octets; no ends
            out.start_element("Upload", ns.text);
            out.start_element("data", ns.text);
        },
        options);
    answer.body().read_start_element("UploadResponse", ns.text);
    const std::int64_t taken = answer.body().read_element_int64();
    std::printf("\nthe service has taken %lld octets\n", static_cast<long long>(taken));
}
// [client]

int main(int argc, char** argv) {
    try {
        nettcp::service operations;
        operations.on(upload_action, upload, {.streamed = true});
        nettcp::host_options limits;
        limits.session.framing.max_streamed_size = std::uint64_t{1} << 40;
        nettcp::service_host host(limits);
        host.add_endpoint("/files", std::move(operations),
                          {.transfer = nettcp::transfer_mode::streamed});
        const auto port = std::to_string(host.listen("127.0.0.1", 0).port);
        host.start();

        nettcp::client_options choices;
        choices.transfer = nettcp::transfer_mode::streamed;
        nettcp::client service(nettcp::endpoint_address("net.tcp://127.0.0.1:" + port + "/files"),
                               choices);
        send(service, argc > 1 ? argv[1] : argv[0]);
        service.close();
        host.stop();
    } catch (const nettcp::failure& failed) {
        std::fprintf(stderr, "%s\n", failed.diagnostics().message().c_str());
        return 1;
    } catch (const std::exception& failed) {
        std::fprintf(stderr, "%s\n", failed.what());
        return 1;
    }
}
