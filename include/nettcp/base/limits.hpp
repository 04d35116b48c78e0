#pragma once

#include <cstdint>

namespace nettcp {

/// Bounds on what a framing peer may make us hold. Defaults are WCF's.
///
/// Spec: [MC-NMF]; WCF's MaxReceivedMessageSize, MaxViaSize, MaxContentTypeSize.
struct framing_limits {
    /// Octets of one envelope (WCF: MaxReceivedMessageSize, MaxBufferSize).
    std::uint32_t max_message_size = 65536;
    /// Octets of an envelope in pieces, where that is more: such are not held as a whole while
    /// somebody reads their body as a stream (WCF: MaxReceivedMessageSize, beside MaxBufferSize).
    std::uint64_t max_streamed_size = 0;
    std::uint32_t max_via_size = 2048;
    std::uint32_t max_content_type_size = 256;
    std::uint32_t max_upgrade_name_size = 256;
    std::uint32_t max_fault_size = 256;
    /// Upgrades within one preamble; the grammar allows any number, WCF does one.
    std::uint32_t max_upgrades = 1;
};

/// Bounds on what a peer may make us hold in a Negotiate handshake. Spec: [MS-NNS], which bounds
/// only one token, to 65,535 octets.
struct negotiate_limits {
    /// Octets of all the peer's tokens together. Those of users in very many groups take 64 KiB.
    std::uint32_t max_tokens_size = 256u << 10;
    /// Messages of the peer; the longest sequence known has four.
    std::uint32_t max_messages = 8;
};

/// Bounds on one binary XML document, under the names of .NET's XmlDictionaryReaderQuotas.
///
/// Defaults are those of WCF's buffered readers, where the message size is the real bound,
/// and bounds of our own where .NET has none.
struct reader_quotas {
    std::uint32_t max_depth = 128;
    /// Octets of UTF-8 that one content or attribute read returns.
    std::uint32_t max_string_content_length = 0x7fffffff;
    /// Items of an array, or octets of a base64 value, that one read returns.
    std::uint32_t max_array_length = 0x7fffffff;
    /// Octets of one start tag with all its attributes, of one comment, and of one list.
    std::uint32_t max_bytes_per_read = 0x7fffffff;
    /// Attributes of one element together with the namespace declarations in scope, of which there
    /// may be an eighth of this, or 32 (.NET: no such bounds).
    std::uint32_t max_attributes = 1024;
    /// Characters that dictionary strings and repeated array elements may expand a document to,
    /// as a multiple of its octets plus a fixed allowance of 64 Ki (.NET: no such bound).
    std::uint32_t max_expansion = 64;
};

/// Session dictionary octets per direction (WCF: MaxSessionSize). Not negotiated.
inline constexpr std::uint32_t default_max_session_size = 2048;

}  // namespace nettcp
