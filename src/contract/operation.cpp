// Bodies of operations as WCF's serializer reads and writes them: a wrapper element with one
// element for each parameter, all in the contract's namespace.
#include <nettcp/contract/operation.hpp>

#include "contract/plan.hpp"

#include <nettcp/contract/errc.hpp>
#include <nettcp/contract/schema_name.hpp>
#include <nettcp/nbfx/errc.hpp>

namespace nettcp::contract {
namespace {

nbfx::dictionary_string word(std::string_view text) {
    return {text, nbfx::no_static_id};
}

struct wrapper {
    std::string_view name;
    std::string_view ns;
    std::span<const part_row> parts;
    std::string_view result;  ///< the name of the first part if it has none

    std::string_view name_of(std::size_t part) const noexcept {
        return parts[part].name.empty() ? result : parts[part].name;
    }
};

wrapper request_of(const operation_shape& o) {
    return {o.request_wrapper, o.contract->ns, o.request, {}};
}

wrapper reply_of(const operation_shape& o) {
    return {o.reply_wrapper, o.contract->ns, o.reply, o.result};
}

void in_front(std::string* path, std::string_view name, bool failed) {
    if (!failed || path == nullptr)
        return;
    path->insert(0, path->empty() || path->front() == '[' ? "" : "/");
    path->insert(0, name);
}

/// The message contract that these parts are, or null.
const type* message_of(std::span<const part_row> parts) {
    if (parts.size() != 1)
        return nullptr;
    const type& what = parts.front().what();
    return what.structure != nullptr && what.structure->message ? &what : nullptr;
}

/// The member of a message contract that is a stream, or null.
const planned_member* stream_member(const type& message) {
    for (const planned_member& m : message.planned()->members)
        if (m.what->what == kind::stream)
            return &m;
    return nullptr;
}

/// What stands around a stream; names as text, as WCF writes them here.
void write_around_stream(nbfx::writer& out, const wrapper& w) {
    if (const type* message = message_of(w.parts)) {
        const plan::content& names = *message->planned();
        const planned_member& content = *stream_member(*message);
        if (message->structure->wrapped)
            out.start_element(names.name.text, names.ns.text);
        out.start_element(content.name.text, content.ns.text);
        return;
    }
    out.start_element(w.name, w.ns);
    out.start_element(w.name_of(0), w.ns);
}

bool is_stream_body(std::span<const part_row> parts) {
    if (const type* message = message_of(parts))
        return stream_member(*message) != nullptr;
    return parts.size() == 1 && parts.front().what().what == kind::stream;
}

/// The body of a message contract.
void write_message(nbfx::writer& out, const type& what, const void* value, std::string* path,
                   const graph_limits& limits) {
    const plan::content& names = *what.planned();
    if (what.structure->wrapped)
        out.start_element(names.name, names.ns);
    for (const planned_member& m : names.members) {
        if (m.options->header)
            continue;
        out.start_element(m.name, m.ns);
        write_value(out, *m.what, m.access(const_cast<void*>(value)), m.ns.text, path, limits);
        out.end_element();
        in_front(path, m.name.text, !out.ok());
    }
    if (what.structure->wrapped)
        out.end_element();
}

bool read_message(nbfx::reader& in, const type& what, void* value, std::string* path,
                  const graph_limits& limits) {
    const plan::content& names = *what.planned();
    if (what.structure->wrapped) {
        if (!in.is_start_element(names.name.text, names.ns.text)) {
            in.fail(errc::wrapper_unexpected);
            return false;
        }
        in.next();
    }
    auto next = names.members.begin();
    while (in.is_start_element()) {
        auto found = next;
        while (found != names.members.end() &&
               (found->options->header || !in.is_start_element(found->name.text, found->ns.text)))
            ++found;
        if (found == names.members.end()) {
            in.skip();
            continue;
        }
        const bool good = read_value(in, *found->what, found->access(value), path, limits);
        in_front(path, found->name.text, !good);
        if (!good)
            return false;
        next = found + 1;
    }
    if (what.structure->wrapped)
        in.read_end_element();
    return in.ok();
}

void write(nbfx::writer& out, const wrapper& w, const void* const* values, std::string* path,
           const graph_limits& limits) {
    if (is_stream_body(w.parts))
        return write_around_stream(out, w);
    if (const type* message = message_of(w.parts))
        return write_message(out, *message, values[0], path, limits);
    const auto ns = word(w.ns);
    out.start_element(word(w.name), ns);
    for (std::size_t i = 0; i != w.parts.size() && out.ok(); ++i) {
        const type& what = w.parts[i].what();
        out.start_element(word(w.name_of(i)), ns);
        write_value(out, what, values[i], w.ns, path, limits);
        out.end_element();
        in_front(path, w.name_of(i), !out.ok());
    }
    out.end_element();
}

bool read(nbfx::reader& in, const wrapper& w, void* const* values, std::string* path,
          const graph_limits& limits) {
    if (const type* message = message_of(w.parts))
        return read_message(in, *message, values[0], path, limits);
    if (!in.is_start_element(w.name, w.ns)) {
        in.fail(errc::wrapper_unexpected);
        return false;
    }
    in.next();
    std::size_t next = 0;
    while (in.is_start_element()) {
        std::size_t found = next;
        while (found != w.parts.size() && !in.is_start_element(w.name_of(found), w.ns))
            ++found;
        if (found == w.parts.size()) {
            in.skip();
            continue;
        }
        const bool good = read_value(in, w.parts[found].what(), values[found], path, limits);
        in_front(path, w.name_of(found), !good);
        if (!good)
            return false;
        next = found + 1;
    }
    in.read_end_element();
    return in.ok();
}

}  // namespace

void write_request(nbfx::writer& writer, const operation_shape& operation,
                   const void* const* values, std::string* path, const graph_limits& limits) {
    write(writer, request_of(operation), values, path, limits);
}

void write_reply(nbfx::writer& writer, const operation_shape& operation, const void* const* values,
                 std::string* path, const graph_limits& limits) {
    write(writer, reply_of(operation), values, path, limits);
}

bool read_request(nbfx::reader& reader, const operation_shape& operation, void* const* values,
                  std::string* path, const graph_limits& limits) {
    return read(reader, request_of(operation), values, path, limits);
}

bool read_reply(nbfx::reader& reader, const operation_shape& operation, void* const* values,
                std::string* path, const graph_limits& limits) {
    return read(reader, reply_of(operation), values, path, limits);
}

stream* find_stream(std::span<const part_row> parts, void* const* values) {
    if (!is_stream_body(parts))
        return nullptr;
    const type* message = message_of(parts);
    void* const found = message != nullptr ? stream_member(*message)->access(values[0]) : values[0];
    return static_cast<stream*>(found);
}

bool has_headers(std::span<const part_row> parts) noexcept {
    return message_of(parts) != nullptr;
}

void write_headers(nbfx::writer& out, std::span<const part_row> parts, const void* const* values) {
    const type* message = message_of(parts);
    if (message == nullptr)
        return;
    for (const planned_member& m : message->planned()->members) {
        if (!m.options->header)
            continue;
        out.start_element("h", m.name, m.ns);
        write_value(out, *m.what, m.access(const_cast<void*>(values[0])), m.ns.text);
        out.end_element();
    }
}

bool read_headers(
    std::span<const part_row> parts, void* const* values,
    const std::function<nbfx::reader*(std::string_view local, std::string_view ns)>& open) {
    const type* message = message_of(parts);
    if (message == nullptr)
        return true;
    for (const planned_member& m : message->planned()->members) {
        if (!m.options->header)
            continue;
        nbfx::reader* const in = open(m.name.text, m.ns.text);
        if (in == nullptr) {
            if (m.options->required)
                return false;
        } else if (!read_value(*in, *m.what, m.access(values[0]))) {
            return false;
        }
    }
    return true;
}

std::string fault_action(const operation_shape& operation, const type& detail) {
    return std::string(operation.action).append(schema_name_of(detail).local).append("Fault");
}

void write_fault_detail(nbfx::writer& out, const type& detail, const void* value) {
    const schema_name name = schema_name_of(detail);
    out.start_element("", word(name.local), word(name.ns));
    write_value(out, detail, value, name.ns);
    out.end_element();
}

bool read_fault_detail(nbfx::reader& in, const type& detail, void* value) {
    const schema_name name = schema_name_of(detail);
    in.next();
    while (in.is_start_element()) {
        if (in.is_start_element(name.local, name.ns))
            return read_value(in, detail, value);
        in.skip();
    }
    return false;
}

}  // namespace nettcp::contract
