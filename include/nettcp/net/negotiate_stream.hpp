#pragma once

#include <nettcp/net/upgrade_driver.hpp>
#include <nettcp/security/negotiate_upgrade.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace nettcp {

/// A stream that is authenticated and protected by [MS-NNS] over another stream, the counterpart of
/// .NET's NegotiateStream. Has Asio's AsyncReadStream and AsyncWriteStream when `AsyncStream` has
/// them; `async_read`, `async_write` and the like work on it.
///
/// Use it as Asio's own streams: from one thread or strand at a time, with at most one read and one
/// write under way, which may overlap. It must live until its operations have ended. All completion
/// tokens work; cancellation of an operation cancels what it does on the next layer, and takes
/// effect after a step of a mechanism that is running. A cancelled read loses nothing, after a
/// cancelled write nothing can be written any more.
///
/// There is no end within the protection: an end of the next layer between two frames is
/// `asio::error::eof`, one within a frame `base_errc::truncated`.
template <class AsyncStream>
class negotiate_stream {
public:
    using next_layer_type = std::remove_reference_t<AsyncStream>;
    using lowest_layer_type = typename next_layer_type::lowest_layer_type;
    using executor_type = typename next_layer_type::executor_type;

    /// Constructs the next layer, or takes a reference to it when `AsyncStream` is one.
    template <class Arg>
    explicit negotiate_stream(Arg&& next) : next_(std::forward<Arg>(next)) {}

    executor_type get_executor() noexcept { return next_.get_executor(); }
    next_layer_type& next_layer() noexcept { return next_; }
    lowest_layer_type& lowest_layer() noexcept { return next_.lowest_layer(); }

    /// Performs a handshake as this side, with what `by` does. Its steps may block, for a KDC for
    /// instance, and run on `steps`: a thread pool's executor. Completes as `void(error_code)`,
    /// with a code of the mechanism, one of `security::errc`, or one of the next layer.
    template <class Token>
    auto async_handshake(security::role side, std::shared_ptr<security::mechanism> by,
                         boost::asio::any_io_executor steps, Token&& token) {
        return async_handshake(security::make_negotiate_upgrade(side, std::move(by)),
                               std::move(steps), std::forward<Token>(token));
    }
    /// The same with an engine that is made elsewhere, for instance by an upgrade factory of
    /// `security::make_upgrades` for `windows_client` or `windows_service`.
    template <class Token>
    auto async_handshake(std::unique_ptr<security::upgrade> engine,
                         boost::asio::any_io_executor steps, Token&& token) {
        driver_.start(std::move(engine));
        return boost::asio::async_compose<Token, void(boost::system::error_code)>(
            handshake_operation{*this, std::move(steps)}, token, next_);
    }

    /// Reads some plain octets. `void(error_code, std::size_t)`.
    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        boost::asio::mutable_buffer into;
        for (auto at = boost::asio::buffer_sequence_begin(buffers);
             into.size() == 0 && at != boost::asio::buffer_sequence_end(buffers); ++at)
            into = *at;
        return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
            read_operation{*this, {static_cast<std::byte*>(into.data()), into.size()}}, token,
            next_);
    }
    /// Writes some plain octets: of the first buffer that has any, and as one frame of at most
    /// `security::max_frame_plain` octets. `void(error_code, std::size_t)`.
    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        boost::asio::const_buffer from;
        for (auto at = boost::asio::buffer_sequence_begin(buffers);
             from.size() == 0 && at != boost::asio::buffer_sequence_end(buffers); ++at)
            from = *at;
        return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
            write_operation{*this, {static_cast<const std::byte*>(from.data()), from.size()}},
            token, next_);
    }

    /// A handshake has ended well.
    bool is_authenticated() const noexcept { return driver_.is_established(); }
    /// Who the other side is and what protects the octets, once authenticated.
    const security::party& peer() const noexcept { return driver_.engine().peer(); }
    /// Of the handshake or frame that failed: the rule, the offset, the mechanism's own code.
    const error& failure() const noexcept { return driver_.engine().failure(); }
    /// Words about that failure, from the mechanism or the peer; may be empty.
    std::string_view said() const noexcept { return driver_.engine().said(); }
    /// Octets received and not read: those that follow the last frame that was read.
    bytes_view surplus() const noexcept { return driver_.engine().surplus(); }

