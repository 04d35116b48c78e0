#pragma once

#include <nettcp/nbfx/reader.hpp>
#include <nettcp/nbfx/writer.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace interop {

/// The data contract `Item`, and `SpecialItem` where `extra` is there.
struct item {
    std::string name;
    std::int32_t quantity = 0;
    nettcp::decimal price;
    std::optional<std::optional<std::string>> extra = {};

    friend bool operator==(const item&, const item&) = default;
};

/// DateTimeOffset as it travels: the instant in UTC, and the offset.
struct date_time_offset {
    nettcp::date_time utc;
    std::int32_t minutes = 0;

    friend bool operator==(const date_time_offset&, const date_time_offset&) = default;
};

/// The data contract `Complex`: one member for every shape a value can have. What may be null is
/// an optional, lists aside, which are never null here.
struct complex {
    bool flag = false;
    std::int32_t u8 = 0;
    std::int32_t i16 = 0;
    std::int32_t i32 = 0;
    std::int64_t i64 = 0;
    std::uint64_t u64 = 0;
    float f32 = 0;
    double f64 = 0;
    nettcp::decimal dec;
    nettcp::date_time when_utc;
    nettcp::date_time when_unspecified;
    date_time_offset offset;
    nettcp::time_span duration;
    nettcp::uuid id{};
    std::int32_t ch = 0;
    std::string link;
    std::string color;
    std::optional<std::int32_t> maybe_int;
    std::optional<std::int32_t> missing_int;
    std::optional<std::string> text;
    std::optional<std::string> null_text;
    std::optional<std::string> omitted;  ///< not written when null
    std::vector<std::byte> blob;
    std::vector<std::int32_t> ints;
    std::vector<std::optional<std::string>> strings;
    std::vector<item> items;
    std::vector<std::pair<std::string, std::int32_t>> map;
    std::unique_ptr<complex> child;
    std::optional<item> poly;
    std::vector<double> doubles;
};

/// The value that the contract's `Complex.Sample(with_child)` makes.
complex sample_complex(bool with_child);

/// Writes the members into the element just started, as .NET's serializer does; null: xsi:nil.
void write_complex(nettcp::nbfx::writer& out, const complex* value);

/// Reads the element that `in` stands on, and moves behind it; nothing for null. Members may be
/// missing, unknown elements are skipped. Failures are the reader's; throws `mismatch` for a
/// derived type that the contract does not have.
std::unique_ptr<complex> read_complex(nettcp::nbfx::reader& in);

/// The names of members that differ, such as `Child.Doubles`; empty when both are equal.
std::string differences(const complex& expected, const complex& actual);

}  // namespace interop
