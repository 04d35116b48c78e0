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
    /// The text neither changes nor goes away while any session lives that has written it, as is
    /// true of literals: its address stands for it, and it need not be looked at again.
    bool lasting = false;
    bool is_name = false;  ///< known to be an XML name without colon
};

/// A string whose text lasts, as `dictionary_string::lasting` has it.
constexpr dictionary_string lasting_string(std::string_view text,
                                           std::uint32_t static_id = no_static_id) noexcept {
    const auto starts = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    bool is_name = !text.empty() && starts(text[0]);
    for (const char c : text)  // names beyond ASCII are found to be such when they are written
        is_name = is_name && (starts(c) || (c >= '0' && c <= '9') || c == '-' || c == '.');
    return {text, static_id, true, is_name};
}

/// A string as a writer takes it: plain text is always written out, a `dictionary_string` goes
/// through the dictionaries first.
class xml_string {
public:
    constexpr xml_string(std::string_view text) noexcept : text_(text) {}  // NOLINT implicit
    constexpr xml_string(const char* text) noexcept : text_(text) {}  // NOLINT implicit
    xml_string(const std::string& text) noexcept : text_(text) {}  // NOLINT implicit
    constexpr xml_string(const dictionary_string& string) noexcept  // NOLINT implicit
        : text_(string.text),
          static_id_(string.static_id),
          traits_((string.lasting ? lasts_in_dictionary : of_dictionary) |
                  (string.is_name ? of_name : 0u)) {}

    constexpr std::string_view text() const noexcept { return text_; }
    constexpr std::uint32_t static_id() const noexcept { return static_id_; }
    constexpr bool in_dictionary() const noexcept { return (traits_ & of_dictionary) != 0; }
    /// Whether it is a `dictionary_string` whose text lasts.
    constexpr bool lasting() const noexcept { return traits_ >= lasts_in_dictionary; }
    constexpr bool is_name() const noexcept { return (traits_ & of_name) != 0; }
    /// Both: what the names of a program's contracts are.
    constexpr bool is_lasting_name() const noexcept {
        return traits_ == (lasts_in_dictionary | of_name);
    }

private:
    static constexpr unsigned of_name = 1;
    static constexpr unsigned of_dictionary = 2;
    static constexpr unsigned lasts_in_dictionary = 4 | of_dictionary;

    std::string_view text_;
    std::uint32_t static_id_ = no_static_id;
    unsigned traits_ = 0;
};

namespace literals {

/// `"Echo"_dict`: a string that may travel as an id of the session's dictionary.
consteval dictionary_string operator""_dict(const char* text, std::size_t size) noexcept {
    return lasting_string(std::string_view(text, size));
}

}  // namespace literals
}  // namespace nettcp::nbfx
