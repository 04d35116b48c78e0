#pragma once

#include <nettcp/service/host_metrics.hpp>
#include <nettcp/service/host_options.hpp>
#include <nettcp/net/transfer_mode.hpp>
#include <nettcp/security/tls.hpp>
#include <nettcp/security/windows.hpp>
#include <nettcp/service/service.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace nettcp {

class host_core;

/// Where a host listens: what the system made of the address asked for.
struct listening_address {
    std::string ip;  ///< without brackets
    std::uint16_t port = 0;
};

/// How an endpoint is secured: not at all (`SecurityMode.None`), or by transport security with
/// Windows credentials or TLS.
using service_security =
    std::variant<std::monostate, security::windows_service, security::tls_service>;

/// Choices of one endpoint.
struct endpoint_options {
    /// What callers must use to be let in, and what they must prove. Files are read when the
    /// endpoint is added.
    service_security security = {};
    /// Whether this caller may do this; asked for each message that has a handler, before the
    /// handler. False, or an exception, is answered with WCF's fault for denied access. Empty:
    /// everybody who was let in may do everything. Runs on the host's executor: be quick.
    std::function<bool(const session_info& session, std::string_view action)> authorize = {};
    /// Accept any port in To, not only the endpoint's: for hosts that are reached through a
    /// mapped port. WCF has no such choice.
    bool any_port = false;
    /// The encodings that sessions may have. Others are refused with the fault ContentTypeInvalid.
    /// WCF's endpoints have one each, NetTcpBinding's this one.
    channel::encoding_set encodings = framing::encoding::binary_session;
    /// How callers must transfer messages; others are refused with the fault UnsupportedMode.
    /// Streamed transfers take the encodings above without session dictionaries.
    transfer_mode transfer = transfer_mode::buffered;
};

/// Serves WCF clients over net.tcp: listens, and hands requests to services.
///
/// Several endpoints share a port. A session belongs to the endpoint with the longest address that
/// its via starts with; host and port of the via do not matter, nor does letter case. Each message
/// must then have the endpoint's address in To: scheme, port and path, but not the host.
///
/// Runs on an executor of the user's, which must be sequential, or on a thread of its own. In the
/// first case all members are to be used from that executor, or while it does not run; in the
/// second from any thread, but not from a handler where they block.
///
/// Move-only. Destroying it aborts all connections; `async_stop` or `stop` end them well.
class NETTCP_EXPORT service_host {
public:
    /// Runs on `executor`.
    explicit service_host(boost::asio::any_io_executor executor, host_options options = {});
    /// Runs on a thread of its own after `start()`, or within `run()`.
    explicit service_host(host_options options = {});
    service_host(service_host&&) noexcept;
    service_host& operator=(service_host&&) noexcept;
    ~service_host();

    boost::asio::any_io_executor get_executor() const;

    /// Adds an endpoint: a path, which goes with every port that the host listens on, or a
    /// `net.tcp` URI, whose port messages must then have in To. Throws `nettcp::failure` with
    /// `net::errc::endpoint_invalid` or `endpoint_duplicate`, or with what is wrong with the
    /// endpoint's security, such as `security::errc::certificate_unusable` or `keytab_missing`.
    void add_endpoint(std::string_view address, service operations, endpoint_options options = {});

    /// Listens on an address, such as `127.0.0.1` or `::1`; `*` or nothing stands for all of the
    /// machine's, IPv6 and IPv4. Port 0 lets the system choose. May be called several times.
    /// Throws `nettcp::failure` with `net::errc::listen_failed`, or `host_stopping`.
    listening_address listen(std::string_view ip, std::uint16_t port);
    /// The same without exceptions; `why` may be null.
    listening_address listen(std::string_view ip, std::uint16_t port,
                             boost::system::error_code& code, diagnostics* why = nullptr);

    /// Stops listening, lets calls in progress end and answer, ends sessions, closes connections:
    /// `void(error_code)`. What is not over after `patience` is aborted, and the code is then
    /// `net::errc::timed_out`. Cancelling does the same at once, with `operation_aborted`.
    template <class Token>
    auto async_stop(host_options::duration patience, Token&& token) {
        return boost::asio::async_initiate<Token, void(boost::system::error_code)>(
            stop_initiation{core_}, token, patience);
    }

    /// Runs the host on a thread of its own. Throws `nettcp::failure` with `already_started`, or
    /// `runtime_missing` when the executor is the user's.
    void start();
    /// Runs the host on the calling thread until it has been stopped. Throws like `start()`.
    void run();
    /// `async_stop`, then waits for it and for the host's thread. On the host's own thread it
    /// fails with `would_deadlock`, and like `start()` without one of its own.
    boost::system::error_code stop(host_options::duration patience = std::chrono::seconds(10));

    /// Connections and calls in progress now, for monitoring. Any thread.
    std::size_t connections() const noexcept;
    std::size_t calls() const noexcept;
    /// What the host has done so far, and what is there now. Any thread; cheap.
    host_metrics metrics() const noexcept;
    /// Whether it serves, and how full it is. Any thread; cheap.
    host_health health() const noexcept;

private:
    struct runtime;

    /// Who waits for the host to have stopped.
    struct stop_waiter {
        virtual void complete(boost::system::error_code code) = 0;
        virtual ~stop_waiter() = default;
    };
    template <class Handler>
    struct typed_stop_waiter;
    struct stop_initiation {
        std::shared_ptr<host_core> core;

        using executor_type = boost::asio::any_io_executor;
        executor_type get_executor() const { return executor_of(*core); }

        template <class Handler>
        void operator()(Handler&& handler, host_options::duration patience) {
            if (auto slot = boost::asio::get_associated_cancellation_slot(handler);
                slot.is_connected()) {
                slot.assign([weak = std::weak_ptr(core)](boost::asio::cancellation_type type) {
                    if (type != boost::asio::cancellation_type::none)
                        cancel_stop(weak);
                });
            }
            begin_stop(
                core, patience,
                std::make_unique<typed_stop_waiter<std::decay_t<Handler>>>(
                    std::decay_t<Handler>(std::forward<Handler>(handler)), executor_of(*core)));
        }
    };
    friend class host_core;

    static void begin_stop(const std::shared_ptr<host_core>& core, host_options::duration patience,
                           std::unique_ptr<stop_waiter> waiter);
    static void cancel_stop(const std::weak_ptr<host_core>& core);
    static boost::asio::any_io_executor executor_of(const host_core& core);
    void leave() noexcept;

    std::shared_ptr<host_core> core_;
    std::shared_ptr<runtime> runtime_;
};

template <class Handler>
struct service_host::typed_stop_waiter final : stop_waiter {
    typed_stop_waiter(Handler&& h, const boost::asio::any_io_executor& otherwise)
        : handler(std::move(h)), work(boost::asio::get_associated_executor(handler, otherwise)) {}

    void complete(boost::system::error_code code) override {
        if (auto slot = boost::asio::get_associated_cancellation_slot(handler); slot.is_connected())
            slot.clear();
        auto executor = work.get_executor();
        boost::asio::post(executor,
                          [h = std::move(handler), code]() mutable { std::move(h)(code); });
    }

    Handler handler;
    boost::asio::executor_work_guard<
        boost::asio::associated_executor_t<Handler, boost::asio::any_io_executor>>
        work;
};

}  // namespace nettcp
