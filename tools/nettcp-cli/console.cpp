#include "console.hpp"

#include <nettcp/base/utf8.hpp>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <unistd.h>

namespace nettcp::cli {

bool is_terminal(std::FILE* stream) noexcept {
    return ::isatty(::fileno(stream)) != 0;
}

bool wants_colours(std::FILE* stream) noexcept {
    const char* refused = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    return (refused == nullptr || *refused == '\0') &&
           (terminal == nullptr || std::strcmp(terminal, "dumb") != 0) && is_terminal(stream);
}

void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

void print_error(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
}

void complain(std::string_view sentence) {
    print_error("nettcp: " + for_terminal(sentence) + "\n");
}

bool flush_output() {
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0)
        return true;
    complain(std::string("cannot write the output: ") + std::strerror(errno));
    return false;
}

std::optional<std::string> read_input(const std::string& name) {
    const auto close = [](std::FILE* file) {
        if (file != stdin)
            std::fclose(file);
    };
    const std::unique_ptr<std::FILE, decltype(close)> file(
        name == "-" ? stdin : std::fopen(name.c_str(), "rb"), close);
    std::string content;
    if (file) {
        char part[65536];
        while (const std::size_t size = std::fread(part, 1, sizeof part, file.get()))
            content.append(part, size);
    }
    if (!file || std::ferror(file.get()) != 0) {
        complain("cannot read " + name + ": " + std::strerror(errno));
        return std::nullopt;
    }
    return content;
}

std::string as_utf8(std::string_view text) {
    std::string out;
    for (;;) {
        const std::size_t good = find_invalid_utf8(text);
        out += text.substr(0, good);
        if (good == text.size())
            return out;
        out += "\xef\xbf\xbd";
        text.remove_prefix(good + 1);
    }
}

std::string for_terminal(std::string_view text) {
    std::string out;
    const auto reference = [&out](unsigned char code) {
        char written[8];
        std::snprintf(written, sizeof written, "&#x%X;", static_cast<unsigned>(code));
        out += written;
    };
    const std::string clean = as_utf8(text);
    for (std::size_t i = 0; i < clean.size(); ++i) {
        const auto octet = static_cast<unsigned char>(clean[i]);
        const auto next = static_cast<unsigned char>(i + 1 < clean.size() ? clean[i + 1] : 0);
        if ((octet < 0x20 && octet != '\n' && octet != '\t') || octet == 0x7f) {
            reference(octet);
        } else if (octet == 0xc2 && next < 0xa0) {  // U+0080 to U+009F: terminals obey these too
            reference(next);
            ++i;
        } else {
            out += clean[i];
        }
    }
    return out;
}

}  // namespace nettcp::cli
