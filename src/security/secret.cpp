#include <nettcp/security/secret.hpp>

#include <utility>

namespace nettcp::security {

// Not by swapping: a short text would stay behind in the other's own storage.
secret::secret(secret&& other) noexcept {
    text_ = other.text_;
    other.wipe();
}

secret& secret::operator=(const secret& other) {
    if (this != &other) {
        wipe();
        text_ = other.text_;
    }
    return *this;
}

secret& secret::operator=(secret&& other) noexcept {
    if (this != &other) {
        wipe();
        text_ = other.text_;
        other.wipe();
    }
    return *this;
}

void secret::wipe() noexcept {
    // Through a volatile pointer, since nobody reads these octets any more.
    volatile char* octets = text_.data();
    for (std::size_t i = 0; i < text_.size(); ++i)
        octets[i] = 0;
    text_.clear();
}

}  // namespace nettcp::security
