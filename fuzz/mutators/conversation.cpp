// Inputs that are choices of one octet, then what one side of a connection says.
#include "input_mutation.hpp"

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* octets, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
    using namespace nettcp::fuzzing;
    return mutate_input({octets, size, max_size, seed}, 1, mutate_framing);
}
