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

}  // namespace nettcp::interop
