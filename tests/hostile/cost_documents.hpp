#pragma once

#include "hostile/cost.hpp"

#include <nettcp/framing/encoding.hpp>

#include <string>
#include <string_view>

namespace hostile {

/// An envelope in binary XML, without string table, whose body is `body`.
std::string binary_envelope(std::string_view body);
/// The same as text.
std::string text_envelope(std::string_view body);

/// Reads a payload as a session of this encoding does, and then all of its body, values included.
/// When it is no message to its end, the work fails by an exception, unless it `may_fail`.
workload read_payload(nettcp::framing::encoding encoding, std::string payload,
                      bool may_fail = false);
/// The same, and copies the body to a writer, too.
workload copy_payload(nettcp::framing::encoding encoding, std::string payload);

/// Both for the body of a binary envelope.
workload read_binary(const std::string& body);
workload copy_binary(const std::string& body);

}  // namespace hostile
