#pragma once

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace nettcp::cli {

/// Whether colours belong on this stream: a terminal, and the user did not set NO_COLOR.
bool wants_colours(std::FILE* stream) noexcept;

/// Whether a person reads this stream.
bool is_terminal(std::FILE* stream) noexcept;

/// Writes to standard output, which is buffered.
void print(std::string_view text);
/// Writes to standard error, at once.
void print_error(std::string_view text);
/// `nettcp: ` and a sentence on standard error, with nothing in it that a terminal would obey.
void complain(std::string_view sentence);
/// Whether all that was printed has gone out; complains if not.
bool flush_output();

/// The octets of a file, of standard input for `-`; nothing, after a complaint, if that fails.
std::optional<std::string> read_input(const std::string& name);

/// Text for a terminal: control characters but line ends and tabs as XML character references,
/// octets that are not UTF-8 as U+FFFD. XML stays the same XML.
std::string for_terminal(std::string_view text);

/// Text with U+FFFD in place of octets that are not UTF-8.
std::string as_utf8(std::string_view text);

}  // namespace nettcp::cli
