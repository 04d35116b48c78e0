// Invariants of the TLS engine in both roles, whatever the peer sends: octets in strokes of any
// size give the same plain octets, failure and surplus as all at once; after a failure nothing is
// read or written, and the event comes once; output stays within what the octets received may
// cause; an established session hands over exactly what was written, and what follows its last
// record is left untouched.
//
// The first octet chooses: role, a full handshake first or none, and the stroke.
//
// Reaches src/security/tls_*.cpp

#include "security/tls_library.hpp"
#include "support/certificates.hpp"

#include <nettcp/security/errc.hpp>
#include <nettcp/security/factories.hpp>

#include <algorithm>
#include <cstdlib>
#include <string>

using namespace nettcp;
using namespace nettcp::security;

namespace {

void require(bool holds) {
    if (!holds)
        std::abort();
}

struct factories {
    shared_upgrade_factory client;
    shared_upgrade_factory service;

    factories() {
        const temporary_folder folder;
        const auto own = make_certificate({.names = {"DNS:localhost"}});
        const auto file = folder.write("own.pem", own.both());
        tls_client client_choices;
        client_choices.trust.ca_files = {file};
        client_choices.certificate.certificate_file = file;
        tls_service service_choices;
        service_choices.certificate.certificate_file = file;
        service_choices.require_client_certificate = true;
        service_choices.client_trust.ca_files = {file};
        std::string said;
        client = make_upgrades(client_choices, "localhost", said).value();
        service = make_upgrades(service_choices, said).value();
    }
};

std::string take(upgrade& from) {
    std::string out;
    for (bytes_view part = from.output(); !part.empty(); part = from.output()) {
        out += as_text(part);
        from.output_sent(part.size());
    }
    return out;
}

/// Gives an engine octets and reads what they protect. Random numbers make output differ from run
/// to run, so it is only measured.
struct account {
    std::string plain;
    std::string surplus;
    boost::system::error_code failure;
    bool ended = false;
    friend bool operator==(const account&, const account&) = default;
};

account play(upgrade& engine, bytes_view octets, std::size_t stroke) {
    account seen;
    bool was_failed = false;
    std::size_t sent = 0;
    std::size_t given = 0;
    const auto drain = [&] {
        for (auto event = engine.next_event(); event != upgrade_event::none;
             event = engine.next_event()) {
            require(event == upgrade_event::established || event == upgrade_event::failed);
            require(!was_failed);
            was_failed = event == upgrade_event::failed;
        }
        std::byte part[1000];
        for (;;) {
            const auto size = engine.read(part);
            if (!size)
                require(engine.failure().code && size.error() == engine.failure());
            if (!size || *size == 0)
                break;
            seen.plain += as_text(bytes_view(part).first(*size));
        }
        sent += take(engine).size();
    };
    drain();
    while (!octets.empty() && !engine.failure().code) {
        const auto space = engine.input_space();
        const std::size_t size = std::min({space.size(), octets.size(), stroke});
        require(size != 0);
        std::copy_n(octets.begin(), size, space.begin());
        engine.received(size);
        octets = octets.subspan(size);
        given += size;
        drain();
    }
    engine.received_eof();
    drain();
    require(sent <= 20'000 + 32 * given);
    if (engine.failure().code)
        require(!engine.write(as_bytes("x")));
    seen.failure = engine.failure().code;
    seen.ended = engine.ended();
    if (!seen.failure)  // after one, what was read of the octets behind it depends on strokes
        seen.surplus = as_text(engine.surplus());
    return seen;
}

void give(upgrade& to, const std::string& text) {
    for (bytes_view octets = as_bytes(text); !octets.empty();) {
        const auto space = to.input_space();
        const std::size_t size = std::min(space.size(), octets.size());
        std::copy_n(octets.begin(), size, space.begin());
        to.received(size);
        octets = octets.subspan(size);
    }
}

void shake_hands(upgrade& client, upgrade& service) {
    int established = 0;
    for (int turn = 0; turn != 8; ++turn)
        for (upgrade* side : {&client, &service}) {
            for (auto e = side->next_event(); e != upgrade_event::none; e = side->next_event())
                established += e == upgrade_event::established;
            give(side == &client ? service : client, take(*side));
        }
    require(established == 2);
}

/// What is written on one side comes out on the other, and the octets behind it stay.
void cross_boundary(const factories& made, bytes_view octets, bool client_sends) {
    const auto client = made.client->make();
    const auto service = made.service->make();
    shake_hands(*client, *service);
    upgrade& from = client_sends ? *client : *service;
    upgrade& to = client_sends ? *service : *client;
    const bytes_view plain = octets.first(octets.size() / 2);
    const bytes_view behind = octets.subspan(octets.size() / 2);
    require(from.write(plain).has_value());
    give(to, take(from));
    give(to, std::string(as_text(behind)));
    std::string seen;
    std::byte part[500];
    while (seen.size() < plain.size()) {
        const auto size = to.read(part);
        require(size.has_value() && *size != 0);
        seen += as_text(bytes_view(part).first(*size));
    }
    require(seen == as_text(plain));
    require(std::ranges::equal(to.surplus(), behind));
    play(to, {}, 1);  // and reading on does no harm
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* first, std::size_t size) {
    static const factories made;
    if (size == 0)
        return 0;
    const unsigned choice = first[0];
    const bytes_view octets{reinterpret_cast<const std::byte*>(first + 1), size - 1};
    const auto& role = (choice & 1) != 0 ? made.client : made.service;
    if ((choice & 2) != 0) {
        cross_boundary(made, octets, (choice & 1) != 0);
        return 0;
    }
    const auto whole = role->make();
    const auto parts = role->make();
    const account at_once = play(*whole, octets, ~std::size_t{0});
    const account in_strokes = play(*parts, octets, 1 + (choice >> 2) % 16);
    require(at_once == in_strokes);
    return 0;
}
