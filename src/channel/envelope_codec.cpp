#include <channel/envelope_codec.hpp>

#include <nettcp/base/errc.hpp>
#include <nettcp/base/multi_byte_int31.hpp>
#include <nettcp/framing/errc.hpp>
#include <nettcp/nbfx/errc.hpp>

#include <utility>

namespace nettcp::channel {
namespace {

/// Open elements of an envelope while its body is written.
constexpr std::uint32_t body_depth = 2;

}  // namespace

envelope_codec::envelope_codec(std::shared_ptr<message_pool> pool, std::uint32_t max_session_size,
                               std::uint32_t max_message_size)
    : pool_(std::move(pool)),
      max_session_size_(max_session_size),
      max_message_size_(max_message_size),
      sent_(max_session_size) {}

void envelope_codec::start(const payload_traits& traits, soap::addressing_version addressing,
                           bool fixed, std::string_view boundary) {
    version_ = {traits.soap, addressing};
    addressing_fixed_ = fixed;
    has_string_table_ = traits.has_string_table;
    const bool is_plain = traits.packed == compression::none && !traits.text;
    table_in_front_ = has_string_table_ && is_plain;
    conversion_.reset();
    if (!is_plain) {
        conversion_ = std::make_unique<payload_conversion>(traits, pool_->quotas(),
                                                           max_message_size_, !fixed, boundary);
    }
    received_.reset();
    if (has_string_table_)
        received_ = std::make_shared<nbfx::received_dictionary>(max_session_size_);
    sent_ = nbfx::sent_dictionary(max_session_size_);
    sent_headers_.reset();
    received_headers_.reset();
    has_sent_ = has_received_ = false;
}

result<message> envelope_codec::decode(bytes_view payload, framing::session* from) {
    return noted(conversion_ ? decode_converted(payload) : make_message(payload, from));
}

result<message> envelope_codec::decode_unpacked(bytes_view document) {
    return noted(make_message(document, nullptr));
}

/// Takes over what the peer's message shows of its version.
result<message> envelope_codec::noted(result<message> decoded) {
    if (!addressing_fixed_ && decoded)
        version_.addressing = decoded->headers().addressing;
    return decoded;
}

result<message> envelope_codec::decode_converted(bytes_view payload) {
    const auto unpacked = conversion_->unpacked(payload);
    if (!unpacked)
        return unpacked.error();
    auto made = make_message(*unpacked, nullptr);
    conversion_->release();
    return made;
}

result<message> envelope_codec::make_message(bytes_view document, framing::session* from) {
    if (has_string_table_) {
        const auto table = received_->read_table(document);
        if (!table)
            return table.error();
        document = document.subspan(*table);
    }
    if (std::exchange(has_received_, true) && received_headers_ == nullptr)
        received_headers_ = std::make_unique<soap::received_headers>();
    soap::received_headers* const known = received_headers_.get();
    return from != nullptr ? pool_->take_message(*from, document, received_, version_.soap, known)
                           : pool_->make_message(document, received_, version_.soap, known);
}

nbfx::writer& envelope_codec::begin(octet_buffer& out, const soap::outgoing_headers& headers,
                                    const std::function<void(nbfx::writer&)>& more_headers) {
    converts_ = conversion_ != nullptr;
    nbfx::writer& writer = make_writer();
    writer.open(converts_ ? conversion_->begin() : out, has_string_table_ ? &sent_ : nullptr);
    if (std::exchange(has_sent_, true) && sent_headers_ == nullptr)
        sent_headers_ = std::make_unique<soap::sent_headers>();
    soap::write_envelope_start(writer, headers, more_headers, version_, sent_headers_.get());
    return writer;
}

nbfx::writer&
envelope_codec::begin_unpacked(octet_buffer& out, const soap::outgoing_headers& headers,
                               const std::function<void(nbfx::writer&)>& more_headers) {
    converts_ = false;
    nbfx::writer& writer = make_writer();
    writer.open(out);
    soap::write_envelope_start(writer, headers, more_headers, version_);
    return writer;
}

result<void> envelope_codec::finish(octet_buffer* out) {
    nbfx::writer& writer = *writer_;
    if (writer.ok() && writer.depth() != body_depth)
        writer.fail(make_error_code(nbfx::errc::write_element_open), writer.depth());
    soap::write_envelope_end(writer);
    auto written = writer.finish();
    if (written && converts_)
        return finish_converted(*out);
    return written;
}

result<void> envelope_codec::finish_converted(octet_buffer& out) {
    // Compression adds little at worst. Checked before the strings count as sent: from there on
    // nothing may fail.
    constexpr std::size_t largest = max_multi_byte_int31 - (max_multi_byte_int31 >> 8);
    if (conversion_->size() > largest)
        return error{make_error_code(framing::errc::envelope_too_large)};
    std::vector<std::byte> table(has_string_table_ ? sent_.table_size() : 0);
    if (has_string_table_)
        sent_.write_table(table.data());
    auto packed = conversion_->pack(table, out);
    conversion_->release();
    return packed;
}

void envelope_codec::roll_back() noexcept {
    writer_->fail(make_error_code(base_errc::invalid_state));
    sent_.roll_back();
}

nbfx::writer& envelope_codec::refuse(boost::system::error_code why) {
    nbfx::writer& writer = make_writer();
    if (nowhere_ == nullptr)
        nowhere_ = std::make_unique<octet_buffer>();
    nowhere_->clear();
    writer.open(*nowhere_);
    writer.fail(why);
    return writer;
}

}  // namespace nettcp::channel
