#pragma once

#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace nettcp::nbfx {

/// Copies of texts that are given back in reverse order and never move while they are kept.
///
/// Keeps its blocks, so that filling it anew allocates nothing.
class text_stack {
public:
    struct mark {
        std::size_t block = 0;
        std::size_t used = 0;
    };

    mark top() const noexcept { return top_; }
    /// Gives back everything kept since `to` was the top.
    void release(mark to) noexcept { top_ = to; }

    std::string_view keep(std::string_view text) {
        if (text.empty())
            return {};
        while (top_.block != blocks_.size() && blocks_[top_.block].size - top_.used < text.size())
            top_ = {top_.block + 1, 0};
        if (top_.block == blocks_.size()) {
            const std::size_t doubled = blocks_.empty() ? 512 : blocks_.back().size * 2;
            const std::size_t size = doubled < text.size() ? text.size() : doubled;
            blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
        }
        char* const copy = blocks_[top_.block].texts.get() + top_.used;
        std::memcpy(copy, text.data(), text.size());
        top_.used += text.size();
        return {copy, text.size()};
    }

private:
    struct block {
        std::unique_ptr<char[]> texts;
        std::size_t size;
    };

    std::vector<block> blocks_;
    mark top_;
};

}  // namespace nettcp::nbfx
