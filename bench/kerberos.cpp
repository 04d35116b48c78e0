// Kerberos by SPNEGO: our engine with its mechanism against GSS-API called in a bare loop, in
// memory and on one thread. Frames as large as they may be and small ones, and handshakes with a
// ticket that is there already, so that no figure has the KDC in it. Needs the realm of
// tests/interop/kdc.sh.

#include "bare_gss.hpp"
#include "carry.hpp"
#include "measure.hpp"

#include <nettcp/security/factories.hpp>
#include <nettcp/security/negotiate_upgrade.hpp>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

namespace nettcp::bench {
namespace {

using security::upgrade;
using security::upgrade_event;

constexpr std::size_t large = security::max_frame_plain;
constexpr std::size_t small = 256;  // an echo's message

// Ours.

struct fixture {
    security::shared_upgrade_factory client;
    security::shared_upgrade_factory service;

    fixture() {
        std::string said;
        security::windows_client choices;
        choices.identity = security::spn_identity{"host/localhost"};
        client = security::make_upgrades(choices, "localhost", said).value();
        service = security::make_upgrades(security::windows_service{}, said).value();
    }
};

const fixture& shared() {
    static const fixture one;
    return one;
}

struct our_pair {
    std::unique_ptr<upgrade> client = shared().client->make();
    std::unique_ptr<upgrade> service = shared().service->make();

    our_pair() {
        for (int established = 0; established != 2;)
            for (upgrade* side : {client.get(), service.get()}) {
                const auto event = side->next_event();
                expect(event != upgrade_event::failed, std::string(side->said()).c_str());
                established += event == upgrade_event::established;
                if (event == upgrade_event::step_wanted) {
                    auto step = side->take_step();
                    step->run();
                    side->stepped(std::move(step));
                }
                carry(*side, side == client.get() ? *service : *client);
            }
    }
};

figure our_handshakes(double seconds) {
    return nanoseconds_per_turn(seconds, [] { const our_pair pair; }).per_second();
}

figure our_frames(std::size_t frame_size, double seconds) {
    const our_pair pair;
    expect(pair.service->peer().protection == security::protection_level::encrypt_and_sign &&
               pair.service->peer().mechanism == "Kerberos",
           "sealed by Kerberos");
    const std::vector<std::byte> plain(frame_size, std::byte{'x'});
    std::vector<std::byte> arrived(frame_size);
    const figure taken = nanoseconds_per_turn(seconds, [&] {
        expect(pair.client->write(plain).has_value(), "write");
        carry(*pair.client, *pair.service);
        const auto size = pair.service->read(arrived);
        expect(size.has_value() && *size == frame_size, "read");
    });
    expect(arrived == plain, "what arrived is what was sent");
    return taken / 1000;
}

// GSS-API alone.

struct bare_pair {
    gss_side client;
    gss_side service{};

    explicit bare_pair(gss_cred_id_t caller) : client(caller) {
        for (std::vector<std::byte> token; !client.established() || !service.established();) {
            token = client.step(token);
            token = service.step(token);
        }
    }
};

// Callers' credentials: the default one, which gss_init_sec_context finds by itself each time; one
// acquired for each handshake, as ours are, since tickets may have been renewed; one for all.

figure default_handshakes(double seconds) {
    return nanoseconds_per_turn(seconds, [] { const bare_pair pair(GSS_C_NO_CREDENTIAL); })
        .per_second();
}

figure acquiring_handshakes(double seconds) {
    return nanoseconds_per_turn(seconds,
                                [] {
                                    gss_cred_id_t caller = acquire_caller();
                                    {
                                        const bare_pair pair(caller);
                                    }
                                    OM_uint32 minor = 0;
                                    gss_release_cred(&minor, &caller);
                                })
        .per_second();
}

figure repeated_handshakes(double seconds) {
    return nanoseconds_per_turn(seconds, [] { const bare_pair pair(shared_caller()); })
        .per_second();
}

figure bare_frames(std::size_t frame_size, double seconds) {
    const bare_pair pair(shared_caller());
    std::vector<std::byte> plain(frame_size, std::byte{'x'});
    const figure taken = nanoseconds_per_turn(seconds, [&] {
        gss_buffer_desc octets{plain.size(), plain.data()};
        gss_buffer_desc sealed = GSS_C_EMPTY_BUFFER;
        gss_buffer_desc opened = GSS_C_EMPTY_BUFFER;
        OM_uint32 minor = 0;
        int is_sealed = 0;
        succeed(gss_wrap(&minor, pair.client.context(), 1, GSS_C_QOP_DEFAULT, &octets, &is_sealed,
                         &sealed),
                "gss_wrap");
        succeed(gss_unwrap(&minor, pair.service.context(), &sealed, &opened, &is_sealed, nullptr),
                "gss_unwrap");
        expect(is_sealed != 0 && opened.length == frame_size, "sealed and opened");
        gss_release_buffer(&minor, &sealed);
        gss_release_buffer(&minor, &opened);
    });
    return taken / 1000;
}

}  // namespace
}  // namespace nettcp::bench

int main(int argc, char** argv) {
    using namespace nettcp::bench;
    if (std::getenv("NETTCP_KDC") == nullptr) {
        std::fprintf(stderr, "no Kerberos realm here: run this in tests/interop/kdc.sh run DIR\n");
        return 2;
    }
    return run(
        argc, argv,
        {{"kerberos 63 KiB frame, nettcp", "us", std::bind_front(our_frames, large)},
         {"kerberos 63 KiB frame, GSS-API alone", "us", std::bind_front(bare_frames, large)},
         {"kerberos 256-octet frame, nettcp", "us", std::bind_front(our_frames, small)},
         {"kerberos 256-octet frame, GSS-API alone", "us", std::bind_front(bare_frames, small)},
         {"kerberos handshakes, nettcp", "1/s", our_handshakes},
         {"kerberos handshakes, default credential", "1/s", default_handshakes},
         {"kerberos handshakes, acquiring for each", "1/s", acquiring_handshakes},
         {"kerberos handshakes, one credential", "1/s", repeated_handshakes}});
}
