#pragma once

#include <nettcp/channel/message_pool.hpp>
#include <nettcp/framing/session.hpp>
#include <nettcp/soap/envelope.hpp>

#include <functional>

namespace nettcp::channel {

/// Turns payloads of a session into messages and messages into payloads: the encoding
/// `application/soap+msbinsession1`, with one dictionary per direction.
///
/// Lives through all sessions of a connection; `start` forgets the session before. Payloads must
/// be decoded in the order of arrival and encoded in the order of sending: strings are numbered.
class envelope_codec {
public:
    envelope_codec(std::shared_ptr<message_pool> pool, std::uint32_t max_session_size);

    /// A new framing session: fresh dictionaries. Messages of the last one keep theirs.
    void start();

    /// The message that `payload` (string table and document) holds.
    result<message> decode(bytes_view payload);

    /// Starts an envelope in `out`, up to its body.
    nbfx::writer& begin(octet_buffer& out, const soap::outgoing_headers& headers,
                        const std::function<void(nbfx::writer&)>& more_headers);
    /// Closes body and envelope. After a failure of the writer or the caller, `roll_back`.
    result<void> finish();
    /// Octets of the string table that goes in front of the document just finished.
    std::size_t front_size() const noexcept { return sent_.table_size(); }
    /// Writes that table, `front_size()` octets; the strings count as sent.
    void write_front(std::byte* out) noexcept { sent_.write_table(out); }
    /// Forgets the strings of an envelope that will not be sent. Whoever still holds its writer
    /// writes nothing from now on: the octets it would write behind are not its own any more.
    void roll_back() noexcept;

    /// A writer that has failed with `why`, for an envelope that cannot be sent anyway.
    nbfx::writer& refuse(boost::system::error_code why);

private:
    std::shared_ptr<message_pool> pool_;
    std::uint32_t max_session_size_;
    std::shared_ptr<nbfx::received_dictionary> received_;
    nbfx::sent_dictionary sent_;
    nbfx::writer writer_;
    octet_buffer nowhere_;
};

}  // namespace nettcp::channel
