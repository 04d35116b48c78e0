#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/base/result.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace nettcp::xml {

// What stands in text for octets that are somewhere else: `<xop:Include href="…"/>` as the only
// content of an element, where base64 would be. Spec: [XOP].

inline constexpr std::string_view xop_namespace = "http://www.w3.org/2004/08/xop/include";

/// Where text that is read has its octets.
class inclusion_source {
public:
    virtual ~inclusion_source() = default;
    /// The octets that this `href` means. They stay where they are until the text has been read.
    virtual result<bytes_view> find(std::string_view href) = 0;
};

/// Who takes octets out of text that is written.
class inclusion_sink {
public:
    virtual ~inclusion_sink() = default;
    /// Octets that one element holds from which on they are taken out.
    virtual std::size_t least_size() const noexcept = 0;
    /// Takes the octets of `pieces`, one behind the other, and says what `href` means them. The
    /// pieces lie in the document.
    virtual std::string take(std::span<const bytes_view> pieces) = 0;
};

}  // namespace nettcp::xml
