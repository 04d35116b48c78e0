#pragma once

#include <nettcp/framing/encoding.hpp>

#include <optional>
#include <string_view>

namespace nettcp::channel {

/// The encoding that a content type names, in WCF's spelling for framing or as WCF's text encoders
/// spell it: `application/soap+xml; charset=utf-16LE`. Letter case does not matter.
std::optional<framing::encoding> encoding_named(std::string_view content_type) noexcept;

/// How an initiator names an encoding. UTF-16 is named as WCF's clients do: WCF's services take
/// neither of the content types that the known encoding records for it stand for.
std::string_view name_of(framing::encoding value) noexcept;

}  // namespace nettcp::channel
