#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace load {

/// What stands on the command line behind the name of a part: `N` or `--name value`.
class choices {
public:
    explicit choices(const std::vector<std::string>& words) {
        for (std::size_t i = 0; i != words.size(); ++i) {
            if (!words[i].starts_with("--")) {
                named_["number"] = words[i];
                continue;
            }
            if (i + 1 == words.size())
                throw std::runtime_error(words[i] + " needs a value");
            named_[words[i].substr(2)] = words[i + 1];
            ++i;
        }
    }

    std::string text(const std::string& name) const {
        const auto found = named_.find(name);
        return found == named_.end() ? std::string() : found->second;
    }
    unsigned long number(const std::string& name, unsigned long otherwise) const {
        const std::string given = text(name);
        return given.empty() ? otherwise : std::stoul(given);
    }
    /// The number that has no name.
    unsigned long number(unsigned long otherwise) const { return number("number", otherwise); }

private:
    std::map<std::string, std::string> named_;
};

}  // namespace load
