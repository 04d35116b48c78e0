#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nettcp::nbfx {

/// Marks a `dictionary_string` that the static dictionary does not have.
inline constexpr std::uint32_t no_static_id = 0xffffffff;

/// A string that may travel as a dictionary id: the static one, or one of the session.
///
/// What .NET calls XmlDictionaryString. Names of contracts and protocols are these; text that
/// varies from call to call is not, since the session's dictionary is small and never forgets.
/// Borrows `text`, normally a literal.
struct dictionary_string {
    std::string_view text;
    std::uint32_t static_id = no_static_id;  ///< even id on the wire, if the string has one
};

/// A string as a writer takes it: plain text is always written out, a `dictionary_string` goes
/// through the dictionaries first.
class xml_string {
public:
    constexpr xml_string(std::string_view text) noexcept : string_{text} {}  // NOLINT implicit
    constexpr xml_string(const char* text) noexcept : string_{text} {}       // NOLINT implicit
    xml_string(const std::string& text) noexcept : string_{text} {}          // NOLINT implicit
    constexpr xml_string(dictionary_string string) noexcept                  // NOLINT implicit
        : string_(string), in_dictionary_(true) {}

    constexpr std::string_view text() const noexcept { return string_.text; }
    constexpr std::uint32_t static_id() const noexcept { return string_.static_id; }
    constexpr bool in_dictionary() const noexcept { return in_dictionary_; }

private:
    dictionary_string string_;
    bool in_dictionary_ = false;
};

namespace literals {

/// `"Echo"_dict`: a string that may travel as an id of the session's dictionary.
constexpr dictionary_string operator""_dict(const char* text, std::size_t size) noexcept {
    return {std::string_view(text, size), no_static_id};
}

}  // namespace literals
}  // namespace nettcp::nbfx
