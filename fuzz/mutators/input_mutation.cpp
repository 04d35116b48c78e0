#include "input_mutation.hpp"

#include <algorithm>
#include <cstdlib>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* octets, std::size_t size,
                                        std::size_t max_size);

namespace nettcp::fuzzing {
namespace {

bool is_blind() {
    static const bool blind = std::getenv("NETTCP_FUZZ_BLIND") != nullptr;
    return blind;
}

}  // namespace

void mutate_blindly(octets& what, random_source& random) {
    const std::size_t size = what.size();
    what.resize(size + 1 + random.below(64));
    what.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(what.data()), size, what.size()));
}

std::size_t mutate_input(const fuzzer_input& input, std::size_t front,
                         void (*mutate)(octets&, random_source&)) {
    random_source random(input.seed, 0);
    if (is_blind() || input.size <= front || random.once_in(3))
        return LLVMFuzzerMutate(input.octets, input.size, input.max_size);
    const auto* first = reinterpret_cast<const std::byte*>(input.octets);
    octets made(first + front, first + input.size);
    mutate(made, random);
    const std::size_t size = std::min(made.size(), input.max_size - front);
    std::copy_n(made.begin(), size, reinterpret_cast<std::byte*>(input.octets) + front);
    return front + size;
}

}  // namespace nettcp::fuzzing
