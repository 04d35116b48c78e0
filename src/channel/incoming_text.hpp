#pragma once

#include <channel/mime_pieces.hpp>
#include <channel/payload_traits.hpp>
#include <xml/text_stream.hpp>

#include <nettcp/base/limits.hpp>
#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/base/result.hpp>
#include <nettcp/channel/errc.hpp>

#include <memory>
#include <string>
#include <vector>

namespace nettcp::channel {

/// An envelope as text, alone or as the root of an MTOM message, that arrives in pieces and whose
/// body is one stream of octets: base64, or a part of its own.
///
/// Its owner keeps what it has not used. The root must be the first part.
class incoming_text {
public:
    /// Octets of content above which no more are made.
    static constexpr std::size_t window_size = 64u << 10;

    incoming_text(const payload_traits& traits, const reader_quotas& quotas,
                  std::uint32_t max_header_size);

    /// Goes on by octets at the front of `octets`, up to the first element of the body until
    /// `stream`, or until the content fills its window; with `last`, nothing comes behind them.
    /// Returns how many it has used. Fails with `errc::headers_too_large`, like
    /// `xml::text_stream` and `mime_pieces`, and with `errc::mtom_…`.
    result<std::size_t> take(bytes_view octets, bool last);

    /// The first element of the body has begun.
    bool head_known() const noexcept;
    /// That element is a fault.
    bool is_fault() const noexcept;
    /// Only the whole says what this is: there is no stream in it, or its root does not come first.
    bool needs_whole() const noexcept { return needs_whole_; }
    /// The envelope up to its body as binary XML, with nothing in the body.
    bytes_view head() const noexcept { return head_.view(); }
    /// What the text is in, once the head is known.
    charset found() const noexcept { return found_; }

    /// From here on `take` goes behind the head.
    void stream() noexcept { streaming_ = true; }
    /// Octets of the content, until the next `take`.
    bytes_view content() const noexcept { return content_.view(); }
    /// All has been read, and the message ended well.
    bool ended() const noexcept { return ended_; }

private:
    enum class part : std::uint8_t { root, stream, other };

    result<std::size_t> take_text(bytes_view octets, bool last);
    result<std::size_t> take_parts(bytes_view octets, bool last);
    result<void> take_step(mime_pieces::step what);
    result<void> message_begun();
    result<void> part_begun();
    result<void> read_root(std::string_view piece, bool last);
    result<void> root_ended();
    result<void> note_stream_part();
    result<void> message_ended();
    error failed(errc rule) const noexcept;
    void start_text(charset in);
    bool waits_for_owner() const noexcept;

    payload_traits traits_;
    std::size_t max_header_size_;
    xml::binary_options options_;
    xml::text_stream_options wanted_;
    octet_buffer head_;
    octet_buffer content_;
    std::unique_ptr<xml::text_stream> text_;  ///< once its character set is known
    std::unique_ptr<mime_pieces> mime_;  ///< null: text alone
    std::string start_;  ///< the message's, or empty
    std::string root_type_;
    std::string root_begin_;  ///< until it tells the character set
    std::string root_id_;
    std::string stream_id_;  ///< of the part that is the stream; empty: none is named
    std::size_t root_at_ = 0;
    std::size_t header_octets_ = 0;  ///< used before the head was known
    charset found_ = charset::utf8;
    part part_ = part::root;
    bool has_root_ = false;
    bool has_stream_ = false;
    bool needs_whole_ = false;
    bool streaming_ = false;
    bool ended_ = false;
};

}  // namespace nettcp::channel
