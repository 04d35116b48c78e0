#pragma once

#include <nettcp/nbfx/session_dictionary.hpp>
#include <nettcp/nbfx/value.hpp>
#include <nettcp/nbfx/writer.hpp>

#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace nettcp::bench {

/// A call of `nbfx::writer`, as a program that knows its contract would make it. Small, since a
/// large document has very many: what they refer to is the document's.
struct writer_call {
    enum class kind : std::uint8_t {
        start_element,
        declaration,
        start_attribute,
        end_attribute,
        end_element,
        text,
        boolean,
        int64,
        float64,
        other,
    };

    kind what = kind::end_element;
    std::string_view prefix = {};
    const nbfx::xml_string* local = nullptr;
    const nbfx::xml_string* ns = nullptr;  ///< of a declaration: what is declared
    union {
        const nbfx::xml_string* text;
        std::int64_t integer;
        double number;
        const nbfx::value* other;
    } value = {nullptr};
};

/// A binary document of a session: octets, the session's strings, and what writes it again.
struct document {
    std::string name;
    std::vector<std::byte> octets;
    std::vector<std::string> strings;  ///< of the session, in order
    nbfx::received_dictionary received;
    nbfx::sent_dictionary sent;
    std::vector<writer_call> calls;
    // What calls refer to.
    std::string texts;  ///< one behind the other, as a program's would be; does not move
    std::deque<nbfx::xml_string> words;
    std::deque<nbfx::value> values;
    std::size_t nodes = 0;  ///< tags, ends, texts, attributes, declarations
};

/// Captured envelopes from `folder`, and one of 10,000 records that is made here.
std::vector<std::unique_ptr<document>> load_documents(const std::filesystem::path& folder);

/// Writes all documents, and the static dictionary, to where .NET's program reads them.
void export_documents(const std::vector<std::unique_ptr<document>>& all,
                      const std::filesystem::path& folder);

/// Writes a document anew by its calls.
void write_again(const document& from, nbfx::writer& out);

}  // namespace nettcp::bench
