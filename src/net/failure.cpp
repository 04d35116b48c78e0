#include <nettcp/net/failure.hpp>

namespace nettcp {

struct failure::content {
    nettcp::diagnostics known;
    std::string text;
};

failure::failure(const nettcp::diagnostics& known)
    : system_error(known.code),
      content_(std::make_shared<const content>(content{known, known.message()})) {}

failure::~failure() = default;

const diagnostics& failure::diagnostics() const noexcept {
    return content_->known;
}

const char* failure::what() const noexcept {
    return content_->text.c_str();
}

}  // namespace nettcp
