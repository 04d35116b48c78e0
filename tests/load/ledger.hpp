#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

namespace load {

/// What hosts have been sent, by client and kind: in memory that all processes share, so that it
/// outlives a host.
///
/// Each message has a number: the client's session in the upper half, its place among those of its
/// kind and session in the lower one, from 1 on.
class ledger {
public:
    enum kind : std::uint32_t { call, note, upload };
    static constexpr std::uint32_t clients = 4096;

    static constexpr std::uint64_t number(std::uint32_t session, std::uint32_t place) noexcept {
        return std::uint64_t{session} << 32 | place;
    }

    /// A new one.
    ledger();
    /// The one that another process has made.
    explicit ledger(const std::string& path);
    ledger(const ledger&) = delete;
    ledger& operator=(const ledger&) = delete;
    ~ledger();

    /// By which other processes open it, while this one lives.
    std::string path() const;

    /// The host's side. What a session that was given up still sends does not count; of any other
    /// each message must be the one behind the last.
    void delivered(kind what, std::uint32_t client, std::uint64_t message) noexcept;
    /// The number of the last message of the latest session.
    std::uint64_t last(kind what, std::uint32_t client) const noexcept {
        return pages_->of[client][what];
    }
    /// Messages that came twice, or not in their order.
    std::uint64_t wrong() const noexcept { return pages_->wrong; }

private:
    struct pages {
        std::atomic<std::uint64_t> wrong;
        std::array<std::array<std::atomic<std::uint64_t>, 3>, clients> of;
    };
    void map();

    int descriptor_;
    pages* pages_ = nullptr;
};

/// "client number" as messages have it, always as long.
struct stamp {
    std::uint32_t client = 0;
    std::uint64_t message = 0;

    std::string text() const;
    static std::optional<stamp> parse(const std::string& text);
};

}  // namespace load
