#pragma once

#include <nettcp/nbfx/reader.hpp>
#include <nettcp/soap/addressing.hpp>
#include <nettcp/soap/message_version.hpp>

namespace nettcp::soap {

/// Reads the headers of the `s:Header` whose start tag `in` stands on, and moves to its end tag. A
/// broken rule is a failure of `in`.
void read_headers(nbfx::reader& in, headers_view& out, const header_limits& limits,
                  soap_version version);

}  // namespace nettcp::soap
