#include <soap/fault_code.hpp>

#include <soap/text_reader.hpp>
#include <soap/version_names.hpp>

#include <string>

namespace nettcp::soap {
namespace {

/// A qualified name, by the prefixes in scope.
std::optional<qname> resolve(nbfx::reader& in, std::string_view name) {
    const auto colon = name.find(':');
    const std::string_view prefix = colon == name.npos ? "" : name.substr(0, colon);
    const std::string_view local = colon == name.npos ? name : name.substr(colon + 1);
    const auto ns = in.find_namespace(prefix);
    if (local.empty() || local.find(':') != local.npos || (!ns && !prefix.empty())) {
        in.fail(make_error_code(errc::fault_malformed));
        return std::nullopt;
    }
    const bool of_2004 = ns == names::ns_addressing200408.text;
    return qname{std::string(local),
                 std::string(of_2004 ? names::ns_addressing10.text : ns.value_or(""))};
}

}  // namespace

void write_code_name(nbfx::writer& out, std::string_view local, std::string_view ns,
                     message_version version) {
    std::string_view prefix = names::prefix_addressing.text;
    if (ns == soap_namespace(version.soap).text)
        prefix = names::prefix_soap.text;
    else if (ns != names::ns_addressing10.text &&
             ns != addressing_namespace(version.addressing).text)
        out.declare_namespace(prefix, ns);  // hides WS-Addressing's in here, as WCF does
    out.text(prefix);
    out.text(":");
    out.text(local);
}

std::optional<qname> read_code_name(nbfx::reader& in, std::size_t& room) {
    std::string name;
    for (;;) {
        const nbfx::node seen = in.next();
        if (seen == nbfx::node::end_element)
            break;
        if (seen == nbfx::node::text) {
            if (const auto done = in.value().append_text(name); !done)
                in.fail(done.error());
        } else if (seen != nbfx::node::comment) {
            in.fail(make_error_code(errc::fault_malformed));
        }
        if (name.size() > room)
            in.fail(make_error_code(errc::fault_too_large));
        if (!in.ok())
            return std::nullopt;
    }
    room -= name.size();
    auto code = resolve(in, trimmed(name));
    in.next();
    return code;
}

}  // namespace nettcp::soap
