// Reading by expectation: the calls that name what must come next and fail when it does not. They
// move over whole documents only, because the texts they join must all be there.
#include "nbfx/reader_state.hpp"

#include "nbfx/base64.hpp"

namespace nettcp::nbfx {

bool reader::state::demand_whole() noexcept {
    if (current == node::failed)
        return false;
    if (!streamed)
        return true;
    stop({make_error_code(errc::needs_whole_document), offset_of(node_start), 0});
    return false;
}

node reader::move_to_content() noexcept {
    if (!state_->demand_whole())
        return current();
    for (;;) {
        const bool skipped = current() == node::none || current() == node::comment ||
                             (current() == node::text && value().is_white_space());
        if (!skipped)
            return current();
        next();
    }
}

bool reader::is_start_element() noexcept {
    return move_to_content() == node::element;
}

bool reader::is_start_element(std::string_view local, std::string_view ns) noexcept {
    return is_start_element() && local_name() == local && namespace_uri() == ns;
}

void reader::read_start_element(std::string_view local, std::string_view ns) noexcept {
    if (is_start_element(local, ns))
        next();
    else
        fail(make_error_code(errc::element_unexpected));
}

void reader::read_end_element() noexcept {
    if (move_to_content() == node::end_element)
        next();
    else
        fail(make_error_code(errc::element_unexpected));
}

void reader::skip() noexcept {
    if (!state_->demand_whole())
        return;
    if (current() == node::element) {
        const std::uint32_t level = depth();
        do {
            next();
        } while (ok() && !(current() == node::end_element && depth() == level));
    }
    next();
}

/// Enters the start tag that must be here.
bool reader::state::begin_content() noexcept {
    if (!demand_whole())
        return false;
    content_start = nullptr;
    if (current == node::element)
        return true;
    stop({make_error_code(errc::element_unexpected), offset_of(node_start), 0});
    return false;
}

/// Moves to the next text of the element; false at its end, or after a failure.
bool reader::state::next_content() noexcept {
    for (;;) {
        switch (advance()) {
        case node::text:
            if (content_start == nullptr)
                content_start = node_start;
            return true;
        case node::comment: break;
        case node::element:
            stop({make_error_code(errc::content_not_simple), offset_of(node_start), 0});
            return false;
        default: return false;
        }
    }
}

bool reader::state::text_fits(std::size_t size) noexcept {
    if (size <= quotas.max_string_content_length)
        return true;
    stop({make_error_code(errc::string_too_long), offset_of(content_start), clamp_u32(size),
          quotas.max_string_content_length});
    return false;
}

/// Takes the texts up to the end tag as one value: a single record as it is, several joined.
bool reader::state::collect_content(nbfx::value& content) {
    if (!begin_content())
        return false;
    std::size_t count = 0;
    content = {};
    while (next_content()) {
        if (++count == 1) {
            content = value;
            if (content.kind() == value_kind::chars && !text_fits(content.chars().size()))
                return false;
            continue;
        }
        if (count == 2) {
            joined.clear();
            if (const auto done = content.append_text(joined); !done) {
                stop({done.error().code, offset_of(content_start), done.error().got,
                      done.error().limit});
                return false;
            }
        }
        if (const auto done = value.append_text(joined); !done) {
            stop({done.error().code, offset_of(node_start), done.error().got, done.error().limit});
            return false;
        }
        if (!text_fits(joined.size()))
            return false;
    }
    if (count > 1)
        content = nbfx::value::of_chars(joined);
    return current == node::end_element;
}

template <class T>
T reader::state::read_element_as(result<T> (nbfx::value::*convert)() const) {
    nbfx::value content;
    const std::byte* const start = node_start;
    if (!collect_content(content))
        return T{};
    auto converted = (content.*convert)();
    if (!converted) {
        stop({converted.error().code, offset_of(content_start != nullptr ? content_start : start),
              converted.error().got, converted.error().limit});
        return T{};
    }
    advance();
    return std::move(*converted);
}

std::string reader::read_element_text() {
    state& s = *state_;
    std::string text;
    if (!s.begin_content())
        return text;
    while (s.next_content()) {
        if (const auto done = value().append_text(text); !done) {
            s.stop({done.error().code, offset(), done.error().got, done.error().limit});
            return {};
        }
        if (!s.text_fits(text.size()))
            return {};
    }
    if (current() != node::end_element)
        return {};
    next();
    return text;
}

std::vector<std::byte> reader::read_element_bytes() {
    state& s = *state_;
    std::vector<std::byte> octets;
    if (!s.begin_content())
        return octets;
    const auto fits = [&] {
        if (octets.size() <= s.quotas.max_array_length)
            return true;
        s.stop({make_error_code(errc::array_too_long), s.offset_of(s.content_start),
                clamp_u32(octets.size()), s.quotas.max_array_length});
        return false;
    };
    bool as_text = false;  // from the first record on that does not hold octets
    while (s.next_content()) {
        if (!as_text && value().kind() == value_kind::bytes) {
            octets.insert(octets.end(), value().octets().begin(), value().octets().end());
            if (!fits())
                return {};
            continue;
        }
        if (!as_text) {
            as_text = true;
            s.joined.clear();
            append_base64(s.joined, octets);
            octets.clear();
        }
        if (const auto done = value().append_text(s.joined); !done) {
            s.stop({done.error().code, offset(), done.error().got, done.error().limit});
            return {};
        }
        if (!s.text_fits(s.joined.size()))
            return {};
    }
    if (current() != node::end_element)
        return {};
    if (as_text) {
        const std::size_t bad = decode_base64(octets, s.joined);
        if (bad != s.joined.size()) {
            s.stop({make_error_code(errc::conversion_invalid), s.offset_of(s.content_start), 0});
            return {};
        }
        if (!fits())
            return {};
    }
    next();
    return octets;
}

bool reader::read_element_boolean() {
    return state_->read_element_as(&nbfx::value::to_boolean);
}

std::int32_t reader::read_element_int32() {
    return state_->read_element_as(&nbfx::value::to_int32);
}

std::int64_t reader::read_element_int64() {
    return state_->read_element_as(&nbfx::value::to_int64);
}

std::uint64_t reader::read_element_uint64() {
    return state_->read_element_as(&nbfx::value::to_uint64);
}

float reader::read_element_float32() {
    return state_->read_element_as(&nbfx::value::to_float32);
}

double reader::read_element_float64() {
    return state_->read_element_as(&nbfx::value::to_float64);
}

decimal reader::read_element_decimal() {
    return state_->read_element_as(&nbfx::value::to_decimal);
}

date_time reader::read_element_date_time() {
    return state_->read_element_as(&nbfx::value::to_date_time);
}

time_span reader::read_element_time_span() {
    return state_->read_element_as(&nbfx::value::to_time_span);
}

uuid reader::read_element_uuid() {
    return state_->read_element_as(&nbfx::value::to_uuid);
}

}  // namespace nettcp::nbfx
