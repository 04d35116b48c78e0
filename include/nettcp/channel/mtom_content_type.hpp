#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/soap/message_version.hpp>

#include <string>
#include <string_view>

namespace nettcp::channel {

/// A content type of MTOM for `session_options::content_type`, with the boundary that messages of
/// the session shall have: up to 70 characters of those that RFC 2046 allows.
///
/// A WCF service looks for parts by the boundary of the preamble. A message that holds it gets
/// another one, which such a service does not find: better is one that nobody can foresee.
NETTCP_EXPORT std::string mtom_content_type(soap::soap_version version, std::string_view boundary);

/// A boundary that nobody can foresee, or put into octets that nobody looks through: another one
/// with each call.
NETTCP_EXPORT std::string unforeseeable_boundary();

}  // namespace nettcp::channel
