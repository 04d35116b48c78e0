#pragma once

#include <nettcp/nbfx/reader.hpp>
#include <nettcp/nbfx/writer.hpp>
#include <nettcp/soap/fault.hpp>
#include <nettcp/soap/message_version.hpp>

#include <optional>

namespace nettcp::soap {

/// Writes the name of a fault code as the content of the element just started: three texts, as
/// WCF does, with prefix `a` bound anew there for a namespace that is neither SOAP's nor
/// WS-Addressing's. Names of WS-Addressing 1.0 become those of `version`.
void write_code_name(nbfx::writer& out, std::string_view local, std::string_view ns,
                     message_version version);

/// Reads the name of a fault code from the element that `in` stands on, and moves behind its end
/// tag. The prefix means what it means there, whatever it means around. Names of WS-Addressing of
/// 2004 become those of 1.0. `room` is how many octets the name may have, and loses them.
///
/// Nothing when the reader has failed, with `fault_malformed` or `fault_too_large` at best.
std::optional<qname> read_code_name(nbfx::reader& in, std::size_t& room);

}  // namespace nettcp::soap
