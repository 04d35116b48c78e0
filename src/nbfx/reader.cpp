// The reader's cursor: which record may stand where, and what each one shows. Attributes and
// namespaces are in reader_tag.cpp, windows in reader_stream.cpp.
#include "nbfx/reader_state.hpp"

namespace nettcp::nbfx {
namespace {

/// What a document may expand to before its size counts.
constexpr std::uint64_t expansion_allowance = 64 * 1024;

/// The largest start tag that is read without a look at its size.
constexpr std::uint32_t quick_tag_size = 256;

/// What an element that an array repeats costs beyond its texts.
constexpr std::uint64_t repetition_charge = 4;

}  // namespace

reader::reader(const reader_quotas& quotas)
    : state_(std::make_unique<state>(quotas)), shown_(state_.get()) {}
reader::reader(reader&&) noexcept = default;
reader& reader::operator=(reader&&) noexcept = default;
reader::~reader() = default;

void reader::open(bytes_view document, const received_dictionary* session) noexcept {
    state_->open(document, session, false);
}

void reader::open_streamed(const received_dictionary* session) noexcept {
    state_->open({}, session, true);
}

const error& reader::failure() const noexcept {
    return state_->failure;
}

void reader::fail(boost::system::error_code code, std::uint32_t got, std::uint32_t limit) noexcept {
    if (ok())
        state_->stop({code, offset(), got, limit});
}

std::uint64_t reader::offset() const noexcept {
    return state_->offset_of(state_->node_start);
}

std::uint32_t reader::depth() const noexcept {
    return static_cast<std::uint32_t>(state_->element - state_->scopes.data());
}

const attribute* reader::find_attribute(std::string_view local,
                                        std::string_view ns) const noexcept {
    for (const attribute& candidate : attributes()) {
        if (candidate.local == local && candidate.ns == ns)
            return &candidate;
    }
    return nullptr;
}

std::optional<std::string_view> reader::find_namespace(std::string_view prefix) const noexcept {
    const std::string_view own = at_its_address(prefix);
    // A longer prefix may begin at the address of one that was declared.
    const std::string_view* const uri =
        own.size() > 1 ? state_->find_other_uri(own) : state_->find_uri(own);
    return uri != nullptr ? std::optional(*uri) : std::nullopt;
}

reader::state::state(const reader_quotas& limits) : quotas(limits) {
    set_scopes(16);
}

/// Makes room for `count` scopes.
void reader::state::set_scopes(std::size_t count) {
    const auto opened = top != nullptr ? top - scopes.data() : 0;
    scopes.resize(count);
    element = top = scopes.data() + opened;
    last_scope = scopes.data() + std::min<std::size_t>(count - 1, quotas.max_depth);
}

void reader::state::open(bytes_view document, const received_dictionary* session,
                         bool in_windows) noexcept {
    current = node::none;
    partial = false;
    value = {};
    declared = 0;
    element = top = scopes.data();
    source = {};
    source.session = session;
    if (session != nullptr)
        source.early[1] = session->early_strings();
    begin = next = node_start = document.data();
    source.end = begin + document.size();
    base = 0;
    expansion_budget = expansion_allowance;
    step = reader_step::content;
    root_seen = false;
    streamed = in_windows;
    step_within = !in_windows && quotas.max_bytes_per_read >= quick_tag_size ? reader_step::quick
                                                                             : reader_step::content;
    last = !in_windows;
    scanner.reset();
    names.release({});
    failure = {};
}

node reader::state::advance_with_care() noexcept {
    element = top;
    switch (step) {
    case reader_step::leave:
        leave_element();
        step = outside_root() ? reader_step::content : step_within;
        [[fallthrough]];
    case reader_step::quick:
    case reader_step::content:
        if (streamed && !unit_is_whole()) [[unlikely]]
            return source.code ? fail_here() : show_need_more();
        return read_record();
    case reader_step::close: return show_end();
    case reader_step::text_part: return show_text_part();
    case reader_step::item_start:
        node_start = next;
        step = reader_step::item_text;
        return current = node::element;
    case reader_step::item_text: return show_item();
    case reader_step::item_end:
        step = --items_left != 0 ? reader_step::item_start : reader_step::leave;
        return current = node::end_element;
    case reader_step::stay: break;
    }
    return current;
}

node reader::state::read_record() noexcept {
    const std::byte* const p = next;
    node_start = p;
    if (p == source.end)
        return end_of_octets();
    const record_shape& shape = shape_of(*p);
    switch (shape.kind) {
    case record_kind::element: return read_element(p, shape);
    case record_kind::text: return read_text(p, shape);
    case record_kind::end_element:
        if (outside_root())
            return fail_at(errc::end_element_not_allowed, p, std::to_integer<unsigned>(*p));
        next = p + 1;
        return show_end();
    case record_kind::comment: return read_comment(p);
    case record_kind::array: return read_array(p);
    case record_kind::attribute:
    case record_kind::xmlns:
        return fail_at(errc::attribute_not_allowed, p, std::to_integer<unsigned>(*p));
    case record_kind::end_list:
        return fail_at(errc::list_end_not_allowed, p, std::to_integer<unsigned>(*p));
    case record_kind::undefined: break;
    }
    return fail_at(errc::record_unknown, p, std::to_integer<unsigned>(*p));
}

node reader::state::read_text(const std::byte* p, const record_shape& shape) noexcept {
    if (outside_root() && shape.with_end)
        return fail_at(errc::text_outside_root, p, std::to_integer<unsigned>(*p));
    if (streamed && record_source::is_run(shape.payload))
        return begin_text_parts(p, shape);
    p = source.read_value(p + 1, shape, value);
    if (p == nullptr)
        return fail_here();
    if (shape.payload == text_payload::list && !size_is_fine(p))
        return fail_here();
    if (source.expanded > expansion_budget && !expansion_is_fine(0, offset_of(p)))
        return fail_here();
    if (outside_root() && !value.is_white_space())
        return fail_at(errc::text_outside_root, node_start, 0);
    next = p;
    return show_text(shape.with_end);
}

node reader::state::show_text(bool closes) noexcept {
    step = closes ? reader_step::close : outside_root() ? reader_step::content : step_within;
    return current = node::text;
}

node reader::state::read_comment(const std::byte* p) noexcept {
    std::string_view text;
    p = source.read_string(p + 1, text);
    if (p == nullptr || !size_is_fine(p))
        return fail_here();
    value = nbfx::value::of_chars(text);
    next = p;
    return current = node::comment;
}

node reader::state::read_array(const std::byte* p) noexcept {
    const std::byte* const tag = p + 1;
    if (tag == source.end)
        return fail_at(base_errc::truncated, tag, 0);
    const record_shape& shape = shape_of(*tag);
    if (shape.kind != record_kind::element)
        return fail_at(shape.kind == record_kind::array ? errc::array_nested : errc::array_content,
                       tag, std::to_integer<unsigned>(*tag));
    const std::uint64_t expanded_before = source.expanded;
    p = read_tag(tag, shape);
    if (p == nullptr)
        return fail_here();
    const std::uint64_t repeated = static_cast<std::uint64_t>(p - tag) + repetition_charge +
                                   (source.expanded - expanded_before);
    if (source.left(p) < 2) {
        // The law of prefixes: what is there is judged before what is missing.
        if (p != source.end && shape_of(*p).kind != record_kind::end_element)
            return fail_at(errc::array_content, p, std::to_integer<unsigned>(*p));
        return fail_at(base_errc::truncated, source.end, 0);
    }
    if (shape_of(*p).kind != record_kind::end_element)
        return fail_at(errc::array_content, p, std::to_integer<unsigned>(*p));
    item_shape = &shape_of(p[1]);
    if (!item_shape->array_item)
        return fail_at(errc::array_item_type, p + 1, std::to_integer<unsigned>(p[1]));
    const std::byte* const count = p + 2;
    p = source.read_size(count, items_left);
    if (p == nullptr)
        return fail_here();
    if (items_left == 0)
        return fail_at(errc::array_count_zero, count, 0);
    if (items_left > quotas.max_array_length)
        return fail_at(errc::array_too_long, count, items_left, quotas.max_array_length);
    if (items_left > 1 && depth() == 1)
        return fail_at(errc::multiple_roots, count, items_left);
    const std::uint64_t octets = std::uint64_t{items_left} * item_shape->size;
    if (last && source.left(p) < octets)
        return fail_at(base_errc::truncated, source.end, 0);
    const std::uint64_t charge = repeated * (items_left - 1);
    if (!size_is_fine(p) || !expansion_is_fine(charge, offset_of(p) + octets))
        return fail_here();
    if (streamed)
        keep_attributes();
    next = p;
    step = reader_step::item_text;
    return current = node::element;
}

node reader::state::show_item() noexcept {
    node_start = next;
    if (source.left(next) < item_shape->size)  // streamed only: a whole array was measured
        return last ? fail_at(base_errc::truncated, source.end, 0) : show_need_more();
    const std::byte* const behind = source.read_value(next, *item_shape, value);
    if (behind == nullptr)
        return fail_here();
    next = behind;
    step = reader_step::item_end;
    return current = node::text;
}

node reader::state::end_of_octets() noexcept {
    if (!outside_root())
        return fail_at(errc::element_unclosed, source.end, depth());
    step = reader_step::stay;
    return current = node::end_of_document;
}

void reader::state::leave_element() noexcept {
    if (top->declarations != 0)
        declared = top->first_declaration;
    if (streamed)
        names.release({top->name_block, top->name_offset});
    element = --top;
}

/// Charges `charge` characters, and tells whether a document of `octets` may expand so far.
bool reader::state::expansion_is_fine(std::uint64_t charge, std::uint64_t octets) noexcept {
    source.expanded += charge;
    if (source.expanded <= expansion_budget)
        return true;
    expansion_budget = expansion_allowance + octets * quotas.max_expansion;
    if (source.expanded <= expansion_budget)
        return true;
    source.fail(errc::expansion_exceeded, node_start, clamp_u32(source.expanded),
                clamp_u32(expansion_budget));
    return false;
}

bool reader::state::size_is_fine(const std::byte* behind) noexcept {
    const auto size = static_cast<std::size_t>(behind - node_start);
    if (size <= quotas.max_bytes_per_read)
        return true;
    source.fail(errc::start_tag_too_large, node_start, clamp_u32(size), quotas.max_bytes_per_read);
    return false;
}

node reader::state::fail_here() noexcept {
    return stop({source.code, offset_of(source.failed_at), source.got, source.limit});
}

node reader::state::stop(const error& why) noexcept {
    failure = why;
    step = reader_step::stay;
    return current = node::failed;
}

}  // namespace nettcp::nbfx
