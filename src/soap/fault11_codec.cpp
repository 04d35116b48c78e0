// Decides how a fault of SOAP 1.2's shape is told in SOAP 1.1, which has one code and one wording,
// and how one of SOAP 1.1 reads: its codes get the names of SOAP 1.2, so that whoever asks for
// them need not know the encoding.

#include <soap/fault11_codec.hpp>

#include <soap/fault_code.hpp>
#include <soap/text_reader.hpp>
#include <soap/version_names.hpp>

namespace nettcp::soap {
namespace {

constexpr std::string_view ns12 = names::ns_soap12.text;
constexpr std::string_view ns11 = names::ns_soap11.text;

void write_code(nbfx::writer& out, const std::vector<qname>& codes, addressing_version addressing) {
    const message_version version{soap_version::soap11, addressing};
    out.start_element("", names::fault_code11, "");
    // WCF tells the first subcode, or the code where there is none.
    const qname code = codes.empty()      ? qname{std::string(names::sender.text), {}}
                       : codes.size() > 1 ? codes[1]
                                          : codes[0];
    if (!code.ns.empty() && code.ns != ns12)
        write_code_name(out, code.local, code.ns, version);
    else if (code.local == names::sender.text)
        write_code_name(out, names::client11.text, ns11, version);
    else if (code.local == names::receiver.text)
        write_code_name(out, names::server11.text, ns11, version);
    else
        write_code_name(out, code.local, ns11, version);
    out.end_element();
}

void write_reason(nbfx::writer& out, const fault& f) {
    out.start_element("", names::fault_string11, "");
    if (!f.reasons.empty()) {
        if (!f.reasons.front().lang.empty())
            out.attribute("xml", names::lang.text, names::ns_xml.text, f.reasons.front().lang);
        out.text(f.reasons.front().text);
    }
    out.end_element();
}

/// The code of SOAP 1.2 that means the same.
qname translated(qname code) {
    if (code.ns != ns11 && !code.ns.empty())
        return code;
    code.ns = ns12;
    if (code.local == names::client11.text)
        code.local = names::sender.text;
    else if (code.local == names::server11.text)
        code.local = names::receiver.text;
    return code;
}

class fault11_reader {
public:
    explicit fault11_reader(nbfx::reader& in) noexcept : in_(in) {}

    fault read(std::uint64_t& detail_offset) {
        detail_offset = 0;
        if (!in_.is_start_element(names::fault.text, ns11)) {
            broken();
            return {};
        }
        in_.next();
        while (in_.move_to_content() == nbfx::node::element)
            read_child(detail_offset);
        if (fault_.codes.empty() || fault_.reasons.empty())
            broken();
        if (in_.current() == nbfx::node::end_element)
            in_.next();
        else
            broken();
        return std::move(fault_);
    }

private:
    void broken() noexcept { in_.fail(make_error_code(errc::fault_malformed)); }

    /// SOAP 1.1 lets other elements stand among these, but each of these only once.
    void read_child(std::uint64_t& detail_offset) {
        if (!in_.namespace_uri().empty()) {
            in_.skip();
        } else if (in_.local_name() == names::fault_code11.text && fault_.codes.empty()) {
            if (auto code = read_code_name(in_, room_))
                fault_.codes.push_back(translated(std::move(*code)));
        } else if (in_.local_name() == names::fault_string11.text && fault_.reasons.empty()) {
            fault_.reasons.push_back(read_reason());
        } else if (in_.local_name() == names::fault_actor11.text && fault_.role.empty()) {
            fault_.role = text();
        } else if (in_.local_name() == names::detail11.text && detail_offset == 0) {
            detail_offset = in_.offset();
            in_.skip();
        } else {
            broken();
        }
    }

    reason_text read_reason() {
        reason_text reason;
        if (const auto* lang = in_.find_attribute(names::lang.text, names::ns_xml.text)) {
            reason.lang = attribute_text(in_, lang->value, joined_);
            if (reason.lang.size() > room_)
                in_.fail(make_error_code(errc::fault_too_large));
            else
                room_ -= reason.lang.size();
        }
        if (in_.ok())
            reason.text = text();
        return reason;
    }

    std::string text() {
        const std::string_view read =
            read_text(in_, joined_, room_, errc::fault_too_large, errc::fault_malformed).text;
        room_ -= read.size();
        std::string owned(read);
        joined_.clear();
        return owned;
    }

    nbfx::reader& in_;
    fault fault_;
    std::forward_list<std::string> joined_;
    std::size_t room_ = max_fault_text_size;
};

}  // namespace

void write_fault11(nbfx::writer& out, const fault& f, addressing_version addressing) {
    out.start_element(names::prefix_soap.text, names::fault, names::ns_soap11);
    write_code(out, f.codes, addressing);
    write_reason(out, f);
    if (!f.role.empty()) {
        out.start_element("", names::fault_actor11, "");
        out.text(f.role);
        out.end_element();
    }
    if (f.detail) {
        out.start_element("", names::detail11, "");
        f.detail(out);
        out.end_element();
    }
    out.end_element();
}

fault read_fault11(nbfx::reader& in, std::uint64_t& detail_offset) {
    return fault11_reader(in).read(detail_offset);
}

}  // namespace nettcp::soap
