#pragma once

#include <channel/outgoing_stream.hpp>
#include <channel/payload_conversion.hpp>
#include <soap/received_headers.hpp>
#include <soap/sent_headers.hpp>

#include <nettcp/channel/message_pool.hpp>
#include <nettcp/framing/session.hpp>
#include <nettcp/soap/envelope.hpp>

#include <functional>
#include <optional>
#include <vector>

namespace nettcp::channel {

/// Turns payloads of a session into messages and messages into payloads, in the encoding that the
/// preamble named. Binary XML goes through as it is; what is compressed or text is converted.
///
/// Lives through all sessions of a connection; `start` forgets the session before. Payloads must
/// be decoded in the order of arrival and encoded in the order of sending: strings are numbered.
class envelope_codec {
public:
    /// `max_message_size`: what a compressed payload may unpack to.
    envelope_codec(std::shared_ptr<message_pool> pool, std::uint32_t max_session_size,
                   std::uint32_t max_message_size);

    /// A new framing session: fresh dictionaries. Messages of the last one keep theirs.
    /// `addressing` is what messages are written in; unless `fixed`, that and the byte order of
    /// UTF-16 become those of the peer's last message.
    /// MIME messages have `boundary` if they can.
    void start(const payload_traits& traits, soap::addressing_version addressing, bool fixed,
               std::string_view boundary = {});

    /// What holds for every message.
    const reader_quotas& quotas() const noexcept { return pool_->quotas(); }
    /// What messages are written in.
    soap::message_version version() const noexcept { return version_; }

    /// The message that `payload` holds. When that is an envelope that `from` has told last (not
    /// null), its views end, and the octets of a large one are not copied.
    result<message> decode(bytes_view payload, framing::session* from = nullptr);
    /// The peer's text is in this character set, which decides ours as `start` says.
    void follow(charset found) noexcept {
        if (conversion_)
            conversion_->follow(found);
    }
    /// How an envelope whose body is a stream is packed.
    stream_format outgoing_format() const {
        return conversion_ ? stream_format{conversion_->traits(), conversion_->boundary()}
                           : stream_format{};
    }
    /// The same of binary XML without strings of a session that has been unpacked already.
    result<message> decode_unpacked(bytes_view document);

    /// Starts an envelope in `out`, up to its body.
    nbfx::writer& begin(octet_buffer& out, const soap::outgoing_headers& headers,
                        const std::function<void(nbfx::writer&)>& more_headers);
    /// The same for an envelope that its owner packs.
    nbfx::writer& begin_unpacked(octet_buffer& out, const soap::outgoing_headers& headers,
                                 const std::function<void(nbfx::writer&)>& more_headers);
    /// What `begin` returned.
    nbfx::writer& writer() noexcept { return *writer_; }
    /// Closes body and envelope. After a failure of the writer or the caller, `roll_back`.
    /// `out` is what `begin` was given; null behind `refuse`, and then this fails.
    result<void> finish(octet_buffer* out);
    /// Octets of the string table that goes in front of what `finish` has made.
    std::size_t front_size() const noexcept { return table_in_front_ ? sent_.table_size() : 0; }
    /// Writes that table, `front_size()` octets; the strings count as sent.
    void write_front(std::byte* out) noexcept {
        if (table_in_front_)
            sent_.write_table(out);
    }
    /// Forgets the strings of an envelope that will not be sent. Whoever still holds its writer
    /// writes nothing from now on: the octets it would write behind are not its own any more.
    void roll_back() noexcept;

    /// A writer that has failed with `why`, for an envelope that cannot be sent anyway.
    nbfx::writer& refuse(boost::system::error_code why);

    /// Frees what only an envelope being written needs. Not while one is.
    void release_memory() {
        writer_.reset();
        nowhere_.reset();
        sent_headers_.reset();
        received_headers_.reset();
        sent_.release_memory();
    }

private:
    nbfx::writer& make_writer() { return writer_ ? *writer_ : writer_.emplace(); }
    result<message> noted(result<message> decoded);
    result<message> decode_converted(bytes_view payload);
    result<void> finish_converted(octet_buffer& out);
    result<message> make_message(bytes_view document, framing::session* from);

    std::shared_ptr<message_pool> pool_;
    std::uint32_t max_session_size_;
    std::uint32_t max_message_size_;
    soap::message_version version_;
    bool addressing_fixed_ = true;
    bool has_string_table_ = true;
    bool table_in_front_ = true;  ///< of a payload that is not converted
    bool converts_ = false;  ///< the envelope being written
    std::unique_ptr<payload_conversion> conversion_;  ///< null: binary XML as it is
    std::shared_ptr<nbfx::received_dictionary> received_;  ///< null without string tables
    nbfx::sent_dictionary sent_;
    // None before a second message, and while idle.
    std::unique_ptr<soap::sent_headers> sent_headers_;
    std::unique_ptr<soap::received_headers> received_headers_;
    bool has_sent_ = false;
    bool has_received_ = false;
    std::optional<nbfx::writer> writer_;  ///< none before the first message, and while idle
    std::unique_ptr<octet_buffer> nowhere_;  ///< where refused ones are written
};

}  // namespace nettcp::channel
