#pragma once

#include <nettcp/contract/operation.hpp>
#include <nettcp/contract/type_of.hpp>

#include <optional>
#include <string>

/// The contract `IStreaming` in namespace `http://peers.test/svc`.
namespace nettcp::interop::i_streaming {

using text = std::optional<std::string>;  ///< null is empty

inline constexpr contract::service_contract self{"IStreaming", "http://peers.test/svc"};

struct upload_request {
    text name;
    contract::stream data;
};
consteval auto contract_of(contract::tag<upload_request>) {
    return contract::message_contract("UploadRequest", self.ns,
                                      {contract::header<&upload_request::name>("Name"),
                                       contract::member<&upload_request::data>("Data")});
}

struct upload_reply {
    text name;
    std::int64_t length = 0;
    text sha256;  ///< lower-case hex
};
consteval auto contract_of(contract::tag<upload_reply>) {
    return contract::message_contract("UploadReply", self.ns,
                                      {contract::header<&upload_reply::name>("Name"),
                                       contract::member<&upload_reply::length>("Length"),
                                       contract::member<&upload_reply::sha256>("Sha256")});
}

inline constexpr contract::operation<contract::stream(std::int64_t)> download{
    self, "Download", {"length"}};
inline constexpr contract::operation<std::int64_t(contract::stream)> upload{
    self, "Upload", {"data"}};
inline constexpr contract::operation<contract::stream(contract::stream)> echo_stream{
    self, "EchoStream", {"data"}};
inline constexpr contract::operation<upload_reply(upload_request)> upload_named{
    self, "UploadNamed", {"request"}};
inline constexpr contract::operation<text(text)> echo{self, "Echo", {"text"}};

}  // namespace nettcp::interop::i_streaming
