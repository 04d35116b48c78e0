// Invariants of the line between records in clear and protected ones, for two honest sides and
// somebody on the wire between them who inserts, replaces, drops and repeats octets: an envelope is
// told within the protection only, and then it is the next one that the other side has sent, so
// that nothing but the end can be taken away; no octet of an envelope is ever in clear on the wire;
// nobody is the peer outside of the protection; a failure is final; left alone, all sessions on the
// connection go through; and octet by octet gives what all at once gives, or fails when that fails
// and has told no other events before, but for octets that come before the answer to a request for
// an upgrade, which are refused only where they are seen.
//
// The first octet of the input chooses handshake, envelopes and sessions; then come changes: one
// octet for kind (bits 0 to 2), direction (bit 3) and how many octets are changed or follow
// (bits 4 to 7), and one for how far they are from the change before in that direction.
//
// Reaches src/channel/secured_framing.cpp src/security/negotiate_upgrade.cpp
// Uses dict/framing dict/security_negotiate

#include "../src/channel/secured_framing.hpp"
#include "../tests/support/fake_mechanism.hpp"

#include <nettcp/security/negotiate_upgrade.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <vector>

using namespace nettcp;

namespace {

constexpr std::string_view secret = "nobody else's";

void require(bool holds) {
    if (!holds)
        std::abort();
}

std::size_t index(security::role side) {
    return side == security::role::initiator ? 0 : 1;
}

/// The frames that both sides of one upgrade have made. Keys are as good as they can be: a frame is
/// valid only if it is in here.
using vouched = std::array<std::vector<std::string>, 2>;

class ideal_mechanism final : public security::mechanism {
public:
    ideal_mechanism(security::role side, fake_agreement agreement, std::shared_ptr<vouched> frames)
        : inner_(side, std::move(agreement)), frames_(std::move(frames)), side_(index(side)) {}

    security::step_result step(bytes_view token) noexcept override { return inner_.step(token); }
    const security::party& peer() const noexcept override { return inner_.peer(); }
    security::framing_of_octets octets() const noexcept override { return inner_.octets(); }
    std::string_view said() const noexcept override { return inner_.said(); }

    result<void> wrap(bytes_view plain, octet_buffer& out) noexcept override {
        const std::size_t before = out.size();
        auto done = inner_.wrap(plain, out);
        (*frames_)[side_].emplace_back(as_text(out.view().subspan(before)));
        return done;
    }

    result<bytes_view> unwrap(std::span<std::byte> payload) noexcept override {
        const auto& theirs = (*frames_)[1 - side_];
        if (opened_ == theirs.size() || as_text(payload) != theirs[opened_])
            return error{make_error_code(security::errc::frame_invalid)};
        ++opened_;
        return inner_.unwrap(payload);
    }

private:
    fake_mechanism inner_;
    std::shared_ptr<vouched> frames_;
    std::size_t side_;
    std::size_t opened_ = 0;
};

/// Upgrades of one side; the n-th has the keys of the other side's n-th.
class ideal_factory final : public security::upgrade_factory {
public:
    using keys = std::vector<std::shared_ptr<vouched>>;

    ideal_factory(security::role side, fake_agreement agreement, std::shared_ptr<keys> all)
        : agreement_(std::move(agreement)), all_(std::move(all)), side_(side) {}

    std::string_view name() const noexcept override { return "application/negotiate"; }
    std::unique_ptr<security::upgrade> make() const override {
        if (made_ == all_->size())
            all_->push_back(std::make_shared<vouched>());
        return security::make_negotiate_upgrade(
            side_, std::make_shared<ideal_mechanism>(side_, agreement_, (*all_)[made_++]));
    }

private:
    fake_agreement agreement_;
    std::shared_ptr<keys> all_;
    security::role side_;
    mutable std::size_t made_ = 0;
};

/// What is done on the wire, in one direction.
struct change {
    enum class kind : std::uint8_t { insert, replace, drop, repeat, cut };
    kind what = kind::insert;
    std::size_t distance = 0;  ///< octets of the sender's since the change before
    std::size_t size = 0;
    std::string octets;  ///< to insert, or in place of the sender's
};

struct plan {
    fake_agreement agreement;
    std::size_t envelopes = 1;  ///< of the initiator in each session; each gets one back
    std::size_t sessions = 1;
    std::array<std::vector<change>, 2> changes;

