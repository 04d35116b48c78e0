#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/limits.hpp>
#include <nettcp/nbfx/reader.hpp>
#include <nettcp/nbfx/writer.hpp>
#include <nettcp/soap/addressing.hpp>
#include <nettcp/soap/fault.hpp>

namespace nettcp::soap {

/// Reads an envelope up to its body: checks the version, reads the headers, and leaves `in` on
/// the first node inside `s:Body` (its end_element when the body is empty).
///
/// `headers` holds views of the document. Fails by the rules for duplicate and malformed
/// headers; whether a mandatory header is understood is the caller's question, answered with
/// `headers.others`. Spec: [SOAP 1.2] "SOAP Envelope", [WS-Addressing 1.0 - SOAP Binding].
NETTCP_EXPORT result<void> read_envelope(nbfx::reader& in, headers_view& headers);

/// Reads what is left behind the body's content and checks that nothing else follows the
/// envelope. `in` stands anywhere inside `s:Body`.
NETTCP_EXPORT result<void> read_envelope_end(nbfx::reader& in);

/// Whether the body that `in` stands in starts with `s:Fault`.
NETTCP_EXPORT bool at_fault(nbfx::reader& in);

/// Opens an envelope: prefixes `s` and `a`, the headers in WCF's order, `s:Body`. Write the
/// body, then `write_envelope_end`. `more_headers` (may be empty) writes further header
/// elements; they go between Action and To as WCF puts them.
NETTCP_EXPORT void write_envelope_start(nbfx::writer& out, const outgoing_headers& headers,
                                        const std::function<void(nbfx::writer&)>& more_headers);

/// Closes `s:Body` and `s:Envelope`.
NETTCP_EXPORT void write_envelope_end(nbfx::writer& out);

}  // namespace nettcp::soap
