#pragma once

#include "complex.hpp"

#include "echo_service/body.hpp"

#include <nettcp/client/client.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace interop {

using nettcp::echo_service::bytes_parameter;
using nettcp::echo_service::text_parameter;

/// The action of an operation of `IEcho`.
std::string action_of(std::string_view operation);

/// Writes a request with one text.
void write_text_request(nettcp::nbfx::writer& out, nettcp::nbfx::dictionary_string operation,
                        const text_parameter& text);
/// Writes a request with one number, called `milliseconds`.
void write_sleep_request(nettcp::nbfx::writer& out, std::int32_t milliseconds);

/// Reads a whole reply: `parameters` of the wrapper of that operation's response. Throws `mismatch`
/// when it is a fault or cannot be read.
void read_reply(nettcp::reply& answer, std::string_view operation,
                std::initializer_list<nettcp::echo_service::parameter> parameters);
/// Reads the reply of an operation whose result is one text.
text_parameter read_text_reply(nettcp::reply& answer, std::string_view operation);

struct sum_and_difference {
    std::int32_t sum = 0;
    std::int32_t difference = 0;
};

/// The operations of `IEcho` as blocking functions. Failures are exceptions: `nettcp::failure`, or
/// `mismatch` for a fault and for a reply that is not what the contract says.
class echo_client {
public:
    echo_client(const nettcp::endpoint_address& address, nettcp::client_options options)
        : client_(address, std::move(options)) {}

    text_parameter echo(const text_parameter& text);
    bytes_parameter echo_bytes(const bytes_parameter& octets);
    std::unique_ptr<complex> echo_complex(const complex* value);
    void notify(const std::string& text);
    std::int32_t notify_count(const std::string& text);
    /// These two answer with faults.
    nettcp::reply fail(const std::string& text, std::int32_t code);
    nettcp::reply fail_unhandled(const std::string& text);
    std::string sleep(std::int32_t milliseconds, const nettcp::call_options& options = {});
    std::string who_am_i();
    sum_and_difference add(std::int32_t a, std::int32_t b);

    void open() { client_.open(); }
    void close() { client_.close(); }
    nettcp::client& session() noexcept { return client_; }

private:
    nettcp::client client_;
};

}  // namespace interop
