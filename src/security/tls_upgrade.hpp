#pragma once

#include "security/tls_context.hpp"

#include <nettcp/base/input_buffer.hpp>
#include <nettcp/base/output_queue.hpp>
#include <nettcp/security/upgrade.hpp>

#include <memory>
#include <string>

namespace nettcp::security {

/// TLS by OpenSSL over our own buffers.
///
/// OpenSSL sees one record at a time and only when it is whole, so it holds no part of one while we
/// wait, and what follows the record read last stays with us. Never says close_notify by itself:
/// WCF does not, and the peer would take it for the next preamble.
class tls_upgrade final : public upgrade {
public:
    explicit tls_upgrade(std::shared_ptr<const tls_context> context);

    std::span<std::byte> input_space() override { return input_.space(missing()); }
    void received(std::size_t size) override;
    void received_eof() override { at_eof_ = true; }
    bytes_view output() override { return output_.lend(); }
    void output_sent(std::size_t size) override;
    std::size_t output_size() const noexcept override { return output_.size(); }
    bytes_view surplus() const noexcept override { return input_.view(); }
    void release_memory() override;

    upgrade_event next_event() override;

    result<std::size_t> read(std::span<std::byte> into) override;
    result<void> write(bytes_view plain) override;
    bool ended() const noexcept override { return ended_; }

    const party& peer() const noexcept override { return peer_; }
    const error& failure() const noexcept override { return failure_; }
    std::string_view said() const noexcept override { return said_; }

private:
    static BIO_METHOD* transport_method();
    static int transport_read(BIO* bio, char* into, int size);
    static int transport_write(BIO* bio, const char* from, int size);
    static long transport_control(BIO* bio, int command, long number, void* pointer);

    std::size_t missing() const noexcept;
    bool admit_record() noexcept;
    bool is_over_limit() const noexcept;
    bool is_peer_unproved() const noexcept;
    void note_peer();
    error fail(errc rule, std::string said, std::uint32_t got = 0);
    error fail_by_openssl(int outcome);

    std::shared_ptr<const tls_context> context_;
    input_buffer input_;
    output_queue output_;
    ssl_ptr ssl_;
    std::size_t admitted_ = 0;  ///< octets in front of the input that OpenSSL may take
    std::uint64_t received_ = 0;  ///< octets in all
    unsigned idle_records_ = 0;  ///< records since plain octets were read last
    std::size_t answers_ = 0;  ///< octets that reading has queued since the queue was empty last
    bool is_established_ = false;
    bool at_eof_ = false;
    bool ended_ = false;
    bool failure_told_ = false;
    bool out_of_memory_ = false;
    party peer_;
    error failure_;
    std::string said_;
    tls_verdict verdict_;
};

}  // namespace nettcp::security
