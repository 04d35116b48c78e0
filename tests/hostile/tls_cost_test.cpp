#include "hostile/cost.hpp"
#include "security/tls_player.hpp"
#include "support/catch.hpp"

#include <stdexcept>

using namespace hostile;
namespace security = nettcp::security;
using nettcp::as_bytes;

namespace {

const security::tls_files& files() {
    static const security::tls_files made;
    return made;
}

security::tls_pair pair_of(const security::shared_upgrade_factory& clients,
                           const security::shared_upgrade_factory& services) {
    return {clients->make(), services->make()};
}

/// Both sides of many handshakes; the octets are those of the clients.
workload handshakes(std::size_t size) {
    const auto clients = security::factory(files().client_choices(), "localhost");
    const auto services = security::factory(files().service_choices());
    constexpr std::size_t about = 400;
    const std::size_t times = size / about / 8 + 1;
    return {times * about, [=]() -> std::size_t {
                for (std::size_t i = 0; i != times; ++i) {
                    security::tls_pair pair = pair_of(clients, services);
                    pair.shake_hands();
                    if (!pair.is_established())
                        throw std::runtime_error("no handshake");
                }
                return times;
            }};
}

/// What services do that are given these octets of a handshake, and nothing more.
workload dropped(std::size_t size, const std::string& octets) {
    const auto services = security::factory(files().service_choices());
    const std::size_t times = size / octets.size() / 8 + 1;
    return {times * octets.size(), [=]() -> std::size_t {
                for (std::size_t i = 0; i != times; ++i) {
                    const auto service = services->make();
                    security::give(*service, as_bytes(octets));
                    bool established = false;
                    security::tls_pair::ask(*service, established);
                    (void)security::take(*service);
                }
                return times;
            }};
}

std::string client_hello() {
    const auto client = security::factory(files().client_choices(), "localhost")->make();
    bool established = false;
    security::tls_pair::ask(*client, established);
    return security::take(*client);
}

/// A hello that goes on with what looks like a very long list of extensions.
std::string endless_hello() {
    return std::string("\x16\3\1\x40\0\1\0\xff\xff\3\3", 11) + std::string(16'000, '\0');
}

/// Octets in records of so many, opened by a service; the client's work is counted, too.
workload records(std::size_t size, std::size_t each) {
    const auto clients = security::factory(files().client_choices(), "localhost");
    const auto services = security::factory(files().service_choices());
    constexpr std::size_t around = 22;
    const std::size_t times = std::max<std::size_t>(size / (each + around), 1);
    return {times * (each + around), [=]() -> std::size_t {
                security::tls_pair pair = pair_of(clients, services);
                pair.shake_hands();
                const std::string text(each, 'x');
                std::size_t seen = 0;
                for (std::size_t i = 0; i != times; ++i) {
                    if (!pair.client->write(as_bytes(text)))
                        throw std::runtime_error("no record");
                    security::give(*pair.service, as_bytes(security::take(*pair.client)));
                    seen += security::read_all(*pair.service).size();
                }
                return seen;
            }};
}

}  // namespace

TEST_CASE("What hostile TLS handshakes cost is bounded", "[hostile][cost][tls]") {
    const std::string hello = client_hello();
    check_costs("TLS handshakes, both sides", {"completed", handshakes, 60},
                {{"begun and dropped, the service's side",
                  [&](std::size_t size) { return dropped(size, hello); }, 20},
                 {"a hello that does not end",
                  [](std::size_t size) { return dropped(size, endless_hello()); }, 4}});
}

TEST_CASE("What hostile TLS records cost is bounded", "[hostile][cost][tls]") {
    check_costs("TLS, both sides",
                {"records of 64 octets", [](std::size_t size) { return records(size, 64); }},
                {{"records of one octet", [](std::size_t size) { return records(size, 1); }}});
}
