#include "support/catch.hpp"

#include <nettcp/base/date_time.hpp>
#include <nettcp/base/errc.hpp>

using namespace nettcp;

namespace {

template <class T>
std::string text_of(const T& value) {
    std::string text;
    append_text(text, value);
    return text;
}

constexpr std::int64_t day = 864'000'000'000;
constexpr std::int64_t year_2000 = 630822816000000000;

}  // namespace

TEST_CASE("date and time has .NET's text") {
    CHECK(text_of(date_time{0}) == "0001-01-01T00:00:00");
    CHECK(text_of(date_time{max_date_time_ticks}) == "9999-12-31T23:59:59.9999999");
    CHECK(text_of(date_time{year_2000, date_time_kind::utc}) == "2000-01-01T00:00:00Z");
    CHECK(text_of(date_time{year_2000, date_time_kind::local}) == "2000-01-01T00:00:00+00:00");
    CHECK(text_of(date_time{year_2000 + 1}) == "2000-01-01T00:00:00.0000001");
    CHECK(text_of(date_time{year_2000 + 1200000}) == "2000-01-01T00:00:00.12");
    CHECK(text_of(date_time{year_2000 + 59 * day}) == "2000-02-29T00:00:00");
}

TEST_CASE("date and time shows what it cannot hold as its nearest end") {
    CHECK(text_of(date_time{-1}) == "0001-01-01T00:00:00");
    CHECK(text_of(date_time{max_date_time_ticks + 1}) == "9999-12-31T23:59:59.9999999");
}

TEST_CASE("date and time reads back the text of every day") {
    for (std::int64_t ticks = 0; ticks < max_date_time_ticks; ticks += 37 * day + 12'345'678) {
        const date_time moment{ticks, date_time_kind::utc};
        const auto parsed = parse_date_time(text_of(moment));
        REQUIRE(parsed.has_value());
        CHECK(*parsed == moment);
    }
    for (std::int64_t ticks = year_2000; ticks != year_2000 + 1500 * day; ticks += day)
        CHECK(parse_date_time(text_of(date_time{ticks}))->ticks == ticks);
}

TEST_CASE("date and time applies an offset") {
    CHECK(*parse_date_time("2000-01-01T02:00:00+02:00") ==
          date_time{year_2000, date_time_kind::local});
    CHECK(*parse_date_time("1999-12-31T19:30:00-04:30") ==
          date_time{year_2000, date_time_kind::local});
    CHECK(parse_date_time("2000-01-01T02:00:00+01:60")->ticks == year_2000);  // as .NET
    CHECK(parse_date_time("0001-01-01T00:00:00+14:00")->ticks == 0);
    CHECK(parse_date_time("9999-12-31T23:59:59-14:00")->ticks == max_date_time_ticks);
}

TEST_CASE("date and time takes a date alone and a long fraction") {
    CHECK(parse_date_time("2000-01-01")->ticks == year_2000);
    CHECK(parse_date_time("2000-01")->ticks == year_2000);
    CHECK(parse_date_time("2000")->ticks == year_2000);
    CHECK(*parse_date_time("2000Z") == date_time{year_2000, date_time_kind::utc});
    CHECK(parse_date_time("2000-01-01T00:00:00.00000005")->ticks == year_2000);
    CHECK(parse_date_time("2000-01-01T00:00:00.00000015")->ticks == year_2000 + 2);
    CHECK(parse_date_time("2000-01-01T00:00:00.000000051")->ticks == year_2000 + 1);
    CHECK(parse_date_time("1999-12-31T23:59:59.99999999")->ticks == year_2000);
}

TEST_CASE("date and time rejects what the calendar does not have") {
    for (const char* text : {"",
                             "200",
                             "2000T00:00:00",
                             "2000-01T00:00:00",
                             "12:00:00",
                             "2000-1-01",
                             "0000-01-01T00:00:00",
                             "2000-00-01T00:00:00",
                             "2000-13-01T00:00:00",
                             "2001-02-29T00:00:00",
                             "1900-02-29T00:00:00",
                             "2000-01-32T00:00:00",
                             "2000-01-01T25:00:00",
                             "2000-01-01T24:00:00",
                             "2000-01-01T00:60:00",
                             "2000-01-01T00:00:60",
                             "2000-01-01T00:00:00.",
                             "2000-01-01T00:00",
                             "2000-01-01T00:00:00+1:00",
                             "2000-01-01T00:00:00+0100",
                             "2000-01-01T00:00:00Zx",
                             "2000-01-01 00:00:00",
                             "-2000-01-01T00:00:00",
                             " 2000-01-01T00:00:00"}) {
        CAPTURE(text);
        const auto parsed = parse_date_time(text);
        REQUIRE(!parsed.has_value());
        CHECK(parsed.error().code == base_errc::text_invalid);
    }
    CHECK(parse_date_time("9999-12-31T23:59:59.99999999").error().code ==
          base_errc::value_out_of_range);
}

TEST_CASE("time span has .NET's text and reads it back") {
    constexpr std::pair<std::int64_t, const char*> spans[] = {
        {0, "PT0S"},
        {10'000'000, "PT1S"},
        {-1, "-PT0.0000001S"},
        {day, "P1D"},
        {day + 2 * 36'000'000'000 + 3 * 600'000'000 + 45'670'000, "P1DT2H3M4.567S"},
        {36'000'000'000, "PT1H"},
        {600'000'000, "PT1M"},
        {std::numeric_limits<std::int64_t>::min(), "-P10675199DT2H48M5.4775808S"},
        {std::numeric_limits<std::int64_t>::max(), "P10675199DT2H48M5.4775807S"},
    };
    for (const auto& [ticks, text] : spans) {
        CHECK(text_of(time_span{ticks}) == text);
        const auto parsed = parse_time_span(text);
        REQUIRE(parsed.has_value());
        CHECK(parsed->ticks == ticks);
    }
}

TEST_CASE("time span counts years and months in days, and drops what is finer than a tick") {
    CHECK(parse_time_span("P1Y")->ticks == 365 * day);
    CHECK(parse_time_span("P2Y3M4D")->ticks == (730 + 90 + 4) * day);
    CHECK(parse_time_span("-P1M")->ticks == -30 * day);
    CHECK(parse_time_span("PT0.00000019S")->ticks == 1);
    CHECK(parse_time_span("PT90M")->ticks == 54'000'000'000);
}

TEST_CASE("time span rejects what is no duration and what is too long") {
    for (const char* text : {"", "P", "PT", "1D", "P1", "P1S", "PT1D", "P1DT", "P1H", "PT1M1H",
                             "PT1.5M", "PT.5S", "PT1.S", "P-1D", "+P1D", "P1D ", "PP1D", "PTT1S"}) {
        CAPTURE(text);
        const auto parsed = parse_time_span(text);
        REQUIRE(!parsed.has_value());
        CHECK(parsed.error().code == base_errc::text_invalid);
    }
    for (const char* text : {"P10675200D", "P10675199DT2H48M5.4775808S",
                             "-P10675199DT2H48M5.4775809S", "P99999999999D", "P2147483647Y"}) {
        CAPTURE(text);
        const auto parsed = parse_time_span(text);
        REQUIRE(!parsed.has_value());
        CHECK(parsed.error().code == base_errc::value_out_of_range);
    }
}
