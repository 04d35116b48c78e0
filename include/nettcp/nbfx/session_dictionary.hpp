#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/base/export.hpp>
#include <nettcp/base/limits.hpp>
#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/base/result.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace nettcp::nbfx {

/// The strings a peer has sent in this session, by odd id: the receiving half of [MC-NBFSE].
///
/// Grows only, and never moves a string: views and ids stay good as long as the dictionary
/// lives, and threads may look up ids while one other thread adds a table. Any failure is
/// final; the session must end.
class NETTCP_EXPORT received_dictionary {
public:
    /// `max_session_size`: octets of all tables together (WCF: MaxSessionSize).
    explicit received_dictionary(
        std::uint32_t max_session_size = default_max_session_size) noexcept;
    received_dictionary(const received_dictionary&) = delete;
    received_dictionary& operator=(const received_dictionary&) = delete;
    ~received_dictionary();

    /// Takes in the string table that starts `payload` and returns how many octets it takes.
    ///
    /// Duplicates, empty strings and long spellings of sizes are accepted as .NET does; invalid
    /// UTF-8 is refused (.NET replaces it). Adds all strings of the table or none. Fails with
    /// `base_errc::truncated` when `payload` ends before the table, `errc::string_table_malformed`
    /// when a string crosses the table's end, `errc::string_table_budget_exceeded`,
    /// `errc::utf8_invalid`, and with `errc::session_invalid` ever after.
    ///
    /// Spec: [MC-NBFSE] "String Table".
    result<std::size_t> read_table(bytes_view payload);

    /// The string of an odd wire id, or nothing.
    std::optional<std::string_view> find(std::uint32_t wire_id) const noexcept {
        const std::uint32_t index = wire_id >> 1;
        if ((wire_id & 1u) == 0 || index >= count())
            return std::nullopt;
        if (index < early_count)
            return early_.load(std::memory_order_acquire)[index];
        const auto [at, offset] = locate(index);
        return (*later_)[at][offset];
    }

    /// The first strings that have arrived so far: those whose ids take one octet.
    std::span<const std::string_view> early_strings() const noexcept {
        const std::uint32_t arrived = count();  // before the place: that has them, or more
        return {early_.load(std::memory_order_acquire), std::min(arrived, early_count)};
    }

    /// How many strings have arrived.
    std::uint32_t count() const noexcept { return count_.load(std::memory_order_acquire); }

private:
    using block = std::unique_ptr<std::string_view[]>;
    static constexpr std::uint32_t early_count = 64;
    static constexpr std::uint32_t smallest_early = 4;

    struct block_position {
        std::size_t block;
        std::size_t offset;
    };

    /// Of a string that is not among the early ones.
    static block_position locate(std::uint32_t index) noexcept {
        const auto block = static_cast<std::size_t>(std::bit_width(index / early_count) - 1);
        return {block, index - (std::size_t{early_count} << block)};
    }

    void add(bytes_view strings, std::uint32_t how_many);
    void make_early_room(std::uint32_t wanted);
    std::string_view& place_of(std::uint32_t index);

    // The early strings are most sessions' only ones, and few: they move to a larger place when
    // there are more, and the places before stay for those who are looking there.
    std::array<block, 5> early_places_;  ///< for `smallest_early`, and twice as many each time
    std::atomic<std::string_view*> early_ = nullptr;
    // Later blocks double in size, so a fixed array of them indexes any number without moving one.
    std::unique_ptr<std::array<block, 26>> later_;
    std::vector<std::unique_ptr<char[]>> texts_;  ///< one for each table
    // Stored last, with release: whoever sees the new count sees the slots below it.
    std::atomic<std::uint32_t> count_ = 0;
    std::uint32_t budget_;
    bool invalid_ = false;
};

/// The strings we have sent in this session: the sending half of [MC-NBFSE].
///
/// While a document is written, `find_or_add` collects new strings; `write_table` then writes
/// them as the table that goes before the document. `roll_back` forgets those of a document
/// that will not be sent. Not thread-safe.
class NETTCP_EXPORT sent_dictionary {
public:
    explicit sent_dictionary(std::uint32_t max_session_size = default_max_session_size) noexcept;

