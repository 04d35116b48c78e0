// Faults: what a service answers when it cannot do what it was asked, and how a caller tells one
// from another. A fault is an answer: the session goes on.
//
//     04_faults
#include <nettcp/client/typed_call.hpp>
#include <nettcp/service/service_host.hpp>
#include <nettcp/service/typed_operation.hpp>

#include <cstdio>
#include <stdexcept>

namespace contract = nettcp::contract;

// [contract]
namespace bank {

struct overdrawn {
    std::int32_t balance = 0;
};
consteval auto contract_of(contract::tag<overdrawn>) {
    return contract::data_contract("Overdrawn", "urn:bank",
                                   {contract::member<&overdrawn::balance>("Balance")});
}

// interface IBank { [FaultContract(typeof(Overdrawn))] int Withdraw(int amount); }
inline constexpr contract::service_contract i_bank{"IBank", "urn:bank"};
inline constexpr contract::operation<std::int32_t(std::int32_t), overdrawn> withdraw{
    i_bank, "Withdraw", {"amount"}};

}  // namespace bank
// [contract]

// [service]
std::int32_t withdraw(std::int32_t amount) {
    if (amount > 100)  // declared in the contract: WCF throws FaultException<Overdrawn>
        throw nettcp::typed_fault(bank::withdraw, bank::overdrawn{100}, "there are only 100");
    if (amount < 0) {  // a code and a reason, no detail: WCF throws FaultException
        nettcp::soap::fault bad;
        bad.codes = {{"Sender", ""}, {"BadAmount", "urn:bank"}};
        bad.reasons = {{"the amount is negative", "en"}};
        throw nettcp::fault_exception(std::move(bad));
    }
    if (amount == 13)  // a bug: callers learn that there was one, and no more
        throw std::runtime_error("no row 13 in table ACCOUNTS");
    return 100 - amount;
}
// [service]

// [client]
void try_to_withdraw(nettcp::client& service, std::int32_t amount) {
    auto answer = nettcp::call(service, bank::withdraw(amount));
    if (!answer.is_fault())
        std::printf("%d: left %d\n", amount, answer.value());
    else if (const auto why = answer.fault_detail<bank::overdrawn>())
        std::printf("%d: overdrawn, there are %d\n", amount, why->balance);
    else if (answer.fault().is("BadAmount", "urn:bank"))
        std::printf("%d: no such amount\n", amount);
    else
        std::printf("%d: %s\n", amount, std::string(answer.fault().reason()).c_str());
}
// [client]

// [throwing]
void withdraw_or_throw(nettcp::client& service, std::int32_t amount) {
    try {
        std::printf("left %d\n", nettcp::call(service, bank::withdraw(amount)).value());
    } catch (const nettcp::service_fault& refused) {  // the service has answered
        std::printf("refused: %s\n", refused.what());
    } catch (const nettcp::failure& failed) {  // there is no answer
        std::printf("failed: %s\n", failed.diagnostics().message().c_str());
    }
}
// [throwing]

int main() {
    try {
        nettcp::service operations;
        nettcp::serve(operations, bank::withdraw, withdraw);
        nettcp::service_host host;
        host.add_endpoint("/bank", std::move(operations));
        const auto port = std::to_string(host.listen("127.0.0.1", 0).port);
        host.start();
        nettcp::client service{nettcp::endpoint_address("net.tcp://127.0.0.1:" + port + "/bank")};
        for (const std::int32_t amount : {30, 500, -1, 13})
            try_to_withdraw(service, amount);
        withdraw_or_throw(service, 500);
        service.close();
        host.stop();
        withdraw_or_throw(service, 30);  // nobody there any more
    } catch (const nettcp::failure& failed) {
        std::fprintf(stderr, "%s\n", failed.diagnostics().message().c_str());
        return 1;
    }
}
