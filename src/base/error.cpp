#include <nettcp/base/error.hpp>

#include <charconv>

namespace nettcp {
namespace {

void append_count(std::string& out, std::uint32_t number) {
    out += std::to_string(number);
    if (number == clamp_u32(~std::uint64_t{0}))
        out += " or more";
}

}  // namespace

std::string value_in_words(const error& failure) {
    std::string words;
    if (failure.limit != 0) {
        words = ", ";
        if (failure.got != 0) {
            append_count(words, failure.got);
            words += " where ";
        }
        words += "the limit is ";
        append_count(words, failure.limit);
    } else if (failure.got != 0) {
        char digits[8];
        const auto end = std::to_chars(std::begin(digits), std::end(digits), failure.got, 16);
        words.append(", value 0x").append(digits, end.ptr);
    }
    return words;
}

}  // namespace nettcp