    /// The odd wire id of `text`, added if the budget allows; nothing: write it inline.
    ///
    /// As in .NET, the first string that does not fit ends all adding in this session.
    std::optional<std::uint32_t> find_or_add(std::string_view text) {
        const std::uint32_t id = id_of(text);
        return id == no_id ? std::nullopt : std::optional(id);
    }
    /// The same; `no_id` instead of nothing. A packed optional is slow to return, and this is
    /// asked for every name that is written.
    std::uint32_t id_of(std::string_view text);
    /// The same for a text that lasts (`dictionary_string::lasting`): known by its address.
    std::uint32_t id_of_lasting(std::string_view text) {
        for (std::size_t slot = address_slot(text.data());; slot = (slot + 1) & address_mask_) {
            const known_address& candidate = addresses_[slot];
            if (candidate.at == nullptr)
                return id_of_new(text);
            if (candidate.is(text))
                return candidate.id;
        }
    }
    /// The id of a text that lasts, if it was seen at this address and is found at once; else
    /// `no_id`.
    std::uint32_t known_id(std::string_view text) const noexcept {
        const known_address* const first = addresses_.data() + address_slot(text.data());
        if (!first[0].is(text)) [[unlikely]]
            return first[1].is(text) ? first[1].id : no_id;
        return first[0].id;
    }
    static constexpr std::uint32_t no_id = 0xffffffff;

    /// Octets that `write_table` would write now: 1 when there is nothing new.
    std::size_t table_size() const noexcept;

    /// Whether there are strings new since the last table.
    bool has_new() const noexcept { return pending_ != 0; }

    /// Writes the table of strings new since the last one (size 0 if none) at `out`, which
    /// holds `table_size()` octets, and counts them as sent. Returns the position behind.
    std::byte* write_table(std::byte* out) noexcept;

    /// Forgets the strings added since the last `write_table`.
    void roll_back() noexcept;

    /// Frees what only makes it quick: for a session that has gone idle. What is looked up next is
    /// noted anew.
    void release_memory();

private:
    struct entry {
        std::uint32_t hash;
        std::uint32_t offset;  ///< of the text within `texts_`
        std::uint32_t size;
    };
    /// A text that lasts, and the id it has.
    struct known_address {
        const char* at = nullptr;  ///< null: the slot is free
        std::uint32_t size = 0;
        std::uint32_t id = no_id;

        bool is(std::string_view text) const noexcept {
            // One branch, where && would be two.
            return ((reinterpret_cast<std::uintptr_t>(at) ^
                     reinterpret_cast<std::uintptr_t>(text.data())) |
                    (size ^ text.size())) == 0;
        }
    };
    std::string_view text(const entry& e) const noexcept;
    std::uint16_t& free_slot(std::uint32_t hash) noexcept;
    void rebuild_index(std::size_t slots);
    std::size_t address_slot(const char* at) const noexcept {
        constexpr std::uint64_t odd = 0x9e3779b97f4a7c15u;
        const auto mixed = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(at)) * odd;
        return static_cast<std::size_t>(mixed >> 32) & address_mask_;
    }
    std::uint32_t id_of_new(std::string_view text);
    bool is_crowded(const char* at) const noexcept;
    void widen_addresses();
    void enter_address(const known_address& known) noexcept;

    std::vector<entry> entries_;
    std::vector<std::uint16_t> index_;  ///< open addressing: entry number + 1, 0 = free
    std::vector<char> texts_;
    /// Open addressing; one slot more than that has, which stays free.
    std::vector<known_address> addresses_ = std::vector<known_address>(2);
    std::size_t address_mask_ = 0;
    std::size_t known_addresses_ = 0;
    std::uint32_t sent_ = 0;  ///< entries that have gone out
    std::uint32_t budget_;
    std::uint32_t pending_ = 0;  ///< octets of the table to be written
};

}  // namespace nettcp::nbfx
