#include <soap/text_reader.hpp>

#include <nettcp/base/utf8.hpp>
#include <nettcp/nbfx/errc.hpp>

namespace nettcp::soap {
namespace {

/// Collects the records of one text; copies only when there is more than one.
class text_collector {
public:
    text_collector(nbfx::reader& in, std::forward_list<std::string>& joined) noexcept
        : in_(in), joined_(joined) {}

    void add(const nbfx::value& piece) {
        if (pieces_++ == 0) {
            first_ = piece;
            return;
        }
        if (pieces_ == 2)
            append(first_);
        append(piece);
    }

    bool is_guid() const noexcept {
        return pieces_ == 1 && (first_.kind() == nbfx::value_kind::unique_id ||
                                first_.kind() == nbfx::value_kind::uuid);
    }
    const nettcp::uuid& guid() const noexcept { return first_.uuid(); }

    std::string_view text() {
        if (pieces_ == 0)
            return {};
        if (pieces_ == 1) {
            if (first_.kind() == nbfx::value_kind::chars) {
                if (!is_utf8(first_.chars())) {
                    in_.fail(make_error_code(nbfx::errc::utf8_invalid));
                    return {};
                }
                return first_.chars();
            }
            append(first_);
        }
        return out_ == nullptr ? std::string_view() : std::string_view(*out_);
    }

private:
    void append(const nbfx::value& piece) {
        if (out_ == nullptr)
            out_ = &joined_.emplace_front();
        if (const auto done = piece.append_text(*out_); !done)
            in_.fail(done.error());
    }

    nbfx::reader& in_;
    std::forward_list<std::string>& joined_;
    nbfx::value first_;
    std::string* out_ = nullptr;
    std::size_t pieces_ = 0;
};

}  // namespace

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view white = " \t\r\n";
    const auto first = text.find_first_not_of(white);
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(white) - first + 1);
}

element_text read_text(nbfx::reader& in, std::forward_list<std::string>& joined,
                       std::size_t max_size, errc too_long, errc not_simple, bool as_guid) {
    text_collector collected(in, joined);
    for (;;) {
        const nbfx::node seen = in.next();
        if (seen == nbfx::node::end_element)
            break;
        if (seen == nbfx::node::text)
            collected.add(in.value());
        else if (seen != nbfx::node::comment)
            in.fail(make_error_code(not_simple));  // keeps an earlier failure
        if (!in.ok())
            return {};
    }
    element_text result;
    if (as_guid && collected.is_guid())
        result.guid = collected.guid();
    else
        result.text = collected.text();
    if (result.text.size() > max_size)
        in.fail(make_error_code(too_long), static_cast<std::uint32_t>(result.text.size()));
    if (!in.ok())
        return {};
    in.next();
    return result;
}

std::string_view attribute_text(nbfx::reader& in, const nbfx::value& value,
                                std::forward_list<std::string>& joined) {
    text_collector collected(in, joined);
    collected.add(value);
    return trimmed(collected.text());
}

}  // namespace nettcp::soap
