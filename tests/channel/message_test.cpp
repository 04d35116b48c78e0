#include <channel/pair.hpp>
#include <support/catch.hpp>

#include <nettcp/channel/message_pool.hpp>
#include <nettcp/soap/errc.hpp>
#include <nettcp/soap/names.hpp>

#include <thread>

using namespace nettcp;
using namespace nettcp::channel;

namespace {

/// One message, sent and received.
message exchanged(session_pair& pair, const std::function<void(nbfx::writer&)>& body,
                  const std::function<void(nbfx::writer&)>& headers = {}) {
    duplex_session& from = pair.initiator.session;
    body(from.begin_message({.action = "urn:a"_dict}, headers));
    REQUIRE(from.end_message().has_value());
    pair.run();
    REQUIRE(pair.acceptor.messages.size() == 1);
    message m = std::move(pair.acceptor.messages.front());
    pair.acceptor.messages.clear();
    return m;
}

}  // namespace

TEST_CASE("Messages outlive their session and change threads") {
    message m;
    CHECK_FALSE(m);
    {
        session_pair pair;
        pair.open();
        REQUIRE(send_text(pair.initiator.session, "kept").has_value());
        pair.run();
        m = std::move(pair.acceptor.messages.front());
        pair.acceptor.messages.clear();
        pair.initiator.session.end();
        pair.acceptor.session.end();
        pair.run();
    }
    REQUIRE(m);
    std::string action;
    std::string text;
    std::thread([&, moved = std::move(m)]() mutable {
        action = moved.headers().action;
        text = moved.body().is_start_element("Echo", "urn:echo") ? "Echo" : "";
        const message gone = std::move(moved);
    }).join();
    CHECK(action == "urn:echo/Echo");
    CHECK(text == "Echo");
}

TEST_CASE("Bodies and headers of a message are read as often as one likes") {
    session_pair pair;
    pair.open();
    message m = exchanged(
        pair,
        [](nbfx::writer& out) {
            out.start_element("", "Body", "urn:b");
            out.text("content");
            out.end_element();
        },
        [](nbfx::writer& out) {
            for (const char* name : {"First", "Second"}) {
                out.start_element("h", name, "urn:h");
                out.attribute("s", soap::names::must_understand, soap::names::ns_soap12, "1");
                out.text(std::string("value of ") + name);
                out.end_element();
            }
        });
    REQUIRE(m.headers().others.size() == 2);
    for (int n = 0; n < 2; ++n) {
        for (const auto& h : m.headers().others)
            CHECK(m.header(h).read_element_text() == "value of " + std::string(h.local));
        m.reopen_body();
        REQUIRE(m.body().is_start_element("Body", "urn:b"));
        CHECK(m.body().read_element_text() == "content");
        CHECK(m.read_end().has_value());
    }
    CHECK_FALSE(m.is_fault());
    CHECK(m.read_fault().error().code == soap::errc::fault_malformed);
    CHECK(m.fault_detail() == nullptr);
}

TEST_CASE("Empty bodies have an end and nothing else") {
    session_pair pair;
    pair.open();
    message m = exchanged(pair, [](nbfx::writer&) {});
    CHECK(m.body().current() == nbfx::node::end_element);
    CHECK(m.read_end().has_value());
}

TEST_CASE("Fault messages give the fault and its detail") {
    session_pair pair;
    pair.open();
    soap::fault f = soap::internal_service_fault();
    f.detail = [](nbfx::writer& out) {
        out.start_element("", "Info", "urn:i");
        out.int64(7);
        out.end_element();
    };
    message m = exchanged(pair, [&](nbfx::writer& out) { soap::write_fault(out, f); });
    REQUIRE(m.is_fault());
    const auto read = m.read_fault();
    REQUIRE(read.has_value());
    CHECK(read->codes == f.codes);
    CHECK(read->action == "urn:a");
    for (int n = 0; n < 2; ++n) {
        nbfx::reader* in = m.fault_detail();
        REQUIRE(in != nullptr);
        in->next();
        CHECK(in->is_start_element("Info", "urn:i"));
        CHECK(in->read_element_int64() == 7);
    }
}

TEST_CASE("What follows an envelope is found when the message is closed") {
    auto pool = std::make_shared<message_pool>();
    const auto octets = hex("56 02 0b 01 73 04 56 0e 01 01 01");
    auto made = pool->make_message(octets, nullptr);
    REQUIRE(made.has_value());
    CHECK(made->read_end().has_error());
}

TEST_CASE("Pools keep the storage of messages within bounds") {
    auto pool = std::make_shared<message_pool>();
    const auto small = hex("56 02 0b 01 73 04 56 0e 01 01");
    {
        const auto first = pool->make_message(small, nullptr);
        REQUIRE(first.has_value());
        CHECK(pool->kept() == 0);
    }
    CHECK(pool->kept() == 1);
    {
        const auto again = pool->make_message(small, nullptr);
        CHECK(pool->kept() == 0);
        CHECK(pool->make_message(hex("ff"), nullptr).has_error());
        CHECK(pool->kept() == 1);
    }
    CHECK(pool->kept() == 2);
    {
        std::vector<message> many;
        for (int n = 0; n < 200; ++n)
            many.push_back(pool->make_message(small, nullptr).value());
        CHECK(pool->kept() == 0);
    }
    CHECK(pool->kept() == message_pool::max_kept_messages);
}

TEST_CASE("Pools keep one large document as long as such come") {
    auto pool = std::make_shared<message_pool>();
    auto large = hex("56 02 0b 01 73 04 56 0e 9d 00 00 10 00");
    large.resize(large.size() + (1u << 20), std::byte{'x'});
    large.push_back(std::byte{1});
    const auto small = hex("56 02 0b 01 73 04 56 0e 01 01");
    for (int round = 0; round != 3; ++round) {
        {
            auto one = pool->make_message(large, nullptr);
            auto another = pool->make_message(large, nullptr);
            REQUIRE(one.has_value());
            REQUIRE(another.has_value());
        }
        CHECK(pool->kept() == 1);
        {
            auto again = pool->make_message(large, nullptr);
            CHECK(pool->kept() == 0);  // it was used
        }
        for (int n = 0; n != 63; ++n)
            CHECK(pool->make_message(small, nullptr).has_value());
        CHECK(pool->kept() == 2);
        CHECK(pool->make_message(small, nullptr).has_value());
        CHECK(pool->kept() == 1);
        pool = std::make_shared<message_pool>();
    }
}

TEST_CASE("A message keeps its pool") {
    message m;
    {
        auto pool = std::make_shared<message_pool>();
        m = pool->make_message(hex("56 02 0b 01 73 04 56 0e 01 01"), nullptr).value();
    }
    CHECK(m.read_end().has_value());
}
