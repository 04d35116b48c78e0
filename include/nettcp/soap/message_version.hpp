#pragma once

#include <cstdint>

namespace nettcp::soap {

/// Which SOAP an envelope is written in. The encoding of a session says it: text encodings have
/// one for each, binary XML is SOAP 1.2.
enum class soap_version : std::uint8_t { soap12, soap11 };

/// Which WS-Addressing the headers are written in (WCF: AddressingVersion). A session without
/// addressing cannot be: nothing else tells which reply belongs to which request.
enum class addressing_version : std::uint8_t {
    addressing10,      ///< the Recommendation, WCF's default
    addressing200408,  ///< the submission of August 2004
};

/// Both versions of an envelope (WCF: MessageVersion). The default is WCF's.
struct message_version {
    soap_version soap = soap_version::soap12;
    addressing_version addressing = addressing_version::addressing10;

    friend bool operator==(const message_version&, const message_version&) = default;
};

}  // namespace nettcp::soap
