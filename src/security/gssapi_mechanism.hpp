#pragma once

#include "security/gssapi_credentials.hpp"
#include "security/kerberos_frames.hpp"

#include <nettcp/security/mechanism.hpp>

namespace nettcp::security {

/// A token's size is told in two octets [MS-NNS] 2.2.1.
inline constexpr std::size_t most_token = 65535;

/// Who makes or opens the frames of one direction.
enum class frames_by : std::uint8_t { undecided, library, us };

/// What both sides of a context of GSS-API have in common: what was agreed on, and the frames.
class gssapi_mechanism : public mechanism {
public:
    explicit gssapi_mechanism(kerberos_frames frames) noexcept : frames_(frames) {}

    const party& peer() const noexcept override { return peer_; }
    framing_of_octets octets() const noexcept override { return octets_; }
    result<void> wrap(bytes_view plain, octet_buffer& out) noexcept override;
    result<bytes_view> unwrap(std::span<std::byte> payload) noexcept override;
    std::string_view said() const noexcept override { return said_; }

    /// Whether frames are the library's business or ours; decided once each way, see
    /// gssapi_frames.cpp.
    frames_by sending() const noexcept { return sending_; }
    frames_by receiving() const noexcept { return receiving_; }

protected:
    /// Looks up what an established context has: mechanism, protection, the peer's name, and the
    /// service's where it is wanted.
    std::optional<gss_failure> inspect(role side, bool wants_target);

    gss_context context_;
    gss_mechanism by_ = gss_mechanism::none;
    OM_uint32 flags_ = 0;  ///< as the last step gave them
    party peer_;
    std::string target_;  ///< the service, as the established context has it, if that was wanted
    bool anonymous_ = false;

private:
    bool signs_only() const noexcept {
        return by_ == gss_mechanism::ntlm && peer_.protection == protection_level::sign;
    }
    result<bytes_view> verify(std::span<std::byte> payload);
    result<bytes_view> open(std::span<std::byte> payload);
    bool is_next(const std::optional<frame_header>& header) const noexcept;
    void take_over_sending(bytes_view token) noexcept;
    void take_over_receiving(bytes_view token, const std::optional<frame_header>& last) noexcept;
    void release_context() noexcept;
    error fail(errc code, OM_uint32 major, OM_uint32 minor);

    /// Which of a context's keys protects frames.
    enum class subkey : std::uint8_t { unknown, initiators, acceptors };

    framing_of_octets octets_ = framing_of_octets::raw;
    const kerberos_frames frames_;
    frames_by sending_ = frames_by::undecided;
    frames_by receiving_ = frames_by::undecided;
    subkey subkey_ = subkey::unknown;
    // What the library has carried so far.
    std::size_t sent_ = 0;
    std::size_t received_ = 0;
    std::unique_ptr<frame_sealer> sealer_;
    std::unique_ptr<frame_opener> opener_;
    gss_octets plain_;
    std::uint64_t next_ = 0;
    bool counting_ = false;
    std::string said_;
};

/// What a client's connections share.
struct caller_configuration {
    caller_configuration(windows_client given, service_name named)
        : choices(std::move(given)), name(std::move(named)), credentials(choices.credentials) {}

    bool ntlm_allowed() const noexcept {
        return choices.allow_ntlm || !choices.require_server_auth;
    }

    const windows_client choices;
    const service_name name;
    mutable caller_credentials credentials;
};

/// The calling side.
class gssapi_initiator final : public gssapi_mechanism {
public:
    explicit gssapi_initiator(std::shared_ptr<const caller_configuration> by)
        : gssapi_mechanism(by->choices.frames), by_choice_(std::move(by)) {}

    step_result step(bytes_view token) noexcept override;

private:
    step_result begin();
    bool start(const gss_offer& offer, step_result& result, gss_failure& why);
    step_result go_on(bytes_view token);
    OM_uint32 advance(bytes_view token, step_result& result, OM_uint32& minor);
    std::optional<gss_failure> check();

    std::shared_ptr<const caller_configuration> by_choice_;
    caller caller_;
    gss_offer offer_;
    gss_name target_name_;
};

/// The side that is called.
class gssapi_acceptor final : public gssapi_mechanism {
public:
    explicit gssapi_acceptor(std::shared_ptr<service_credentials> by)
        : gssapi_mechanism(by->choices().frames), service_(std::move(by)) {}

    step_result step(bytes_view token) noexcept override;

private:
    step_result accept(bytes_view token);
    std::optional<gss_failure> check();

    std::shared_ptr<service_credentials> service_;
    gss_cred_id_t credential_ = GSS_C_NO_CREDENTIAL;  // the service's
};

}  // namespace nettcp::security
