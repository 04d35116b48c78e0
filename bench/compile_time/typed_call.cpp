// What a user compiles who calls a typed operation; run.sh beside this takes the time.
#include <nettcp/client/typed_call.hpp>

#include <cstdio>

namespace contract = nettcp::contract;

struct item {
    std::string name;
    std::int32_t quantity = 0;
    std::optional<std::string> note;
};
consteval auto contract_of(contract::tag<item>) {
    return contract::data_contract(
        "Item", "urn:shop",
        {contract::member<&item::name>("Name", {.required = true}),
         contract::member<&item::quantity>("Quantity"),
         contract::member<&item::note>("Note", {.emit_default = false})});
}
inline constexpr contract::service_contract i_shop{"IShop", "urn:shop"};
inline constexpr contract::operation<std::int32_t(std::vector<item>)> order{
    i_shop, "Order", {"items"}};

int main() {
    nettcp::client service{nettcp::endpoint_address("net.tcp://localhost/shop")};
    const std::vector<item> basket{{"apple", 3, {}}, {"pear", 2, "ripe, please"}};
    std::printf("order %d\n", nettcp::call(service, order(basket)).value());
}
