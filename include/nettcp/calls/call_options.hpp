#pragma once

#include <nettcp/nbfx/writer.hpp>
#include <nettcp/net/diagnostics.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace nettcp {

class body_source;

/// Choices of one operation.
struct call_options {
    /// How long it may take; if empty, what the options of the client (or of the host, for its
    /// callbacks) say.
    std::optional<std::chrono::steady_clock::duration> timeout = {};
    /// Filled when the operation fails, cleared when it succeeds, right before its handler runs.
    /// Must live until then.
    nettcp::diagnostics* diagnostics = nullptr;
    /// Writes further headers of the message; may be empty.
    std::function<void(nbfx::writer&)> headers = {};
    /// The content of the request's body, for clients. `body` then writes the start tags of the
    /// elements around it, no ends, and the octets follow as the peer takes them, even while the
    /// reply is being read. What it fails with fails the call. Where the transfer is not streamed
    /// or the encoding a text, all are read first, as many as `session.max_pending_output`
    /// allows.
    std::shared_ptr<body_source> stream = {};
    /// Streamed transfers: the call ends when the reply's headers are there, and the body is read
    /// with `reply::stream()` while it arrives. Faults are whole replies as usual.
    bool stream_reply = false;
    /// The caller reads the reply's headers itself. If not, a header that the service marks as
    /// one that must be understood fails the call.
    bool understands_all_headers = false;
};

}  // namespace nettcp
