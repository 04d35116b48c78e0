// Sends a file of any size to a service and shows how far it is, in a few KiB of memory on both
// sides: the file is read as fast as the service takes it.
//
//     06_stream_a_file FILE
#include <nettcp/client/typed_call.hpp>
#include <nettcp/service/service_host.hpp>
#include <nettcp/service/typed_operation.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace asio = boost::asio;
namespace contract = nettcp::contract;

// [contract]
// interface IFiles { long Upload(Stream data); }
inline constexpr contract::service_contract i_files{"IFiles", "urn:files"};
inline constexpr contract::operation<std::int64_t(contract::stream)> upload{
    i_files, "Upload", {"data"}};
// [contract]

// [service]
asio::awaitable<std::int64_t> take(nettcp::body_reader data) {
    std::array<char, 4096> room;
    std::int64_t size = 0;
    boost::system::error_code code;
    while (!code) {
        size += static_cast<std::int64_t>(co_await data.async_read_some(
            asio::buffer(room), asio::redirect_error(asio::use_awaitable, code)));
    }
    if (code != asio::error::eof)  // which comes when the whole stream is there, and only then
        throw boost::system::system_error(code);
    co_return size;
}

nettcp::service_host make_host() {
    nettcp::host_options limits;
    limits.session.framing.max_streamed_size = std::uint64_t{1} << 40;
    nettcp::service_host host(limits);
    nettcp::service operations;
    nettcp::serve(operations, upload, take);
    host.add_endpoint("/files", std::move(operations),
                      {.transfer = nettcp::transfer_mode::streamed});
    return host;
}
// [service]

// [progress]
/// `[########                ]  33 %`, over itself.
void show(double share) {
    constexpr int width = 40;
    const std::string done(static_cast<std::size_t>(share * width), '#');
    std::printf("\r[%-*s] %3.0f %%", width, done.c_str(), 100 * share);
    std::fflush(stdout);
}

/// The file as a source of octets, which is asked for more when there is room for it.
std::shared_ptr<nettcp::body_source> with_progress(std::ifstream& file) {
    file.seekg(0, std::ios::end);
    const double size = static_cast<double>(file.tellg());
    file.seekg(0);
    return nettcp::make_body_source([&file, size, sent = 0.0](std::span<std::byte> room) mutable {
        file.read(reinterpret_cast<char*>(room.data()), static_cast<std::streamsize>(room.size()));
        sent += static_cast<double>(file.gcount());
        show(size == 0 ? 1 : sent / size);
        return static_cast<std::size_t>(file.gcount());  // 0: that was all
    });
}
// [progress]

// [client]
void send(nettcp::client& service, const char* path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw std::runtime_error(std::string("cannot read ") + path);
    nettcp::call_options options;
    options.timeout = std::chrono::hours(1);  // of the whole call
    const auto taken = nettcp::call(service, upload(with_progress(file)), options).value();
    std::printf("\nthe service has taken %lld octets\n", static_cast<long long>(taken));
}
// [client]

int main(int argc, char** argv) {
    try {
        nettcp::service_host host = make_host();
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
