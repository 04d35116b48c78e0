// Inputs that are string tables of a session.
#include "input_mutation.hpp"

#include <fuzzing/mutation.hpp>

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* octets, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
    using namespace nettcp::fuzzing;
    return mutate_input({octets, size, max_size, seed}, 0,
                        [](nettcp::fuzzing::octets& tables, random_source& random) {
                            mutate_strings(tables, random);
                        });
}
