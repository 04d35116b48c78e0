// Inputs that are documents of binary XML.
#include "input_mutation.hpp"

#include <fuzzing/xml_piece.hpp>

#include <algorithm>

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* octets, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
    using namespace nettcp::fuzzing;
    return mutate_input({octets, size, max_size, seed}, 0, mutate_document);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* one, std::size_t one_size,
                                                 const std::uint8_t* other, std::size_t other_size,
                                                 std::uint8_t* out, std::size_t max_size,
                                                 unsigned seed) {
    using namespace nettcp;
    fuzzing::random_source random(seed, 1);
    const fuzzing::octets made =
        fuzzing::cross_documents({reinterpret_cast<const std::byte*>(one), one_size},
                                 {reinterpret_cast<const std::byte*>(other), other_size}, random);
    const std::size_t size = std::min(made.size(), max_size);
    std::copy_n(made.begin(), size, reinterpret_cast<std::byte*>(out));
    return size;
}
