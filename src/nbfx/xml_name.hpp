#pragma once

#include <string_view>

namespace nettcp::nbfx {

/// Whether `text` is a name without colon, as XML Namespaces asks of prefixes and local names.
///
/// Spec: [XML 1.0, fifth edition] NameStartChar and NameChar.
bool is_ncname(std::string_view text) noexcept;

}  // namespace nettcp::nbfx
