#pragma once

#include <nbfx/document_part.hpp>

#include <nettcp/soap/envelope.hpp>

#include <optional>
#include <string>
#include <vector>

namespace nettcp::soap {

/// The headers that a session has sent, as they were written: those of most messages differ from
/// earlier ones in their ids alone, and are copied.
class sent_headers {
public:
    /// Writes the Header element of an Envelope if the same was sent before; else writes nothing.
    bool repeat(nbfx::writer& out, const outgoing_headers& headers, message_version version);

    /// Remembers the Header element that was written from `start` on, with ids, if there are any,
    /// at these positions of the document.
    struct positions {
        nbfx::written_part::mark start;
        std::size_t message_id = 0;
        std::size_t relates_to = 0;
    };
    void remember(nbfx::writer& out, const positions& at, const outgoing_headers& headers,
                  message_version version);

private:
    /// All of `outgoing_headers` but the values of its ids.
    struct text {
        std::string of;
        std::uint32_t static_id;
        bool in_dictionary;

        explicit text(const nbfx::xml_string& s)
            : of(s.text()), static_id(s.static_id()), in_dictionary(s.in_dictionary()) {}
        bool is(const nbfx::xml_string& s) const noexcept {
            return of == s.text() && static_id == s.static_id() &&
                   in_dictionary == s.in_dictionary();
        }
    };
    struct entry {
        message_version version;
        text action;
        std::optional<text> to;
        std::optional<text> reply_to;
        bool has_reply_to;
        nbfx::written_part part;
        std::size_t message_id;  ///< where it is in the part; 0: there is none
        std::size_t relates_to;

        bool is(const outgoing_headers& headers, message_version version_wanted) const noexcept;
    };

    std::vector<entry> entries_;
    std::size_t oldest_ = 0;
};

/// As the public function; what `sent` knows is copied, and what it does not, remembered.
void write_envelope_start(nbfx::writer& out, const outgoing_headers& headers,
                          const std::function<void(nbfx::writer&)>& more_headers,
                          message_version version, sent_headers* sent);

}  // namespace nettcp::soap
