// Passes over what was read before, and copies what was written before.
#include "nbfx/document_part.hpp"

#include "nbfx/reader_state.hpp"
#include "nbfx/writer_state.hpp"

namespace nettcp::nbfx {

read_position read_position::of(const reader& in) noexcept {
    return {in.consumed(), in.state_->source.expanded};
}

bytes_view read_position::document(const reader& in) noexcept {
    return {in.state_->begin, in.state_->source.end};
}

void read_position::move(reader& in) const noexcept {
    reader::state& s = *in.state_;
    s.next = s.begin + offset;
    s.source.expanded = expanded;
}

written_part::mark written_part::position(writer& out) {
    writer::state& s = *out.state_;
    s.close_start_tag();
    return {static_cast<std::size_t>(s.out.position()), s.out.window()};
}

bool written_part::remember(writer& out, const mark& start) {
    const writer::state& s = *out.state_;
    if (s.failed || (s.session != nullptr && s.session->has_new()))
        return false;
    const bytes_view written = s.out.written();
    octets_.assign(written.begin() + static_cast<std::ptrdiff_t>(start.position), written.end());
    start_ = start;
    window_behind_ = s.out.window();
    return true;
}

bool written_part::repeat(writer& out) const {
    writer::state& s = *out.state_;
    if (position(out) != start_ || s.where != writer::state::place::content)
        return false;
    s.out.put_again(octets_, window_behind_);
    return true;
}

}  // namespace nettcp::nbfx
