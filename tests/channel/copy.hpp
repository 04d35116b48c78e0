#pragma once

#include <nettcp/channel/duplex_session.hpp>
#include <nettcp/nbfx/static_dictionary.hpp>

#include <functional>
#include <string>

namespace nettcp::channel {

/// Says a message again on another session, with the choices of its writer: what stood in the
/// document is written out, what came from a dictionary goes through the same one.
class message_copier {
public:
    explicit message_copier(message& from) : from_(from) {}

    result<void> send(duplex_session& to) {
        const soap::headers_view& h = from_.headers();
        soap::outgoing_headers headers;
        headers.action = as_written(h.action);
        if (h.message_id)
            headers.message_id = h.message_id->guid;
        headers.relates_to = h.relates_to;
        headers.has_reply_to = h.reply_to.has_value();
        if (h.reply_to)
            headers.reply_to = as_written(*h.reply_to);
        if (h.to)
            headers.to = as_written(*h.to);
        nbfx::writer& out = to.begin_message(headers, [&](nbfx::writer& w) {
            for (const auto& other : h.others)
                copy_element(from_.header(other), w);
        });
        copy_body(out);
        return to.end_message();
    }

private:
    nbfx::xml_string as_written(std::string_view text) const {
        const bytes_view document = from_.document();
        const auto* at = reinterpret_cast<const std::byte*>(text.data());
        const std::less_equal<> before;
        if (text.empty() ||
            (before(document.data(), at) && before(at, document.data() + document.size())))
            return text;
        const auto id = nbfx::static_id(text);
        if (id && nbfx::static_string(*id)->data() == text.data())
            return nbfx::dictionary_string{text, *id};
        return nbfx::dictionary_string{text, nbfx::no_static_id};
    }

    void copy_value(const nbfx::reader& in, const nbfx::value& v, nbfx::writer& out) const {
        switch (v.kind()) {
        case nbfx::value_kind::chars: return out.text(as_written(v.chars()));
        case nbfx::value_kind::bytes: return out.bytes(v.octets());
        case nbfx::value_kind::boolean: return out.boolean(v.boolean());
        case nbfx::value_kind::int64: return out.int64(v.int64());
        case nbfx::value_kind::uint64: return out.uint64(v.uint64());
        case nbfx::value_kind::float32: return out.float32(v.float32());
        case nbfx::value_kind::float64: return out.float64(v.float64());
        case nbfx::value_kind::decimal: return out.decimal(v.decimal());
        case nbfx::value_kind::date_time: return out.date_time(v.date_time());
        case nbfx::value_kind::time_span: return out.time_span(v.time_span());
        case nbfx::value_kind::unique_id: return out.unique_id(v.uuid());
        case nbfx::value_kind::uuid: return out.uuid(v.uuid());
        case nbfx::value_kind::qname: {
            const auto ns = in.find_namespace(std::string(1, v.qname().prefix));
            return out.qualified_name(as_written(v.qname().local), as_written(ns.value()));
        }
        default: return out.text(*v.to_text());
        }
    }

    void copy_start(nbfx::reader& in, nbfx::writer& out) const {
        out.start_element(in.prefix(), as_written(in.local_name()), as_written(in.namespace_uri()));
        for (const auto& d : in.declarations())
            out.declare_namespace(d.prefix, as_written(d.uri));
        for (const auto& a : in.attributes()) {
            out.start_attribute(a.prefix, as_written(a.local), as_written(a.ns));
            copy_value(in, a.value, out);
            out.end_attribute();
        }
    }

    /// Copies nodes from where `in` stands to before the end tag of the element around them.
    void copy_content(nbfx::reader& in, nbfx::writer& out) const {
        for (int depth = 0; in.ok(); in.next()) {
            if (in.current() == nbfx::node::element) {
                copy_start(in, out);
                ++depth;
            } else if (in.current() == nbfx::node::end_element) {
                if (depth-- == 0)
                    return;
                out.end_element();
            } else if (in.current() == nbfx::node::text) {
                copy_value(in, in.value(), out);
            }
        }
    }

    void copy_element(nbfx::reader& in, nbfx::writer& out) const {
        copy_start(in, out);
        in.next();
        copy_content(in, out);
        out.end_element();
    }

    void copy_body(nbfx::writer& out) {
        if (!from_.is_fault()) {
            from_.reopen_body();
            return copy_content(from_.body(), out);
        }
        soap::fault f = from_.read_fault().value();
        if (from_.fault_detail() != nullptr) {
            f.detail = [this](nbfx::writer& w) {
                nbfx::reader& in = *from_.fault_detail();
                in.next();
                copy_content(in, w);
            };
        }
        soap::write_fault(out, f);
    }

    message& from_;
};

}  // namespace nettcp::channel
