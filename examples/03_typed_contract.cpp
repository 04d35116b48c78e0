// A typed contract, a service that implements it and a client that calls it: each in a screen.
//
//     03_typed_contract
#include <nettcp/client/typed_call.hpp>
#include <nettcp/service/service_host.hpp>
#include <nettcp/service/typed_operation.hpp>

#include <cstdio>

namespace contract = nettcp::contract;

// [contract]
namespace shop {

struct item {
    std::string name;
    std::int32_t quantity = 0;
    std::optional<std::string> note;  // null unless there is one
};
consteval auto contract_of(contract::tag<item>) {
    return contract::data_contract(
        "Item", "urn:shop",
        {contract::member<&item::name>("Name", {.required = true}),
         contract::member<&item::quantity>("Quantity"),
         contract::member<&item::note>("Note", {.emit_default = false})});
}

struct out_of_stock {
    std::string name;
    std::int32_t left = 0;
};
consteval auto contract_of(contract::tag<out_of_stock>) {
    return contract::data_contract("OutOfStock", "urn:shop",
                                   {contract::member<&out_of_stock::name>("Name"),
                                    contract::member<&out_of_stock::left>("Left")});
}

// interface IShop { int Order(List<Item> items, out int pieces); }
inline constexpr contract::service_contract i_shop{"IShop", "urn:shop"};
inline constexpr contract::operation<std::int32_t(std::vector<item>, contract::out<std::int32_t>),
                                     out_of_stock>
    order{i_shop, "Order", {"items", "pieces"}};

}  // namespace shop
// [contract]

// [service]
std::tuple<std::int32_t, std::int32_t> take_order(const std::vector<shop::item>& items) {
    std::int32_t pieces = 0;
    for (const shop::item& each : items) {
        if (each.quantity > 100)
            throw nettcp::typed_fault(shop::order, shop::out_of_stock{each.name, 100},
                                      "not so many " + each.name);
        pieces += each.quantity;
    }
    return {4711, pieces};
}

nettcp::service make_shop() {
    nettcp::service operations;
    nettcp::serve(operations, shop::order, take_order);
    return operations;
}
// [service]

// [client]
void buy(nettcp::client& service) {
    const std::vector<shop::item> basket{{"apple", 3, {}}, {"pear", 2, "ripe, please"}};
    const auto [number, pieces] = nettcp::call(service, shop::order(basket)).value();
    std::printf("order %d of %d pieces\n", number, pieces);

    auto answer = nettcp::call(service, shop::order(std::vector<shop::item>{{"plum", 500, {}}}));
    if (const auto why = answer.fault_detail<shop::out_of_stock>())
        std::printf("refused: of %s there are %d left\n", why->name.c_str(), why->left);
}
// [client]

int main() {
    try {
        nettcp::service_host host;
        host.add_endpoint("/shop", make_shop());
        const auto port = std::to_string(host.listen("127.0.0.1", 0).port);
        host.start();
        nettcp::client service{nettcp::endpoint_address("net.tcp://127.0.0.1:" + port + "/shop")};
        buy(service);
        service.close();
        host.stop();
    } catch (const nettcp::failure& failed) {
        std::fprintf(stderr, "%s\n", failed.diagnostics().message().c_str());
        return 1;
    }
}
