#include <contract/document.hpp>
#include <support/catch.hpp>

#include <nettcp/contract/errc.hpp>
#include <nettcp/contract/operation.hpp>

using namespace nettcp;
using namespace nettcp::contract;

namespace message_test {

struct upload {
    std::string name;
    std::vector<std::byte> content;
    std::int64_t length = 0;
};
consteval auto contract_of(tag<upload>) {
    return message_contract("Upload", "urn:m",
                            {header<&upload::name>("Name"),
                             member<&upload::length>("Length", {.order = 1}),
                             member<&upload::content>("Content", {.order = 2, .ns = "urn:c"})});
}

struct bare {
    std::int32_t number = 0;
};
consteval auto contract_of(tag<bare>) {
    return message_contract("", "urn:m", {member<&bare::number>("Number")}).unwrapped();
}

inline constexpr service_contract files{"IFiles", "urn:m"};
inline constexpr operation<bare(upload)> put{files, "Put", {"request"}};
inline constexpr operation<std::int32_t(std::int32_t, ref<std::string>, out<bool>)> mixed{
    files, "Mixed", {"a", "b", "c"}, {.result = "sum"}};

/// A body or a header inside a root element of its own.
std::vector<std::byte> inside_root(const std::function<void(nbfx::writer&)>& write) {
    return document_of(write);
}

}  // namespace message_test

using namespace message_test;

TEST_CASE("A message contract parts into headers and a wrapped body") {
    const auto sent = put(upload{"f.bin", {std::byte{7}}, 1});
    const auto body = inside_root([&](nbfx::writer& out) { sent(out); });
    const auto headers = inside_root([&](nbfx::writer& out) {
        write_headers(out, put.shape().request, addresses(sent.values).data());
    });
    std::tuple<upload> got;
    nbfx::reader in;
    in.open(body);
    in.read_start_element("v", "urn:t");
    CHECK(in.is_start_element("Upload", "urn:m"));
    REQUIRE(read_request(in, put.shape(), addresses(got).data()));
    CHECK(std::get<0>(got).length == 1);
    CHECK(std::get<0>(got).content == std::vector<std::byte>{std::byte{7}});
    CHECK(std::get<0>(got).name.empty());

    nbfx::reader header;
    const auto open = [&](std::string_view local, std::string_view ns) -> nbfx::reader* {
        header.open(headers);
        header.read_start_element("v", "urn:t");
        return header.is_start_element(local, ns) ? &header : nullptr;
    };
    REQUIRE(read_headers(put.shape().request, addresses(got).data(), open));
    CHECK(std::get<0>(got).name == "f.bin");
}

TEST_CASE("An unwrapped message contract stands in the body itself") {
    const std::tuple<bare> sent{bare{5}};
    const auto body = inside_root(
        [&](nbfx::writer& out) { write_reply(out, put.shape(), addresses(sent).data()); });
    nbfx::reader in;
    in.open(body);
    in.read_start_element("v", "urn:t");
    CHECK(in.is_start_element("Number", "urn:m"));
    std::tuple<bare> got;
    REQUIRE(read_reply(in, put.shape(), addresses(got).data()));
    CHECK(std::get<0>(got).number == 5);
}

TEST_CASE("An operation knows its names, and what goes there and comes back") {
    const operation_shape shape = mixed.shape();
    CHECK(shape.action == "urn:m:IFiles/Mixed");
    CHECK(shape.reply_action == "urn:m:IFiles/MixedResponse");
    CHECK(shape.request_wrapper == "Mixed");
    CHECK(shape.reply_wrapper == "MixedResponse");
    CHECK(shape.result == "sum");
    REQUIRE(shape.request.size() == 2);
    CHECK(shape.request[1].name == "b");
    REQUIRE(shape.reply.size() == 3);
    CHECK(shape.reply[1].name == "b");
    CHECK(shape.reply[2].name == "c");

    const auto sent = mixed(4, std::string("text"));
    const auto body = inside_root([&](nbfx::writer& out) { sent(out); });
    nbfx::reader in;
    in.open(body);
    in.read_start_element("v", "urn:t");
    std::tuple<std::int32_t, std::string> got;
    REQUIRE(read_request(in, mixed.shape(), addresses(got).data()));
    CHECK(got == sent.values);
    in.open(body);
    in.next();
    CHECK(!read_request(in, mixed.shape(), addresses(got).data()));
    CHECK(in.failure().code == errc::wrapper_unexpected);
}
