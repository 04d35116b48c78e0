// The captured call that has every data-contract shape in it: read typed, and written again.
#include <contract/document.hpp>
#include <support/catch.hpp>
#include <support/hex.hpp>

#include <nettcp/contract/operation.hpp>
#include <nettcp/soap/names.hpp>

#include "../../tools/interop_service/complex.hpp"

#include <fstream>

using namespace nettcp;
using namespace nettcp::contract;
using interop::complex;

namespace {

constexpr service_contract i_echo{"IEcho", "http://peers.test/svc"};
constexpr operation<std::unique_ptr<complex>(std::unique_ptr<complex>)> echo_complex{
    i_echo, "EchoComplex", {"value"}};

/// The first envelope of one direction, string table included: type octet and size left out.
std::vector<std::byte> envelope(std::string_view direction) {
    std::ifstream file("tests/captures/none/none-complex.txt");
    for (std::string line; std::getline(file, line);) {
        const auto mark = line.find(direction);
        if (line.starts_with('#') || mark == line.npos || line.compare(mark + 5, 2, "06") != 0)
            continue;
        auto octets = hex(line.substr(mark + 5));
        return {octets.begin() + 3, octets.end()};
    }
    return {};
}

}  // namespace

TEST_CASE("The captured Complex is read typed, and written again as the same octets") {
    const auto payload = envelope(" C>S ");
    REQUIRE(payload.size() > 1000);
    nbfx::received_dictionary words;
    const auto table = words.read_table(payload);
    REQUIRE(table.has_value());
    const bytes_view document = bytes_view(payload).subspan(*table);
    nbfx::reader in;
    in.open(document, &words);
    while (in.next() != nbfx::node::failed && in.local_name() != "EchoComplex")
        REQUIRE(in.current() != nbfx::node::end_of_document);

    std::tuple<std::unique_ptr<complex>> request;
    std::string path;
    const bool good = read_request(in, echo_complex.shape(), addresses(request).data(), &path);
    CAPTURE(path);
    REQUIRE(good);
    const complex& value = *std::get<0>(request);
    CHECK(value.u64 == 18446744073709551615u);
    CHECK(value.ch == u'Z');
    CHECK(value.color == interop::color::blue);
    CHECK(value.offset.offset_minutes == -210);
    CHECK(!value.strings->at(2).has_value());
    CHECK(value.map->at(1) == std::pair<std::string, std::int32_t>("k2", 2));
    CHECK(dynamic_cast<const interop::special_item&>(*value.poly).extra == "derived");
    CHECK(value.child->child == nullptr);

    // In an envelope with the same prefixes, and with the client's dictionary as it was then.
    nbfx::sent_dictionary sent;
    for (std::uint32_t id = 1; id <= 3; id += 2)
        sent.find_or_add(*words.find(id));
    octet_buffer octets;
    nbfx::writer out;
    out.open(octets, &sent);
    out.start_element("s", "Envelope", soap::names::ns_soap12);
    out.declare_namespace("a", soap::names::ns_addressing10);
    out.start_element("s", "Body", soap::names::ns_soap12);
    write_request(out, echo_complex.shape(), addresses(request).data());
    out.end_element();
    out.end_element();
    REQUIRE(out.finish().has_value());
    const std::string ours(as_text(octets.view()));
    const std::string theirs(as_text(document));
    const std::string start("\x42\x05", 2);  // <EchoComplex>, by the third string of the session
    CHECK(ours.substr(ours.find(start)) == theirs.substr(theirs.find(start)));
}
