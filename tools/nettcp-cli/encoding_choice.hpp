#pragma once

#include <nettcp/framing/encoding.hpp>

#include <optional>
#include <string>

namespace nettcp::cli {

/// What `--encoding` says: the name of an encoding, such as `soap12_utf8`, or its content type.
/// Complains, and is nothing, when there is none or sessions cannot have it.
std::optional<framing::encoding> parse_encoding(const std::string& text);

/// All names that sessions can have, for `--help`.
std::string encoding_names();

}  // namespace nettcp::cli
