#include "support/catch.hpp"
#include "support/hex.hpp"

#include <nettcp/framing/errc.hpp>
#include <nettcp/framing/record.hpp>
#include <nettcp/framing/record_decoder.hpp>

using namespace nettcp;
using namespace nettcp::framing;

namespace {

struct record_case {
    const char* name;
    const char* octets;
    framing::record value;
};

const record_case cases[] = {
    {"version", "00 01 00", version_record{1, 0}},
    {"a later version", "00 02 ff", version_record{2, 255}},
    {"mode", "01 02", mode_record{mode::duplex}},
    {"undefined mode", "01 09", mode_record{static_cast<mode>(9)}},
    {"via", "02 0d 6e65742e7463703a2f2f682f73", via_record{"net.tcp://h/s"}},
    {"empty via", "02 00", via_record{""}},
    {"known encoding", "03 08", known_encoding_record{8}},
    {"extensible encoding", "04 03 612f62", extensible_encoding_record{"a/b"}},
    {"unsized envelope", "05", unsized_envelope_record{}},
    {"sized envelope", "06 05", sized_envelope_record{5}},
    {"sized envelope of two size octets", "06 80 01", sized_envelope_record{128}},
    {"largest envelope by default", "06 80 80 04", sized_envelope_record{65536}},
    {"end", "07", end_record{}},
    {"fault", "08 05 75726e3a78", fault_record{"urn:x"}},
    {"upgrade request", "09 03 746c73", upgrade_request_record{"tls"}},
    {"upgrade response", "0a", upgrade_response_record{}},
    {"preamble ack", "0b", preamble_ack_record{}},
    {"preamble end", "0c", preamble_end_record{}},
};

std::vector<std::byte> encode(const framing::record& value) {
    octet_buffer out;
    encode_record(out, value);
    return {out.view().begin(), out.view().end()};
}

error failure_of(std::string_view octets, const framing_limits& limits = {}) {
    const auto input = hex(octets);
    byte_reader in{bytes_view(input)};
    return decode_record(in, limits).error();
}

}  // namespace

TEST_CASE("Records round-trip and leave trailing octets alone") {
    for (const auto& c : cases) {
        CAPTURE(c.name);
        auto octets = hex(c.octets);
        const std::size_t size = octets.size();
        octets.push_back(std::byte{0xee});
        byte_reader in{bytes_view(octets)};
        const auto seen = decode_record(in);
        REQUIRE(seen.has_value());
        CHECK(*seen == c.value);
        CHECK(in.position() == size);
        CHECK(in.remaining() == 1);
    }
}

TEST_CASE("Records are written in their canonical form") {
    for (const auto& c : cases) {
        CAPTURE(c.name);
        CHECK(to_hex(encode(c.value)) == to_hex(hex(c.octets)));
    }
    CHECK(type_of(cases[0].value) == record_type::version);
    CHECK(type_of(framing::record(preamble_end_record{})) == record_type::preamble_end);
}

TEST_CASE("Every proper prefix of a record is truncated and nothing else") {
    for (const auto& c : cases) {
        const auto octets = hex(c.octets);
        for (std::size_t size = 0; size < octets.size(); ++size) {
            CAPTURE(c.name, size);
            byte_reader in{bytes_view(octets).first(size)};
            const auto seen = decode_record(in);
            REQUIRE_FALSE(seen.has_value());
            CHECK(seen.error().code == base_errc::truncated);
            CHECK(seen.error().at == size);
        }
    }
}

TEST_CASE("Records hold sizes to the limits before they look for octets") {
    const struct {
        const char* octets;
        errc code;
        std::uint64_t at;
        std::uint32_t got;
        std::uint32_t limit = 0;
    } refused[] = {
        {"02 81 10", errc::via_too_long, 2, 2049, 2048},
        {"04 81 02", errc::content_type_too_long, 2, 257, 256},
        {"06 81 80 04", errc::envelope_too_large, 3, 65537, 65536},
        {"06 ff ff ff ff 07", errc::envelope_too_large, 5, 0x7fffffff, 65536},
        {"08 81 02", errc::fault_too_long, 2, 257, 256},
        {"09 81 02", errc::upgrade_name_too_long, 2, 257, 256},
        {"0d", errc::record_unknown, 0, 0x0d},
        {"ff", errc::record_unknown, 0, 0xff},
    };
    for (const auto& r : refused) {
        CAPTURE(r.octets);
        const error failure = failure_of(r.octets);
        CHECK(failure.code == r.code);
        CHECK(failure.at == r.at);
        CHECK(failure.got == r.got);
        CHECK(failure.limit == r.limit);
    }
    CHECK(failure_of("02 ff ff ff ff 0f").code == base_errc::size_overflow);
    CHECK(failure_of("02 ff ff ff ff 0f").at == 5);
    CHECK(failure_of("02 03 616263", {.max_via_size = 2}).code == errc::via_too_long);
}

