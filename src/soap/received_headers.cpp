// Decides when the headers of an envelope are those of an earlier one.

#include <soap/received_headers.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>

namespace nettcp::soap {
namespace {

/// Operations that a session has in turn.
constexpr std::size_t max_entries = 4;
/// Longer ones are read each time.
constexpr std::size_t max_octets = 512;
constexpr std::size_t id_size = 16;

/// Where `id` stands; nothing unless that is one place.
std::optional<std::size_t> find_id(bytes_view octets, const unique_id_view& id) noexcept {
    if (!id.guid || !id.text.empty())
        return std::nullopt;
    std::array<std::byte, id_size> wanted;
    uuid_to_wire(wanted.data(), *id.guid);
    const auto search_from = [&](bytes_view::iterator first) {
        return std::search(first, octets.end(), wanted.begin(), wanted.end());
    };
    const auto found = search_from(octets.begin());
    if (found == octets.end() || search_from(found + 1) != octets.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - octets.begin());
}

unique_id_view id_at(bytes_view document, std::size_t offset) noexcept {
    return {uuid_from_wire(document.data() + offset), {}};
}

}  // namespace

received_headers::place::place(std::string_view where, bytes_view document) : text(where) {
    const char* const first = as_text(document).data();
    const std::less<> before;
    if (!before(where.data(), first) && before(where.data(), first + document.size()))
        offset = static_cast<std::size_t>(where.data() - first);
}

std::string_view received_headers::place::in(bytes_view document) const noexcept {
    return offset ? as_text(document.subspan(*offset, text.size())) : text;
}

bool received_headers::entry::begins(bytes_view document) const noexcept {
    if (document.size() < octets.size())
        return false;
    std::size_t from = 0;
    const auto same_up_to = [&](std::size_t end) {
        return std::memcmp(document.data() + from, octets.data() + from, end - from) == 0;
    };
    const auto [first, second] = std::minmax(message_id, relates_to);
    for (const std::size_t id : {first, second}) {
        if (id == 0)
            continue;
        if (!same_up_to(id))
            return false;
        from = id + id_size;
    }
    return same_up_to(octets.size());
}

void received_headers::entry::tell(bytes_view document, headers_view& headers) const {
    headers.addressing = addressing;
    headers.action = action.in(document);
    if (message_id != 0)
        headers.message_id = id_at(document, message_id);
    if (relates_to != 0)
        headers.relates_to = id_at(document, relates_to);
    if (to)
        headers.to = to->in(document);
    if (reply_to)
        headers.reply_to = reply_to->in(document);
}

bool received_headers::recognize(nbfx::reader& in, headers_view& headers) {
    const bytes_view document = nbfx::read_position::document(in);
    const auto known =
        std::ranges::find_if(entries_, [&](const entry& one) { return one.begins(document); });
    if (known == entries_.end())
        return false;
    known->tell(document, headers);
    in.next();
    known->behind.move(in);
    in.next();
    return true;
}

void received_headers::remember(const nbfx::reader& in, const headers_view& headers) {
    const auto behind = nbfx::read_position::of(in);
    const bytes_view octets = nbfx::read_position::document(in).first(behind.offset);
    if (octets.size() > max_octets || !headers.others.empty() || !headers.joined_texts.empty() ||
        headers.fault_to || headers.from)
        return;
    entry made{.behind = behind,
               .octets = {octets.begin(), octets.end()},
               .addressing = headers.addressing,
               .action = place(headers.action, octets),
               .to = {},
               .reply_to = {}};
    if (headers.to)
        made.to = place(*headers.to, octets);
    if (headers.reply_to)
        made.reply_to = place(*headers.reply_to, octets);
    for (const auto& [id, at] : {std::pair(&headers.message_id, &made.message_id),
                                 std::pair(&headers.relates_to, &made.relates_to)}) {
        if (!*id)
            continue;
        const auto found = find_id(octets, **id);
        if (!found)
            return;
        *at = *found;
    }
    if (entries_.size() < max_entries) {
        entries_.push_back(std::move(made));
        return;
    }
    entries_[oldest_] = std::move(made);
    oldest_ = (oldest_ + 1) % max_entries;
}

}  // namespace nettcp::soap
