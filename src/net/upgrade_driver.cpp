#include <nettcp/net/upgrade_driver.hpp>

#include <nettcp/base/errc.hpp>
#include <nettcp/security/negotiate_upgrade.hpp>

#include <boost/asio/error.hpp>

#include <algorithm>
#include <utility>

namespace nettcp::net {

void upgrade_driver::start(std::unique_ptr<security::upgrade> engine) {
    engine_ = std::move(engine);
    input_end_ = output_end_ = {};
    is_established_ = is_failed_ = false;
}

upgrade_driver::need upgrade_driver::handshake(outcome& ended) {
    if (!is_established_ && !is_failed_) {
        switch (engine_->next_event()) {
        case security::upgrade_event::none: break;
        case security::upgrade_event::step_wanted: return need::step;
        case security::upgrade_event::established: is_established_ = true; break;
        case security::upgrade_event::failed: is_failed_ = true; break;
        }
    }
    // A failure is told to the peer first, as far as it still listens.
    if (engine_->output_size() != 0 && !output_end_)
        return need::output;
    ended.code = is_failed_ ? engine_->failure().code : output_end_;
    if (is_failed_ || is_established_ || output_end_)
        return need::nothing;
    if (!input_end_ || input_end_ == boost::asio::error::eof)
        return need::input;
    ended.code = input_end_;
    return need::nothing;
}

upgrade_driver::need upgrade_driver::read(std::span<std::byte> into, outcome& ended) {
    if (!is_established_) {
        ended.code = boost::asio::error::not_connected;
        return need::nothing;
    }
    if (into.empty())
        return need::nothing;
    const auto got = engine_->read(into);
    if (got.has_error())
        ended.code = got.error().code;
    else if (*got != 0)
        ended.size = *got;
    else if (input_end_ == boost::asio::error::eof && !engine_->surplus().empty())
        ended.code = make_error_code(base_errc::truncated);
    else if (input_end_)
        ended.code = input_end_;
    else
        return need::input;
    return need::nothing;
}

upgrade_driver::need upgrade_driver::start_write(bytes_view plain, outcome& ended) {
    if (!is_established_) {
        ended.code = boost::asio::error::not_connected;
        return need::nothing;
    }
    const bytes_view taken = plain.first(std::min(plain.size(), security::max_frame_plain));
    if (const auto written = engine_->write(taken); written.has_error()) {
        ended.code = written.error().code;
        return need::nothing;
    }
    ended.size = taken.size();
    return write(ended);
}

upgrade_driver::need upgrade_driver::write(outcome& ended) {
    if (engine_->output_size() != 0 && !output_end_)
        return need::output;
    if (output_end_)
        ended = {output_end_, 0};
    return need::nothing;
}

void upgrade_driver::received(const boost::system::error_code& code, std::size_t size) {
    if (size != 0)
        engine_->received(size);
    if (code == boost::asio::error::eof)
        engine_->received_eof();
    // A read that was cancelled has taken nothing, so another one may go on.
    if (code && code != boost::asio::error::operation_aborted)
        input_end_ = code;
}

void upgrade_driver::sent(const boost::system::error_code& code, std::size_t size) {
    engine_->output_sent(size);
    // A frame in part cannot be taken back: after that nothing may be written, not even when the
    // write was only cancelled.
    if (code)
        output_end_ = code;
}

}  // namespace nettcp::net
