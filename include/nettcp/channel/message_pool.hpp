#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/limits.hpp>
#include <nettcp/channel/message.hpp>
#include <nettcp/nbfx/session_dictionary.hpp>
#include <nettcp/soap/addressing.hpp>
#include <nettcp/soap/message_version.hpp>

#include <memory>
#include <mutex>

namespace nettcp::framing {
class session;
}
namespace nettcp::soap {
class received_headers;
}

namespace nettcp::channel {

/// Storage of messages that are gone, kept for those to come: a warm pool makes a message
/// without allocating.
///
/// Keeps at most `max_kept_messages`, and of their document octets `max_kept_octets` in all
/// (WCF: MaxBufferPoolSize); beside these one larger message, as long as such come. May be shared
/// by any number of sessions, and serves all threads.
class NETTCP_EXPORT message_pool : public std::enable_shared_from_this<message_pool> {
public:
    static constexpr std::size_t max_kept_messages = 64;
    static constexpr std::size_t max_kept_octets = 512u << 10;

    /// `quotas` and `limits` hold for every message of the pool.
    explicit message_pool(const reader_quotas& quotas = {},
                          const soap::header_limits& limits = {}) noexcept;
    message_pool(const message_pool&) = delete;
    message_pool& operator=(const message_pool&) = delete;
    ~message_pool();

    /// Makes a message of an envelope: copies `document` (no string table), reads its headers
    /// and stands on its body. `dictionary` may be null: odd ids are then illegal.
    ///
    /// Fails with what the XML reader or SOAP finds; offsets are of the document. The pool must
    /// be owned by a `shared_ptr`, of which the message holds a share.
    ///
    /// `known` (may be null) are headers that came with the same dictionary and version before.
    result<message> make_message(bytes_view document,
                                 std::shared_ptr<const nbfx::received_dictionary> dictionary,
                                 soap::soap_version version = soap::soap_version::soap12,
                                 soap::received_headers* known = nullptr);

    /// The same of an envelope that `from` has told last: many octets are not copied but taken.
    result<message> take_message(framing::session& from, bytes_view document,
                                 std::shared_ptr<const nbfx::received_dictionary> dictionary,
                                 soap::soap_version version = soap::soap_version::soap12,
                                 soap::received_headers* known = nullptr);

    /// What holds for every message of the pool.
    const reader_quotas& quotas() const noexcept { return quotas_; }

    /// How many messages' storage is kept now.
    std::size_t kept() const noexcept;

private:
    friend class message;
    std::unique_ptr<message::storage> take(std::size_t size);
    void give_back(std::unique_ptr<message::storage> storage) noexcept;
    result<message> read(message made, std::shared_ptr<const nbfx::received_dictionary> dictionary,
                         soap::soap_version version, soap::received_headers* known);

    const reader_quotas quotas_;
    const soap::header_limits limits_;
    mutable std::mutex guard_;
    std::unique_ptr<message::storage> first_;  ///< the rest hangs on it
    std::size_t kept_messages_ = 0;
    std::size_t kept_octets_ = 0;
    std::unique_ptr<message::storage> large_;  ///< the one beside these
    unsigned without_large_ = 0;  ///< messages in a row that did not need it
};

}  // namespace nettcp::channel