TEST_CASE("Sizes spelled longer than needed are read") {
    const auto octets = hex("02 83 80 80 80 00 612f62");
    byte_reader in{bytes_view(octets)};
    const auto seen = decode_record(in);
    REQUIRE(seen.has_value());
    CHECK(*seen == framing::record(via_record{"a/b"}));
}

TEST_CASE("The record decoder gives each record as soon as it is whole") {
    for (const auto& c : cases) {
        CAPTURE(c.name);
        auto octets = hex(c.octets);
        std::size_t payload = 0;
        if (const auto* sized = std::get_if<sized_envelope_record>(&c.value))
            payload = sized->size;
        octets.resize(octets.size() + payload);
        record_decoder decoder({}, 1000);
        for (std::size_t size = 0; size < octets.size(); ++size) {
            const auto part = decoder.next(bytes_view(octets).first(size));
            REQUIRE_FALSE(part.has_value());
            REQUIRE(part.error().code == base_errc::truncated);
            CHECK(decoder.missing() >= 1);
            CHECK(decoder.missing() <= octets.size() - size);
            CHECK(decoder.offset() == 1000);
        }
        const auto part = decoder.next(octets);
        REQUIRE(part.has_value());
        CHECK(part->type == part_type::whole_record);
        CHECK(part->record == c.value);
        CHECK(part->offset == 1000);
        CHECK(part->size == octets.size());
        CHECK(part->payload.size() == payload);
        CHECK(decoder.offset() == 1000 + octets.size());
    }
}

TEST_CASE("The record decoder gives chunks in the pieces that have come") {
    const auto octets = hex("05 03 aabbcc 01 dd 00 07");
    record_decoder decoder;
    const auto next = [&](std::size_t from, std::size_t size) {
        return decoder.next(bytes_view(octets).subspan(from, size));
    };
    CHECK(next(0, 1)->record == framing::record(unsized_envelope_record{}));
    CHECK_FALSE(decoder.between_records());
    CHECK(next(1, 1).error().code == base_errc::truncated);  // a size alone is no piece yet
    const auto first = next(1, 2);
    REQUIRE(first.has_value());
    CHECK(first->type == part_type::chunk);
    CHECK(to_hex(first->payload) == "aa");
    CHECK(first->chunk_size == 3);
    CHECK(first->chunk_at == 0);
    const auto second = next(3, 6);
    REQUIRE(second.has_value());
    CHECK(to_hex(second->payload) == "bbcc");
    CHECK(second->chunk_at == 1);
    CHECK(second->size == 2);
    const auto third = next(5, 4);
    REQUIRE(third.has_value());
    CHECK(to_hex(third->payload) == "dd");
    CHECK(third->chunk_at == 0);
    CHECK(next(7, 2)->type == part_type::envelope_end);
    CHECK(decoder.between_records());
    CHECK(next(8, 1)->record == framing::record(end_record{}));
    CHECK(decoder.offset() == octets.size());
}

TEST_CASE("The record decoder holds chunks together to the message size") {
    const framing_limits limits{.max_message_size = 4};
    const auto octets = hex("05 03 aabbcc 02 ddee");
    record_decoder decoder(limits);
    CHECK(decoder.next(octets).has_value());
    CHECK(decoder.next(bytes_view(octets).subspan(1)).has_value());
    const auto failed = decoder.next(bytes_view(octets).subspan(5));
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().code == errc::chunk_too_large);
    CHECK(failed.error().at == 5);
    CHECK(failed.error().got == 2);
}

TEST_CASE("The record decoder takes everything behind a singleton_sized preamble as octets") {
    const framing_limits limits{.max_message_size = 3};
    const auto octets = hex("00 01 00 01 04 02 01 61 03 08 07 06 00 00");
    record_decoder decoder(limits);
    std::size_t from = 0;
    for (int records = 0; records < 4; ++records)
        from += decoder.next(bytes_view(octets).subspan(from))->size;
    const auto part = decoder.next(bytes_view(octets).subspan(from));
    REQUIRE(part.has_value());
    CHECK(part->type == part_type::octets);
    CHECK(to_hex(part->payload) == "070600");
    const auto failed = decoder.next(bytes_view(octets).subspan(from + 3));
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().code == errc::envelope_too_large);
    CHECK(failed.error().at == 13);
}
