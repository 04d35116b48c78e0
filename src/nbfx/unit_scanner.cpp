#include "nbfx/unit_scanner.hpp"

#include "nbfx/record_source.hpp"

namespace nettcp::nbfx {
namespace {

/// Steps over the parts of one record; stops at the end of what is there or at a broken rule.
struct step_cursor {
    bytes_view octets;
    std::size_t at;
    std::uint64_t wanted = 0;  ///< not zero: that many octets are needed to go on
    bool broken = false;

    bool going() const noexcept { return wanted == 0 && !broken; }

    void skip(std::uint64_t size) noexcept {
        if (!going())
            return;
        if (octets.size() - at < size)
            wanted = at + size;
        else
            at += static_cast<std::size_t>(size);
    }

    std::uint32_t size() noexcept {
        std::uint32_t value = 0;
        for (unsigned shift = 0; going(); shift += 7) {
            const std::size_t here = at;
            skip(1);
            if (!going())
                break;
            const auto octet = std::to_integer<std::uint32_t>(octets[here]);
            if (shift == 28 && octet > 0x07) {
                broken = true;
                break;
            }
            value |= (octet & 0x7fu) << shift;
            if (octet < 0x80)
                break;
        }
        return value;
    }

    void string() noexcept { skip(size()); }

    void name(name_form form) noexcept {
        if (form == name_form::dictionary)
            size();
        else if (form == name_form::inline_text)
            string();
    }

    void names(const record_shape& shape) noexcept {
        if (shape.prefix == prefix_form::inline_text)
            string();
        name(shape.name);
    }

    /// A value that is no list. `with_content`: the octets behind a length too.
    void value(const record_shape& shape, bool with_content) noexcept {
        const std::size_t start = at;
        skip(shape.size);
        if (!going())
            return;
        switch (shape.payload) {
        case text_payload::dictionary:
        case text_payload::qname: size(); break;
        case text_payload::chars8:
        case text_payload::bytes8:
        case text_payload::unicode_chars8:
            if (with_content)
                skip(number_at<std::uint8_t>(&octets[start]));
            break;
        case text_payload::chars16:
        case text_payload::bytes16:
        case text_payload::unicode_chars16:
            if (with_content)
                skip(number_at<std::uint16_t>(&octets[start]));
            break;
        case text_payload::chars32:
        case text_payload::bytes32:
        case text_payload::unicode_chars32: {
            const auto length = number_at<std::uint32_t>(&octets[start]);
            if (length > 0x7fffffff)
                broken = true;
            else if (with_content)
                skip(length);
            break;
        }
        default: break;
        }
    }
};

}  // namespace

unit_scanner::verdict unit_scanner::scan(bytes_view unit, std::uint32_t limit) noexcept {
    for (;;) {
        if (walked_ == unit.size()) {
            wanted_ = walked_;  // the octet that is missing may belong to the next unit
            return wanted_ > limit ? verdict::too_large : verdict::needs_more;
        }
        const record_shape& shape = shape_of(unit[walked_]);
        const bool is_list = shape.payload == text_payload::list;
        step_cursor in{unit, walked_ + 1};
        stage then = stage_;
        bool whole = false;
        switch (stage_) {
        case stage::first:
            if (shape.kind == record_kind::element) {
                in.names(shape);
                then = stage::tag;
            } else if (shape.kind == record_kind::array) {
                then = stage::item_tag;
            } else if (shape.kind == record_kind::text && is_list) {
                after_list_ = stage::first;
                then = stage::list;
            } else if (shape.kind == record_kind::text) {
                in.value(shape, false);
                whole = true;
            } else {
                if (shape.kind == record_kind::comment)
                    in.string();
                whole = true;
            }
            break;
        case stage::item_tag:
            if (shape.kind != record_kind::element)
                return verdict::whole;
            in.names(shape);
            then = stage::item_attributes;
            break;
        case stage::tag:
        case stage::item_attributes:
            if (shape.kind == record_kind::xmlns) {
                in.names(shape);
                break;
            }
            if (shape.kind != record_kind::attribute) {
                if (stage_ == stage::tag)
                    return verdict::whole;
                then = stage::array_header;
                in.at = walked_;
                break;
            }
            in.names(shape);
            if (in.going() && in.at == unit.size()) {
                in.wanted = in.at + 1;
            } else if (in.going()) {
                const record_shape& text = shape_of(unit[in.at++]);
                if (text.payload == text_payload::list) {
                    after_list_ = stage_;
                    then = stage::list;
                } else if (text.kind == record_kind::text) {
                    in.value(text, true);
                } else {
                    return verdict::whole;
                }
            }
            break;
        case stage::array_header:  // EndElement, item type, count
            if (shape.kind != record_kind::end_element)
                return verdict::whole;
            in.skip(1);
            in.size();
            whole = true;
            break;
        case stage::list:
            if (shape.kind == record_kind::end_list) {
                then = after_list_;
                whole = after_list_ == stage::first;
            } else if (shape.kind != record_kind::text || is_list) {
                return verdict::whole;
            } else {
                in.value(shape, true);
            }
            break;
        }
        if (in.broken)
            return verdict::whole;
        if (in.wanted != 0) {
            wanted_ = in.wanted;
            return wanted_ > limit ? verdict::too_large : verdict::needs_more;
        }
        if (whole)
            return verdict::whole;
        walked_ = in.at;
        stage_ = then;
    }
}

}  // namespace nettcp::nbfx
