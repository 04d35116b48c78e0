#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace nettcp::channel {

/// Whether two texts of ASCII are the same but for letter case.
bool same_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// `text` without the spaces, tabs and folds at its ends.
std::string_view trimmed(std::string_view text) noexcept;

/// A content type, taken apart: `multipart/related; type="application/xop+xml"; boundary=b`.
///
/// Parts are views into the text it was made of. Comments are not known. Spec: RFC 2045 section 5.
class media_type {
public:
    /// Parameters of one content type at most; real ones have five.
    static constexpr std::size_t max_parameters = 16;

    /// Nothing: the text is no content type, has too many parameters, or one of them twice.
    static std::optional<media_type> parse(std::string_view text) noexcept;

    /// `multipart/related`. Compare without regard to letter case.
    std::string_view name() const noexcept { return name_; }
    /// The value of a parameter, without quotes. A backslash in it is left as it is.
    std::optional<std::string_view> parameter(std::string_view key) const noexcept;

private:
    struct pair {
        std::string_view key;
        std::string_view value;
    };

    bool take_parameter(std::string_view& rest) noexcept;

    std::string_view name_;
    std::array<pair, max_parameters> parameters_{};
    std::size_t count_ = 0;
};

}  // namespace nettcp::channel
