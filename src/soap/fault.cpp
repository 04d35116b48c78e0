#include <nettcp/soap/fault.hpp>

#include <nettcp/base/utf8.hpp>
#include <nettcp/soap/names.hpp>

#include <algorithm>

namespace nettcp::soap {
namespace {

qname soap_code(std::string_view local) {
    return {std::string(local), std::string(names::ns_soap12.text)};
}

qname addressing_code(std::string_view local) {
    return {std::string(local), std::string(names::ns_addressing10.text)};
}

qname dispatcher_code(std::string_view local) {
    return {std::string(local), std::string(names::ns_dispatcher.text)};
}

fault make_fault(std::vector<qname> codes, std::string reason, std::string_view action) {
    fault f;
    f.codes = std::move(codes);
    f.reasons.push_back({std::move(reason), "en-US"});
    f.action = action;
    return f;
}

/// The Detail of WS-Addressing's faults about one header: its qualified name.
void name_header(fault& f, std::string_view local) {
    f.detail = [name = std::string(local)](nbfx::writer& out) {
        out.start_element(names::prefix_addressing.text, names::problem_header_qname.text,
                          names::ns_addressing10);
        out.qualified_name(name, names::ns_addressing10);
        out.end_element();
    };
}

/// A peer's words as part of our reason: bounded, and fit for any XML text.
std::string quoted(std::string_view words) {
    return "'" + printable(words, 512) + "'";
}

}  // namespace

std::string_view fault::reason() const noexcept {
    return reasons.empty() ? std::string_view() : std::string_view(reasons.front().text);
}

bool fault::is(std::string_view local, std::string_view ns) const noexcept {
    return std::ranges::any_of(
        codes, [&](const qname& code) { return code.local == local && code.ns == ns; });
}

std::string_view fault::action_or_default() const noexcept {
    return action.empty() ? names::action_soap_fault.text : std::string_view(action);
}

errc errc_of(const fault& f) noexcept {
    if (f.is(names::action_not_supported.text, names::ns_addressing10.text))
        return errc::action_not_supported;
    if (f.is(names::destination_unreachable.text, names::ns_addressing10.text))
        return errc::destination_unreachable;
    if (f.is(names::failed_authentication.text, names::ns_security10.text))
        return errc::access_denied;
    if (f.is(names::internal_service_fault.text, names::ns_dispatcher.text))
        return errc::internal_service_fault;
    if (f.is(names::deserialization_failed.text, names::ns_dispatcher.text))
        return errc::deserialization_failed;
    if (f.is(names::session_terminated.text, names::ns_dispatcher.text))
        return errc::session_terminated;
    return errc::fault_received;
}

fault action_not_supported(std::string_view action) {
    return make_fault(
        {soap_code(names::sender.text), addressing_code(names::action_not_supported.text)},
        "No operation of this endpoint has the action " + quoted(action) +
            ". Compare the contracts of client and service.",
        names::action_addressing_fault.text);
}

fault destination_unreachable(std::string_view to) {
    return make_fault(
        {soap_code(names::sender.text), addressing_code(names::destination_unreachable.text)},
        to.empty() ? std::string("The message has no To address, which this "
                                 "endpoint needs.")
                   : "No endpoint here has the address " + quoted(to) +
                         ". Scheme, port and path of To must be the endpoint's.",
        names::action_soap_fault.text);
}

fault internal_service_fault() {
    return make_fault(
        {soap_code(names::receiver.text), dispatcher_code(names::internal_service_fault.text)},
        "The service failed while it processed the request. Its own log has more.",
        names::action_dispatcher_fault.text);
}

fault access_denied() {
    const qname failed{std::string(names::failed_authentication.text),
                       std::string(names::ns_security10.text)};
    return make_fault({soap_code(names::sender.text), failed}, "Access is denied.",
                      names::action_soap_fault.text);
}

fault deserialization_failed(std::string_view why) {
    return make_fault(
        {soap_code(names::sender.text), dispatcher_code(names::deserialization_failed.text)},
        "The service could not read the body of the message: " + printable(why, 512) + ".",
        names::action_dispatcher_fault.text);
}

fault must_understand_fault() {
    return make_fault({soap_code(names::must_understand_code.text)},
                      "A header that must be understood is not known to this endpoint.",
                      names::action_soap_fault.text);
}

fault header_required(std::string_view header_local_name) {
    fault f = make_fault(
        {soap_code(names::sender.text), addressing_code(names::addressing_header_required.text)},
        "The message lacks the addressing header " + quoted(header_local_name) + ".",
        names::action_addressing_fault.text);
    name_header(f, header_local_name);
    return f;
}

fault header_invalid(std::string_view header_local_name) {
    fault f = make_fault(
        {soap_code(names::sender.text), addressing_code(names::invalid_addressing_header.text)},
        "The addressing header " + quoted(header_local_name) + " is not valid.",
        names::action_addressing_fault.text);
    name_header(f, header_local_name);
    return f;
}

fault header_duplicated(std::string_view header_local_name) {
    fault f = header_invalid(header_local_name);
    f.codes.push_back(addressing_code(names::invalid_cardinality.text));
    f.reasons.front().text =
        "The addressing header " + quoted(header_local_name) + " appears more than once.";
    return f;
}

fault session_terminated() {
    return make_fault(
        {soap_code(names::sender.text), dispatcher_code(names::session_terminated.text)},
        "An earlier operation has ended this session; open a new one.",
        names::action_dispatcher_fault.text);
}

}  // namespace nettcp::soap
