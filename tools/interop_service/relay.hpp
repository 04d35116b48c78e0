#pragma once

#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/net/body_source.hpp>

#include <memory>
#include <vector>

namespace nettcp::interop {

/// Sends a received body on, and reads ahead of whoever takes it: WCF's clients read nothing of a
/// reply before they have sent the whole request, so that one who only passes on what is taken
/// from him would wait for ever. For one executor, on which the body it reads completes, too.
class relay final : public body_source, public std::enable_shared_from_this<relay> {
public:
    /// Octets held at most, and so the longest echo, but for what the network holds, that such a
    /// client can have.
    static constexpr std::size_t read_ahead = 8u << 20;

    explicit relay(std::shared_ptr<body_source> from);

    /// Begins to read.
    void start() { fetch(); }
    void read(std::span<std::byte> room, read_handler done) override;

private:
    void fetch();
    void arrived(const boost::system::error_code& code, std::size_t size);
    void give();

    std::shared_ptr<body_source> from_;
    std::vector<std::byte> part_;
    octet_buffer kept_;
    boost::system::error_code end_;  ///< behind what is kept
    std::span<std::byte> room_;
    std::unique_ptr<read_handler> waiting_;  ///< null: nobody does
    bool fetching_ = false;
};

}  // namespace nettcp::interop
