#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/nbfx/reader.hpp>
#include <nettcp/soap/addressing.hpp>
#include <nettcp/soap/fault.hpp>

#include <memory>
#include <optional>

namespace nettcp::channel {

class message_pool;

/// A received envelope that owns its octets: headers decoded, body ready to be read.
///
/// Move-only. Views in `headers()` and from `body()` live as long as the message, which may
/// outlive its session and move to another thread. Storage comes from a pool and returns there
/// on destruction.
class NETTCP_EXPORT message {
public:
    struct storage;  ///< pooled: octets, reader, headers, and a share of the dictionary

    message() noexcept = default;  ///< holds nothing; only assignment and destruction are allowed

    explicit operator bool() const noexcept { return storage_ != nullptr; }

    const soap::headers_view& headers() const noexcept;

    /// The reader, standing on the first content inside `s:Body`. One pass; `reopen_body()`
    /// starts again.
    nbfx::reader& body() noexcept;
    void reopen_body() noexcept;

    /// Reads over what is left of the body and checks that nothing follows the envelope: what
    /// WCF does when a message is closed. `body()` must not have failed, and must be what the
    /// reader was last opened for.
    result<void> read_end() noexcept;

    /// Opens the message's own reader on one of `headers().others`; the body pass is over then.
    nbfx::reader& header(const soap::other_header& which) noexcept;

    /// Whether the body is a SOAP fault.
    bool is_fault() const noexcept;

    /// The fault in the body. Its Detail is read with `fault_detail()`.
    result<soap::fault> read_fault();
    /// The reader on the Detail start tag after `read_fault()`, or null when there is none.
    nbfx::reader* fault_detail() noexcept;

    /// The envelope's document octets (without string table) and its dictionary, for tools.
    bytes_view document() const noexcept;
    const nbfx::received_dictionary* dictionary() const noexcept;

private:
    friend class message_pool;
    struct return_to_pool {
        NETTCP_EXPORT void operator()(storage* s) const noexcept;
    };
    explicit message(std::unique_ptr<storage> s) noexcept;
    std::unique_ptr<storage, return_to_pool> storage_;
};

}  // namespace nettcp::channel
