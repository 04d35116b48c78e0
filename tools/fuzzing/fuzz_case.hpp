#pragma once

#include "mutation.hpp"

namespace nettcp::fuzzing {

/// What cases are made from. The same plan and number always make the same case.
struct plan {
    std::uint64_t seed = 1;
    /// Conversations as they should be; not empty. Those of the endpoint's own clients come first:
    /// half of all cases are made from the first `preferred`.
    std::vector<sample> samples;
    std::size_t preferred = 1;
    /// Which mutations are done; not empty.
    std::vector<mutation> mutations;
};

/// All kinds of mutation of these families; of all of them when none is given.
std::vector<mutation> mutations_of(const std::vector<family>& families);

/// Something to try on an endpoint.
struct fuzz_case {
    std::uint64_t number = 0;
    std::string what;  ///< which conversation, and what was done to it, for people
    script steps;
};

/// Makes one. The first cases, one for each sample, are the samples themselves.
fuzz_case make_case(const plan& from, std::uint64_t number);

/// A conversation as a script: how it goes out is `what`'s, the choices left are `random`'s.
script render(const draft& what, random_source& random);

/// A conversation as its client has it: a write for each piece.
script render(const sample& what);

}  // namespace nettcp::fuzzing
