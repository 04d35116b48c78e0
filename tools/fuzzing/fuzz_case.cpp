#include "fuzz_case.hpp"

#include "duty_watch.hpp"

#include <algorithm>

namespace nettcp::fuzzing {
namespace {

/// How long to listen for an answer that the peer does not owe.
constexpr std::chrono::milliseconds hopeful{300};

class renderer {
public:
    explicit renderer(random_source& random) : random_(random) {}

    script render(const draft& what) {
        for (std::size_t i = 0; i <= what.pieces.size(); ++i) {
            if (what.pause_before == i)
                add({step_type::pause, {}, what.pause});
            if (what.half_close_before == i || what.reset_before == i) {
                add({what.reset_before == i ? step_type::reset : step_type::half_close, {}, {}});
                break;
            }
            if (i < what.pieces.size())
                send(what, what.pieces[i]);
        }
        mark_due(steps_);
        return std::move(steps_);
    }

private:
    void add(step one) { steps_.push_back(std::move(one)); }

    void send(const draft& what, const piece& one) {
        const octets& content = one.content;
        const bool joins = what.how == delivery::one_write && !steps_.empty() &&
                           steps_.back().type == step_type::send;
        if (joins) {
            octets& before = steps_.back().content;
            before.insert(before.end(), content.begin(), content.end());
        } else if (what.how == delivery::octet_by_octet) {
            for (const std::byte octet : content)
                add({step_type::send, {octet}, {}});
        } else if (what.how == delivery::split && content.size() > 1) {
            const auto at = static_cast<std::ptrdiff_t>(1 + random_.below(content.size() - 1));
            add({step_type::send, octets(content.begin(), content.begin() + at), {}});
            add({step_type::send, octets(content.begin() + at, content.end()), {}});
        } else if (!content.empty()) {
            add({step_type::send, content, {}});
        }
        if (one.answered && what.waits)
            add({step_type::await, {}, hopeful});
    }

    random_source& random_;
    script steps_;
};

}  // namespace

std::vector<mutation> mutations_of(const std::vector<family>& families) {
    std::vector<mutation> all;
    for (std::size_t i = 0; i < mutation_count; ++i) {
        const auto kind = static_cast<mutation>(i);
        if (families.empty() || std::ranges::find(families, family_of(kind)) != families.end())
            all.push_back(kind);
    }
    return all;
}

script render(const draft& what, random_source& random) {
    return renderer(random).render(what);
}

script render(const sample& what) {
    random_source unused(0, 0);
    draft plain;
    plain.pieces = what.pieces;
    return render(plain, unused);
}

fuzz_case make_case(const plan& from, std::uint64_t number) {
    fuzz_case made;
    made.number = number;
    if (number < from.samples.size()) {
        const sample& what = from.samples[static_cast<std::size_t>(number)];
        made.what = what.name + ", as it should be";
        made.steps = render(what);
        return made;
    }
    random_source random(from.seed, number);
    const std::size_t preferred = std::clamp<std::size_t>(from.preferred, 1, from.samples.size());
    const sample& what =
        from.samples[random.below(random.once_in(2) ? preferred : from.samples.size())];
    made.what = what.name;
    draft changed;
    changed.pieces = what.pieces;
    std::size_t wanted = 1;
    while (wanted < 4 && random.once_in(3))
        ++wanted;
    constexpr std::size_t patience = 32;  // some conversations have no place for some mutations
    for (std::size_t tries = 0; tries < patience && wanted != 0; ++tries) {
        const mutation kind = random.pick(from.mutations);
        if (!mutate(changed, kind, random))
            continue;
        made.what += ", ";
        made.what += to_string(kind);
        --wanted;
    }
    made.steps = render(changed, random);
    return made;
}

}  // namespace nettcp::fuzzing
