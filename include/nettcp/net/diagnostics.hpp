#pragma once

#include <nettcp/base/cause.hpp>
#include <nettcp/base/error.hpp>
#include <nettcp/base/export.hpp>
#include <nettcp/net/stage.hpp>

#include <boost/system/error_code.hpp>

#include <string>
#include <string_view>

namespace nettcp {

/// Everything that is known about one failure: what, where, why, whose fault, and what to try.
///
/// Operations fill the caller's object when they fail and clear it when they succeed; throwing
/// forms put it into `failure`. A value: copy it, keep it, log `message()`.
struct NETTCP_EXPORT diagnostics {
    nettcp::stage stage = nettcp::stage::none;
    /// The rule that was broken: what the operation completes with.
    boost::system::error_code code;
    /// What the operating system or another library said, where the failure came from there.
    boost::system::error_code provider;
    /// The words of another library about it, such as those of OpenSSL or Kerberos: printable.
    std::string provider_said;
    /// Octet offset of the broken rule in what was read: the connection for rules of framing,
    /// the document for rules of the XML and SOAP layers. 0 where there is no such place.
    std::uint64_t at = 0;
    /// The offending value where one number tells it, else 0.
    std::uint32_t got = 0;
    /// The limit that it broke, where it is about one, else 0. 0xffffffff: that or more.
    std::uint32_t limit = 0;
    /// The address as the user gave it, in normal form.
    std::string endpoint;
    /// The network address that was tried last, such as `127.0.0.1:9000`; empty before that.
    std::string peer;
    /// Words of the peer, such as its fault URI: escaped, at most 256 octets. Never trusted.
    std::string peer_said;
    /// Which value of a typed body it is about, such as `value/Items[3]/Price`; empty otherwise.
    std::string path;

    /// Forgets everything.
    void clear() noexcept;
    /// Takes over code, offset and value of a failure of the core.
    void set(const error& failure) noexcept;

    /// Whose fault it is. Cancellation counts as `cause::local`.
    cause blame() const noexcept;
    /// What a person could try; one clause, no full stop; empty if nothing is known. Static text.
    std::string_view hint() const noexcept;
    /// All of it in one readable paragraph.
    std::string message() const;
};

}  // namespace nettcp
