// Decides the form of s:Fault both ways: WCF's records when writing, any legal spelling when
// reading, with QNames resolved where they stand.

#include <nettcp/soap/fault.hpp>

#include <soap/text_reader.hpp>

#include <nettcp/soap/names.hpp>

namespace nettcp::soap {
namespace {

constexpr std::string_view soap_ns = names::ns_soap12.text;
constexpr std::size_t max_codes = 16;
constexpr std::size_t max_reasons = 64;

void start(nbfx::writer& out, nbfx::dictionary_string local) {
    out.start_element(names::prefix_soap.text, local, names::ns_soap12);
}

void write_code_value(nbfx::writer& out, std::string_view local, std::string_view ns) {
    start(out, names::value);
    std::string_view prefix = names::prefix_addressing.text;
    if (ns.empty() || ns == soap_ns)
        prefix = names::prefix_soap.text;
    else if (ns != names::ns_addressing10.text)
        out.declare_namespace(prefix, ns);  // hides WS-Addressing's inside Value, as WCF does
    out.text(prefix);
    out.text(":");
    out.text(local);
    out.end_element();
}

void write_codes(nbfx::writer& out, const std::vector<qname>& codes) {
    start(out, names::code);
    if (codes.empty())
        write_code_value(out, names::sender.text, soap_ns);
    for (std::size_t i = 0; i < codes.size(); ++i) {
        if (i != 0)
            start(out, names::subcode);
        write_code_value(out, codes[i].local, codes[i].ns);
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

    /// A code's Value: the prefix means what it means there, whatever it means around.
    void read_value() {
        if (!at(names::value.text))
            return broken();
        std::string name;
        for (;;) {
            const nbfx::node seen = in_.next();
            if (seen == nbfx::node::end_element)
                break;
            if (seen == nbfx::node::text) {
                if (const auto done = in_.value().append_text(name); !done)
                    in_.fail(done.error().code, done.error().got);
            } else if (seen != nbfx::node::comment) {
                broken();
            }
            if (name.size() > room_)
                in_.fail(make_error_code(errc::fault_too_large));
            if (!in_.ok())
                return;
        }
        room_ -= name.size();
        add_code(trimmed(name));
        in_.next();
    }

    void add_code(std::string_view name) {
        const auto colon = name.find(':');
        const std::string_view prefix = colon == name.npos ? "" : name.substr(0, colon);
        const std::string_view local = colon == name.npos ? name : name.substr(colon + 1);
        const auto ns = in_.find_namespace(prefix);
        if (local.empty() || local.find(':') != local.npos || (!ns && !prefix.empty()))
            return broken();
        fault_.codes.push_back({std::string(local), std::string(ns.value_or(""))});
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

void write_fault(nbfx::writer& out, const fault& f) {
    start(out, names::fault);
    write_codes(out, f.codes);
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

result<fault> read_fault(nbfx::reader& in, std::uint64_t& detail_offset) {
    fault read = fault_reader(in).read(detail_offset);
    if (!in.ok())
        return in.failure();
    return read;
}

bool open_detail(nbfx::reader& in) noexcept {
    if (!in.is_start_element(names::fault.text, soap_ns))
        return false;
    in.next();
    while (in.move_to_content() == nbfx::node::element) {
        if (in.local_name() == names::detail.text && in.namespace_uri() == soap_ns)
            return true;
        in.skip();
    }
    return false;
}

}  // namespace nettcp::soap
