#pragma once

#include <nettcp/base/bytes.hpp>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace nettcp::interop {

/// Makes binary XML documents record by record, every record type among them, from a seed.
///
/// `document` is legal; `damaged` is a legal one with octets changed, lost or added.
class document_generator {
public:
    explicit document_generator(std::uint64_t seed) : random_(seed) {}

    std::vector<std::byte> document();
    std::vector<std::byte> damaged();
    /// An element `a` with one to three text records, or one attribute, that suit typed reads.
    std::vector<std::byte> value_document(bool in_attribute);

    /// A number below `bound`.
    std::uint32_t below(std::uint32_t bound);

    /// What stands in the session dictionary, ids 1, 3, 5 and so on.
    static const std::vector<std::string>& session_strings();

private:
    bool chance(std::uint32_t percent) { return below(100) < percent; }
    std::uint64_t bits() { return random_(); }

    void octet(std::uint32_t value) { out_.push_back(static_cast<std::byte>(value)); }
    void number(std::uint64_t value, unsigned size);
    void size(std::uint32_t value);
    void octets(std::string_view text);
    void string(std::string_view text);
    void dictionary_id();

    std::string word();
    std::string text();
    std::string lexical();
    std::string prefix();

    void element(unsigned depth, bool as_array_item);
    void attributes(std::vector<std::string>& declared);
    void content(unsigned depth);
    void array();
    void text_record(bool closes);
    void text_payload(unsigned type);
    void run(unsigned width_code, std::string_view content);
    void list();

    std::mt19937_64 random_;
    std::vector<std::byte> out_;
    std::vector<std::string> prefixes_;  ///< declared here and around
    unsigned names_ = 0;                 ///< makes attribute names of a tag differ
    std::uint32_t budget_ = 0;           ///< elements that may still be opened
    bool nul_ = true;                    ///< texts may hold NUL, which .NET skips behind numbers
};

}  // namespace nettcp::interop
