// From a reader to a writer. The loop counts open elements instead of recursing; the reader's own
// quota bounds them.
#include <nettcp/nbfx/copy.hpp>

#include <nettcp/base/errc.hpp>
#include <nettcp/nbfx/errc.hpp>

#include <algorithm>

namespace nettcp::nbfx {
namespace {

constexpr std::string_view xsi_namespace = "http://www.w3.org/2001/XMLSchema-instance";

class copier {
public:
    copier(reader& in, writer& out, std::span<const dictionary_string> vocabulary)
        : in_(in), out_(out), vocabulary_(vocabulary) {}

    /// Writes the tag that the reader stands on.
    void start_element() {
        out_.start_element(in_.prefix(), word(in_.local_name()), word(in_.namespace_uri()));
    }

    /// Writes what is in the element that the reader stands on, and moves behind it.
    void content() {
        const std::uint32_t outside = in_.depth();
        tag();
        for (;;) {
            const node now = in_.next();
            if (now == node::end_element && in_.depth() == outside)
                break;
            if (!node_inside(now))
                return;
        }
        in_.next();
    }

private:
    /// False when copying has come to an end before its time.
    bool node_inside(node now) {
        switch (now) {
        case node::element:
            start_element();
            tag();
            break;
        case node::end_element: out_.end_element(); break;
        case node::text: write(in_.value()); break;
        case node::comment:
            if (const auto text = in_.value().to_text())
                out_.comment(*text);
            else
                out_.fail(text.error().code);
            break;
        case node::failed: out_.fail(in_.failure()); break;
        case node::need_more: out_.fail(errc::needs_whole_document); break;
        case node::none:
        case node::end_of_document: out_.fail(base_errc::invalid_state); break;
        }
        return out_.ok();
    }

    xml_string word(std::string_view text) const {
        const auto found = std::ranges::find(vocabulary_, text, &dictionary_string::text);
        if (found != vocabulary_.end())
            return *found;
        return text;
    }

    /// Declarations and attributes of the current element.
    void tag() {
        for (const namespace_declaration& declared : in_.declarations())
            out_.declare_namespace(declared.prefix, word(declared.uri), repeated::keep);
        for (const attribute& a : in_.attributes()) {
            if (a.local == "type" && a.ns == xsi_namespace)
                bring_namespace_of(a.value);
            out_.start_attribute(a.prefix, word(a.local), word(a.ns));
            write(a.value);
            out_.end_attribute();
        }
    }

    /// The prefix in a type may be declared outside of what is copied.
    void bring_namespace_of(const value& type) {
        const auto text = type.to_text();
        if (!text)
            return;
        const auto colon = text->find(':');
        if (colon == text->npos)
            return;
        const auto uri = in_.find_namespace(std::string_view(*text).substr(0, colon));
        if (uri && colon > 0)
            out_.declare_namespace(std::string_view(*text).substr(0, colon), word(*uri));
    }

    void write_text(const value& v) {
        if (const auto text = v.to_text())
            out_.text(*text);
        else
            out_.fail(text.error());
    }

    /// A prefix letter and a local name: again such a record where the prefix means the same.
    void write_qname(const value& v) {
        const prefixed_name name = v.qname();
        const auto uri = in_.find_namespace(std::string_view(&name.prefix, 1));
        if (!uri)
            return write_text(v);
        out_.qualified_name(word(name.local), word(*uri));
    }

    void write(const value& v) {
        switch (v.kind()) {
        case value_kind::chars:
        case value_kind::utf16:
        case value_kind::list: return write_text(v);
        case value_kind::bytes: return out_.bytes(v.octets());
        case value_kind::boolean: return out_.boolean(v.boolean());
        case value_kind::int64: return out_.int64(v.int64());
        case value_kind::uint64: return out_.uint64(v.uint64());
        case value_kind::float32: return out_.float32(v.float32());
        case value_kind::float64: return out_.float64(v.float64());
        case value_kind::decimal: return out_.decimal(v.decimal());
        case value_kind::date_time: return out_.date_time(v.date_time());
        case value_kind::time_span: return out_.time_span(v.time_span());
        case value_kind::unique_id: return out_.unique_id(v.uuid());
        case value_kind::uuid: return out_.uuid(v.uuid());
        case value_kind::qname: return write_qname(v);
        }
    }

    reader& in_;
    writer& out_;
    std::span<const dictionary_string> vocabulary_;
};

/// Whether there is an element to copy; if not, the writer has failed.
bool stands_on_element(const reader& in, writer& out) {
    if (in.current() == node::element)
        return true;
    if (in.ok())
        out.fail(base_errc::invalid_state);
    else
        out.fail(in.failure());
    return false;
}

}  // namespace

void copy_element(reader& in, writer& out, std::span<const dictionary_string> vocabulary) {
    if (!stands_on_element(in, out))
        return;
    copier c(in, out, vocabulary);
    c.start_element();
    c.content();
    out.end_element();
}

void copy_element_content(reader& in, writer& out, std::span<const dictionary_string> vocabulary) {
    if (stands_on_element(in, out))
        copier(in, out, vocabulary).content();
}

}  // namespace nettcp::nbfx
