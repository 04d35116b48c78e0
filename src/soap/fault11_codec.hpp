#pragma once

#include <nettcp/nbfx/reader.hpp>
#include <nettcp/nbfx/writer.hpp>
#include <nettcp/soap/fault.hpp>
#include <nettcp/soap/message_version.hpp>

namespace nettcp::soap {

/// Writes a fault as SOAP 1.1 has it: one code, the innermost that `f` has, as WCF chooses, and one
/// wording of the reason.
void write_fault11(nbfx::writer& out, const fault& f, addressing_version addressing);

/// Reads a fault of SOAP 1.1; a failure is the reader's. `in` stands on its start tag.
fault read_fault11(nbfx::reader& in, std::uint64_t& detail_offset);

}  // namespace nettcp::soap
