#pragma once

#include <channel/mime_parts.hpp>

#include <cstdint>
#include <string>

namespace nettcp::channel {

/// Finds the parts of a MIME message that arrives in pieces, by the rules of `mime_message`. It
/// holds nothing but the boundary: who calls it keeps what it has not used.
class mime_pieces {
public:
    enum class step : std::uint8_t {
        wants_more,  ///< octets, or the end
        again,  ///< nothing to tell: go on
        message,  ///< `headers()` are those of the message; answer with `set_boundary`
        part,  ///< `headers()` are those of the next part
        content,  ///< `content()` is what comes next of the part
        part_ended,
        closed,  ///< behind the last part
    };

    /// Goes one step, by octets at the front of `input`, of which it has used `used`; with `last`,
    /// nothing comes behind them. What it shows are views into `input`, which need not hold more
    /// than 16 KiB. Fails like `mime_message`; `at` is an offset in the message.
    result<step> next(bytes_view input, bool last, std::size_t& used);

    const mime_headers& headers() const noexcept { return headers_; }
    bytes_view content() const noexcept { return content_; }
    /// Octets that have been used.
    std::size_t offset() const noexcept { return offset_; }
    void set_boundary(std::string_view boundary);

private:
    enum class place : std::uint8_t {
        message_headers,
        before_parts,
        delimiter,
        part_headers,
        part_begin,
        part_content,
        behind_parts,
    };

    result<step> read_headers(bytes_view input, bool last, std::size_t& used);
    result<step> skip_to_part(bytes_view input, bool last, std::size_t& used);
    result<step> read_delimiter(bytes_view input, bool last, std::size_t& used);
    result<step> begin_part(bytes_view input, bool last, std::size_t& used);
    result<step> read_content(bytes_view input, bool last, std::size_t& used);
    error failed_at(std::size_t at, const error& why) const noexcept;

    std::string delimiter_;
    mime_headers headers_;
    bytes_view content_;
    std::size_t offset_ = 0;
    std::uint32_t parts_ = 0;
    place place_ = place::message_headers;
};

}  // namespace nettcp::channel
