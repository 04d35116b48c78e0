// Decides the order and the records of what we write around a body: WCF's, octet for octet.

#include <nettcp/soap/envelope.hpp>

#include <soap/sent_headers.hpp>
#include <soap/version_names.hpp>

#include <nettcp/soap/errc.hpp>

#include <algorithm>

namespace nettcp::soap {
namespace {

/// Writes headers in one version of SOAP and WS-Addressing.
class header_writer {
public:
    header_writer(nbfx::writer& out, message_version version) noexcept
        : out_(out),
          soap_(soap_namespace(version.soap)),
          addressing_(addressing_namespace(version.addressing)),
          version_(version.addressing) {}

    void mandatory(nbfx::dictionary_string local, const nbfx::xml_string& text) {
        start(local);
        out_.attribute(names::prefix_soap.text, names::must_understand, soap_, "1");
        out_.text(text);
        out_.end_element();
    }

    /// Returns where the octets of the id are.
    std::size_t message_id(const nettcp::uuid& id) {
        start(names::message_id);
        return guid(id);
    }

    void reply_to(const nbfx::xml_string& address) {
        start(names::reply_to);
        start(names::address);
        out_.text(address);
        out_.end_element();
        out_.end_element();
    }

    /// Returns where the octets of the id are; 0 if it is text.
    std::size_t relates_to(const unique_id_view& id) {
        start(names::relates_to);
        if (id.guid && id.text.empty())
            return guid(*id.guid);
        out_.unique_id(id.text);
        out_.end_element();
        return 0;
    }

    /// What an address or action of WS-Addressing 1.0 is called in this version.
    nbfx::xml_string translated(const nbfx::xml_string& text) const {
        if (version_ == addressing_version::addressing10)
            return text;
        if (text.text() == names::anonymous.text)
            return names::anonymous200408;
        if (text.text() == names::action_addressing_fault.text ||
            text.text() == names::action_soap_fault.text)
            return names::action_fault200408;
        return text;
    }

private:
    std::size_t guid(const nettcp::uuid& id) {
        out_.unique_id(id);
        const std::size_t behind = nbfx::written_part::position(out_).position;
        out_.end_element();
        return behind - std::min(behind, id.size());
    }

    void start(nbfx::dictionary_string local) {
        out_.start_element(names::prefix_addressing.text, local, addressing_);
    }

    nbfx::writer& out_;
    nbfx::dictionary_string soap_;
    nbfx::dictionary_string addressing_;
    addressing_version version_;
};

void write_headers(nbfx::writer& out, const outgoing_headers& headers,
                   const std::function<void(nbfx::writer&)>& more_headers, message_version version,
                   sent_headers* sent) {
    sent_headers::positions at;
    if (sent != nullptr)
        at.start = nbfx::written_part::position(out);
    header_writer write(out, version);
    out.start_element(names::prefix_soap.text, names::header, soap_namespace(version.soap));
    write.mandatory(names::action, write.translated(headers.action));
    if (more_headers)
        more_headers(out);
    if (headers.message_id)
        at.message_id = write.message_id(*headers.message_id);
    if (headers.has_reply_to || headers.reply_to)
        write.reply_to(
            write.translated(headers.reply_to.value_or(nbfx::xml_string(names::anonymous))));
    if (headers.relates_to)
        at.relates_to = write.relates_to(*headers.relates_to);
    if (headers.to)
        write.mandatory(names::to, write.translated(*headers.to));
    out.end_element();
    if (sent != nullptr && !more_headers)
        sent->remember(out, at, headers, version);
}

}  // namespace

void write_envelope_start(nbfx::writer& out, const outgoing_headers& headers,
                          const std::function<void(nbfx::writer&)>& more_headers,
                          message_version version) {
    write_envelope_start(out, headers, more_headers, version, nullptr);
}

void write_envelope_start(nbfx::writer& out, const outgoing_headers& headers,
                          const std::function<void(nbfx::writer&)>& more_headers,
                          message_version version, sent_headers* sent) {
    if (headers.action.text().empty())
        out.fail(make_error_code(errc::action_empty));
    const auto soap_ns = soap_namespace(version.soap);
    out.start_element(names::prefix_soap.text, names::envelope, soap_ns);
    out.declare_namespace(names::prefix_addressing.text, addressing_namespace(version.addressing));
    if (sent == nullptr || more_headers || !sent->repeat(out, headers, version))
        write_headers(out, headers, more_headers, version, sent);
    out.start_element(names::prefix_soap.text, names::body, soap_ns);
}

void write_envelope_end(nbfx::writer& out) {
    out.end_element();
    out.end_element();
}

void write_not_understood(nbfx::writer& out, std::span<const other_header> headers,
                          message_version version) {
    if (version.soap == soap_version::soap11)
        return;
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
