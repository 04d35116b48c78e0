// contract_differential ORACLE_DLL [--count N] [--seed N]
//
// Puts our typed contracts face to face with .NET's DataContractSerializer, over binary XML and in
// both directions: what .NET writes is read here and written again, and the octets must be the
// same; what we write is read by .NET and written again, and the octets must be the same too.
// ORACLE_DLL is built from tests/interop/dotnet/contract_oracle (run_contract.sh does all of it).
#include "../differential/oracle.hpp"
#include "maker.hpp"
#include "shapes.hpp"

#include <nettcp/contract/codec.hpp>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace {

using namespace nettcp;
using namespace nettcp::interop;
using nbfx::literals::operator""_dict;

/// A value of a shape, owned without knowing its type.
struct shape {
    const char* name;
    const contract::type* what;
    std::shared_ptr<void> (*make)();
};

template <class T>
constexpr shape shape_of(const char* name) {
    return {name, &contract::descriptor<T>::value,
            []() -> std::shared_ptr<void> { return std::make_shared<T>(); }};
}

template <class T>
using maybe = std::optional<T>;

const shape all_shapes[] = {
    shape_of<bool>("bool"),
    shape_of<std::int32_t>("int"),
    shape_of<maybe<std::string>>("string"),
    shape_of<uuid>("guid"),
    shape_of<maybe<soap::qname>>("qname"),
    shape_of<shapes::color>("color"),
    shape_of<maybe<std::vector<std::int32_t>>>("ints"),
    shape_of<maybe<std::vector<maybe<shapes::point>>>>("points"),
    shape_of<shapes::map<std::string, maybe<std::string>>>("words"),
    shape_of<maybe<std::int32_t>>("maybe"),
    shape_of<contract::date_time_offset>("offset"),
    shape_of<contract::object>("object"),
    shape_of<maybe<shapes::primitives>>("primitives"),
    shape_of<maybe<shapes::enums>>("enums"),
    shape_of<maybe<shapes::nullables>>("nullables"),
    shape_of<maybe<shapes::lists>>("lists"),
    shape_of<maybe<shapes::maps>>("maps"),
    shape_of<maybe<shapes::elsewhere>>("elsewhere"),
    shape_of<maybe<shapes::bag>>("bag"),
    shape_of<std::unique_ptr<shapes::tree>>("tree"),
    shape_of<std::unique_ptr<shapes::shape>>("shape"),
    shape_of<std::unique_ptr<shapes::circle>>("circle"),
    shape_of<maybe<shapes::shapes>>("shapes"),
    shape_of<std::shared_ptr<shapes::node>>("node"),
    shape_of<maybe<shapes::graph>>("graph"),
    shape_of<maybe<shapes::anything>>("anything"),
    shape_of<maybe<shapes::version_one>>("version_one"),
    shape_of<maybe<shapes::version_two>>("version_two"),
};

std::string to_hex(bytes_view octets) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const std::byte octet : octets) {
        text.push_back(digits[std::to_integer<unsigned>(octet) >> 4]);
        text.push_back(digits[std::to_integer<unsigned>(octet) & 15u]);
    }
    return text;
}

std::vector<std::byte> from_hex(std::string_view text) {
    std::vector<std::byte> octets;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        octets.push_back(static_cast<std::byte>(
            std::strtoul(std::string(text.substr(i, 2)).c_str(), nullptr, 16)));
    return octets;
}

/// The document that our codec makes of a value, in hex, or what failed.
std::string write(const shape& s, const void* value) {
    octet_buffer octets;
    nbfx::writer out;
    out.open(octets);
    std::string path;
    const contract::type* what = s.what;
    while (what->what == contract::kind::nullable)
        what = what->item;
    if (what->what == contract::kind::qname)
        out.start_element("q", "value"_dict, "urn:w"_dict);  // as .NET does for this type
    else
        out.start_element("value"_dict, "urn:w"_dict);
    contract::write_value(out, *s.what, value, "urn:w", &path);
    out.end_element();
    if (const auto done = out.finish(); !done)
        return "cannot be written: " + done.error().code.message() + " at " + path;
    return to_hex(octets.view());
}

/// Reads a document; what failed, or nothing.
std::string read(const shape& s, bytes_view document, void* value) {
    nbfx::reader in;
    in.open(document);
    in.move_to_content();
    std::string path;
    if (!contract::read_value(in, *s.what, value, &path))
        return "cannot be read: " + in.failure().code.message() + " at " + path;
    if (in.move_to_content() != nbfx::node::end_of_document)
        return "is not read to its end";
    return {};
}

struct tally {
    std::size_t compared = 0;
    std::size_t different = 0;

    void add(const shape& s, const char* what, std::uint64_t seed, const std::string& expected,
             const std::string& actual) {
        ++compared;
        if (expected == actual)
            return;
        if (++different <= 20)
            std::printf("%s, %s, seed %llu\n  .NET %s\n  ours %s\n", s.name, what,
                        static_cast<unsigned long long>(seed), expected.c_str(), actual.c_str());
    }
};

void compare(oracle& dotnet, const shape& s, std::uint64_t seed, tally& sum) {
    const std::string name(s.name);
    const std::string sample = dotnet.ask("sample " + name + " " + std::to_string(seed));
    if (!sample.starts_with("OK "))
        return sum.add(s, "made by .NET", seed, sample, "");
    const auto value = s.make();
    const std::string failed = read(s, from_hex(sample.substr(3)), value.get());
    sum.add(s, "made by .NET", seed, sample.substr(3),
            failed.empty() ? write(s, value.get()) : failed);

    const auto ours = s.make();
    maker(seed).make(*s.what, ours.get());
    const std::string written = write(s, ours.get());
    const std::string answer = dotnet.ask("read " + name + " " + written);
    sum.add(s, "made by us", seed, answer, "OK " + written);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2 || argc % 2 != 0) {
        std::fprintf(stderr, "usage: contract_differential ORACLE_DLL [--count N] [--seed N]\n");
        return 2;
    }
    std::uint64_t count = 200;
    std::uint64_t seed = 1;
    for (int i = 2; i < argc; i += 2)
        (std::string_view(argv[i]) == "--count" ? count : seed) =
            std::strtoull(argv[i + 1], nullptr, 10);
    try {
        oracle dotnet({"dotnet", argv[1]});
        bool same = true;
        for (const shape& s : all_shapes) {
            tally sum;
            for (std::uint64_t i = 0; i != count; ++i) {
                compare(dotnet, s, seed + i, sum);
                shapes::node::unlink_all();
            }
            std::printf("%s: %zu compared, %zu different\n", s.name, sum.compared, sum.different);
            same &= sum.different == 0;
        }
        return same ? 0 : 1;
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "contract_differential: %s\n", problem.what());
        return 1;
    }
}