    explicit plan(bytes_view input) {
        const auto choice = std::to_integer<unsigned>(input[0]);
        agreement.tokens = 1 + (choice & 3);
        agreement.unwraps_elsewhere = (choice & 4) != 0;
        envelopes = choice >> 3 & 3;
        sessions = 1 + (choice >> 5 & 1);
        for (input = input.subspan(1); input.size() >= 2;) {
            const auto code = std::to_integer<unsigned>(input[0]);
            change one;
            one.what = static_cast<change::kind>((code & 7) % 5);
            one.distance = std::to_integer<std::size_t>(input[1]);
            one.size = 1 + (code >> 4);
            input = input.subspan(2);
            if (one.what == change::kind::insert || one.what == change::kind::replace) {
                one.octets = as_text(input.first(std::min(one.size, input.size())));
                one.size = one.octets.size();
                input = input.subspan(one.size);
            }
            changes[code >> 3 & 1].push_back(std::move(one));
        }
    }
};

/// One direction of the wire.
class wire {
public:
    explicit wire(const std::vector<change>& changes) : changes_(changes) {}

    void send(bytes_view octets) {
        for (const char c : as_text(octets)) {
            while (next_ < changes_.size() && passed_.size() == at_ + changes_[next_].distance)
                apply(changes_[next_++]);
            passed_ += c;
            if (cut_)
                continue;
            if (dropped_ != 0)
                --dropped_;
            else if (replaced_.empty())
                arriving += c;
            else
                arriving += std::exchange(replaced_[0], '\0');
            if (!replaced_.empty())
                replaced_.erase(0, 1);
        }
    }

    const std::string& passed() const noexcept { return passed_; }

    std::string arriving;  ///< and not taken yet

private:
    void apply(const change& one) {
        at_ = passed_.size();
        if (cut_)
            return;
        using enum change::kind;
        switch (one.what) {
        case insert: arriving += one.octets; break;
        case replace: replaced_ = one.octets; break;
        case drop: dropped_ = one.size; break;
        case repeat:
            arriving += passed_.substr(passed_.size() - std::min(at_, one.size * 4));
            break;
        case cut: cut_ = true; break;
        }
    }

    const std::vector<change>& changes_;
    std::string passed_;  ///< as the sender gave it
    std::string replaced_;
    std::size_t next_ = 0;
    std::size_t at_ = 0;  ///< where the last change was
    std::size_t dropped_ = 0;
    bool cut_ = false;
};

/// What a side has seen, in a form that can be compared.
struct account {
    std::string events;
    std::vector<std::string> sent;
    std::vector<std::string> received;
    std::string output;
    error failure;
    bool operator==(const account&) const = default;
};

class side {
public:
    side(security::role which, const plan& follow, std::shared_ptr<ideal_factory::keys> keys,
         wire& out)
        : seen(),
          plan_(follow),
          factory_(std::make_shared<ideal_factory>(which, follow.agreement, std::move(keys))),
          out_(out),
          framing_(which == security::role::initiator ? framing::role::initiator
                                                      : framing::role::acceptor,
                   limits()) {
        if (is_initiator())
            start();
    }

    account seen;
    const account* other = nullptr;

    /// Takes what has come, some octets at a time. False: there is nothing to do.
    bool run(wire& in, std::size_t stroke) {
        bool has_moved = drain();
        while (!in.arriving.empty() && framing_.wants_input()) {
            const auto space = framing_.input_space();
            const std::size_t size = std::min({space.size(), in.arriving.size(), stroke});
            require(size != 0);
            std::ranges::copy(as_bytes(std::string_view(in.arriving).substr(0, size)),
                              space.begin());
            in.arriving.erase(0, size);
            framing_.received(size);
            has_moved = true;
            drain();
        }
        return has_moved;
    }

    void end_input() {
        framing_.received_eof();
        drain();
    }

    bool is_done() const { return seen.failure == error{} && closed_ == plan_.sessions; }

private:
    static framing_limits limits() {
        framing_limits small;
        small.max_message_size = 1000;
        return small;
    }

    bool is_initiator() const { return framing_.records().side() == framing::role::initiator; }

    void start() {
        framing::preamble ours;
        ours.via = "net.tcp://h/s";
        ours.encoding = framing::encoding::binary_session;
        require(framing_.start(ours, factory_).has_value());
        exchanged_ = 0;
        has_ended_ = false;
        take_output();
    }

    bool drain() {
        bool has_moved = take_output();
        for (;;) {
            const bool had_failed = framing_.records().failed();
            const framing::event what = framing_.next_event();
            if (what.type != framing::event_type::none) {
                require(!had_failed);
                seen.events += static_cast<char>('a' + static_cast<int>(what.type));
                follow(what);
            } else if (framing_.step_wanted()) {
                auto step = framing_.take_step();
                step->run();
                framing_.stepped(std::move(step));
            } else {
                break;
            }
            has_moved = true;
            take_output();  // at once: how much is sealed together shall not depend on strokes
        }
        take_output();
        seen.failure = framing_.failure();
        return has_moved;
    }

