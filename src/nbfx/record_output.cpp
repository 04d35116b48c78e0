#include "nbfx/record_output.hpp"

#include <nettcp/base/utf8.hpp>

#include <algorithm>

namespace nettcp::nbfx {
namespace {

constexpr std::size_t max_octets_per_unit = 3;

unsigned lead_octets(char lead) noexcept {
    const auto octet = static_cast<unsigned char>(lead);
    return octet < 0x80 ? 1 : octet < 0xe0 ? 2 : octet < 0xf0 ? 3 : 4;
}

/// Octets of the longest start of well-formed `text` of at most `units` UTF-16 units, and units.
std::pair<std::size_t, std::size_t> piece(std::string_view text, std::size_t units) noexcept {
    std::size_t octets = 0;
    std::size_t taken = 0;
    while (octets < text.size()) {
        const unsigned size = lead_octets(text[octets]);
        const std::size_t cost = size == 4 ? 2 : 1;
        if (taken + cost > units)
            break;
        taken += cost;
        octets += size;
    }
    return {octets, taken};
}

}  // namespace

text_extent measure_beyond_ascii(std::string_view text) noexcept {
    if (!is_utf8(text))
        return {text.size(), 0, false};
    return {text.size(), utf16_length(text), true};
}

void record_output::grow(std::size_t size) {
    const auto offset = [this](const std::byte* at) {
        return static_cast<std::size_t>(at - first_);
    };
    const std::size_t used = offset(next_);
    const std::size_t window = offset(window_);
    const std::size_t text = text_ != nullptr ? offset(text_) : 0;
    out_->commit(before_ + used - out_->size());
    const auto space = out_->prepare(std::max<std::size_t>(size, 64));
    first_ = out_->data() + before_;
    next_ = space.data();
    limit_ = space.data() + space.size();
    window_ = first_ + window;
    find_free();
    if (text_ != nullptr)
        text_ = first_ + text;
}

void record_output::put_text_size(unsigned type8, std::size_t size) noexcept {
    claim(size < 0x100 ? 2 : size < 0x10000 ? 3 : 5);
    text_ = next_;
    if (size < 0x100) {
        put(type8);
        put(static_cast<unsigned>(size));
    } else if (size < 0x10000) {
        put(type8 + 2);
        put_number(static_cast<std::uint16_t>(size));
    } else {
        put(type8 + 4);
        put_number(static_cast<std::uint32_t>(size));
    }
}

void record_output::put_string(std::string_view text, const text_extent& extent) {
    reserve(5 + text.size());
    if (extent.units < 128 / max_octets_per_unit) {
        claim(1 + (extent.units == 0 ? 0 : extent.units * max_octets_per_unit));
        put(static_cast<unsigned>(text.size()));
        put(text.data(), text.size());
        return;
    }
    put_size(static_cast<std::uint32_t>(text.size()));
    put_utf8_in_pieces(text, extent);
}

void record_output::put_chars(std::string_view text, const text_extent& extent, bool may_widen) {
    constexpr unsigned chars8 = 0x98;
    constexpr unsigned unicode_chars8 = 0xb6;
    const bool wide = may_widen && extent.octets / 2 > extent.units;
    const std::size_t size = wide ? extent.units * 2 : extent.octets;
    reserve(5 + size);
    if (extent.units <= 0xff / max_octets_per_unit) {
        claim(2 + extent.units * max_octets_per_unit);
        put_text_size(wide ? unicode_chars8 : chars8, size);
        if (wide)
            put_utf16(text, extent.units);
        else
            put(text.data(), text.size());
        return;
    }
    put_text_size(wide ? unicode_chars8 : chars8, size);
    if (wide)
        put_utf16(text, extent.units);
    else
        put_utf8_in_pieces(text, extent);
}

void record_output::put_bytes(bytes_view front, bytes_view rest) {
    constexpr unsigned bytes8 = 0x9e;
    reserve(5 + front.size() + rest.size());
    put_text_size(bytes8, front.size() + rest.size());
    if (!front.empty()) {
        claim(front.size());
        put(front.data(), front.size());
    }
    claim_whole(rest.size());
    put(rest.data(), rest.size());
    passed(rest.size());
}

// .NET converts long text in pieces of 170 units, and asks for the most that each could take.
void record_output::put_utf8_in_pieces(std::string_view text, const text_extent& extent) noexcept {
    constexpr std::size_t piece_units = window_size / max_octets_per_unit;
    std::size_t left = extent.units;
    while (left > piece_units) {
        const auto [octets, units] =
            extent.ascii() ? std::pair(piece_units, piece_units) : piece(text, piece_units);
        claim(units * max_octets_per_unit);
        put(text.data(), octets);
        text.remove_prefix(octets);
        left -= units;
    }
    if (left != 0) {
        claim(left * max_octets_per_unit);
        put(text.data(), text.size());
    }
}

void record_output::put_utf16(std::string_view text, std::size_t units) noexcept {
    constexpr std::size_t piece_units = window_size / 2;
    while (units != 0) {
        const auto [octets, taken] = piece(text, std::min(piece_units, units));
        claim(taken * 2);
        for (std::size_t i = 0; i != octets;) {
            const unsigned size = lead_octets(text[i]);
            std::uint32_t point = static_cast<unsigned char>(text[i]);
            if (size != 1)
                point &= 0xffu >> (size + 1);
            for (unsigned k = 1; k != size; ++k)
                point = (point << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3fu);
            i += size;
            if (size == 4) {
                put_number(static_cast<std::uint16_t>(0xd7c0 + (point >> 10)));
                point = 0xdc00 + (point & 0x3ffu);
            }
            put_number(static_cast<std::uint16_t>(point));
        }
        text.remove_prefix(octets);
        units -= taken;
    }
}

}  // namespace nettcp::nbfx
