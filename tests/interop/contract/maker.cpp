#include "maker.hpp"

#include "shapes.hpp"

#include <limits>

namespace nettcp::interop {
namespace {

using namespace contract;

template <class T>
T& as(void* value) {
    return *static_cast<T*>(value);
}

constexpr const char* texts[] = {
    "",          "0",         "1", "true", "h\u00e9llo <w\u00f6rld> & \u4f60\u597d", "\u65e5\u672c",
    "a\r\nb\tc", "\U0001F600"};

}  // namespace

void maker::make(const type& what, void* value, unsigned depth) {
    switch (what.what) {
    case kind::nullable: return nullable(what, value, depth);
    case kind::structure: return structure(what, value, depth);
    case kind::list: return list(what, value, depth);
    case kind::map: return map(what, value, depth);
    case kind::anything: return anything(value, depth);
    case kind::enumeration: {
        const auto& rows = what.enumeration->enumerators;
        std::int64_t number = rows[below(rows.size())].number;
        if (what.enumeration->flags)
            number |= rows[below(rows.size())].number;
        return what.enumerator->store(value, number);
    }
    default: return primitive(what, value);
    }
}

void maker::primitive(const type& what, void* value) {
    const std::uint64_t bits = below(2) == 0 ? random_() : below(300);
    switch (what.what) {
    case kind::boolean: as<bool>(value) = bits % 2 == 0; break;
    case kind::int8:
    case kind::uint8: as<std::uint8_t>(value) = static_cast<std::uint8_t>(bits); break;
    case kind::int16:
    case kind::uint16: as<std::uint16_t>(value) = static_cast<std::uint16_t>(bits); break;
    case kind::int32:
    case kind::uint32: as<std::uint32_t>(value) = static_cast<std::uint32_t>(bits); break;
    case kind::int64:
    case kind::uint64: as<std::uint64_t>(value) = bits; break;
    case kind::float32: as<float>(value) = static_cast<float>(bits) / 3; break;
    case kind::float64:
        as<double>(value) = bits % 7 == 0 ? -std::numeric_limits<double>::infinity()
                                          : static_cast<double>(bits) * 1e100;
        break;
    case kind::decimal:
        as<decimal>(value) = {bits, static_cast<std::uint32_t>(bits >> 32),
                              static_cast<std::uint8_t>(below(29)), below(2) == 0};
        break;
    case kind::character: as<char16_t>(value) = static_cast<char16_t>(1 + bits % 0xd7ff); break;
    case kind::string:
        as<std::string>(value) =
            below(3) == 0 ? std::string(below(300), 'x') : texts[below(std::size(texts))];
        break;
    case kind::uri:
        as<uri>(value).text = "http://example.test/" + std::to_string(below(1000));
        break;
    case kind::qname:
        as<soap::qname>(value) = {"l" + std::to_string(below(9)), below(3) == 0 ? "" : "urn:q"};
        break;
    case kind::guid:
        for (auto& octet : as<uuid>(value))
            octet = static_cast<std::uint8_t>(random_());
        break;
    case kind::duration: as<time_span>(value).ticks = static_cast<std::int64_t>(bits); break;
    case kind::date_time:
        as<date_time>(value) = {
            static_cast<std::int64_t>(below(static_cast<std::uint64_t>(max_date_time_ticks))),
            static_cast<date_time_kind>(below(2))};
        break;
    case kind::bytes:
        as<std::vector<std::byte>>(value).assign(below(10), static_cast<std::byte>(bits));
        break;
    default: break;
    }
}

void maker::nullable(const type& what, void* value, unsigned depth) {
    if (depth > 6 || below(4) == 0)
        return what.slot->reset(value);
    if (what.item == &descriptor<shapes::node>::value && !nodes_.empty() && below(2) == 0)
        return what.slot->assign(value, nodes_[below(nodes_.size())]);
    if (what.slot->adopt != nullptr && what.item->structure != nullptr &&
        !what.item->structure->known.empty() && below(4) != 0) {
        const auto& known = what.item->structure->known;
        const known_row& chosen = known[below(known.size())];
        void* base = chosen.create();
        what.slot->adopt(value, base);
        return make(chosen.what(), chosen.down(base), depth);
    }
    void* made = what.slot->emplace(value);
    if (what.item == &descriptor<shapes::node>::value)
        nodes_.push_back(what.slot->share(value));
    make(*what.item, made, depth);
}

void maker::structure(const type& what, void* value, unsigned depth) {
    if (what.collection != nullptr)
        return make(what.collection->list(), what.collection->access(value), depth + 1);
    if (what.structure == descriptor<date_time_offset>::value.structure) {
        auto& moment = as<date_time_offset>(value);
        moment.offset_minutes = static_cast<std::int16_t>(static_cast<int>(below(1681)) - 840);
        const std::uint64_t days = std::uint64_t{86400} * 10'000'000 * 3;
        const auto ticks = below(static_cast<std::uint64_t>(max_date_time_ticks) - 2 * days) + days;
        moment.utc = {static_cast<std::int64_t>(ticks), date_time_kind::utc};
        return;
    }
    if (what.structure->base.what != nullptr)
        structure(what.structure->base.what(), what.structure->base.up(value), depth);
    for (const member_row& member : what.structure->members)
        make(member.what(), member.access(value), depth + 1);
}

void maker::anything(void* value, unsigned depth) {
    auto& out = as<object>(value);
    switch (below(depth == 0 ? 6 : 9)) {
    case 0: out = object(); break;
    case 1: out = std::string("text"); break;
    case 2: out = static_cast<std::int32_t>(below(1000)); break;
    case 3: out = decimal{below(99), 0, 1, true}; break;
    case 4: out = uri{"http://example.test/"}; break;
    case 5: out = char16_t{'x'}; break;
    case 6: out = shapes::point{1, 2}; break;
    case 7: out = shapes::color::blue; break;
    case 8: out = std::vector<std::int32_t>(below(4), 5); break;
    }
}

void maker::list(const type& what, void* value, unsigned depth) {
    what.list->clear(value);
    for (auto left = below(4); left != 0; --left) {
        if (what.list->append_boolean != nullptr)
            what.list->append_boolean(value, below(2) == 0);
        else
            make(*what.item, what.list->append(value), depth + 1);
    }
}

void maker::map(const type& what, void* value, unsigned depth) {
    what.map->clear(value);
    // A key of its own for each entry: .NET takes none twice.
    for (std::uint64_t left = what.key->what == kind::enumeration ? below(2) : below(4); left != 0;
         --left) {
        struct filling {
            maker& self;
            const type& map;
            std::uint64_t number;
            unsigned depth;
        } context{*this, what, left, depth};
        what.map->insert(value, &context, [](void* c, void* key, void* mapped) {
            auto& known = *static_cast<filling*>(c);
            known.self.make(*known.map.key, key, known.depth + 1);
            if (known.map.key->what == kind::string)
                as<std::string>(key) = "key " + std::to_string(known.number);
            if (known.map.key->what == kind::int32)
                as<std::int32_t>(key) = static_cast<std::int32_t>(known.number);
            known.self.make(*known.map.item, mapped, known.depth + 1);
            return true;
        });
    }
}

}  // namespace nettcp::interop
