#include <channel/pair.hpp>
#include <support/allocation_count.hpp>
#include <support/catch.hpp>

using namespace nettcp;
using namespace nettcp::channel;

namespace {

/// Moves octets without a vector in between.
void pass(duplex_session& from, duplex_session& to, int& arrived, std::string& text) {
    for (bytes_view out = from.output(); !out.empty(); out = from.output()) {
        const auto space = to.input_space();
        const std::size_t size = std::min(out.size(), space.size());
        std::ranges::copy(out.first(size), space.begin());
        from.output_sent(size);
        to.received(size);
        for (event_type what = to.next_event(); what != event_type::none; what = to.next_event()) {
            if (what == event_type::preamble_addressed)
                to.accept_preamble();
            if (what != event_type::message_arrived)
                continue;
            message m = to.take_message();
            nbfx::reader& in = m.body();
            in.next();
            in.next();
            text.assign(in.value().chars());
            ++arrived;
        }
    }
}

}  // namespace

TEST_CASE("A warm session sends and receives without allocating") {
    const auto guid = *parse_uuid("00112233-4455-6677-8899-aabbccddeeff");
    duplex_session initiator(role::initiator, {});
    duplex_session acceptor(role::acceptor, {});
    int arrived = 0;
    std::string text(64, ' ');
    REQUIRE(initiator.open(some_via, framing::encoding::binary_session).has_value());
    pass(initiator, acceptor, arrived, text);
    pass(acceptor, initiator, arrived, text);
    REQUIRE(initiator.is_open());

    const auto call = [&] {
        nbfx::writer& request = initiator.begin_message({.action = "urn:echo/Echo"_dict,
                                                         .message_id = guid,
                                                         .has_reply_to = true,
                                                         .to = nbfx::xml_string(some_via)});
        request.start_element("", "Echo"_dict, "urn:echo"_dict);
        request.start_element("", "text"_dict, "urn:echo"_dict);
        request.text("hello");
        request.end_element();
        request.end_element();
        bool good = initiator.end_message().has_value();
        pass(initiator, acceptor, arrived, text);
        good = good && send_text(acceptor, "hello").has_value();
        pass(acceptor, initiator, arrived, text);
        return good && text == "hello";
    };
    for (int n = 0; n < 100; ++n)
        REQUIRE(call());
    arrived = 0;
    bool good = true;
    const std::size_t before = allocation_count();
    for (int n = 0; n < 1000; ++n)
        good = call() && good;
    CHECK(allocation_count() - before == 0);
    CHECK(good);
    CHECK(arrived == 2000);
}
