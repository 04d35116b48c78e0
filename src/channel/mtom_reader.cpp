// Decides which part an MTOM message's envelope is, and which parts its xop:Include elements mean.

#include <channel/media_type.hpp>
#include <channel/mime_parts.hpp>
#include <channel/mtom_encoding.hpp>
#include <channel/mtom_rules.hpp>

#include <nettcp/channel/errc.hpp>
#include <nettcp/xml/inclusions.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace nettcp::channel {
namespace {

error failed(errc rule, std::size_t at) {
    return error{make_error_code(rule), at};
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
        if (const auto fine = check_transfer_encoding(part.headers, part.at); !fine)
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

}  // namespace

result<void> document_from_mtom(bytes_view message, const reader_quotas& quotas,
                                octet_buffer& document, charset& found) {
    document.clear();
    const auto whole = mime_message::read(message);
    if (!whole)
        return whole.error();
    const auto type = mtom_type_of(whole->headers);
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
    const auto root_type = root_type_of(root.headers, root.at);
    if (!root_type)
        return root_type.error();
    const auto text_in = charset_in(*root_type, root.content, root.at);
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
