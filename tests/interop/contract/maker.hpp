#pragma once

#include <nettcp/contract/type.hpp>

#include <cstdint>
#include <memory>
#include <random>
#include <vector>

namespace nettcp::interop {

/// Makes up values of any shape that has a contract, by walking its tables.
class maker {
public:
    explicit maker(std::uint64_t seed) : random_(seed) {}

    /// Fills a new value of that type in.
    void make(const contract::type& what, void* value, unsigned depth = 0);

private:
    std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
    void primitive(const contract::type& what, void* value);
    void structure(const contract::type& what, void* value, unsigned depth);
    void nullable(const contract::type& what, void* value, unsigned depth);
    void anything(void* value, unsigned depth);
    void list(const contract::type& what, void* value, unsigned depth);
    void map(const contract::type& what, void* value, unsigned depth);

    std::mt19937_64 random_;
    std::vector<std::shared_ptr<void>> nodes_;
};

}  // namespace nettcp::interop
