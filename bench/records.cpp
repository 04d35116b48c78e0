#include "records.hpp"

#include "measure.hpp"

#include <nettcp/contract/codec.hpp>

#include <bit>
#include <fstream>
#include <string_view>

namespace nettcp::bench {

// Not within the namespace below: the library finds it beside its structure.
consteval auto contract_of(contract::tag<record>) {
    using contract::member;
    return contract::data_contract("Rec", "http://peers.test/data",
                                   {
                                       member<&record::id>("Id", {.order = 1}),
                                       member<&record::name>("Name", {.order = 2}),
                                       member<&record::quantity>("Qty", {.order = 3}),
                                       member<&record::price>("Price", {.order = 4}),
                                       member<&record::active>("Active", {.order = 5}),
                                       member<&record::note>("Note", {.order = 6}),
                                   });
}

namespace {

using namespace nbfx::literals;

constexpr unsigned count = 10'000;

std::vector<record> make_all() {
    std::vector<record> all;
    for (unsigned i = 0; i != count; ++i) {
        const unsigned scatter = i * 2654435761u;  // spreads like chance, but always alike
        all.push_back({static_cast<std::int32_t>(1'000'000 + i),
                       "customer name " + std::to_string(100'000 + scatter % 900'000),
                       static_cast<std::int32_t>(300 + scatter % 29'700),
                       static_cast<double>(scatter) / 4'294'967.295, i % 2 == 0,
                       "some note text number and more padding, " +
                           std::to_string(10'000'000 + scatter % 90'000'000)});
    }
    return all;
}

/// A number that depends on every member of every record; bench/dotnet/Typed.cs has the same.
std::uint64_t sum_of(const std::vector<record>& all) {
    std::uint64_t sum = all.size();
    const auto add = [&sum](std::uint64_t what) { sum = sum * 31 + what; };
    const auto add_text = [&](std::string_view text) {
        for (const char c : text)
            add(static_cast<unsigned char>(c));
    };
    for (const record& one : all) {
        add(static_cast<std::uint64_t>(one.id));
        add_text(one.name);
        add(static_cast<std::uint64_t>(one.quantity));
        add(std::bit_cast<std::uint64_t>(one.price));
        add(one.active ? 1 : 0);
        add_text(one.note);
    }
    return sum;
}

}  // namespace

typed_records::typed_records() : value_(make_all()) {
    write();
    std::vector<std::byte> table(sent_.table_size());
    sent_.write_table(table.data());
    expect(received_.read_table(table).has_value(), "a string table is broken");
    for (std::uint32_t i = 0; i != received_.count(); ++i)
        strings_.emplace_back(received_.find(2 * i + 1).value());
    write();
    octets_.assign(out_.view().begin(), out_.view().end());
    expect(sum_of(read()) == sum_of(value_), "records differ");
}

void typed_records::write() {
    out_.clear();
    writer_.open(out_, &sent_);
    contract::write_element(writer_, "recs"_dict, "http://peers.test/svc"_dict, value_);
    expect(writer_.finish().has_value(), "the records cannot be written");
}

std::vector<record> typed_records::read() {
    std::vector<record> all;
    reader_.open(octets_, &received_);
    reader_.move_to_content();
    expect(contract::read_element(reader_, all), "the records cannot be read");
    expect(all.size() == count, "records got lost");
    return all;
}

void typed_records::export_to(const std::filesystem::path& folder) const {
    std::filesystem::create_directories(folder);
    std::ofstream octets(folder / "typed.bin", std::ios::binary);
    octets << as_text(octets_);
    std::ofstream strings(folder / "typed.strings");
    for (const std::string& text : strings_)
        strings << text << '\n';
    std::ofstream sum(folder / "typed.sum");
    sum << sum_of(value_) << '\n';
    expect(octets.good() && strings.good() && sum.good(), "records cannot be exported");
}

}  // namespace nettcp::bench
