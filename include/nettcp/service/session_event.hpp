#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/uuid.hpp>
#include <nettcp/net/diagnostics.hpp>
#include <nettcp/security/party.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace nettcp {

/// Who calls, and which of our addresses: what is known about one session. For a client's callbacks
/// that is the service, by the client's address for it.
struct session_info {
    std::uint64_t id = 0;  ///< of the connection; unique within the host
    /// Of the session, of which a connection may carry several one after the other; nil before the
    /// preamble, and for a client's callbacks.
    uuid session{};
    std::string peer;  ///< the peer's network address, such as `127.0.0.1:49152`
    std::string local;  ///< ours
    /// The via of the peer's preamble, made fit to print; empty before the preamble.
    std::string via;
    std::string endpoint;  ///< the address that it matched, as it was added to the host
    /// Who calls, as the endpoint's transport security has proved it, and how the connection is
    /// protected; null without that, and before the session opens.
    std::shared_ptr<const security::party> caller;
};

/// Something worth a line in a log: what `host_options::log` is told.
struct session_event {
    enum class kind : std::uint8_t {
        accepted,  ///< a connection has come
        opened,  ///< a session is open on it
        refused,  ///< the peer was told no; `why` says for what
        failed,  ///< connection or session ended by a broken rule or a deadline; see `why`
        closed,  ///< the session has ended well; the connection may carry another
        disconnected,  ///< the connection has ended
        call_failed,  ///< a handler threw, gave no answer, or wrote one that cannot be sent
        accept_failed,  ///< the system gives no more connections for now; see `why.provider`
    };

    kind what{};
    const session_info& session;
    /// What went wrong; no code when nothing did.
    const diagnostics& why;
    /// More in plain words, such as what an unknown peer sent or an exception said; may be empty.
    /// Words of a peer in it are escaped.
    std::string_view note;
};

/// The enumerator's name. Static text.
NETTCP_EXPORT std::string_view to_string(session_event::kind value) noexcept;
/// The event as one line, without an end of line.
NETTCP_EXPORT std::string to_string(const session_event& event);

}  // namespace nettcp
