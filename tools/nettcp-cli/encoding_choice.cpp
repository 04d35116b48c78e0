#include "encoding_choice.hpp"

#include "console.hpp"

#include <nettcp/channel/message_encoding.hpp>

namespace nettcp::cli {
namespace {

template <class Function>
void for_each_encoding(Function each) {
    for (std::uint8_t value = 0; is_defined(static_cast<framing::encoding>(value)); ++value) {
        const auto encoding = static_cast<framing::encoding>(value);
        if (channel::is_supported(encoding))
            each(encoding);
    }
}

}  // namespace

std::optional<framing::encoding> parse_encoding(const std::string& text) {
    auto found = framing::encoding_from_content_type(text);
    if (found && !channel::is_supported(*found))
        found.reset();
    for_each_encoding([&](framing::encoding each) {
        if (to_string(each) == text)
            found = each;
    });
    if (!found)
        complain(text + " is no encoding of a session; there are " + encoding_names());
    return found;
}

std::string encoding_names() {
    std::string all;
    for_each_encoding([&](framing::encoding each) {
        all += all.empty() ? "" : ", ";
        all += to_string(each);
    });
    return all;
}

}  // namespace nettcp::cli
