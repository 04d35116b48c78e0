#pragma once

#include "security/gssapi_mechanism.hpp"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace nettcp::security {

/// A file of the realm that tests/interop/kdc.sh has set up for this program.
inline std::string in_realm(std::string_view file) {
    const char* folder = std::getenv("NETTCP_KDC");
    return std::string(folder == nullptr ? "" : folder) + "/" + std::string(file);
}

/// A variable of the environment, which is as before when the object goes.
class variable {
public:
    variable(const char* name, const std::string& value) : name_(name) {
        if (const char* before = std::getenv(name))
            before_ = before;
        ::setenv(name, value.c_str(), 1);
    }
    variable(const variable&) = delete;
    variable& operator=(const variable&) = delete;
    ~variable() {
        if (before_)
            ::setenv(name_, before_->c_str(), 1);
        else
            ::unsetenv(name_);
    }

private:
    const char* name_;
    std::optional<std::string> before_;
};

/// The clock of this program, which runs under libfaketime with FAKETIME_TIMESTAMP_FILE.
class shifted_clock {
public:
    explicit shifted_clock(std::string_view by) { write(by); }
    shifted_clock(const shifted_clock&) = delete;
    shifted_clock& operator=(const shifted_clock&) = delete;
    ~shifted_clock() { write("+0s"); }

    static bool works() {
        const auto before = std::chrono::system_clock::now();
        const shifted_clock later("+5h");
        return std::chrono::system_clock::now() - before > std::chrono::hours(4);
    }

private:
    static void write(std::string_view by) {
        if (const char* file = std::getenv("FAKETIME_TIMESTAMP_FILE"))
            std::ofstream(file) << by << '\n';
    }
};

inline windows_client caller_of(std::string_view spn) {
    windows_client choices;
    choices.identity = spn_identity{std::string(spn)};
    return choices;
}

inline std::shared_ptr<mechanism> make_caller(windows_client choices) {
    auto name = name_of_service(choices.identity, "localhost");
    return std::make_shared<gssapi_initiator>(
        std::make_shared<caller_configuration>(std::move(choices), name.value()));
}

inline std::shared_ptr<mechanism> make_service(windows_service choices) {
    return std::make_shared<gssapi_acceptor>(
        std::make_shared<service_credentials>(std::move(choices)));
}

/// A handshake of two mechanisms, as the engine would run it.
struct handshake {
    std::shared_ptr<mechanism> caller;
    std::shared_ptr<mechanism> service;
    step_result called;  ///< the caller's last step
    step_result served;  ///< the service's last step
    int tokens = 0;

    handshake(std::shared_ptr<mechanism> by, std::shared_ptr<mechanism> with)
        : caller(std::move(by)), service(std::move(with)) {}
    handshake(windows_client by, windows_service with)
        : handshake(make_caller(std::move(by)), make_service(std::move(with))) {
        run();
    }

    bool done() const {
        return called.outcome == step_outcome::complete && served.outcome == step_outcome::complete;
    }

    void run() {
        called = caller->step({});
        while (called.outcome != step_outcome::failed && tokens < 10) {
            if (!called.token.empty()) {
                ++tokens;
                served = service->step(called.token.view());
                if (served.outcome == step_outcome::failed)
                    return;
            }
            if (called.outcome == step_outcome::complete)
                return;
            if (served.token.empty())
                return;
            ++tokens;
            called = caller->step(served.token.view());
            if (served.outcome == step_outcome::complete && called.token.empty())
                return;
        }
    }
};

/// One message from one side to the other; empty where it fails, with the reason.
inline std::string carry(mechanism& from, mechanism& to, std::string_view text, error* why) {
    octet_buffer frame;
    if (const auto sent = from.wrap(as_bytes(text), frame); !sent) {
        *why = sent.error();
        return {};
    }
    const auto got = to.unwrap({frame.data(), frame.size()});
    if (!got) {
        *why = got.error();
        return {};
    }
    return std::string(as_text(*got));
}

}  // namespace nettcp::security
