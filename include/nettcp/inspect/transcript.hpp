#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/base/export.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nettcp::inspect {

/// Who sent octets: the initiator (client) or the acceptor (service).
enum class direction : std::uint8_t { client_to_server, server_to_client };

/// `C>S` or `S>C`, as transcripts write it.
NETTCP_EXPORT std::string_view to_string(direction d) noexcept;

/// One line of a transcript: octets that one side sent.
struct transcript_line {
    std::optional<double> seconds;  ///< since the recording began, where the line has it
    std::uint32_t connection = 1;
    inspect::direction direction = direction::client_to_server;
    /// The octets are plaintext from inside a security upgrade: `C>S(tls)`.
    bool inside_upgrade = false;
    std::vector<std::byte> octets;
};

/// What a line of a transcript is.
enum class line_kind : std::uint8_t {
    octets,   ///< a `transcript_line`
    remark,   ///< empty, a comment, or an event such as `# closed`: nothing to decode
    damaged,  ///< neither
};

/// Reads `[<seconds> [<connection>]] C>S|S>C[(mark)] [hex]`. Remarks start with `#`, after the
/// optional numbers. Of a damaged line `out` keeps the octets up to the damage.
NETTCP_EXPORT line_kind read_transcript_line(std::string_view line, transcript_line& out);

/// Appends a line in that form, with `\n`.
NETTCP_EXPORT void append_transcript_line(std::string& out, const transcript_line& line);

/// Reads hex digits, with white space between octets allowed, behind what `out` holds. Returns
/// how many characters were good; all of `text` unless it is no hex.
NETTCP_EXPORT std::size_t read_hex(std::string_view text, std::vector<std::byte>& out);

}  // namespace nettcp::inspect
