// Decides the form of SOAP 1.2's Fault both ways: WCF's records when writing, any legal spelling
// when reading, with QNames resolved where they stand. fault11_codec.cpp does SOAP 1.1's.

#include <nettcp/soap/fault.hpp>

#include <soap/fault11_codec.hpp>
#include <soap/fault_code.hpp>
#include <soap/text_reader.hpp>
#include <soap/version_names.hpp>

namespace nettcp::soap {
namespace {

constexpr std::string_view soap_ns = names::ns_soap12.text;
constexpr std::size_t max_codes = 16;
constexpr std::size_t max_reasons = 64;

void start(nbfx::writer& out, nbfx::dictionary_string local) {
    out.start_element(names::prefix_soap.text, local, names::ns_soap12);
}

void write_code_value(nbfx::writer& out, std::string_view local, std::string_view ns,
                      addressing_version addressing) {
    start(out, names::value);
    write_code_name(out, local, ns.empty() ? soap_ns : ns, {soap_version::soap12, addressing});
    out.end_element();
}

void write_codes(nbfx::writer& out, const std::vector<qname>& codes,
                 addressing_version addressing) {
    start(out, names::code);
    if (codes.empty())
        write_code_value(out, names::sender.text, soap_ns, addressing);
    for (std::size_t i = 0; i < codes.size(); ++i) {
        if (i != 0)
            start(out, names::subcode);
        write_code_value(out, codes[i].local, codes[i].ns, addressing);
    }
    for (std::size_t i = 1; i < codes.size(); ++i)
        out.end_element();
    out.end_element();
}

void write_reason_text(nbfx::writer& out, const reason_text& reason) {
    start(out, names::text);
    out.attribute("xml", names::lang.text, names::ns_xml.text, reason.lang);
    out.text(reason.text);
    out.end_element();
}

void write_if_any(nbfx::writer& out, nbfx::dictionary_string local, const std::string& text) {
    if (text.empty())
        return;
    start(out, local);
    out.text(text);
    out.end_element();
}

/// Reads one `s:Fault`. Failures are kept by the reader.
class fault_reader {
public:
    explicit fault_reader(nbfx::reader& in) noexcept : in_(in) {}

    fault read(std::uint64_t& detail_offset) {
        detail_offset = 0;
        enter(names::fault.text);
        read_code();
        read_reason();
        if (at(names::node.text))
            fault_.node = text();
        if (at(names::fault_role.text))
            fault_.role = text();
        if (at(names::detail.text)) {
            detail_offset = in_.offset();
            in_.skip();
        }
        leave();
        return std::move(fault_);
    }

private:
    bool at(std::string_view local) noexcept { return in_.is_start_element(local, soap_ns); }
    void broken() noexcept { in_.fail(make_error_code(errc::fault_malformed)); }

    void enter(std::string_view local) noexcept {
        if (!at(local))
            return broken();
        in_.next();
    }

    void leave() noexcept {
        if (in_.move_to_content() != nbfx::node::end_element)
            return broken();
        in_.next();
    }

    std::string text() {
        const std::string_view read =
            read_text(in_, joined_, room_, errc::fault_too_large, errc::fault_malformed).text;
        room_ -= read.size();
        std::string owned(read);
        joined_.clear();
        return owned;
    }

    void read_code() {
        enter(names::code.text);
        read_value();
        std::size_t depth = 0;
        for (; at(names::subcode.text); ++depth) {
            if (fault_.codes.size() == max_codes)
                return broken();
            in_.next();
            read_value();
        }
        for (std::size_t i = 0; i <= depth; ++i)
            leave();
    }

    void read_value() {
        if (!at(names::value.text))
            return broken();
        if (auto code = read_code_name(in_, room_))
            fault_.codes.push_back(std::move(*code));
    }

    void read_reason() {
        enter(names::reason.text);
        while (at(names::text.text)) {
            if (fault_.reasons.size() == max_reasons)
                return broken();
            reason_text reason;
            if (const auto* lang = in_.find_attribute(names::lang.text, names::ns_xml.text)) {
                reason.lang = attribute_text(in_, lang->value, joined_);
                if (reason.lang.size() > room_)
                    in_.fail(make_error_code(errc::fault_too_large));
                else
                    room_ -= reason.lang.size();
            }
            if (!in_.ok())
                return;
            reason.text = text();
            fault_.reasons.push_back(std::move(reason));
        }
        if (fault_.reasons.empty())
            return broken();
        leave();
    }

    nbfx::reader& in_;
    fault fault_;
    std::forward_list<std::string> joined_;
    std::size_t room_ = max_fault_text_size;
};

}  // namespace

void write_fault(nbfx::writer& out, const fault& f, message_version version) {
    if (version.soap == soap_version::soap11)
        return write_fault11(out, f, version.addressing);
    start(out, names::fault);
    write_codes(out, f.codes, version.addressing);
    start(out, names::reason);
    for (const reason_text& reason : f.reasons)
        write_reason_text(out, reason);
    if (f.reasons.empty())  // one is mandatory
        write_reason_text(out, {});
    out.end_element();
    write_if_any(out, names::node, f.node);
    write_if_any(out, names::fault_role, f.role);
    if (f.detail) {
        start(out, names::detail);
        f.detail(out);
        out.end_element();
    }
    out.end_element();
}

result<fault> read_fault(nbfx::reader& in, std::uint64_t& detail_offset, soap_version version) {
    fault read = version == soap_version::soap11 ? read_fault11(in, detail_offset)
                                                 : fault_reader(in).read(detail_offset);
    if (!in.ok())
        return in.failure();
    return read;
}

bool open_detail(nbfx::reader& in, soap_version version) noexcept {
    if (!in.is_start_element(names::fault.text, soap_namespace(version).text))
        return false;
    const bool is_11 = version == soap_version::soap11;
    const std::string_view local = is_11 ? names::detail11.text : names::detail.text;
    const std::string_view ns = is_11 ? std::string_view() : soap_ns;
    in.next();
    while (in.move_to_content() == nbfx::node::element) {
        if (in.local_name() == local && in.namespace_uri() == ns)
            return true;
        in.skip();
    }
    return false;
}

}  // namespace nettcp::soap
