// Decides the order and the records of what we write around a body: WCF's, octet for octet.

#include <nettcp/soap/envelope.hpp>

#include <nettcp/soap/errc.hpp>
#include <nettcp/soap/names.hpp>

namespace nettcp::soap {
namespace {

void start_mandatory(nbfx::writer& out, nbfx::dictionary_string local) {
    out.start_element(names::prefix_addressing.text, local, names::ns_addressing10);
    out.attribute(names::prefix_soap.text, names::must_understand, names::ns_soap12, "1");
}

void write_reply_to(nbfx::writer& out, const nbfx::xml_string& address) {
    out.start_element(names::prefix_addressing.text, names::reply_to, names::ns_addressing10);
    out.start_element(names::prefix_addressing.text, names::address, names::ns_addressing10);
    out.text(address);
    out.end_element();
    out.end_element();
}

void write_relates_to(nbfx::writer& out, const unique_id_view& id) {
    out.start_element(names::prefix_addressing.text, names::relates_to, names::ns_addressing10);
    if (id.guid && id.text.empty())
        out.unique_id(*id.guid);
    else
        out.unique_id(id.text);
    out.end_element();
}

}  // namespace

void write_envelope_start(nbfx::writer& out, const outgoing_headers& headers,
                          const std::function<void(nbfx::writer&)>& more_headers) {
    if (headers.action.text().empty())
        out.fail(make_error_code(errc::action_empty));
    out.start_element(names::prefix_soap.text, names::envelope, names::ns_soap12);
    out.declare_namespace(names::prefix_addressing.text, names::ns_addressing10);
    out.start_element(names::prefix_soap.text, names::header, names::ns_soap12);
    start_mandatory(out, names::action);
    out.text(headers.action);
    out.end_element();
    if (more_headers)
        more_headers(out);
    if (headers.message_id) {
        out.start_element(names::prefix_addressing.text, names::message_id, names::ns_addressing10);
        out.unique_id(*headers.message_id);
        out.end_element();
    }
    if (headers.has_reply_to || headers.reply_to)
        write_reply_to(out, headers.reply_to.value_or(nbfx::xml_string(names::anonymous)));
    if (headers.relates_to)
        write_relates_to(out, *headers.relates_to);
    if (headers.to) {
        start_mandatory(out, names::to);
        out.text(*headers.to);
        out.end_element();
    }
    out.end_element();
    out.start_element(names::prefix_soap.text, names::body, names::ns_soap12);
}

void write_envelope_end(nbfx::writer& out) {
    out.end_element();
    out.end_element();
}

void write_not_understood(nbfx::writer& out, std::span<const other_header> headers) {
    for (const other_header& h : headers) {
        if (!h.must_understand || !h.for_us)
            continue;
        out.start_element(names::prefix_soap.text, names::not_understood, names::ns_soap12);
        std::string name;
        if (!h.ns.empty()) {
            name = out.ensure_prefix(h.ns);
            name += ':';
        }
        name += h.local;
        out.attribute("", names::qname, "", name);
        out.end_element();
    }
}

}  // namespace nettcp::soap
