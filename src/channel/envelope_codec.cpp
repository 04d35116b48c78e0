#include <channel/envelope_codec.hpp>

#include <nettcp/base/errc.hpp>
#include <nettcp/nbfx/errc.hpp>

#include <utility>

namespace nettcp::channel {
namespace {

/// Open elements of an envelope while its body is written.
constexpr std::uint32_t body_depth = 2;

}  // namespace

envelope_codec::envelope_codec(std::shared_ptr<message_pool> pool, std::uint32_t max_session_size)
    : pool_(std::move(pool)), max_session_size_(max_session_size), sent_(max_session_size) {}

void envelope_codec::start() {
    received_ = std::make_shared<nbfx::received_dictionary>(max_session_size_);
    sent_ = nbfx::sent_dictionary(max_session_size_);
}

result<message> envelope_codec::decode(bytes_view payload) {
    const auto table = received_->read_table(payload);
    if (!table)
        return table.error();
    return pool_->make_message(payload.subspan(*table), received_);
}

nbfx::writer& envelope_codec::begin(octet_buffer& out, const soap::outgoing_headers& headers,
                                    const std::function<void(nbfx::writer&)>& more_headers) {
    writer_.open(out, &sent_);
    soap::write_envelope_start(writer_, headers, more_headers);
    return writer_;
}

result<void> envelope_codec::finish() {
    if (writer_.ok() && writer_.depth() != body_depth)
        writer_.fail(make_error_code(nbfx::errc::write_element_open), writer_.depth());
    soap::write_envelope_end(writer_);
    return writer_.finish();
}

void envelope_codec::roll_back() noexcept {
    writer_.fail(make_error_code(base_errc::invalid_state));
    sent_.roll_back();
}

nbfx::writer& envelope_codec::refuse(boost::system::error_code why) {
    nowhere_.clear();
    writer_.open(nowhere_);
    writer_.fail(why);
    return writer_;
}

}  // namespace nettcp::channel
