// Typed operations whose bodies are streams, over streamed and buffered transfers.

#include "service/stream_host.hpp"

#include <nettcp/client/typed_call.hpp>
#include <nettcp/contract/type_of.hpp>
#include <nettcp/service/typed_operation.hpp>

#include <boost/asio/use_future.hpp>

using namespace raw;
namespace contract = nettcp::contract;

namespace typed_stream {

struct problem {
    std::string text;
};
consteval auto contract_of(contract::tag<problem>) {
    return contract::data_contract("Problem", "urn:data",
                                   {contract::member<&problem::text>("Text")});
}

/// A stream with a name in front of it, in both directions.
struct named_stream {
    std::string name;
    contract::stream data;
};
consteval auto contract_of(contract::tag<named_stream>) {
    return contract::message_contract("NamedStream", "urn:files",
                                      {contract::header<&named_stream::name>("Name"),
                                       contract::member<&named_stream::data>("Data")});
}

inline constexpr contract::service_contract files{"IFiles", "urn:files"};
inline constexpr contract::operation<std::int64_t(contract::stream), problem> upload{
    files, "Upload", {"data"}};
inline constexpr contract::operation<contract::stream(std::int64_t), problem> download{
    files, "Download", {"length"}};
inline constexpr contract::operation<contract::stream(contract::stream)> echo{
    files, "Echo", {"data"}};
inline constexpr contract::operation<named_stream(named_stream)> store{files, "Store", {"request"}};
inline constexpr contract::operation<void(contract::out<contract::stream>)> latest{
    files, "Latest", {"data"}};
inline constexpr contract::operation<void(contract::stream)> note{
    files, "Note", {"data"}, {.one_way = true}};

asio::awaitable<std::int64_t> take(nettcp::body_reader data) {
    const long size = co_await check_stream(data);
    if (size == 13)
        throw nettcp::typed_fault(upload, problem{"unlucky"}, "not that many");
    co_return size;
}

nettcp::service operations(std::atomic<long>& noted) {
    nettcp::service made;
    nettcp::serve(made, upload, take);
    nettcp::serve(made, download, [](std::int64_t length) -> std::shared_ptr<nettcp::body_source> {
        if (length < 0)
            throw nettcp::typed_fault(download, problem{"negative"}, "no such length");
        return length == 0 ? nullptr : pattern_source(static_cast<std::size_t>(length));
    });
    nettcp::serve(made, echo, [](nettcp::body_reader data) { return data; });
    nettcp::serve(made, store,
                  [](named_stream from) { return named_stream{"new " + from.name, from.data}; });
    nettcp::serve(made, latest, [] { return pattern_source(1000); });
    nettcp::serve(made, note, [&noted](nettcp::body_reader data) -> asio::awaitable<void> {
        noted = co_await check_stream(data);
    });
    return made;
}

}  // namespace typed_stream

using namespace typed_stream;

namespace {

class files_host {
public:
    explicit files_host(transfer_mode transfer) : transfer_(transfer) {
        nettcp::host_options options;
        options.session.framing.max_message_size = 16u << 20;
        options.session.framing.max_streamed_size = 1u << 30;
        host_.emplace(options);
        host_->add_endpoint("/files", operations(noted), {.transfer = transfer});
        where_ = host_->listen("127.0.0.1", 0);
        host_->start();
    }

    nettcp::client client() const {
        nettcp::client_options options;
        options.transfer = transfer_;
        options.session.framing.max_message_size = 16u << 20;
        options.session.framing.max_streamed_size = 1u << 30;
        return nettcp::client("net.tcp://127.0.0.1:" + std::to_string(where_.port) + "/files",
                              options);
    }

    std::atomic<long> noted{-1};

private:
    transfer_mode transfer_;
    std::optional<nettcp::service_host> host_;
    nettcp::listening_address where_;
};

}  // namespace

TEST_CASE("Streams are parameters and results, whatever the transfer", "[threaded]") {
    const auto transfer = GENERATE(transfer_mode::streamed, transfer_mode::streamed_request,
                                   transfer_mode::streamed_response, transfer_mode::buffered);
    CAPTURE(static_cast<int>(transfer));
    files_host host(transfer);
    nettcp::client c = host.client();
    for (const std::size_t size : {0u, 1u, 300'000u}) {
        CAPTURE(size);
        CHECK(call(c, upload(pattern_source(size))).value() == static_cast<long>(size));
        CHECK(read_all(call(c, download(static_cast<std::int64_t>(size))).value()) ==
              static_cast<long>(size));
        CHECK(read_all(call(c, echo(pattern_source(size))).value()) == static_cast<long>(size));
    }
    CHECK(call(c, upload(contract::stream())).value() == 0);
    CHECK(read_all(call(c, latest()).value()) == 1000);
    // What comes goes on somewhere else.
    CHECK(call(c, upload(call(c, download(70'000)).value())).value() == 70'000);

    send(c, note(pattern_source(5000)));
    CHECK(running_host::eventually([&] { return host.noted == 5000; }));
    c.close();
}

TEST_CASE("A message contract has headers beside its stream", "[threaded]") {
    const auto transfer = GENERATE(transfer_mode::streamed, transfer_mode::buffered);
    files_host host(transfer);
    nettcp::client c = host.client();
    auto answer = c.async_open(asio::use_future);
    answer.get();
    auto renamed = nettcp::async_call(c, store(named_stream{"file.bin", pattern_source(12'345)}),
                                      asio::use_future)
                       .get()
                       .value();
    CHECK(renamed.name == "new file.bin");
    CHECK(read_all(std::move(renamed.data)) == 12'345);
}

TEST_CASE("Calls with streams are answered with typed faults", "[threaded]") {
    const auto transfer = GENERATE(transfer_mode::streamed, transfer_mode::buffered);
    files_host host(transfer);
    nettcp::client c = host.client();
    auto refused = call(c, download(-1));
    REQUIRE(refused.is_fault());
    CHECK(refused.fault_detail<problem>()->text == "negative");
    auto unlucky = call(c, upload(pattern_source(13)));
    REQUIRE(unlucky.is_fault());
    CHECK(unlucky.fault_detail<problem>()->text == "unlucky");
    CHECK_THROWS_AS(unlucky.value(), nettcp::service_fault);
    CHECK(call(c, upload(pattern_source(14))).value() == 14);
}

TEST_CASE("An operation's shape says where its streams are") {
    contract::stream sent;
    void* one[] = {&sent};
    CHECK(contract::find_stream(upload.shape().request, one) == &sent);
    CHECK(contract::find_stream(upload.shape().reply, one) == nullptr);
    CHECK(contract::find_stream(download.shape().reply, one) == &sent);
    named_stream message;
    void* named[] = {&message};
    CHECK(contract::find_stream(store.shape().request, named) == &message.data);
    STATIC_REQUIRE(upload.request_is_stream);
    STATIC_REQUIRE_FALSE(upload.reply_is_stream);
    STATIC_REQUIRE(store.reply_is_stream);
}
