#pragma once

#include <fuzzing/random_source.hpp>
#include <fuzzing/script.hpp>

#include <cstddef>
#include <cstdint>

namespace nettcp::fuzzing {

/// An input of libFuzzer's, and how it wants it changed.
struct fuzzer_input {
    std::uint8_t* octets;
    std::size_t size;
    std::size_t max_size;
    unsigned seed;
};

/// Changes what stands behind the first `front` octets, most of the time, by `mutate`, and else
/// all of it by what libFuzzer does with any octets; returns the new size. With
/// NETTCP_FUZZ_BLIND=1 in the environment it is always the latter, to compare both.
std::size_t mutate_input(const fuzzer_input& input, std::size_t front,
                         void (*mutate)(octets&, random_source&));

/// What libFuzzer does with any octets.
void mutate_blindly(octets& what, random_source& random);

/// Changes what one side says: records, their fields, envelopes and what is in them.
void mutate_framing(octets& all, random_source& random);

}  // namespace nettcp::fuzzing
