#pragma once

#include <string>
#include <string_view>

namespace nettcp::xml {

/// Where text stands: attribute values are normalised when read, so they need more escapes.
enum class text_place { content, attribute };

/// Appends `text` escaped. False, with `out` cut back, when text XML cannot hold it: invalid
/// UTF-8, control characters, U+FFFE and U+FFFF; with `replace`, U+FFFD stands for these.
bool append_escaped(std::string& out, std::string_view text, text_place place, bool replace);

}  // namespace nettcp::xml
