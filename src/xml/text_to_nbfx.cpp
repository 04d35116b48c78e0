#include <nettcp/xml/text_to_nbfx.hpp>

#include <xml/text_converter.hpp>

#include <nettcp/base/errc.hpp>

#include <algorithm>

namespace nettcp::xml {
namespace {

result<void> convert(std::string_view text, nbfx::writer& out, const binary_options& options) {
    constexpr std::size_t piece_size = std::size_t{1} << 20;
    text_converter converter(out, options);
    for (;;) {
        const std::string_view piece = text.substr(0, piece_size);
        text.remove_prefix(piece.size());
        const bool last = text.empty();
        if (auto read = converter.read(piece, last); !read || last)
            return read;
    }
}

}  // namespace

result<void> text_to_nbfx(std::string_view text, nbfx::writer& out, const binary_options& options) {
    if (!out.ok())
        return out.failure();
    result<void> outcome =
        text.size() > options.max_size
            ? result<void>(error{make_error_code(base_errc::limit_exceeded), 0, 0})
            : convert(text, out, options);
    if (!outcome)
        out.fail(outcome.error());
    return outcome;
}

text_position position_in(std::string_view text, std::uint64_t offset) noexcept {
    const std::string_view before =
        text.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(offset, text.size())));
    const auto line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    return {static_cast<std::uint32_t>(1 + std::ranges::count(before, '\n')),
            static_cast<std::uint32_t>(1 + before.size() - line_start)};
}

}  // namespace nettcp::xml