    void follow(const framing::event& what) {
        switch (what.type) {
        case framing::event_type::addressed: framing_.require(factory_); break;
        case framing::event_type::preamble_ended:
            require(framing_.peer() != nullptr);
            require(framing_.records().ack_preamble().has_value());
            has_ended_ = false;
            break;
        case framing::event_type::preamble_acked: ask(); break;
        case framing::event_type::envelope: receive(what.octets); break;
        case framing::event_type::chunk:
        case framing::event_type::envelope_ended: require(framing_.peer() != nullptr); break;
        case framing::event_type::peer_ended: end(); break;
        case framing::event_type::closed:
            require(framing_.peer() == nullptr);
            if (++closed_ < plan_.sessions && is_initiator())
                start();
            break;
        default: break;
        }
    }

    void receive(bytes_view envelope) {
        require(framing_.peer() != nullptr);
        seen.received.emplace_back(as_text(envelope));
        const std::size_t count = seen.received.size();
        require(count <= other->sent.size() && other->sent[count - 1] == seen.received.back());
        if (is_initiator())
            ask();
        else if (!has_ended_)
            send();
    }

    void ask() {
        if (exchanged_++ < plan_.envelopes)
            send();
        else
            end();
    }

    void send() {
        std::string text(secret);
        text += std::to_string(seen.sent.size());
        const auto into = framing_.records().begin_envelope();
        require(into.has_value());
        (*into)->append(as_bytes(text));
        require(framing_.records().end_envelope().has_value());
        seen.sent.push_back(std::move(text));
    }

    void end() {
        if (!std::exchange(has_ended_, true))
            (void)framing_.records().end();
    }

    bool take_output() {
        bool any = false;
        for (bytes_view out = framing_.output(); !out.empty(); out = framing_.output()) {
            any = true;
            seen.output.append(as_text(out));
            out_.send(out);
            framing_.output_sent(out.size());
        }
        return any;
    }

    const plan& plan_;
    std::shared_ptr<const ideal_factory> factory_;
    wire& out_;
    channel::secured_framing framing_;
    std::size_t exchanged_ = 0;
    std::size_t closed_ = 0;
    bool has_ended_ = false;
};

struct outcome {
    account caller;
    account host;

    bool fails() const { return caller.failure.code.failed() || host.failure.code.failed(); }
    bool operator==(const outcome&) const = default;
};

bool came_too_early(const outcome& one) {
    const auto early = make_error_code(framing::errc::octets_before_upgrade_answer);
    return one.caller.failure.code == early || one.host.failure.code == early;
}

template <class Sequence>
bool agree(const Sequence& a, const Sequence& b) {
    const std::size_t size = std::min(a.size(), b.size());
    return std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(size), b.begin());
}

/// Whether both can be what came of one plan. What a side had not sent when it failed is dropped,
/// and how much that is depends on how far it had read: then the other side may see less.
bool agree(const outcome& a, const outcome& b) {
    if (!a.fails() && !b.fails())
        return a == b;
    const auto sides_agree = [](const account& one, const account& other) {
        return agree(one.events, other.events) && agree(one.received, other.received);
    };
    return came_too_early(a) || came_too_early(b) ||
           (a.fails() && b.fails() && sides_agree(a.caller, b.caller) &&
            sides_agree(a.host, b.host));
}

outcome play(const plan& all, std::size_t stroke) {
    wire there(all.changes[0]);
    wire back(all.changes[1]);
    const auto keys = std::make_shared<ideal_factory::keys>();
    side caller(security::role::initiator, all, keys, there);
    side host(security::role::acceptor, all, keys, back);
    caller.other = &host.seen;
    host.other = &caller.seen;
    const auto run = [&] {
        while (host.run(there, stroke) || caller.run(back, stroke)) {
        }
    };
    run();
    if (all.changes[0].empty() && all.changes[1].empty())
        require(caller.is_done() && host.is_done());
    host.end_input();
    caller.end_input();
    run();
    require(there.passed().find(secret) == std::string::npos);
    require(back.passed().find(secret) == std::string::npos);
    return {std::move(caller.seen), std::move(host.seen)};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    if (size == 0 || size > 1024)
        return 0;
    const plan all({reinterpret_cast<const std::byte*>(octets), size});
    const outcome whole = play(all, 65536);
    require(agree(whole, play(all, 1)));
    require(agree(whole, play(all, 7)));
    return 0;
}
