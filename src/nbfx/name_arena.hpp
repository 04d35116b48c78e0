#pragma once

#include <nettcp/base/bytes.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace nettcp::nbfx {

/// A stack of copied texts that never moves one and keeps its storage for the next document.
class name_arena {
public:
    struct mark {
        std::uint32_t block = 0;
        std::size_t offset = 0;
    };

    mark position() const noexcept { return top_; }

    /// Drops every copy made since `position()` returned `to`.
    void release(mark to) noexcept { top_ = to; }

    /// A copy that lives until the `release` of an earlier mark.
    bytes_view keep(bytes_view octets) {
        if (octets.empty())
            return {};
        if (blocks_.empty() || blocks_[top_.block].size - top_.offset < octets.size())
            next_block(octets.size());
        std::byte* const copy = blocks_[top_.block].storage.get() + top_.offset;
        std::memcpy(copy, octets.data(), octets.size());
        top_.offset += octets.size();
        return {copy, octets.size()};
    }
    std::string_view keep(std::string_view text) { return as_text(keep(as_bytes(text))); }

private:
    struct block {
        std::unique_ptr<std::byte[]> storage;
        std::size_t size = 0;
    };

    void next_block(std::size_t size) {
        constexpr std::size_t usual_size = 1024;
        const std::uint32_t next = blocks_.empty() ? 0 : top_.block + 1;
        if (next == blocks_.size())
            blocks_.emplace_back();
        if (blocks_[next].size < size) {
            const std::size_t wanted = std::max(size, usual_size);
            blocks_[next] = {std::make_unique<std::byte[]>(wanted), wanted};
        }
        top_ = {next, 0};
    }

    std::vector<block> blocks_;
    mark top_;
};

}  // namespace nettcp::nbfx
