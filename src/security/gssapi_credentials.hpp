#pragma once

#include "security/gssapi_names.hpp"

#include <nettcp/base/result.hpp>
#include <nettcp/security/windows.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace nettcp::security {

/// What a mechanism, or SPNEGO around one or two of them, is offered with.
struct gss_offer {
    gss_mechanism wrapper = gss_mechanism::spnego;  ///< or the bare mechanism
    bool kerberos = false;
    bool ntlm = false;
    bool forwardable = false;  ///< so that the service may call others in the caller's name
};

/// Tickets that were got with a password or a keytab: a cache in this process's memory, which goes
/// with the object.
class memory_tickets {
public:
    memory_tickets(std::string name, std::int64_t ends) : name_(std::move(name)), ends_(ends) {}
    memory_tickets(const memory_tickets&) = delete;
    memory_tickets& operator=(const memory_tickets&) = delete;
    ~memory_tickets();

    const std::string& name() const noexcept { return name_; }
    /// When the first of them ends, in seconds of the system's clock.
    std::int64_t ends() const noexcept { return ends_; }

private:
    std::string name_;
    std::int64_t ends_;
};

/// What one connection calls with.
struct caller {
    std::shared_ptr<const memory_tickets> tickets;  ///< what the credential may refer to
    gss_credential credential;
};

/// The credentials of a client. Shared by its connections, so that those with a password ask the
/// KDC only when the last tickets come to their end. Thread-safe; `acquire` may block.
class caller_credentials {
public:
    explicit caller_credentials(windows_credentials given) : given_(std::move(given)) {}

    /// Credentials for an offer. Fails with the reason of the first mechanism that has none; an
    /// offer of both mechanisms is content with Kerberos alone.
    std::optional<gss_failure> acquire(const gss_offer& offer, caller& into);

private:
    std::optional<gss_failure> find_tickets(bool forwardable,
                                            std::shared_ptr<const memory_tickets>& tickets);
    std::optional<gss_failure> name_sources(const gss_offer& offer, const caller& by,
                                            user_name& user, gss_store& store) const;

    const windows_credentials given_;
    std::mutex mutex_;
    std::shared_ptr<const memory_tickets> tickets_;
};

/// The credentials of an endpoint: acquired once, since keytabs are read anew for each caller
/// anyway. Thread-safe; `acquire` may block.
///
/// gss-ntlmssp cannot serve when it is told where to find a keytab. So a named keytab makes two
/// credentials, and what the caller offers decides between them.
class service_credentials {
public:
    explicit service_credentials(windows_service choices) : choices_(std::move(choices)) {}

    const windows_service& choices() const noexcept { return choices_; }
    /// Credentials that live as long as this object, for a caller that offers Kerberos or does not.
    std::optional<gss_failure> acquire(bool kerberos_offered, gss_cred_id_t& into);

private:
    std::optional<gss_failure> acquire_anew();

    const windows_service choices_;
    std::mutex mutex_;
    gss_credential credential_;
    gss_credential ntlm_alone_;
};

}  // namespace nettcp::security
