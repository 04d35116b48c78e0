// Decides which part an MTOM message's envelope is, and which parts its xop:Include elements mean.

#include <channel/media_type.hpp>
#include <channel/mime_parts.hpp>
#include <channel/mtom_encoding.hpp>

#include <nettcp/channel/errc.hpp>
#include <nettcp/xml/inclusions.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace nettcp::channel {
namespace {

constexpr std::string_view xop_type = "application/xop+xml";

error failed(errc rule, std::size_t at) {
    return error{make_error_code(rule), at};
}

std::optional<unsigned> digit_of(char c) noexcept {
    if (c >= '0' && c <= '9')
        return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f')
        return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F')
        return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

/// `text` with `%41` for what it stands for; what is no escape stays.
std::string unescaped(std::string_view text) {
    std::string made;
    made.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            const auto high = digit_of(text[i + 1]);
            const auto low = digit_of(text[i + 2]);
            if (high && low) {
                made.push_back(static_cast<char>(*high * 16 + *low));
                i += 2;
                continue;
            }
        }
        made.push_back(text[i]);
    }
    return made;
}

/// A Content-ID without its angle brackets.
std::string_view bare_id(std::string_view text) noexcept {
    return text.starts_with('<') && text.ends_with('>') && text.size() > 1
               ? text.substr(1, text.size() - 2)
               : text;
}

/// The Content-ID that a `cid:` URL names.
std::optional<std::string> id_in(std::string_view url) {
    constexpr std::string_view scheme = "cid:";
    if (url.size() <= scheme.size() || !same_ignoring_case(url.substr(0, scheme.size()), scheme))
        return std::nullopt;
    return unescaped(url.substr(scheme.size()));
}

result<void> check_transfer_encoding(const mime_part& part) {
    const std::string_view name = part.headers.transfer_encoding;
    for (const std::string_view known : {"binary", "8bit", "7bit"}) {
        if (same_ignoring_case(name, known))
            return {};
    }
    if (name.empty())  // stands for 7bit
        return {};
    return failed(errc::mtom_transfer_encoding, part.at);
}

/// The parts of a message by Content-ID.
class part_index final : public xml::inclusion_source {
public:
    explicit part_index(const std::vector<mime_part>& parts)
        : parts_(parts), taken_(parts.size(), false) {
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const std::string_view id = bare_id(parts[i].headers.content_id);
            if (!id.empty())
                by_id_.push_back({id, i});
        }
        std::ranges::sort(by_id_, {}, &entry::id);
    }

    result<void> check_ids() const {
        const auto twice = std::ranges::adjacent_find(by_id_, {}, &entry::id);
        if (twice == by_id_.end())
            return {};
        return failed(errc::mtom_part_repeated,
                      parts_[std::max(twice->number, std::next(twice)->number)].at);
    }

    std::optional<std::size_t> number_of(std::string_view id) const noexcept {
        const auto found = std::ranges::lower_bound(by_id_, id, {}, &entry::id);
        if (found == by_id_.end() || found->id != id)
            return std::nullopt;
        return found->number;
    }

    /// Nothing may include this part from here on.
    const mime_part& take(std::size_t number) {
        taken_[number] = true;
        return parts_[number];
    }

    result<bytes_view> find(std::string_view href) override {
        const auto id = id_in(href);
        if (!id)
            return failed(errc::mtom_reference_invalid, 0);
        const auto number = number_of(*id);
        if (!number)
            return failed(errc::mtom_part_missing, 0);
        if (taken_[*number])  // or one part could be a thousand values
            return failed(errc::mtom_part_reused, 0);
        const mime_part& part = take(*number);
        if (const auto fine = check_transfer_encoding(part); !fine)
            return fine.error();
        return part.content;
    }

private:
    struct entry {
        std::string_view id;
        std::size_t number;
    };

    const std::vector<mime_part>& parts_;
    std::vector<bool> taken_;
    std::vector<entry> by_id_;
};

/// The root: the part that `start` names, or without one the first.
result<std::size_t> root_of(const part_index& index, std::size_t count,
                            std::optional<std::string_view> start, std::size_t at) {
    if (!start && count != 0)
        return std::size_t{0};
    std::optional<std::size_t> found;
    if (start) {
        found = index.number_of(bare_id(*start));
        if (const auto id = id_in(*start); !found && id)
            found = index.number_of(*id);
    }
    if (!found)
        return failed(errc::mtom_root_missing, at);
    return *found;
}

/// What the root's text is in, which is what its header says.
result<charset> charset_in(const mime_part& root, const media_type& type) {
    const charset found = charset_of(root.content);
    const std::string_view name = type.parameter("charset").value_or("");
    const bool is_utf8 =
        name.empty() || same_ignoring_case(name, "utf-8") || same_ignoring_case(name, "us-ascii");
    const bool is_utf16 = name.empty() || same_ignoring_case(name, "utf-16") ||
                          same_ignoring_case(name, "utf-16le") ||
                          same_ignoring_case(name, "utf-16be");
    if (!(found == charset::utf8 ? is_utf8 : is_utf16))
        return failed(errc::charset_mismatch, root.at);
    return found;
}

/// The content type of a message, if it is one of MTOM.
result<media_type> type_of(const mime_message& message) {
    if (!message.headers.mime_version.empty() && message.headers.mime_version != "1.0")
        return failed(errc::mime_malformed, 0);
    const auto type = media_type::parse(message.headers.content_type);
    if (!type || !same_ignoring_case(type->name(), "multipart/related") ||
        !same_ignoring_case(type->parameter("type").value_or(""), xop_type))
        return failed(errc::mtom_not_xop, 0);
    if (!is_mime_boundary(type->parameter("boundary").value_or("")))
        return failed(errc::mime_malformed, 0);
    return *type;
}

}  // namespace

result<void> document_from_mtom(bytes_view message, const reader_quotas& quotas,
                                octet_buffer& document, charset& found) {
    document.clear();
    const auto whole = mime_message::read(message);
    if (!whole)
        return whole.error();
    const auto type = type_of(*whole);
    if (!type)
        return type.error();
    const auto parts = whole->parts(message, *type->parameter("boundary"));
    if (!parts)
        return parts.error();
    part_index index(*parts);
    if (const auto fine = index.check_ids(); !fine)
        return fine;
    const auto number = root_of(index, parts->size(), type->parameter("start"), message.size());
    if (!number)
        return number.error();
    const mime_part& root = index.take(*number);
    const auto root_type = media_type::parse(root.headers.content_type);
    if (!root_type || !same_ignoring_case(root_type->name(), xop_type))
        return failed(errc::mtom_not_xop, root.at);
    if (const auto fine = check_transfer_encoding(root); !fine)
        return fine;
    const auto text_in = charset_in(root, *root_type);
    if (!text_in)
        return text_in.error();
    found = *text_in;
    auto read = document_from_text(root.content, found, quotas, document, &index);
    if (read)
        return read;
    error why = read.error();
    why.at += root.at;
    return why;
}

}  // namespace nettcp::channel
