#pragma once

#include <nettcp/base/input_buffer.hpp>
#include <nettcp/base/output_queue.hpp>
#include <nettcp/security/handshake_error.hpp>
#include <nettcp/security/handshake_message.hpp>
#include <nettcp/security/negotiate_upgrade.hpp>

#include <string>

namespace nettcp::security {

/// See `make_negotiate_upgrade`.
class negotiate_upgrade final : public upgrade {
public:
    negotiate_upgrade(role side, std::shared_ptr<mechanism> by, const negotiate_limits& limits);

    std::span<std::byte> input_space() override;
    void received(std::size_t size) override;
    void received_eof() override { is_eof_ = true; }
    bytes_view output() override { return output_.lend(); }
    void output_sent(std::size_t size) override { output_.sent(size); }
    std::size_t output_size() const noexcept override { return output_.size(); }
    bytes_view surplus() const noexcept override;
    void release_memory() override;

    upgrade_event next_event() override;
    std::unique_ptr<mechanism_step> take_step() override;
    void stepped(std::unique_ptr<mechanism_step> step) override;

    result<std::size_t> read(std::span<std::byte> into) override;
    result<void> write(bytes_view plain) override;

    const party& peer() const noexcept override;
    const error& failure() const noexcept override { return failure_; }
    std::string_view said() const noexcept override { return said_; }

private:
    /// What comes next.
    enum class state : std::uint8_t {
        messages,  ///< a message of the peer
        step,      ///< `take_step`
        stepping,  ///< `stepped`
        told,      ///< established or failed, to be told by `next_event`
        open,
        failed,
    };

    // The handshake.
    void take_messages();
    bool judge_header(bytes_view held);
    void take_error(bytes_view payload);
    void take_result(step_result& result);
    void queue_message(handshake_message type, bytes_view payload);
    void queue_error(std::uint32_t code);
    void establish();

    // Frames.
    result<bool> open_frame();
    bool drain_plain(std::span<std::byte>& into);
    result<void> write_frame(bytes_view plain);

    void consume(std::size_t size) noexcept;
    void fail(boost::system::error_code code, std::uint64_t at, std::uint32_t got = 0);
    bool failed() const noexcept { return !!failure_.code; }
    std::size_t missing() const noexcept;

    std::shared_ptr<mechanism> mechanism_;
    input_buffer input_;
    output_queue output_;
    octet_buffer token_;  ///< the peer's, for the next step
    error failure_;
    std::string said_;
    negotiate_limits limits_;
    std::uint64_t consumed_ = 0;     ///< octets of the peer used so far
    std::uint32_t messages_ = 0;     ///< of the peer
    std::uint32_t tokens_size_ = 0;  ///< octets of the peer's tokens

    // Of the frame opened last: plain octets not read yet, either at the front of `input_` with
    // what else the frame has behind them, or the mechanism's.
    std::size_t plain_size_ = 0;
    std::size_t trailer_size_ = 0;
    bytes_view lent_plain_;

    role side_;
    state state_;
    bool is_complete_ = false;  ///< our context
    bool is_peer_done_ = false;  ///< a done message came
    bool is_raw_ = false;
    bool is_eof_ = false;
};

}  // namespace nettcp::security
