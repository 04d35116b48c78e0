#pragma once

#include <channel/text_encoding.hpp>

#include <nettcp/base/bytes.hpp>
#include <nettcp/base/limits.hpp>
#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/base/result.hpp>
#include <nettcp/soap/message_version.hpp>

#include <string>
#include <string_view>

namespace nettcp::channel {

// MTOM: an envelope as text, with large octet values as parts of their own beside it.
// Spec: [SOAP MTOM], [XOP], RFC 2387; what WCF's encoder does where these leave a choice.

/// Octets from which on a value becomes a part, as in WCF.
inline constexpr std::size_t mtom_threshold = 768;

/// What is between parts where nobody has asked for something else. It cannot occur in base64, nor
/// in what is quoted.
inline constexpr std::string_view first_boundary = "=_nettcp_part_1_";

/// How an initiator names the encoding, with `first_boundary`.
std::string_view default_mtom_content_type(soap::soap_version version) noexcept;

/// Writes the envelope in the MTOM `message` into `document` as binary XML without dictionary, and
/// what its text is in into `found`. `document` is cleared first.
///
/// The root is the part that the message's `start` names, or the first. Each `xop:Include` must be
/// all that its element holds, and name a part that is neither the root nor named before. Parts
/// that nothing names are ignored.
///
/// Fails like `mime_message`, like `document_from_text` with the rules of `xop:Include`, and with
/// `errc::mtom_…` and `charset_mismatch`; `at` is an offset in `message`.
result<void> document_from_mtom(bytes_view message, const reader_quotas& quotas,
                                octet_buffer& document, charset& found);

/// Appends the MTOM message of a `document` of our own to `out`, with `boundary` unless that occurs
/// in one of its values. Fails like `text_from_document`.
result<void> mtom_from_document(bytes_view document, charset out_in, soap::soap_version version,
                                octet_buffer& out, std::string& scratch,
                                std::string_view boundary = first_boundary);

/// The Content-ID of the part that is the stream of an envelope.
inline constexpr std::string_view stream_part_id = "stream@nettcp";

/// Appends an MTOM message up to the octets of its only part beside the `root`, which has the id
/// `stream_part_id`.
void append_mtom_front(octet_buffer& out, bytes_view root, charset root_in,
                       soap::soap_version version, std::string_view boundary);
/// Appends what goes behind the last part.
void append_mtom_end(octet_buffer& out, std::string_view boundary);

}  // namespace nettcp::channel
