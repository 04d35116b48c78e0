#include <contract/document.hpp>
#include <support/catch.hpp>

#include <nettcp/contract/errc.hpp>
#include <nettcp/contract/schema_name.hpp>

using namespace nettcp;
using namespace nettcp::contract;

namespace limits_test {

struct chain {
    std::unique_ptr<chain> next;
    std::shared_ptr<chain> loop;
};
consteval auto contract_of(tag<chain>) {
    return data_contract("Chain", "urn:t",
                         {member<&chain::next>("Next", {.emit_default = false}),
                          member<&chain::loop>("Loop", {.emit_default = false})});
}

struct node {
    std::shared_ptr<node> left;
    std::shared_ptr<node> right;
};
consteval auto contract_of(tag<node>) {
    return data_contract("Node", "urn:t",
                         {member<&node::left>("Left"), member<&node::right>("Right")})
        .as_reference();
}

struct other {
    std::int32_t x = 0;
};
consteval auto contract_of(tag<other>) {
    return data_contract("Other", "urn:t", {member<&other::x>("X")}).as_reference();
}

struct both {
    std::shared_ptr<node> a;
    std::shared_ptr<other> b;
    std::shared_ptr<node> c;
};
consteval auto contract_of(tag<both>) {
    return data_contract("Both", "urn:t",
                         {member<&both::a>("A"), member<&both::b>("B"), member<&both::c>("C")});
}

struct large {
    std::array<char, 100000> filler{};
    std::int32_t x = 0;
};
consteval auto contract_of(tag<large>) {
    return data_contract("Large", "urn:t", {member<&large::x>("X")});
}

}  // namespace limits_test

using namespace limits_test;

namespace {

/// An element with z:Id or z:Ref.
void marked(nbfx::writer& out, const char* name, const char* mark, const char* id) {
    out.start_element("", name, "urn:t");
    out.attribute("z", mark, serialization_namespace, id);
    out.end_element();
}

}  // namespace

TEST_CASE("A circle that is not declared as references is refused when written") {
    const auto first = std::make_shared<chain>();
    first->loop = first;
    const auto result = write(first);
    CHECK(result.code == errc::graph_too_deep);
    CHECK(result.path.starts_with("Loop/Loop/"));
    first->loop.reset();
}

TEST_CASE("A circle of references is written once and read as a circle") {
    const auto first = std::make_shared<node>();
    first->left = first;
    first->right = std::make_shared<node>();
    first->right->left = first;
    const auto document = write(first);
    REQUIRE(!document.code);
    auto back = read<std::shared_ptr<node>>(document.octets);
    REQUIRE(!back.code);
    CHECK(back.value->left == back.value);
    CHECK(back.value->right->left == back.value);
    CHECK(back.value->right->right == nullptr);
    for (const auto& top : {first, back.value}) {
        top->right.reset();
        top->left.reset();
    }
}

TEST_CASE("References must refer to what has come, once, and of the right type") {
    const auto both_of = [](const char* a, const char* b, const char* c) {
        return document_of([=](nbfx::writer& out) {
            marked(out, "A", a, "i1");
            marked(out, "B", b, "i1");
            if (c != nullptr)
                marked(out, "C", c, "i1");
        });
    };
    CHECK(read<both>(both_of("Ref", "Id", nullptr)).code == errc::reference_undefined);
    CHECK(read<both>(both_of("Id", "Id", nullptr)).code == errc::reference_duplicate);
    const auto wrong = read<both>(both_of("Id", "Ref", nullptr));
    CHECK(wrong.code == errc::reference_type);
    CHECK(wrong.path == "B");
}

TEST_CASE("What a few octets ask for is bounded") {
    const auto many = document_of([](nbfx::writer& out) {
        for (int i = 0; i != 100; ++i) {
            out.start_element("", "Large", "urn:t");
            out.end_element();
        }
    });
    CHECK(!read<std::vector<large>>(many).code);
    const auto memory = read<std::vector<large>>(many, {.max_object_octets = 1'000'000});
    CHECK(memory.code == errc::memory_exceeded);
    CHECK(memory.path == "[9]");
    const auto items = read<std::vector<large>>(many, {.max_items_in_object_graph = 50});
    CHECK(items.code == errc::items_exceeded);
    CHECK(items.path == "[50]");
}

TEST_CASE("Nesting is bounded when reading and when writing") {
    auto top = std::make_unique<chain>();
    chain* last = top.get();
    for (int i = 1; i != 20; ++i)
        last = (last->next = std::make_unique<chain>()).get();
    const auto document = write(top);
    REQUIRE(!document.code);
    using pointer = std::unique_ptr<chain>;
    CHECK(!read<pointer>(document.octets, {.max_depth = 20}).code);
    CHECK(read<pointer>(document.octets, {.max_depth = 19}).code == errc::nesting_exceeded);
    CHECK(!write(top, {.max_depth = 20}).code);
    CHECK(write(top, {.max_depth = 19}).code == errc::graph_too_deep);
}
