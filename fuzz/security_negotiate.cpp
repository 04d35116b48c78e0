// Invariants of the [MS-NNS] engine, for both roles and all sequences of a fake mechanism, whatever
// the peer sends: octet by octet gives the plain octets, the failure and the output that all at
// once gives; what is held stays bounded; nothing happens after a failure; octets behind the last
// whole frame are the surplus, exactly; and the peer is told of a failure by one error message or
// nothing. The first octet of the input chooses role and sequence.
//
// Reaches src/security/negotiate*.cpp
// Mutated by mutators/negotiate

#include "../tests/support/fake_mechanism.hpp"

#include <nettcp/security/negotiate_upgrade.hpp>

#include <algorithm>
#include <cstdlib>
#include <string>

using namespace nettcp;
using namespace nettcp::security;

namespace {

constexpr negotiate_limits limits{.max_tokens_size = 2000, .max_messages = 5};

void require(bool holds) {
    if (!holds)
        std::abort();
}

/// What an engine did, in a form that can be compared.
struct account {
    std::string plain;
    std::string output;
    std::string surplus;
    error failure;
    bool is_established = false;
    friend bool operator==(const account&, const account&) = default;
};

class owner {
public:
    explicit owner(std::uint8_t choice) {
        const role side = (choice & 1) != 0 ? role::acceptor : role::initiator;
        fake_agreement agreement;
        agreement.tokens = 1u + (choice >> 1 & 3);
        if ((choice & 8) != 0)
            agreement.octets = framing_of_octets::raw;
        agreement.failing_step = (choice & 16) != 0 ? 2 : 0;
        agreement.unwraps_elsewhere = (choice & 32) != 0;
        engine_ =
            make_negotiate_upgrade(side, std::make_shared<fake_mechanism>(side, agreement), limits);
        settle(1);
    }

    account play(bytes_view octets, std::size_t stroke, std::size_t read_size) {
        while (!octets.empty()) {
            const auto space = engine_->input_space();
            require(space.empty() == (engine_->failure().code.failed()));
            const std::size_t size = std::min({space.size(), octets.size(), stroke});
            if (size == 0)
                break;
            std::copy_n(octets.begin(), size, space.begin());
            engine_->received(size);
            octets = octets.subspan(size);
            settle(read_size);
        }
        account_.surplus = as_text(engine_->surplus());
        engine_->received_eof();
        settle(read_size);
        account_.failure = engine_->failure();
        for (bytes_view out = engine_->output(); !out.empty(); out = engine_->output()) {
            account_.output += as_text(out);
            engine_->output_sent(out.size());
        }
        if (account_.failure.code.failed()) {
            account_.surplus.clear();  // depends on how much came at once
            require(engine_->surplus().empty());
        } else {
            require(account_.is_established);
        }
        return account_;
    }

private:
    void settle(std::size_t read_size) {
        const bool was_failed = engine_->failure().code.failed();
        for (upgrade_event e = engine_->next_event(); e != upgrade_event::none;
             e = engine_->next_event()) {
            require(!was_failed);
            if (e == upgrade_event::established) {
                account_.is_established = true;
                require(engine_->write(as_bytes("hello")).has_value());
            }
            if (e == upgrade_event::step_wanted) {
                auto step = engine_->take_step();
                step->run();
                engine_->stepped(std::move(step));
            }
        }
        if (!account_.is_established)
            return;
        std::byte into[64];
        for (;;) {
            const auto got = engine_->read(std::span(into).first(read_size));
            require(got.has_value() || engine_->failure().code.failed());
            if (!got || *got == 0)
                break;
            require(*got <= read_size);
            account_.plain += as_text(bytes_view(into).first(*got));
        }
        while (engine_->next_event() != upgrade_event::none)
            require(engine_->failure().code.failed());
    }

    std::unique_ptr<upgrade> engine_;
    account account_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    if (size == 0 || size > 8192)
        return 0;
    const bytes_view input{reinterpret_cast<const std::byte*>(octets) + 1, size - 1};
    const account whole = owner(octets[0]).play(input, size, 64);
    require(owner(octets[0]).play(input, 1, 64) == whole);
    require(owner(octets[0]).play(input, 13, 3) == whole);
    return 0;
}
