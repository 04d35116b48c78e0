#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/limits.hpp>
#include <nettcp/nbfx/reader.hpp>
#include <nettcp/nbfx/writer.hpp>
#include <nettcp/soap/addressing.hpp>
#include <nettcp/soap/fault.hpp>
#include <nettcp/soap/message_version.hpp>

#include <functional>
#include <span>

namespace nettcp::soap {

/// Reads an envelope up to its body: checks that it is of `version`, reads the headers, and leaves
/// `in` on the first node inside `s:Body` (its end_element when the body is empty).
///
/// `in` was just opened on the document. `headers` is cleared first and then holds views of the
/// document. Fails by the rules for duplicate and malformed headers (`soap::errc`), and with
/// what the XML reader finds; the failure is also the reader's. Whether a mandatory header is
/// understood is the caller's question, answered with `headers.others`.
///
/// The addressing headers may be of either version; `headers.addressing` tells which, and the
/// anonymous address is that of WS-Addressing 1.0 in both.
///
/// Spec: [SOAP 1.2] "SOAP Envelope", [SOAP 1.1] "SOAP Envelope",
/// [WS-Addressing 1.0 - SOAP Binding].
NETTCP_EXPORT result<void> read_envelope(nbfx::reader& in, headers_view& headers,
                                         const header_limits& limits = {},
                                         soap_version version = soap_version::soap12);

/// Goes to where `read_envelope` ends, without reading headers: the second pass over an envelope
/// that was read before. `in` was just opened on the document.
NETTCP_EXPORT result<void> open_body(nbfx::reader& in,
                                     soap_version version = soap_version::soap12) noexcept;

/// Goes to the start tag of one of the headers that `read_envelope` found; prefixes declared on
/// the envelope are in scope there. `in` was just opened on the document.
NETTCP_EXPORT result<void> open_header(nbfx::reader& in, const other_header& which,
                                       soap_version version = soap_version::soap12) noexcept;

/// Reads what is left behind the body's content and checks that nothing else follows the
/// envelope but comments and white space. `in` stands anywhere inside `s:Body`, on its end tag
/// included, or further on: then only what is left is checked.
NETTCP_EXPORT result<void> read_envelope_end(nbfx::reader& in,
                                             soap_version version = soap_version::soap12) noexcept;

/// Whether the body that `in` stands in starts with `s:Fault`. Moves over white space and
/// comments in front of it.
NETTCP_EXPORT bool at_fault(nbfx::reader& in, soap_version version = soap_version::soap12) noexcept;

/// Opens an envelope: prefixes `s` and `a`, the headers in WCF's order, `s:Body`. Write the
/// body, then `write_envelope_end`. `more_headers` (may be empty) writes further header
/// elements; they go behind Action and before the others, as WCF puts them.
///
/// The anonymous address and the default fault actions of WS-Addressing 1.0 become those of
/// `version`. An empty action makes the writer fail with `errc::action_empty`.
NETTCP_EXPORT void write_envelope_start(nbfx::writer& out, const outgoing_headers& headers,
                                        const std::function<void(nbfx::writer&)>& more_headers,
                                        message_version version = {});

/// Closes `s:Body` and `s:Envelope`.
NETTCP_EXPORT void write_envelope_end(nbfx::writer& out);

/// Writes a `s:NotUnderstood` header for each of `headers` that is for us and mandatory: the
/// companions of `must_understand_fault()`, to be written as `more_headers` of its envelope.
/// SOAP 1.1 has no such thing: nothing is written.
///
/// Spec: [SOAP 1.2] "SOAP NotUnderstood Header Block".
NETTCP_EXPORT void write_not_understood(nbfx::writer& out, std::span<const other_header> headers,
                                        message_version version = {});

}  // namespace nettcp::soap
