#pragma once

#include "piece.hpp"

#include <nettcp/framing/encoding.hpp>
#include <nettcp/nbfx/writer.hpp>

#include <functional>

namespace nettcp::fuzzing {

/// What is known of the endpoint that conversations are made for.
struct endpoint_facts {
    std::string via;
    std::string action;  ///< of the requests
    std::function<void(nbfx::writer&)> body = {};  ///< writes what stands in their body, if any
    framing::encoding encoding = framing::encoding::binary_session;  ///< which it takes
};

/// A session that is opened and ended, without a message.
sample empty_session(const endpoint_facts& facts);

/// A session of mode duplex with one request.
sample request_session(const endpoint_facts& facts);

/// Conversations of every mode and encoding, with upgrades, and with two sessions on a connection.
/// The first are those that the endpoint's own clients have. Always the same ones in the same
/// order, for the same facts.
std::vector<sample> generated_samples(const endpoint_facts& facts);

/// The client's half of each connection in a transcript, or of plain hexadecimal octets. What was
/// recorded from inside an upgrade cannot be sent and is left out; so are lines that are damaged.
std::vector<sample> recorded_samples(std::string_view transcript, const std::string& name);

}  // namespace nettcp::fuzzing
