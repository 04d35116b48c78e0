// The structure of a document: elements, attributes, declarations, in the order that .NET's
// XmlDictionaryWriter allows. Declarations wait for the end of the start tag, as .NET's do.
#include "nbfx/writer_state.hpp"

#include "nbfx/xml_name.hpp"

#include <nettcp/base/errc.hpp>

namespace nettcp::nbfx {

namespace {

/// The type of an element whose prefix has this place, and whose name is an id.
constexpr unsigned element_type(std::size_t place) noexcept {
    return element_records.plain_dictionary + static_cast<unsigned>(place);
}
static_assert(element_type(namespace_scope::first_letter) == element_records.letter_dictionary);

/// The same for an attribute with a letter for a prefix.
constexpr unsigned attribute_type(std::size_t place) noexcept {
    return attribute_records.letter_dictionary +
           static_cast<unsigned>(place - namespace_scope::first_letter);
}

}  // namespace

template <const name_records& Records>
[[gnu::noinline]] void writer::state::name(std::string_view prefix, const xml_string& local) {
    const std::uint32_t id = id_of(local);
    const bool by_id = id != no_id;
    unsigned type = by_id ? Records.plain_dictionary : Records.plain;
    if (prefix.size() == 1 && prefix[0] >= 'a' && prefix[0] <= 'z')
        type = (by_id ? Records.letter_dictionary : Records.letter) +
               static_cast<unsigned>(prefix[0] - 'a');
    else if (!prefix.empty())
        return long_prefix_name(by_id ? Records.prefixed_dictionary : Records.prefixed, prefix,
                                local, id);
    if (by_id)
        return out.put_node_with_id(type, id);
    out.reserve(1);
    out.put_node(type);
    string(local.text());
}

writer::writer() : state_(std::make_unique<state>()) {}
writer::writer(writer&&) noexcept = default;
writer& writer::operator=(writer&&) noexcept = default;
writer::~writer() = default;

void writer::open(octet_buffer& out, sent_dictionary* session) {
    state& s = *state_;
    s.out.open(out);
    s.session = session;
    s.names.clear();
    s.failed = false;
    s.where = state::place::document;
    s.failure = {};
    s.holding = state::held::nothing;
    s.trail_size = 0;
}

result<void> writer::finish() noexcept {
    state& s = *state_;
    if (s.where == state::place::closed)
        return error{make_error_code(base_errc::invalid_state), 0, 0};
    if (s.where != state::place::ended)
        s.fail(errc::write_element_open, s.names.depth());
    s.where = state::place::closed;
    s.out.close(!s.failed);
    if (!s.failed)
        return {};
    if (s.session != nullptr)
        s.session->roll_back();
    return s.failure;
}

bool writer::ok() const noexcept {
    return !state_->failed;
}

const error& writer::failure() const noexcept {
    return state_->failure;
}

void writer::fail(boost::system::error_code code, std::uint32_t got, std::uint32_t limit) noexcept {
    state_->fail(error{code, 0, got, limit});
}

std::uint32_t writer::depth() const noexcept {
    return state_->names.depth();
}

void writer::start_element(std::string_view prefix, const xml_string& local, const xml_string& ns) {
    state& s = *state_;
    if (!s.in_plain_content())
        return s.start_elsewhere(prefix, local, ns);
    if (!s.start_quickly(prefix, local, ns)) [[unlikely]]
        s.start_declaring(prefix, local, ns);
}

void writer::start_element(const xml_string& local, const xml_string& ns) {
    state& s = *state_;
    if (!s.may_start_element())
        return;
    s.close_start_tag();
    s.names.enter();
    std::string_view prefix;
    if (const auto found = s.names.find_prefix(ns))
        prefix = *found;
    else if (!s.names.declare({}, ns))
        return s.fail(errc::write_prefix_conflict);
    s.start_element(prefix, local);
}

void writer::end_element() {
    state& s = *state_;
    if (!s.in_plain_content())
        return s.end_element();
    if (!s.names.is_plain())
        return s.end_declaring_element();
    if (!s.out.put_end_quickly()) [[unlikely]]
        return s.end_element();
    s.names.leave_plainly();
    s.where = state::place::content;
}

/// Declares a prefix; false is a failure.
[[gnu::always_inline]] inline bool writer::state::bind(std::size_t at, std::string_view prefix,
                                                       const xml_string& ns) {
    if (at == names.no_place && !is_ncname(prefix)) [[unlikely]] {
        fail(errc::write_name_invalid);
        return false;
    }
    if (names.declare(at, prefix, ns)) [[likely]]
        return true;
    fail(errc::write_prefix_conflict);
    return false;
}

void writer::declare_namespace(std::string_view prefix, const xml_string& uri, repeated same) {
    state& s = *state_;
    if (s.in_start_tag() && s.names.declare_quickly(s.names.usual_place(prefix), uri))
        s.where = state::place::full_start_tag;
    else
        s.declare_with_care(prefix, uri, same);
}

void writer::state::declare_with_care(std::string_view prefix, const xml_string& uri,
                                      repeated same) {
    if (!in_start_tag())
        return fail(errc::write_attribute_too_late);
    const std::size_t at = names.usual_place(prefix);
    if (same == repeated::drop && names.stands_for(at, prefix, uri))
        return;
    if (bind(at, prefix, uri))
        where = place::full_start_tag;
}

std::string_view writer::ensure_prefix(const xml_string& uri) {
    state& s = *state_;
    if (!s.ready())
        return {};
    if (const auto found = s.names.find_prefix(uri))
        return *found;
    if (!s.in_start_tag() && s.where != state::place::attribute &&
        s.where != state::place::attribute_list) {
        s.fail(errc::write_namespace_undeclared);
        return {};
    }
    const auto made = s.names.declare_under_new_prefix(uri);
    if (!made) {
        s.fail(errc::write_prefix_conflict);
        return {};
    }
    if (s.where == state::place::start_tag)
        s.where = state::place::full_start_tag;
    return *made;
}

void writer::start_attribute(std::string_view prefix, const xml_string& local,
                             const xml_string& ns) {
    state& s = *state_;
    const std::size_t at = s.names.usual_place(prefix);
    if (!s.in_start_tag() || !s.seen.empty() || at == 0 ||
        !s.names.stands_for_this(at, ns.text()) || !local.is_lasting_name())
        return s.start_attribute(prefix, local, ns);
    s.seen.add_first(local.text(), ns.text());
    s.where = state::place::attribute;
    s.holding = state::held::nothing;
    if (!s.out.put_short_tag(attribute_type(at), s.known_id_of(local)))
        s.name<attribute_records>(prefix, local);
}

void writer::end_attribute() {
    state& s = *state_;
    if (s.where == state::place::attribute)
        s.end_attribute();
    else
        s.fail(base_errc::invalid_state);
}

void writer::attribute(std::string_view prefix, const xml_string& local, const xml_string& ns,
                       const xml_string& text) {
    state& s = *state_;
    if (!s.ready())
        return;
    start_attribute(prefix, local, ns);
    if (s.failed)
        return;
    if (text.in_dictionary() && !text.text().empty())
        s.dictionary_text_record(text);
    else
        s.text_record(text.text(), true);
    s.holding = state::held::written;
    s.end_attribute();
}

void writer::comment(std::string_view text) {
    state& s = *state_;
    if (!s.ready())
        return;
    if (s.where == state::place::attribute || s.in_list())
        return s.fail(base_errc::invalid_state);
    if (text.find("--") != text.npos || text.ends_with('-'))  // no comment of text XML
        return s.fail(errc::write_value_invalid);
    s.close_start_tag();
    s.out.reserve(1);
    s.out.put_node(0x02);
    s.string(text);
}

void writer::state::fail(const error& why) noexcept {
    if (!ready())
        return;
    failed = true;
    where = place::failed;
    failure = why;
    failure.at = out.position();
}

void writer::state::fail(errc why, std::uint32_t got) noexcept {
    fail(error{make_error_code(why), 0, got});
}

void writer::state::fail(base_errc why) noexcept {
    fail(error{make_error_code(why)});
}

void writer::state::refuse_element() noexcept {
    if (where == place::ended)
        fail(errc::write_second_root);
    else
        fail(base_errc::invalid_state);
}

void writer::state::long_prefix_name(unsigned type, std::string_view prefix,
                                     const xml_string& local, std::uint32_t id) {
    out.reserve(1);
    out.put_node(type);
    string(prefix);
    if (id == no_id)
        return string(local.text());
    out.reserve(5);
    out.put_size(id);
}

/// Writes a declaration of a usual prefix and a namespace by a short id that is known; else
/// nothing.
[[gnu::always_inline]] inline bool
writer::state::declare_quickly(const namespace_binding& binding) noexcept {
    const std::uint32_t id = known_id_of(binding.uri);
    if (binding.place == 0)
        return out.put_short_tag(0x0a, id);
    return binding.place != names.no_place &&
           out.put_short_declaration(0x0b, 'a' - names.first_letter + binding.place, id);
}

// Declarations come last in a start tag, as .NET writes them.
[[gnu::always_inline]] inline void writer::state::complete_start_tag_here() {
    where = place::content;
    for (const namespace_binding& binding : names.take_declarations())
        if (!declare_quickly(binding)) [[unlikely]]
            declaration(binding);
}

void writer::state::complete_start_tag() {
    complete_start_tag_here();
}

/// Starts an element whose name has a short id that is known, in a usual prefix that stands for
/// its namespace, both known by address; else changes nothing.
[[gnu::always_inline]] inline bool writer::state::start_quickly(std::string_view prefix,
                                                                const xml_string& local,
                                                                const xml_string& ns) noexcept {
    std::size_t at = 0;
    if (prefix.size() == 1) [[likely]] {
        const unsigned letter = static_cast<unsigned char>(prefix[0]) - unsigned{'a'};
        if (letter >= 26) [[unlikely]]
            return false;
        at = letter + names.first_letter;
    } else if (!prefix.empty()) {
        return false;
    }
    if (!names.stands_for_this(at, ns.text()) || !local.is_lasting_name()) [[unlikely]]
        return false;
    if (!out.put_short_tag(element_type(at), known_id_of(local))) [[unlikely]]
        return false;
    names.enter();
    where = place::start_tag;
    seen.clear();
    return true;
}

/// The same where something must go out before, or no content may come.
void writer::state::start_elsewhere(std::string_view prefix, const xml_string& local,
                                    const xml_string& ns) {
    if (where == place::full_start_tag) [[likely]]
        complete_start_tag_here();
    else if (!settle_for_element()) [[unlikely]]
        return;
    if (!start_quickly(prefix, local, ns))
        start_declaring(prefix, local, ns);
}

/// Starts an element whose prefix has to be declared, as most do that come here.
void writer::state::start_declaring(std::string_view prefix, const xml_string& local,
                                    const xml_string& ns) {
    names.enter();
    const std::size_t at = names.usual_place(prefix);
    if (!local.is_lasting_name() || !names.declare_quickly(at, ns)) [[unlikely]]
        return start_with_care(prefix, local, ns);
    where = place::full_start_tag;
    seen.clear();
    if (!out.put_short_tag(element_type(at), known_id_of(local))) [[unlikely]]
        start_element(prefix, local);
}

void writer::state::start_with_care(std::string_view prefix, const xml_string& local,
                                    const xml_string& ns) {
    const std::size_t at = names.usual_place(prefix);
    if (names.stands_for(at, prefix, ns) || bind(at, prefix, ns))
        start_element(prefix, local);
}

bool writer::state::settle_for_element() {
    if (!may_start_element())
        return false;
    close_start_tag();
    return true;
}

void writer::state::start_element(std::string_view prefix, const xml_string& local) {
    if (local.static_id() == no_static_id && !local.is_name() && !is_ncname(local.text()))
        return fail(errc::write_name_invalid);
    set_start_tag();
    seen.clear();
    name<element_records>(prefix, local);
}

void writer::state::end_element() {
    close_start_tag();
    if (where != place::content && !may_end_element())
        return;
    out.put_end_element();
    if (names.leave() == 0)
        where = place::ended;
}

void writer::state::end_declaring_element() {
    if (!out.put_end_quickly()) [[unlikely]]
        return end_element();
    where = place::content;
    if (names.leave() == 0)
        where = place::ended;
}

bool writer::state::may_end_element() {
    if (!ready())
        return false;
    if (where == place::attribute) {
        end_attribute();
        close_start_tag();
    } else if (in_list()) {
        fail(base_errc::invalid_state);
    } else {
        fail(errc::write_outside_element);
    }
    return !failed;
}

void writer::state::start_attribute(std::string_view prefix, const xml_string& local,
                                    const xml_string& ns) {
    if (where == place::attribute)
        end_attribute();
    if (!ready())
        return;
    if (!in_start_tag())
        return in_list() ? fail(base_errc::invalid_state) : fail(errc::write_attribute_too_late);
    const bool named_xmlns = prefix == "xmlns" || (prefix.empty() && local.text() == "xmlns");
    if (named_xmlns || !(local.is_name() || is_ncname(local.text())))
        return fail(errc::write_name_invalid);
    const auto own_prefix = attribute_prefix(prefix, ns);
    if (!own_prefix)
        return;
    if (!note_attribute(own_prefix->empty() ? std::string_view{} : *names.find_uri(*own_prefix),
                        local))
        return;
    where = place::attribute;
    holding = held::nothing;
    name<attribute_records>(*own_prefix, local);
}

std::optional<std::string_view> writer::state::attribute_prefix(std::string_view prefix,
                                                                const xml_string& ns) {
    if (prefix == "xml" && (ns.text().empty() || ns.text() == xml_namespace))
        return prefix;
    if (prefix.empty()) {
        if (ns.text().empty())
            return prefix;
        if (const auto found = names.find_attribute_prefix(ns))
            return found;
        if (const auto made = names.declare_under_new_prefix(ns))
            return made;
        fail(errc::write_prefix_conflict);
        return std::nullopt;
    }
    const std::size_t at = names.usual_place(prefix);
    if (names.stands_for(at, prefix, ns) || bind(at, prefix, ns))
        return prefix;
    return std::nullopt;
}

/// Remembers an attribute of this start tag; false if there is one of that name.
bool writer::state::note_attribute(std::string_view ns, const xml_string& local) {
    if (seen.empty()) {
        seen_names.release({});
    } else if (seen.has(local.text(), ns)) {
        fail(errc::write_attribute_duplicate);
        return false;
    }
    // The caller's text may be gone by the next attribute.
    seen.add(local.lasting() ? local.text() : seen_names.keep(local.text()), ns);
    return true;
}

void writer::state::declaration(const namespace_binding& binding) {
    const std::uint32_t id = id_of(binding.uri);
    const bool by_id = id != no_id;
    out.reserve(6);
    if (binding.place == 0) {
        out.put_node(by_id ? 0x0a : 0x08);
    } else {
        out.put_node(by_id ? 0x0b : 0x09);
        string(binding.prefix());
        out.reserve(5);
    }
    if (by_id)
        out.put_size(id);
    else
        string(binding.uri.text());
}

void writer::state::string(std::string_view text) {
    const text_extent extent = measure(text);
    if (!extent.valid)
        return fail(errc::write_value_invalid);
    if (text.size() > max_multi_byte_int31)
        return fail(errc::write_too_large);
    out.put_string(text, extent);
}

}  // namespace nettcp::nbfx
