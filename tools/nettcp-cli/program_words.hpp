#pragma once

#include <string>
#include <vector>

namespace nettcp::cli {

/// The command line in UTF-8, the program's name first. On Windows, where `main` gets it in a code
/// page that cannot hold every character, it comes from the system instead.
std::vector<std::string> program_words(int count, char** words);

/// Lets octets pass unchanged through the standard streams, and has a console show them as UTF-8.
/// Only Windows would do otherwise.
void use_plain_streams();

}  // namespace nettcp::cli
