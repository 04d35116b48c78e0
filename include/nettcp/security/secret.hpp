#pragma once

#include <nettcp/base/export.hpp>

#include <string>
#include <string_view>

namespace nettcp::security {

/// A text that must not stay in memory when it is no longer needed, such as a password.
/// Copies are wiped on their own. It is never printed.
class NETTCP_EXPORT secret {
public:
    secret() noexcept = default;
    secret(std::string_view text) : text_(text) {}
    secret(const char* text) : text_(text) {}
    secret(const secret&) = default;
    secret(secret&& other) noexcept;
    secret& operator=(const secret& other);
    secret& operator=(secret&& other) noexcept;
    ~secret() { wipe(); }

    /// The text itself; dies with the secret.
    std::string_view reveal() const noexcept { return text_; }
    bool empty() const noexcept { return text_.empty(); }
    /// Overwrites the text and forgets it.
    void wipe() noexcept;

private:
    std::string text_;
};

}  // namespace nettcp::security
