#include "program_words.hpp"

#ifdef _WIN32
#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <shellapi.h>

#include <cstdio>
#include <cwchar>
#include <memory>
#endif

namespace nettcp::cli {

#ifdef _WIN32

std::vector<std::string> program_words(int count, char** words) {
    const std::unique_ptr<wchar_t*, decltype(&::LocalFree)> wide(
        ::CommandLineToArgvW(::GetCommandLineW(), &count), &::LocalFree);
    if (!wide)
        return {words, words + count};
    std::vector<std::string> all;
    for (int i = 0; i < count; ++i) {
        const wchar_t* word = wide.get()[i];
        const int units = static_cast<int>(std::wcslen(word));
        const int size =
            ::WideCharToMultiByte(CP_UTF8, 0, word, units, nullptr, 0, nullptr, nullptr);
        std::string& utf8 = all.emplace_back(static_cast<std::size_t>(size), '\0');
        ::WideCharToMultiByte(CP_UTF8, 0, word, units, utf8.data(), size, nullptr, nullptr);
    }
    return all;
}

void use_plain_streams() {
    for (std::FILE* stream : {stdin, stdout, stderr})
        ::_setmode(::_fileno(stream), _O_BINARY);
    ::SetConsoleOutputCP(CP_UTF8);
}

#else

std::vector<std::string> program_words(int count, char** words) {
    return {words, words + count};
}

void use_plain_streams() {}

#endif

}  // namespace nettcp::cli