private:
    using need = net::upgrade_driver::need;
    using outcome = net::upgrade_driver::outcome;

    template <class Operation>
    void send(Operation&& operation) {
        const bytes_view out = driver_.engine().output();
        next_.async_write_some(boost::asio::const_buffer(out.data(), out.size()),
                               std::forward<Operation>(operation));
    }
    template <class Operation>
    void receive(Operation&& operation) {
        const auto space = driver_.engine().input_space();
        next_.async_read_some(boost::asio::mutable_buffer(space.data(), space.size()),
                              std::forward<Operation>(operation));
    }

    struct handshake_operation {
        negotiate_stream& stream;
        boost::asio::any_io_executor steps;
        need doing = need::nothing;

        template <class Self>
        void operator()(Self& self) {
            self.reset_cancellation_state(boost::asio::enable_total_cancellation());
            proceed(self);
        }
        /// The next layer has sent or received.
        template <class Self>
        void operator()(Self& self, const boost::system::error_code& code, std::size_t size) {
            if (doing == need::output)
                stream.driver_.sent(code, size);
            else
                stream.driver_.received(code, size);
            if (code == boost::asio::error::operation_aborted)
                return self.complete(code);
            proceed(self);
        }
        /// A step has been run.
        template <class Self>
        void operator()(Self& self, std::unique_ptr<security::mechanism_step> step) {
            stream.driver_.stepped(std::move(step));
            if (self.cancelled() != boost::asio::cancellation_type::none)
                return self.complete(boost::asio::error::operation_aborted);
            proceed(self);
        }

        template <class Self>
        void proceed(Self& self) {
            outcome ended;
            const bool is_first = doing == need::nothing;
            doing = stream.driver_.handshake(ended);
            switch (doing) {
            case need::step: return run_step(self);
            case need::output: return stream.send(std::move(self));
            case need::input: return stream.receive(std::move(self));
            case need::nothing: break;
            }
            if (!is_first)
                return self.complete(ended.code);
            boost::asio::post(
                stream.executor_of(self),
                [self = std::move(self), code = ended.code]() mutable { self.complete(code); });
        }

        /// On the user's executor, and back. The step is the lambdas', so it runs, and is
        /// destroyed, whatever becomes of the stream.
        template <class Self>
        void run_step(Self& self) {
            auto on = steps;
            auto back = stream.executor_of(self);
            auto step = stream.driver_.take_step();
            boost::asio::post(on, [self = std::move(self), back = std::move(back),
                                   step = std::move(step)]() mutable {
                step->run();
                auto executor = back;
                boost::asio::post(executor,
                                  [self = std::move(self), step = std::move(step)]() mutable {
                                      self(std::move(step));
                                  });
            });
        }
    };

    struct read_operation {
        negotiate_stream& stream;
        std::span<std::byte> into;

        template <class Self>
        void operator()(Self& self) {
            self.reset_cancellation_state(boost::asio::enable_total_cancellation());
            proceed(self, true);
        }
        template <class Self>
        void operator()(Self& self, const boost::system::error_code& code, std::size_t size) {
            stream.driver_.received(code, size);
            if (code == boost::asio::error::operation_aborted)
                return self.complete(code, 0);
            proceed(self, false);
        }

        template <class Self>
        void proceed(Self& self, bool is_first) {
            outcome ended;
            if (stream.driver_.read(into, ended) == need::input)
                return stream.receive(std::move(self));
            stream.end(self, is_first, ended);
        }
    };

    struct write_operation {
        negotiate_stream& stream;
        bytes_view from;
        outcome ended = {};

        template <class Self>
        void operator()(Self& self) {
            self.reset_cancellation_state(boost::asio::enable_total_cancellation());
            proceed(self, stream.driver_.start_write(from, ended), true);
        }
        template <class Self>
        void operator()(Self& self, const boost::system::error_code& code, std::size_t size) {
            stream.driver_.sent(code, size);
            proceed(self, stream.driver_.write(ended), false);
        }

        template <class Self>
        void proceed(Self& self, need next, bool is_first) {
            if (next == need::output)
                return stream.send(std::move(self));
            stream.end(self, is_first, ended);
        }
    };

    /// Where the operation's own steps run: where its handler wants to, else with the next layer.
    template <class Self>
    auto executor_of(const Self& self) {
        return boost::asio::get_associated_executor(self, get_executor());
    }

    /// Ends an operation, by a detour when the call that began it has not returned yet.
    template <class Self>
    void end(Self& self, bool is_first, outcome ended) {
        if (!is_first)
            return self.complete(ended.code, ended.size);
        const auto on = executor_of(self);
        boost::asio::post(on, [self = std::move(self), ended]() mutable {
            self.complete(ended.code, ended.size);
        });
    }

    AsyncStream next_;
    net::upgrade_driver driver_;
};

template <class AsyncStream>
negotiate_stream(AsyncStream&&) -> negotiate_stream<std::decay_t<AsyncStream>>;

}  // namespace nettcp
