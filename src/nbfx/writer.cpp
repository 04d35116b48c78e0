// The structure of a document: elements, attributes, declarations, in the order that .NET's
// XmlDictionaryWriter allows. Declarations wait for the end of the start tag, as .NET's do.
#include "nbfx/writer_state.hpp"

#include "nbfx/xml_name.hpp"

#include <nettcp/base/errc.hpp>

namespace nettcp::nbfx {

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
    s.seen.clear();
    s.seen_names.clear();
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
    state_->fail(code, got, limit);
}

std::uint32_t writer::depth() const noexcept {
    return state_->names.depth();
}

void writer::start_element(std::string_view prefix, const xml_string& local, const xml_string& ns) {
    if (!state_->start_quickly(prefix, local, ns))
        state_->start_with_care(prefix, local, ns);
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
    if (s.in_plain_content() && !s.names.declares()) {
        s.out.put_end_element();
        if (s.names.leave_plainly() == 0)
            s.where = state::place::ended;
    } else if (s.ready()) {
        s.end_element();
    }
}

void writer::declare_namespace(std::string_view prefix, const xml_string& uri, repeated same) {
    state& s = *state_;
    if (!s.ready())
        return;
    if (s.where != state::place::start_tag)
        return s.fail(errc::write_attribute_too_late);
    if (same == repeated::drop && s.names.stands_for(prefix, uri))
        return;
    if (!s.names.is_usual(prefix) && !is_ncname(prefix))
        return s.fail(errc::write_name_invalid);
    if (!s.names.declare(prefix, uri))
        s.fail(errc::write_prefix_conflict);
}

std::string_view writer::ensure_prefix(const xml_string& uri) {
    state& s = *state_;
    if (!s.ready())
        return {};
    if (const auto found = s.names.find_prefix(uri))
        return *found;
    if (s.where != state::place::start_tag && s.where != state::place::attribute &&
        s.where != state::place::attribute_list) {
        s.fail(errc::write_namespace_undeclared);
        return {};
    }
    if (const auto made = s.names.declare_under_new_prefix(uri))
        return *made;
    s.fail(errc::write_prefix_conflict);
    return {};
}

void writer::start_attribute(std::string_view prefix, const xml_string& local,
                             const xml_string& ns) {
    if (state_->ready())
        state_->start_attribute(prefix, local, ns);
}

void writer::end_attribute() {
    state& s = *state_;
    if (!s.ready())
        return;
    if (s.where != state::place::attribute)
        return s.fail(base_errc::invalid_state);
    s.end_attribute();
}

