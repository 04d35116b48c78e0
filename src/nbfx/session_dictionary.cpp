// Both halves of a session's dictionary. The receiver checks a whole table before it keeps any of
// it; the sender follows .NET's budget to the octet, because that is what the peer counts.
#include <nettcp/nbfx/session_dictionary.hpp>

#include "nbfx/short_text.hpp"

#include <nettcp/base/byte_reader.hpp>
#include <nettcp/base/multi_byte_int31.hpp>
#include <nettcp/base/utf8.hpp>
#include <nettcp/nbfx/errc.hpp>

#include <algorithm>
#include <bit>
#include <cstring>

namespace nettcp::nbfx {
received_dictionary::received_dictionary(std::uint32_t max_session_size) noexcept
    : budget_(max_session_size) {}

received_dictionary::~received_dictionary() = default;

result<std::size_t> received_dictionary::read_table(bytes_view payload) {
    if (invalid_)
        return error{make_error_code(errc::session_invalid), 0, 0};
    invalid_ = true;  // until the whole table has proved good
    byte_reader in(payload);
    const std::uint32_t size = read_multi_byte_int31(in);
    const std::size_t start = in.position();
    const bytes_view table = in.take(size);
    if (!in.ok())
        return in.failure();
    if (size > budget_)
        return error{make_error_code(errc::string_table_budget_exceeded), 0, size,
                     static_cast<std::uint32_t>(budget_)};

    std::uint32_t how_many = 0;
    byte_reader strings(table, start);
    while (strings.remaining() != 0) {
        const std::size_t at = start + strings.position();
        const std::uint32_t text_size = read_multi_byte_int31(strings);
        const std::size_t text_at = start + strings.position();
        const std::string_view text = strings.text(text_size);
        if (!strings.ok()) {
            if (strings.failure().code != base_errc::truncated)
                return strings.failure();
            return error{make_error_code(errc::string_table_malformed), at, text_size};
        }
        if (const std::size_t bad = find_invalid_utf8(text); bad != text.size())
            return error{make_error_code(errc::utf8_invalid), text_at + bad,
                         static_cast<std::uint8_t>(text[bad])};
        ++how_many;
    }
    if (how_many != 0)
        add(table, how_many);
    budget_ -= size;
    invalid_ = false;
    return start + size;
}

void received_dictionary::add(bytes_view strings, std::uint32_t how_many) {
    auto& copy = texts_.emplace_back(std::make_unique_for_overwrite<char[]>(strings.size()));
    std::memcpy(copy.get(), strings.data(), strings.size());
    byte_reader in({reinterpret_cast<const std::byte*>(copy.get()), strings.size()});
    std::uint32_t index = count_.load(std::memory_order_relaxed);
    const std::uint32_t end = index + how_many;
    if (index < early_count)
        make_early_room(std::min(end, early_count));
    for (; index != end; ++index)
        place_of(index) = in.text(read_multi_byte_int31(in));
    count_.store(index, std::memory_order_release);
}

void received_dictionary::make_early_room(std::uint32_t wanted) {
    std::size_t step = 0;
    while ((smallest_early << step) < wanted)
        ++step;
    for (std::size_t there = step; there != early_places_.size(); ++there) {
        if (early_places_[there])
            return;
    }
    auto place = std::make_unique<std::string_view[]>(smallest_early << step);
    std::copy_n(early_.load(std::memory_order_relaxed), count(), place.get());
    early_.store(place.get(), std::memory_order_release);
    early_places_[step] = std::move(place);
}

std::string_view& received_dictionary::place_of(std::uint32_t index) {
    if (index < early_count)
        return early_.load(std::memory_order_relaxed)[index];
    if (!later_)
        later_ = std::make_unique<std::array<block, 26>>();
    const auto [at, offset] = locate(index);
    block& later = (*later_)[at];
    if (!later)
        later = std::make_unique<std::string_view[]>(early_count << at);
    return later[offset];
}

sent_dictionary::sent_dictionary(std::uint32_t max_session_size) noexcept
    : budget_(max_session_size) {}

std::uint32_t sent_dictionary::id_of(std::string_view text) {
    const std::uint32_t hash = hash_of(text);
    if (!index_.empty()) {
        const std::size_t mask = index_.size() - 1;
        for (std::size_t slot = hash & mask; index_[slot] != 0; slot = (slot + 1) & mask) {
            const std::uint32_t number = index_[slot] - 1u;
            const entry& candidate = entries_[number];
            if (candidate.hash == hash && same_text(this->text(candidate), text))
                return number * 2 + 1;
        }
    }
    if (budget_ == 0)
        return no_id;
    const std::uint64_t cost =
        text.size() > max_multi_byte_int31
            ? ~std::uint64_t{0}
            : text.size() + multi_byte_int31_size(static_cast<std::uint32_t>(text.size()));
    constexpr std::size_t max_entries = 0xfffe;  // what the index can number
    if (cost > budget_ || entries_.size() == max_entries) {
        budget_ = 0;
        return no_id;
    }
    if (index_.size() < 2 * (entries_.size() + 1))
        rebuild_index(std::max<std::size_t>(8, index_.size() * 2));
    const auto number = static_cast<std::uint32_t>(entries_.size());
    const auto offset = static_cast<std::uint32_t>(texts_.size());
    texts_.insert(texts_.end(), text.begin(), text.end());
    entries_.push_back({hash, offset, static_cast<std::uint32_t>(text.size())});
    free_slot(hash) = static_cast<std::uint16_t>(number + 1);
    budget_ -= static_cast<std::uint32_t>(cost);
    pending_ += static_cast<std::uint32_t>(cost);
    return number * 2 + 1;
}

// A text that lasts, at an address that is not known yet.
std::uint32_t sent_dictionary::id_of_new(std::string_view text) {
    constexpr std::size_t max_addresses = 4096;  // one text may be had at many places
    const std::uint32_t id = id_of(text);
    if (id == no_id || text.empty() || known_addresses_ == max_addresses)
        return id;
    // Most sessions have a handful: half of the slots may be in use, if `known_id` still finds all.
    const std::size_t fewest_slots = (address_mask_ < 32 ? 2 : 4) * ++known_addresses_;
    while (address_mask_ < fewest_slots ||
           (is_crowded(text.data()) && address_mask_ < 4 * fewest_slots))
        widen_addresses();
    enter_address({text.data(), static_cast<std::uint32_t>(text.size()), id});
    return id;
}

/// Whether a text at `at` would be put where `known_id` does not look.
bool sent_dictionary::is_crowded(const char* at) const noexcept {
    const std::size_t slot = address_slot(at);
    return addresses_[slot].at != nullptr && addresses_[slot + 1].at != nullptr;
}

void sent_dictionary::widen_addresses() {
    address_mask_ = std::max<std::size_t>(8, 2 * (address_mask_ + 1)) - 1;
    std::vector<known_address> before(address_mask_ + 2);
    before.swap(addresses_);
    for (const known_address& known : before)
        if (known.at != nullptr)
            enter_address(known);
}

void sent_dictionary::enter_address(const known_address& known) noexcept {
    std::size_t slot = address_slot(known.at);
    while (addresses_[slot].at != nullptr)
        slot = (slot + 1) & address_mask_;
    addresses_[slot] = known;
}

std::size_t sent_dictionary::table_size() const noexcept {
    return multi_byte_int31_size(pending_) + pending_;
}

std::byte* sent_dictionary::write_table(std::byte* out) noexcept {
    out = write_multi_byte_int31(out, pending_);
    for (; sent_ != entries_.size(); ++sent_) {
        const std::string_view text = this->text(entries_[sent_]);
        out = write_multi_byte_int31(out, static_cast<std::uint32_t>(text.size()));
        if (!text.empty())
            std::memcpy(out, text.data(), text.size());
        out += text.size();
    }
    pending_ = 0;
    return out;
}

void sent_dictionary::roll_back() noexcept {
    if (sent_ == entries_.size())
        return;
    texts_.resize(entries_[sent_].offset);
    entries_.resize(sent_);
    if (budget_ != 0)  // a spent budget stays spent, as in .NET
        budget_ += pending_;
    pending_ = 0;
    rebuild_index(index_.size());
    std::ranges::fill(addresses_, known_address{});
    known_addresses_ = 0;
}

void sent_dictionary::release_memory() {
    addresses_ = std::vector<known_address>(2);
    address_mask_ = 0;
    known_addresses_ = 0;
    texts_.shrink_to_fit();
    entries_.shrink_to_fit();
}

std::string_view sent_dictionary::text(const entry& e) const noexcept {
    return {texts_.data() + e.offset, e.size};
}

std::uint16_t& sent_dictionary::free_slot(std::uint32_t hash) noexcept {
    const std::size_t mask = index_.size() - 1;
    std::size_t slot = hash & mask;
    while (index_[slot] != 0)
        slot = (slot + 1) & mask;
    return index_[slot];
}

void sent_dictionary::rebuild_index(std::size_t slots) {
    index_.assign(slots, 0);
    for (std::size_t number = 0; number != entries_.size(); ++number)
        free_slot(entries_[number].hash) = static_cast<std::uint16_t>(number + 1);
}

}  // namespace nettcp::nbfx
