#pragma once

#include <nettcp/base/error.hpp>
#include <nettcp/base/export.hpp>
#include <nettcp/base/result.hpp>
#include <nettcp/inspect/transcript.hpp>
#include <nettcp/nbfx/session_dictionary.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace nettcp::inspect {

/// What a `finding` is. Records have the value of their type octet.
enum class finding_type : std::uint8_t {
    version = 0x00,
    mode = 0x01,
    via = 0x02,
    known_encoding = 0x03,
    extensible_encoding = 0x04,
    unsized_envelope = 0x05,
    sized_envelope = 0x06,
    end = 0x07,
    fault = 0x08,
    upgrade_request = 0x09,
    upgrade_response = 0x0a,
    preamble_ack = 0x0b,
    preamble_end = 0x0c,
    opaque,  ///< octets that are not framing, or protected by an upgrade
    error,   ///< octets that break a rule; what follows in this direction may be opaque
    handshake,  ///< a message of the Negotiate handshake, [MS-NNS]
    frame,  ///< a frame behind that handshake; when it is only signed, what it says follows
};

/// The name of a finding, as `--json` prints it: `sized_envelope`.
NETTCP_EXPORT std::string_view to_string(finding_type type) noexcept;

/// One thing found in a conversation: a record, an envelope, a stretch of opaque octets, or damage.
struct finding {
    std::uint32_t connection = 1;
    inspect::direction direction = direction::client_to_server;
    finding_type type = finding_type::error;
    std::optional<double> seconds;  ///< when its last octet was sent
    /// The record's value as text: version `1.0`, the mode's name, the via, the content type, the
    /// name of an upgrade, the fault's URI. Of a handshake message, what it is and what can be seen
    /// in its token; of a frame `sealed` or `signed`.
    std::string value;
    std::uint64_t offset = 0;  ///< of its first octet in its direction of the connection
    std::uint64_t size = 0;  ///< octets of an envelope's payload, of an opaque stretch, or of a
        ///< handshake message or frame as a whole
    std::vector<std::uint32_t> chunks;  ///< of an unsized envelope
    /// Strings that the envelope's table added to the session's dictionary, with their ids.
    std::vector<std::pair<std::uint32_t, std::string>> new_strings;
    bool is_xml = false;  ///< an envelope that could be read to its end
    std::string xml;  ///< the envelope as text; when `is_xml` is false, what of it could be read
    /// Of an envelope that is not XML: damaged, or of an encoding that is not decoded here. Damage
    /// is also an `error` right behind it.
    std::vector<std::byte> octets;
    std::string message;  ///< of an `error`: rule, place and value in words
};

/// How a conversation is shown.
struct conversation_options {
    bool indent = false;  ///< envelopes laid out for people instead of compact
    /// Octets of one envelope; a viewer is generous.
    std::uint32_t max_message_size = 256u << 20;
};

/// Listens to both directions of one connection and says what was said.
///
/// Unlike `channel::duplex_session` it judges nothing: it decodes what it can and goes on. Keeps
/// the session dictionaries of both directions, joins chunked envelopes, follows upgrades (what
/// is sealed is opaque; of Negotiate, handshakes are opened, and what is signed only or not
/// protected at all) and starts anew at each preamble. Damage is reported with its offset.
/// Behind a damaged envelope it goes on; where record borders are lost, that direction is opaque
/// until octets are added that begin with a client's preamble.
class NETTCP_EXPORT conversation {
public:
    using sink = std::function<void(finding)>;

    /// Findings go to `out` in the order in which they become complete.
    conversation(std::uint32_t connection, sink out, conversation_options options = {});
    conversation(conversation&&) noexcept;
    conversation& operator=(conversation&&) noexcept;
    ~conversation();

    /// Takes in octets of one direction; `line.connection` is not looked at.
    void add(const transcript_line& line);
    void add(direction from, bytes_view octets, bool inside_upgrade = false,
             std::optional<double> seconds = {});

    /// Says that the recording lacks the next octets of a direction.
    ///
    /// That is an `error`. A hole inside an envelope costs that envelope (it is shown up to the
    /// hole) and, if it was in the string table, the strings of the session. After any other hole
    /// the rest of the direction is opaque, until the client sends a preamble.
    void miss(direction from, std::uint64_t octets, std::optional<double> seconds = {});

    /// Octets kept for what is to come: unfinished records, and the strings of the session.
    std::size_t held_octets() const noexcept;

    /// No more octets come: reports opaque stretches, and records that were cut off.
    void finish();

private:
    struct state;
    std::unique_ptr<state> state_;
};

/// The document of an envelope as XML text, as `nettcp xml --to-text` prints it.
///
/// `strings` is the session's dictionary, null for binary XML without one. On failure `out` holds
/// what could be read.
NETTCP_EXPORT result<void> document_text(bytes_view document,
                                         const nbfx::received_dictionary* strings, bool indent,
                                         std::string& out);

/// A failure of the core in words: rule, place and value.
NETTCP_EXPORT std::string describe(const error& failure);

}  // namespace nettcp::inspect