void writer::attribute(std::string_view prefix, const xml_string& local, const xml_string& ns,
                       const xml_string& text) {
    state& s = *state_;
    if (!s.ready())
        return;
    s.start_attribute(prefix, local, ns);
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

void writer::state::fail(boost::system::error_code code, std::uint32_t got,
                         std::uint32_t limit) noexcept {
    if (!ready())
        return;
    failed = true;
    where = place::failed;
    failure = {code, out.position(), got, limit};
}

void writer::state::refuse_element() noexcept {
    if (where == place::ended)
        fail(errc::write_second_root);
    else
        fail(base_errc::invalid_state);
}

template <const name_records& Records>
void writer::state::name(std::string_view prefix, const xml_string& local) {
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

/// Starts an element whose name has a short id that is known, in a usual prefix that stands for
/// its namespace, both known by address; else changes nothing that matters.
[[gnu::always_inline]] inline bool writer::state::start_quickly(std::string_view prefix,
                                                                const xml_string& local,
                                                                const xml_string& ns) noexcept {
    const std::size_t at = names.usual_place(prefix);
    if (at == names.no_place || !names.stands_for_lasting(at, ns.text()))
        return false;
    if (!in_plain_content() || !local.is_name())
        return false;
    const unsigned type = at == 0
                              ? element_records.plain_dictionary
                              : element_records.letter_dictionary + static_cast<unsigned>(at) - 1;
    if (!out.put_short_tag(type, known_id_of(local)))
        return false;
    names.enter();
    where = place::start_tag;
    return true;
}

void writer::state::start_with_care(std::string_view prefix, const xml_string& local,
                                    const xml_string& ns) {
    if (!may_start_element())
        return;
    close_start_tag();
    if (start_quickly(prefix, local, ns))  // what was in the way is out
        return;
    names.enter();
    if (!names.stands_for(prefix, ns)) {
        if (!names.is_usual(prefix) && !is_ncname(prefix))
            return fail(errc::write_name_invalid);
        if (!names.declare(prefix, ns))
            return fail(errc::write_prefix_conflict);
    }
    start_element(prefix, local);
}

void writer::state::start_element(std::string_view prefix, const xml_string& local) {
    if (local.static_id() == no_static_id && !local.is_name() && !is_ncname(local.text()))
        return fail(errc::write_name_invalid);
    where = place::start_tag;
    name<element_records>(prefix, local);
}

void writer::state::end_element() {
    if (where == place::start_tag)
        complete_start_tag();
    if (where != place::content && !may_end_element())
        return;
    if (trail_size != 0)
        flush_trail();
    out.put_end_element();
    names.leave();
    if (names.depth() == 0)
        where = place::ended;
}

bool writer::state::may_end_element() {
    if (where == place::attribute) {
        end_attribute();
        if (!failed)
            complete_start_tag();
    } else if (in_list()) {
        fail(base_errc::invalid_state);
    } else {
        fail(errc::write_outside_element);
    }
    return !failed;
}

// Declarations come last in a start tag, as .NET writes them.
void writer::state::write_declarations() {
    seen.clear();
    seen_names.clear();
    if (!names.declares())
        return;
    for (const namespace_binding& binding : names.declarations())
        declaration(binding);
}

void writer::state::start_attribute(std::string_view prefix, const xml_string& local,
                                    const xml_string& ns) {
    if (where == place::attribute)
        end_attribute();
    if (failed)
        return;
    if (where != place::start_tag)
        return fail(in_list() ? make_error_code(base_errc::invalid_state)
                              : make_error_code(errc::write_attribute_too_late));
    const std::size_t at = names.usual_place(prefix);
    if (at != 0 && at != names.no_place && names.stands_for_lasting(at, ns.text()) &&
        local.is_name()) {
        if (!note_attribute(ns.text(), local))
            return;
        where = place::attribute;
        holding = held::nothing;
        return name<attribute_records>(prefix, local);
    }
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
    if (names.stands_for(prefix, ns))
        return prefix;
    if (!is_ncname(prefix)) {
        fail(errc::write_name_invalid);
        return std::nullopt;
    }
    if (names.declare(prefix, ns))
        return prefix;
    fail(errc::write_prefix_conflict);
    return std::nullopt;
}

bool writer::state::note_attribute(std::string_view ns, const xml_string& local) {
    for (const seen_attribute& other : seen) {
        const auto name = other.lasting.empty()
                              ? std::string_view(seen_names).substr(other.offset, other.size)
                              : other.lasting;
        if (name == local.text() && other.ns == ns) {
            fail(errc::write_attribute_duplicate);
            return false;
        }
    }
    if (local.lasting()) {
        seen.push_back({local.text(), 0, 0, ns});
        return true;
    }
    seen.push_back({{}, seen_names.size(), local.text().size(), ns});
    seen_names.append(local.text());  // the caller's text may be gone by the next attribute
    return true;
}

void writer::state::declaration(const namespace_binding& binding) {
    const xml_string uri = binding.as_string();
    const std::uint32_t id = id_of(uri);
    const bool by_id = id != no_id;
    if (binding.prefix.empty()
            ? out.put_short_tag(0x0a, id)
            : binding.prefix.size() == 1 && out.put_short_declaration(0x0b, binding.prefix[0], id))
        return;
    out.reserve(6);
    if (binding.prefix.empty()) {
        out.put_node(by_id ? 0x0a : 0x08);
    } else {
        out.put_node(by_id ? 0x0b : 0x09);
        string(binding.prefix);
        out.reserve(5);
    }
    if (by_id)
        out.put_size(id);
    else
        string(binding.uri);
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
