#include <channel/payload_conversion.hpp>

namespace nettcp::channel {
namespace {

/// What is kept from one message to the next.
constexpr std::size_t kept_size = std::size_t{8} << 10;

}  // namespace

result<bytes_view> payload_conversion::unpacked(bytes_view payload) {
    work_.clear();
    if (traits_.text) {
        if (auto read = document_from_text(payload, *traits_.text, quotas_, work_); !read)
            return read.error();
    } else if (auto read = decompress(traits_.packed, payload, work_, max_size_); !read) {
        return read.error();
    }
    return work_.view();
}

octet_buffer& payload_conversion::begin() noexcept {
    work_.clear();
    return work_;
}

result<void> payload_conversion::pack(bytes_view table, octet_buffer& out) {
    if (traits_.text)
        return text_from_document(work_.view(), *traits_.text, out, text_);
    compress(traits_.packed, {table, work_.view()}, out);
    return {};
}

void payload_conversion::release() noexcept {
    work_.clear();
    if (work_.capacity() > kept_size)
        work_ = octet_buffer();
    text_.clear();
    if (text_.capacity() > kept_size)
        text_ = std::string();
}

}  // namespace nettcp::channel
