#pragma once

// The endpoints of the host that the captured preambles were tried on, by the first part of their
// path. A kind that our host cannot offer says so in the test's output; give it an `add` as soon as
// it can, and its cases run.

#include "hostile/hostile_host.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace hostile {

struct endpoint_kind {
    std::string_view path;  ///< first part
    std::string_view what;
    /// Adds `net.tcp://…/<path>/echo`; empty while our host has no such endpoints.
    std::function<void(nettcp::service_host&)> add;

    bool available() const { return static_cast<bool>(add); }
};

inline void add_encoded_service(nettcp::service_host& host, std::string_view address,
                                nettcp::channel::encoding_set encodings) {
    host.add_endpoint(address, nettcp::echo_service::make_echo_service(host.get_executor()),
                      {.any_port = true, .encodings = encodings});
}

inline void add_gzip_service(nettcp::service_host& host) {
    using nettcp::framing::encoding;
    add_encoded_service(host, "/none-gzip/echo",
                        {encoding::binary_session, encoding::binary_session_gzip});
}

inline void add_text_service(nettcp::service_host& host) {
    add_encoded_service(host, "/none-text/echo", nettcp::framing::encoding::soap12_utf8);
}

inline std::vector<endpoint_kind> endpoint_kinds() {
    return {
        {"none", "buffered, binary with sessions, no security", attacked_host::add_echo_service},
        {"none-streamed", "streamed transfer", {}},
        {"none-gzip", "binary with sessions, compressed or not", add_gzip_service},
        {"none-text", "SOAP 1.2 text", add_text_service},
        {"tls", "TLS with a certificate of the host", {}},
        {"tls-cert", "TLS with certificates of both", {}},
        {"win-enc", "Negotiate, encrypted", {}},
        {"win-sign", "Negotiate, signed", {}},
    };
}

}  // namespace hostile
