#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>

namespace nettcp::interop {

/// How often each text was notified. Any thread.
///
/// Peers choose the texts, so what is kept is bounded: the oldest texts are forgotten.
class notification_counts {
public:
    void add(const std::string& text) {
        const std::lock_guard lock(mutex_);
        const auto [place, is_new] = counts_.try_emplace(text, 0);
        ++place->second;
        if (!is_new)
            return;
        order_.push_back(&place->first);  // keys stay where they are
        octets_ += text.size();
        while (order_.size() > max_texts || octets_ > max_octets) {
            octets_ -= order_.front()->size();
            counts_.erase(counts_.find(*order_.front()));
            order_.pop_front();
        }
    }

    std::int32_t count(const std::string& text) const {
        const std::lock_guard lock(mutex_);
        const auto found = counts_.find(text);
        return found == counts_.end() ? 0 : found->second;
    }

private:
    static constexpr std::size_t max_texts = 10'000;
    static constexpr std::size_t max_octets = 16u << 20;

    mutable std::mutex mutex_;
    std::unordered_map<std::string, std::int32_t> counts_;
    std::deque<const std::string*> order_;
    std::size_t octets_ = 0;
};

}  // namespace nettcp::interop
