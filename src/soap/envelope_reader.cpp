// Decides what is an envelope: its version, the order of its parts, and what may stand around them.

#include <nettcp/soap/envelope.hpp>

#include <soap/headers.hpp>
#include <soap/received_headers.hpp>
#include <soap/version_names.hpp>

#include <nettcp/soap/errc.hpp>

namespace nettcp::soap {
namespace {

constexpr std::uint32_t body_depth = 2;

result<void> outcome(const nbfx::reader& in) {
    if (!in.ok())
        return in.failure();
    return {};
}

void broken(nbfx::reader& in, errc rule) noexcept {
    in.fail(make_error_code(rule));
}

bool at(nbfx::reader& in, std::string_view local, soap_version version) noexcept {
    return in.move_to_content() == nbfx::node::element && in.local_name() == local &&
           in.namespace_uri() == soap_namespace(version).text;
}

/// Moves behind the start tag of the Envelope.
void enter_envelope(nbfx::reader& in, soap_version version) noexcept {
    in.next();
    if (in.move_to_content() != nbfx::node::element || in.local_name() != names::envelope.text)
        return broken(in, errc::not_an_envelope);
    if (in.namespace_uri() != soap_namespace(version).text)
        return broken(in, errc::version_mismatch);
    in.next();
}

/// Moves behind the start tag of the Body.
void enter_body(nbfx::reader& in, soap_version version) noexcept {
    if (!at(in, names::body.text, version)) {
        return broken(in, in.current() == nbfx::node::end_element ? errc::body_missing
                                                                  : errc::envelope_malformed);
    }
    in.next();
}

}  // namespace

result<void> read_envelope(nbfx::reader& in, headers_view& headers, const header_limits& limits,
                           soap_version version) {
    return read_envelope(in, headers, limits, version, nullptr);
}

result<void> read_envelope(nbfx::reader& in, headers_view& headers, const header_limits& limits,
                           soap_version version, received_headers* known) {
    headers.clear();
    if (known == nullptr || !known->recognize(in, headers)) {
        enter_envelope(in, version);
        if (at(in, names::header.text, version)) {
            read_headers(in, headers, limits, version);
            if (known != nullptr && in.ok())
                known->remember(in, headers);
            in.next();
        }
    }
    enter_body(in, version);
    return outcome(in);
}

result<void> open_body(nbfx::reader& in, soap_version version) noexcept {
    enter_envelope(in, version);
    if (at(in, names::header.text, version))
        in.skip();
    enter_body(in, version);
    return outcome(in);
}

result<void> open_header(nbfx::reader& in, const other_header& which,
                         soap_version version) noexcept {
    enter_envelope(in, version);
    if (!at(in, names::header.text, version)) {
        broken(in, errc::header_missing);
        return outcome(in);
    }
    in.next();
    for (std::uint32_t i = 0; i < which.index && in.move_to_content() == nbfx::node::element; ++i)
        in.skip();
    if (!in.is_start_element(which.local, which.ns))
        broken(in, errc::header_missing);
    return outcome(in);
}

result<void> read_envelope_end(nbfx::reader& in, soap_version version) noexcept {
    while (in.ok() && !(in.current() == nbfx::node::end_element && in.depth() == body_depth)) {
        if (in.current() == nbfx::node::end_of_document)
            return {};  // whoever read the body has read on to the end, which was a good one
        in.next();
    }
    in.next();
    if (in.move_to_content() == nbfx::node::element) {
        if (at(in, names::body.text, version))
            broken(in, errc::body_duplicate);
        else if (at(in, names::header.text, version))
            broken(in, errc::header_misplaced);
        else
            broken(in, errc::envelope_malformed);
    } else if (in.current() != nbfx::node::end_element) {
        broken(in, errc::envelope_malformed);
    }
    while (in.ok() && in.current() != nbfx::node::end_of_document)
        in.next();
    return outcome(in);
}

bool at_fault(nbfx::reader& in, soap_version version) noexcept {
    return in.ok() && at(in, names::fault.text, version);
}

}  // namespace nettcp::soap
