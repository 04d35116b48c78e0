#pragma once

#include <channel/incoming_text.hpp>
#include <channel/compression.hpp>
#include <nbfx/base64.hpp>

#include <nettcp/base/limits.hpp>
#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/base/result.hpp>
#include <nettcp/nbfx/reader.hpp>

#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace nettcp::channel {

/// An envelope whose octets arrive in pieces.
///
/// Either gathers them all, or, when asked to look, finds the end of the headers as soon as it has
/// come; its owner then has it go on gathering, or read the content of the body as one stream of
/// octets, of which no more than `window_size` and a piece are held.
class incoming_envelope {
public:
    /// Octets held above which no more are wanted while streaming.
    static constexpr std::size_t window_size = 64u << 10;

    incoming_envelope(const reader_quotas& quotas, std::uint32_t max_message_size,
                      std::uint32_t max_header_size)
        : quotas_(quotas), max_message_size_(max_message_size), max_header_size_(max_header_size) {}

    /// A new envelope. Its headers are not looked at.
    void start_whole() { release(); }
    /// A new envelope, whose headers' end is looked for; it has no strings of a session. What it
    /// unpacks to has at most `max_unpacked` octets.
    void start(const payload_traits& traits, std::uint64_t max_unpacked);
    /// Takes octets. Fails when the whole is too large to be gathered, with the envelope malformed,
    /// or with `errc::headers_too_large`.
    result<void> append(bytes_view octets);
    /// No more octets follow.
    void end() noexcept { whole_ = true; }

    /// The headers have come, and what follows is no fault. Told until `stream` or `gather`.
    bool head_known() const noexcept { return standing_ == standing::head_known; }
    /// The envelope up to its body, with nothing in the body.
    std::vector<std::byte> head() const;
    /// What its text is in, when it has streamed or is about to; else nothing.
    std::optional<charset> text_in() const noexcept {
        return text_ ? std::optional(text_->found()) : std::nullopt;
    }
    /// Goes on to gather.
    void gather();
    /// Goes on to stream.
    void stream() noexcept;
    bool is_streaming() const noexcept { return standing_ == standing::streaming; }
    /// Gathered so far, as it came: packed.
    bytes_view gathered() const noexcept {
        return unpacker_ || text_ ? packed_.view() : octets_.view();
    }
    /// Forgets all that was held.
    void release();

    /// Streaming: there is enough to read for now, or all. What follows the envelope must wait:
    /// another one would take its place.
    bool is_full() const noexcept {
        return is_streaming() &&
               (arrived_.size() + packed_.size() - unpacked_ >= window_size || (whole_ && !ended_));
    }
    /// Streaming: the next octets of the content. None: wait for more, unless `ended()`. What comes
    /// before octets that break the stream is given first, and the failure by the next call.
    result<std::size_t> read(std::span<std::byte> room);
    /// Streaming: all content has been read, and the envelope ended well.
    bool ended() const noexcept { return ended_; }

private:
    enum class standing : std::uint8_t { gathering, looking, head_known, streaming };
    enum class content : std::uint8_t { before, within, behind };

    result<void> look();
    result<void> look_at_text();
    error headers_too_large() const noexcept;
    result<bool> supply();
    result<void> unpack();
    result<void> take_next(bool& waits);
    result<void> take_text_piece(bool& waits);
    result<void> take_node(nbfx::node what);
    result<void> take_text();
    result<void> take_digits(const nbfx::value& value);

    reader_quotas quotas_;
    std::uint32_t max_message_size_;
    std::uint32_t max_header_size_;
    std::unique_ptr<nbfx::reader> reader_;
    octet_buffer octets_;  ///< given to the reader, or gathered
    octet_buffer arrived_;  ///< behind them
    std::optional<unpacker> unpacker_;  ///< unless it is not packed, or not looked into
    std::unique_ptr<incoming_text> text_;  ///< if that is what it is, and looked into
    octet_buffer packed_;  ///< what these two read; all that has come, until streaming
    std::size_t unpacked_ = 0;  ///< octets of those that have been read
    std::size_t done_ = 0;  ///< of `octets_`: the reader is done with them
    std::size_t body_at_ = 0;  ///< where the content of the body begins
    nbfx::base64_reader digits_;  ///< of text that is not octets, and may end in a later piece
    std::uint64_t digits_end_ = 0;  ///< where the last of them is, in the document
    std::vector<std::byte> converted_;  ///< octets of such text
    std::optional<error> text_failure_;  ///< behind `part_`
    bytes_view part_;  ///< octets of the content, shown by the reader and not read yet
    std::optional<error> broken_;  ///< the stream, behind what has been read of it
    standing standing_ = standing::gathering;
    content content_ = content::before;
    bool whole_ = false;
    bool in_body_ = false;
    bool ended_ = false;
    bool supplied_last_ = false;
};

}  // namespace nettcp::channel
