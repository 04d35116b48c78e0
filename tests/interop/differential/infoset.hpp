#pragma once

#include <nettcp/nbfx/reader.hpp>

#include <string>

namespace nettcp::interop {

/// What our reader makes of a document, in the canonical form that ../README.md defines.
struct read_outcome {
    bool accepted = false;
    std::string infoset;  ///< when accepted
    error why;            ///< when not
};

read_outcome read_infoset(nbfx::reader& in, bytes_view document,
                          const nbfx::received_dictionary* session);

/// The same, with the octets arriving `step` at a time.
read_outcome read_infoset_in_windows(nbfx::reader& in, bytes_view document,
                                     const nbfx::received_dictionary* session, std::size_t step);

}  // namespace nettcp::interop
