#pragma once

#include <nbfx/document_part.hpp>

#include <nettcp/soap/envelope.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace nettcp::soap {

/// The headers that a session has received, as octets: an envelope that is the same up to its body
/// but for the values of ids is not read again.
///
/// For one session, whose dictionary must outlive it, and for envelopes that are read with the same
/// limits. Remembers only headers of addressing, with no ids but GUIDs.
class received_headers {
public:
    /// Moves `in`, which was just opened on an envelope, behind the Header, and tells the headers
    /// as they would be read. False, and nothing is done: they are new.
    bool recognize(nbfx::reader& in, headers_view& headers);
    /// `headers` were read from the Header on whose end tag `in` stands.
    void remember(const nbfx::reader& in, const headers_view& headers);

private:
    /// Octets of the document, or a text that lasts.
    struct place {
        std::string_view text;  ///< of a document: its size alone holds
        std::optional<std::size_t> offset;

        place(std::string_view where, bytes_view document);
        std::string_view in(bytes_view document) const noexcept;
    };
    struct entry {
        nbfx::read_position behind;
        std::vector<std::byte> octets;  ///< of the document up to there
        addressing_version addressing;
        place action;
        std::optional<place> to;
        std::optional<place> reply_to;
        std::size_t message_id = 0;  ///< where its octets are; 0: there is none
        std::size_t relates_to = 0;

        bool begins(bytes_view document) const noexcept;
        void tell(bytes_view document, headers_view& headers) const;
    };

    std::vector<entry> entries_;
    std::size_t oldest_ = 0;
};

/// As the public function; what `known` knows is not read again, and what it does not, remembered.
result<void> read_envelope(nbfx::reader& in, headers_view& headers, const header_limits& limits,
                           soap_version version, received_headers* known);

}  // namespace nettcp::soap
