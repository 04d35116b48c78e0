// Decides when headers are those of an earlier message.

#include <soap/sent_headers.hpp>

namespace nettcp::soap {
namespace {

/// Operations that a session has in turn.
constexpr std::size_t max_entries = 4;

bool has_guids_alone(const outgoing_headers& headers) noexcept {
    return !headers.relates_to || (headers.relates_to->guid && headers.relates_to->text.empty());
}

template <class Text>
bool same(const std::optional<Text>& kept, const std::optional<nbfx::xml_string>& wanted) noexcept {
    return kept ? wanted && kept->is(*wanted) : !wanted;
}

template <class Text>
std::optional<Text> kept(const std::optional<nbfx::xml_string>& wanted) {
    return wanted ? std::optional<Text>(*wanted) : std::nullopt;
}

}  // namespace

bool sent_headers::entry::is(const outgoing_headers& headers,
                             message_version version_wanted) const noexcept {
    return action.is(headers.action) && (message_id != 0) == headers.message_id.has_value() &&
           (relates_to != 0) == headers.relates_to.has_value() && same(to, headers.to) &&
           has_reply_to == headers.has_reply_to && same(reply_to, headers.reply_to) &&
           version == version_wanted;
}

bool sent_headers::repeat(nbfx::writer& out, const outgoing_headers& headers,
                          message_version version) {
    if (!has_guids_alone(headers))
        return false;
    for (entry& one : entries_) {
        if (!one.is(headers, version))
            continue;
        std::byte* const octets = one.part.octets().data();
        if (headers.message_id)
            uuid_to_wire(octets + one.message_id, *headers.message_id);
        if (headers.relates_to)
            uuid_to_wire(octets + one.relates_to, *headers.relates_to->guid);
        return one.part.repeat(out);
    }
    return false;
}

void sent_headers::remember(nbfx::writer& out, const positions& at, const outgoing_headers& headers,
                            message_version version) {
    if (!has_guids_alone(headers))
        return;
    nbfx::written_part part;
    if (!part.remember(out, at.start))
        return;
    const auto in_part = [&](std::size_t position) {
        return position == 0 ? 0 : position - at.start.position;
    };
    entry made{version,
               text(headers.action),
               kept<text>(headers.to),
               kept<text>(headers.reply_to),
               headers.has_reply_to,
               std::move(part),
               in_part(at.message_id),
               in_part(at.relates_to)};
    if (entries_.size() < max_entries) {
        entries_.push_back(std::move(made));
        return;
    }
    entries_[oldest_] = std::move(made);
    oldest_ = (oldest_ + 1) % max_entries;
}

}  // namespace nettcp::soap
