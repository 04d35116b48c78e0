#include "support/catch.hpp"

#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/nbfx/writer.hpp>

#include <vector>

using namespace nettcp;
using namespace nettcp::nbfx;

namespace {

/// Type of the text record behind an array of sixteen GUIDs that begins `pad` octets later.
unsigned text_type_behind_guids(std::size_t pad) {
    constexpr std::size_t text_size = 86;
    octet_buffer out;
    writer w;
    w.open(out);
    w.start_element("", "a", "");
    w.comment(std::string(pad, 'x'));
    w.array("", "b", "", std::span<const uuid>(std::vector<uuid>(16)));
    w.text(std::string(text_size, 'x'));
    w.end_element();
    const auto finished = w.finish();
    REQUIRE(finished.has_value());
    const auto octets = out.view();
    const std::size_t at = octets.size() - text_size - 2;
    return std::to_integer<unsigned>(octets[at]) | std::to_integer<unsigned>(octets.back()) << 8;
}

}  // namespace

// As .NET 10 answered (tests/interop/dotnet/nbfx_oracle).
TEST_CASE("writer puts the GUIDs of an array into .NET's buffer at once") {
    constexpr unsigned with_end = 0x7899;  // the record's type, and the text's last octet
    CHECK(text_type_behind_guids(248) == with_end);
    CHECK(text_type_behind_guids(250) != with_end);
    CHECK(text_type_behind_guids(417) != with_end);
    CHECK(text_type_behind_guids(418) == with_end);
}
