#include "net/deadline_heap.hpp"
#include "calls/operation_list.hpp"
#include "calls/operation_store.hpp"
#include "calls/pending_calls.hpp"
#include "support/catch.hpp"

#include <deque>
#include <map>
#include <random>

using nettcp::operations::operation;

namespace {

class bare_operation final : public operation {
public:
    explicit bare_operation(std::uint64_t number)
        : operation(nettcp::operations::kind::call, number, {}, {}) {}
    void write_body(nettcp::nbfx::writer&) override {}
    void complete(const boost::system::error_code&, nettcp::reply&&,
                  std::unique_ptr<nettcp::diagnostics>, bool) override {}
    void discard() noexcept override {}
};

}  // namespace

TEST_CASE("pending_calls finds what a map finds") {
    std::mt19937 random(1);
    nettcp::pending_calls calls;
    std::deque<bare_operation> made;
    std::map<std::uint64_t, operation*> expected;
    for (int step = 0; step < 20000; ++step) {
        if (expected.size() < 50 + random() % 200) {
            auto& op = made.emplace_back(made.size() + 1);
            calls.insert(op);
            expected[op.id] = &op;
        }
        // Mostly old ones stay, as behind one slow call; ids that are not there are asked for too.
        const std::uint64_t id = made.size() - random() % std::min<std::size_t>(made.size(), 300);
        const auto found = expected.find(id);
        operation* const got = calls.take(id);
        REQUIRE(got == (found != expected.end() ? found->second : nullptr));
        if (got != nullptr)
            expected.erase(found);
        REQUIRE(calls.size() == expected.size());
    }
    for (const auto& [id, op] : expected)
        REQUIRE(calls.take(id) == op);
    CHECK(calls.empty());
}

TEST_CASE("deadline_heap yields the earliest, and lets any go") {
    std::mt19937 random(2);
    nettcp::net::deadline_heap<nettcp::operations::operation> heap;
    std::deque<bare_operation> made;
    std::multimap<std::chrono::steady_clock::time_point, operation*> expected;
    for (int step = 0; step < 20000; ++step) {
        auto& op = made.emplace_back(made.size() + 1);
        op.deadline = std::chrono::steady_clock::time_point(std::chrono::seconds(random() % 1000));
        heap.insert(op);
        expected.emplace(op.deadline, &op);
        REQUIRE(heap.top().deadline == expected.begin()->first);
        if (random() % 4 != 0) {
            auto gone = expected.begin();
            std::advance(gone, random() % std::min<std::size_t>(expected.size(), 20));
            heap.erase(*gone->second);
            expected.erase(gone);
        }
    }
    for (; !expected.empty(); expected.erase(expected.begin())) {
        REQUIRE(heap.top().deadline == expected.begin()->first);
        operation& top = heap.top();
        const auto range = expected.equal_range(top.deadline);
        for (auto same = range.first; same != range.second; ++same) {
            if (same->second == &top) {
                std::swap(same->second, range.first->second);
                break;
            }
        }
        heap.erase(top);
    }
    CHECK(heap.empty());
}

TEST_CASE("operation_list keeps the order when one leaves from the middle") {
    bare_operation a(1), b(2), c(3);
    nettcp::operation_list list;
    for (auto* op : {&a, &b, &c})
        list.push_back(*op);
    list.erase(b);
    CHECK(&list.front() == &a);
    list.erase(a);
    CHECK(&list.front() == &c);
    nettcp::operation_list other = std::move(list);
    CHECK(list.empty());
    other.erase(c);
    CHECK(other.empty());
}

TEST_CASE("operation_store gives a block that was returned again") {
    nettcp::operation_store store;
    void* const first = store.allocate(300);
    store.deallocate(first, 300);
    CHECK(store.allocate(310) == first);
    store.deallocate(first, 310);
    void* const large = store.allocate(1 << 20);
    store.deallocate(large, 1 << 20);
}
