#pragma once

#include <nettcp/base/byte_reader.hpp>
#include <nettcp/base/export.hpp>
#include <nettcp/base/limits.hpp>
#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/framing/mode.hpp>
#include <nettcp/framing/record_type.hpp>

#include <variant>

namespace nettcp::framing {

// The thirteen records as plain values. Texts are views: of the decoded octets, or of what the
// caller wants encoded. No record checks the value it carries; that is the session's business, so
// that a wrong conversation can still be shown.

/// Opens a preamble. Spec: [MC-NMF] "Version Record".
struct version_record {
    std::uint8_t major = 1;
    std::uint8_t minor = 0;
    friend bool operator==(const version_record&, const version_record&) = default;
};

/// What the session is for; `value` may be undefined. Spec: [MC-NMF] "Mode Record".
struct mode_record {
    mode value = mode::duplex;
    friend bool operator==(const mode_record&, const mode_record&) = default;
};

/// The address the initiator wants to reach. Spec: [MC-NMF] "Via Record".
struct via_record {
    std::string_view uri;
    friend bool operator==(const via_record&, const via_record&) = default;
};

/// The encoding, by its octet (`encoding_from_octet`). Spec: [MC-NMF] "Known Encoding Record".
struct known_encoding_record {
    std::uint8_t octet = 0;
    friend bool operator==(const known_encoding_record&, const known_encoding_record&) = default;
};

/// The encoding, by its content type. Spec: [MC-NMF] "Extensible Encoding Record".
struct extensible_encoding_record {
    std::string_view content_type;
    friend bool operator==(const extensible_encoding_record&,
                           const extensible_encoding_record&) = default;
};

/// The type octet of an envelope in chunks; the chunks follow it.
/// Spec: [MC-NMF] "Unsized Envelope Record".
struct unsized_envelope_record {
    friend bool operator==(const unsized_envelope_record&,
                           const unsized_envelope_record&) = default;
};

/// The type octet and size of an envelope; `size` octets follow it.
/// Spec: [MC-NMF] "Sized Envelope Record".
struct sized_envelope_record {
    std::uint32_t size = 0;
    friend bool operator==(const sized_envelope_record&, const sized_envelope_record&) = default;
};

/// The sender sends no more in this session. Spec: [MC-NMF] "End Record".
struct end_record {
    friend bool operator==(const end_record&, const end_record&) = default;
};

/// Why the acceptor gives up. Spec: [MC-NMF] "Fault Record".
struct fault_record {
    std::string_view uri;
    friend bool operator==(const fault_record&, const fault_record&) = default;
};

/// The initiator asks to secure the stream. Spec: [MC-NMF] "Upgrade Request Record".
struct upgrade_request_record {
    std::string_view name;
    friend bool operator==(const upgrade_request_record&, const upgrade_request_record&) = default;
};

/// The acceptor agrees; the upgrade's own octets follow. Spec: [MC-NMF] "Upgrade Response Record".
struct upgrade_response_record {
    friend bool operator==(const upgrade_response_record&,
                           const upgrade_response_record&) = default;
};

/// The session is open. Spec: [MC-NMF] "Preamble Ack Record".
struct preamble_ack_record {
    friend bool operator==(const preamble_ack_record&, const preamble_ack_record&) = default;
};

/// The preamble is complete. Spec: [MC-NMF] "Preamble End Record".
struct preamble_end_record {
    friend bool operator==(const preamble_end_record&, const preamble_end_record&) = default;
};

/// Any record; the index of the alternative is the type octet.
using record = std::variant<version_record, mode_record, via_record, known_encoding_record,
                            extensible_encoding_record, unsized_envelope_record,
                            sized_envelope_record, end_record, fault_record, upgrade_request_record,
                            upgrade_response_record, preamble_ack_record, preamble_end_record>;

/// The type octet of a record.
inline record_type type_of(const record& value) noexcept {
    return static_cast<record_type>(value.index());
}

/// Reads one record: for envelopes the head alone, for all others the whole of it.
///
/// Texts are views of the octets read. Sizes are held to `limits` before the octets they announce
/// are looked for. Fails with `base_errc::truncated` on every proper prefix of a record,
/// `errc::record_unknown`, `base_errc::size_overflow`, or the rule of the limit: `via_too_long`,
/// `content_type_too_long`, `upgrade_name_too_long`, `fault_too_long`, `envelope_too_large`.
///
/// Spec: [MC-NMF] "Message Syntax".
NETTCP_EXPORT result<record> decode_record(byte_reader& in,
                                           const framing_limits& limits = {}) noexcept;

/// Appends a record in its only canonical form: sizes take as few octets as they can. Texts hold
/// at most `max_multi_byte_int31` octets.
NETTCP_EXPORT void encode_record(octet_buffer& out, const record& value);

}  // namespace nettcp::framing
