// Decides what is said of a soak.
#include "load/soak_actor.hpp"

#include "load/texts.hpp"

namespace load {

std::string soak_book::figures() const {
    static constexpr const char* names[] = {"sessions",  "calls",    "one-way messages",
                                            "callbacks", "uploads",  "downloads",
                                            "cancelled", "given up", "aborted sessions"};
    std::string text;
    for (std::size_t i = 0; i != count; ++i)
        text += (i == 0 ? "" : ", ") + std::to_string(counts_[i]) + ' ' + names[i];
    return text;
}

void soak_book::wrong(const std::string& what) {
    const std::lock_guard lock(guard_);
    if (wrong_.size() < 4000)
        wrong_ += "\n    " + what;
}

void soak_book::failed(const boost::system::error_code& code) {
    const std::lock_guard lock(guard_);
    ++failures_[code.message() + " [" + code.category().name() + ']'];
}

void soak_book::must_be_right() const {
    const std::lock_guard lock(guard_);
    must(wrong_.empty(), "this must never be:" + wrong_);
}

std::string soak_book::failures() const {
    const std::lock_guard lock(guard_);
    std::string text;
    for (const auto& [said, times] : failures_)
        text += "    " + std::to_string(times) + "  " + said + '\n';
    return text;
}

}  // namespace load
