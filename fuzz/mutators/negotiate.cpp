// Inputs that are what a peer of [MS-NNS] says with the fake mechanism of the tests: messages of a
// handshake, and frames behind it. They are left out, repeated, exchanged and changed as wholes;
// sizes, numbers and check sums are mended afterwards, mostly.
#include "input_mutation.hpp"

#include <algorithm>
#include <utility>

namespace nettcp::fuzzing {
namespace {

constexpr std::size_t message_head = 5;  ///< type, version, size in two octets
constexpr std::size_t frame_head = 4;  ///< size, least octet first
constexpr std::size_t seal = 5;  ///< sender, 'F', number, sum, '.'

using unit = octets;  ///< a message or a frame, its head included

unsigned at(const octets& of, std::size_t where) {
    return std::to_integer<unsigned>(of[where]);
}

bool is_message(const unit& one) {
    return one.size() >= message_head && one[0] >= std::byte{0x14} && one[0] <= std::byte{0x16} &&
           one[1] == std::byte{1};
}

std::size_t told_size(const octets& rest) {
    if (is_message(rest))
        return message_head + (at(rest, 3) << 8 | at(rest, 4));
    if (rest.size() < frame_head)
        return rest.size();
    return frame_head + (at(rest, 0) | at(rest, 1) << 8 | at(rest, 2) << 16);
}

std::vector<unit> cut(octets all) {
    std::vector<unit> units;
    while (!all.empty()) {
        const auto end =
            all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), told_size(all)));
        units.emplace_back(all.begin(), end);
        all.erase(all.begin(), end);
    }
    return units;
}

void mend_size(unit& one) {
    if (is_message(one)) {
        one[3] = static_cast<std::byte>((one.size() - message_head) >> 8);
        one[4] = static_cast<std::byte>(one.size() - message_head);
    } else if (one.size() >= frame_head) {
        for (std::size_t i = 0; i != frame_head; ++i)
            one[i] = static_cast<std::byte>((one.size() - frame_head) >> (8 * i));
    }
}

/// Seals a frame as tests/support/fake_mechanism.hpp does, when it is the sender's `number`-th.
void mend_seal(unit& one, std::uint8_t number) {
    if (one.size() < frame_head + seal)
        return;
    const bool initiators = one[frame_head] == std::byte{'i'};
    const auto key = static_cast<std::byte>(number * 7u + (initiators ? 0x5au : 0xa5u));
    unsigned sum = number;
    for (std::size_t i = frame_head + seal; i != one.size(); ++i)
        sum += std::to_integer<unsigned>(one[i] ^ key);
    one[frame_head] = initiators ? std::byte{'i'} : std::byte{'a'};
    one[frame_head + 1] = std::byte{'F'};
    one[frame_head + 2] = std::byte{number};
    one[frame_head + 3] = static_cast<std::byte>(sum);
    one[frame_head + 4] = std::byte{'.'};
}

void change(std::vector<unit>& units, random_source& random) {
    const std::size_t which = random.below(units.size());
    const auto here = units.begin() + static_cast<std::ptrdiff_t>(which);
    unit& one = *here;
    const std::size_t head = std::min(one.size(), is_message(one) ? message_head : frame_head);
    switch (random.below(6)) {
    case 0: units.erase(here); break;
    case 1: units.insert(here, unit(one)); break;
    case 2: std::swap(one, units[random.below(units.size())]); break;
    case 3: {  // other content
        octets content(one.begin() + static_cast<std::ptrdiff_t>(head), one.end());
        mutate_blindly(content, random);
        one.resize(head);
        one.insert(one.end(), content.begin(), content.end());
        break;
    }
    case 4: {  // another type, or an error code of Windows
        if (is_message(one))
            one[0] = static_cast<std::byte>(0x14 + random.below(3));
        if (is_message(one) && one.size() == message_head)
            for (const unsigned code : {0u, 0u, 0u, 0u, 0x80u, 0x09u, 0x03u, 0x0cu})
                one.push_back(static_cast<std::byte>(code));
        break;
    }
    default:  // cut in two, of which both are whole again
        const std::size_t left = head + random.below(one.size() - head + 1);
        unit right(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(head));
        right.insert(right.end(), one.begin() + static_cast<std::ptrdiff_t>(left), one.end());
        one.resize(left);
        units.insert(here + 1, std::move(right));
    }
}

void mutate(octets& all, random_source& random) {
    auto units = cut(std::move(all));
    for (std::size_t i = 1 + random.below(3); i != 0 && !units.empty(); --i)
        change(units, random);
    const bool sizes = !random.once_in(8);
    const bool seals = !random.once_in(4);
    std::uint8_t number = 0;
    all.clear();
    for (unit& one : units) {
        if (sizes)
            mend_size(one);
        if (seals && !is_message(one))
            mend_seal(one, number++);
        all.insert(all.end(), one.begin(), one.end());
    }
}

}  // namespace
}  // namespace nettcp::fuzzing

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* octets, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
    using namespace nettcp::fuzzing;
    return mutate_input({octets, size, max_size, seed}, 1, mutate);
}
