#include <channel/payload_conversion.hpp>

#include <channel/mtom_encoding.hpp>

#include <nettcp/channel/errc.hpp>

namespace nettcp::channel {
namespace {

/// What is kept from one message to the next.
constexpr std::size_t kept_size = std::size_t{8} << 10;

}  // namespace

result<bytes_view> payload_conversion::unpacked(bytes_view payload) {
    work_.clear();
    if (traits_.text) {
        if (const auto read = read_text(payload); !read)
            return read.error();
    } else if (const auto read = decompress(traits_.packed, payload, work_, max_size_); !read) {
        return read.error();
    }
    return work_.view();
}

result<void> payload_conversion::read_text(bytes_view payload) {
    if (traits_.mime)
        return read_mime(payload);
    const charset found = charset_of(payload);
    if ((found == charset::utf8) != (*traits_.text == charset::utf8))
        return error{make_error_code(errc::charset_mismatch)};
    follow(found);
    return document_from_text(payload, found, quotas_, work_);
}

result<void> payload_conversion::read_mime(bytes_view payload) {
    charset found = charset::utf8;
    if (const auto read = document_from_mtom(payload, quotas_, work_, found); !read)
        return read;
    follow(found);
    return {};
}

octet_buffer& payload_conversion::begin() noexcept {
    work_.clear();
    return work_;
}

result<void> payload_conversion::pack(bytes_view table, octet_buffer& out) {
    if (traits_.mime)
        return mtom_from_document(work_.view(), *traits_.text, traits_.soap, out, text_,
                                  boundary_.empty() ? first_boundary : boundary_);
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
        std::string().swap(text_);  // an assignment may keep the storage
}

}  // namespace nettcp::channel
