#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/security/upgrade.hpp>

#include <boost/system/error_code.hpp>

#include <memory>
#include <span>

namespace nettcp::net {

/// The part of `negotiate_stream` that depends on no stream type: it says what an operation needs
/// next, and what came of it. Decides nothing that the engine can decide.
class NETTCP_EXPORT upgrade_driver {
public:
    enum class need : std::uint8_t {
        step,    ///< run `take_step()`, then `stepped()`
        output,  ///< send from `engine().output()`, then `sent()`
        input,   ///< receive into `engine().input_space()`, then `received()`
        nothing  ///< the operation has ended
    };
    /// How an operation ended.
    struct outcome {
        boost::system::error_code code;
        std::size_t size = 0;
    };

    /// Takes the engine of a new handshake.
    void start(std::unique_ptr<security::upgrade> engine);
    bool is_started() const noexcept { return engine_ != nullptr; }
    bool is_established() const noexcept { return is_established_; }
    security::upgrade& engine() noexcept { return *engine_; }
    const security::upgrade& engine() const noexcept { return *engine_; }

    /// What the handshake needs.
    need handshake(outcome& ended);
    std::unique_ptr<security::mechanism_step> take_step() { return engine_->take_step(); }
    void stepped(std::unique_ptr<security::mechanism_step> step) {
        engine_->stepped(std::move(step));
    }

    /// What a read into `into` needs.
    need read(std::span<std::byte> into, outcome& ended);

    /// Protects at most one frame's worth of `plain`; `ended.size` is what was taken of it.
    need start_write(bytes_view plain, outcome& ended);
    /// What a write needs after that.
    need write(outcome& ended);

    void received(const boost::system::error_code& code, std::size_t size);
    void sent(const boost::system::error_code& code, std::size_t size);

private:
    std::unique_ptr<security::upgrade> engine_;
    boost::system::error_code input_end_;   ///< why nothing more comes
    boost::system::error_code output_end_;  ///< why nothing more goes
    bool is_established_ = false;
    bool is_failed_ = false;
};

}  // namespace nettcp::net
