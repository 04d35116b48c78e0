#include "net/connector.hpp"
#include <nettcp/net/socks5_handshake.hpp>
#include "support/catch.hpp"

#include <nettcp/net/errc.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using nettcp::bytes_view;
using nettcp::socks5_proxy;
using nettcp::net::errc;
using nettcp::net::socks5_handshake;
using namespace std::chrono_literals;

namespace {

std::vector<std::byte> octets(std::string_view digits) {
    std::vector<std::byte> out;
    unsigned high = 16;
    for (const char c : digits) {
        if (c == ' ')
            continue;
        const auto value = static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
        if (high > 15) {
            high = value;
            continue;
        }
        out.push_back(static_cast<std::byte>(high * 16 + value));
        high = 16;
    }
    return out;
}

std::string text_of(bytes_view sent) {
    std::string out;
    for (const std::byte octet : sent) {
        constexpr std::string_view digits = "0123456789abcdef";
        out += digits[std::to_integer<unsigned>(octet) >> 4];
        out += digits[std::to_integer<unsigned>(octet) & 15];
    }
    return out;
}

/// Gives it these octets, as many at a time as it wants, and returns what it has sent meanwhile.
/// What is left over belongs to the connection behind the proxy.
std::string answer(socks5_handshake& handshake, std::string_view digits,
                   std::size_t* left_over = nullptr) {
    const std::vector<std::byte> all = octets(digits);
    bytes_view left(all);
    std::string sent;
    while (handshake.wanted() != 0 && handshake.wanted() <= left.size()) {
        const std::size_t size = handshake.wanted();
        handshake.received(left.first(size));
        sent += text_of(handshake.output());
        left = left.subspan(size);
    }
    if (left_over != nullptr)
        *left_over = left.size();
    return sent;
}

const socks5_proxy plain{.host = "proxy"};
const socks5_proxy known{.host = "proxy", .user = "me", .password = "pw"};

/// A proxy for one connection, on a thread: reads so many octets, answers, and goes on.
class scripted_proxy {
public:
    struct turn {
        std::size_t read;
        std::string_view answer;
    };

    explicit scripted_proxy(std::vector<turn> turns)
        : thread_([this, turns = std::move(turns)] {
              tcp::socket socket(context_);
              error_code ec;
              acceptor_.accept(socket, ec);
              for (const turn& each : turns) {
                  std::vector<std::byte> room(each.read);
                  asio::read(socket, asio::buffer(room), ec);
                  seen += text_of(room);
                  asio::write(socket, asio::buffer(octets(each.answer)), ec);
              }
              std::byte rest[16];
              while (!ec)
                  socket.read_some(asio::buffer(rest), ec);
          }) {}
    ~scripted_proxy() { finish(); }
    void finish() {
        if (thread_.joinable())
            thread_.join();
    }
    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    std::string seen;

private:
    asio::io_context context_;
    tcp::acceptor acceptor_{context_, {asio::ip::address_v4::loopback(), 0}};
    std::thread thread_;
};

struct recorder final : nettcp::net::connector::owner {
    void connected(tcp::socket made) override { socket = std::move(made); }
    void connect_failed(const nettcp::diagnostics& known_why) override { why = known_why; }

    std::optional<tcp::socket> socket;
    std::optional<nettcp::diagnostics> why;
};

/// Connects to `far.test:808` through the proxy at this port.
void connect(asio::io_context& context, recorder& told, std::uint16_t port, socks5_proxy how) {
    how.host = "127.0.0.1";
    how.port = port;
    const auto made = std::make_shared<nettcp::net::connector>(context.get_executor(), told);
    made->start({.host = "far.test", .port = 808, .proxy = how});
    context.restart();
    context.run_for(10s);
}

}  // namespace

TEST_CASE("socks5_handshake asks for a name, an IPv4 and an IPv6 address") {
    const auto [host, asked] = GENERATE(table<std::string, std::string>({
        {"far.test", "0501000308"
                     "6661722e746573740328"},
        {"127.0.0.1", "050100017f0000010328"},
        {"::1", "05010004"
                "000000000000000000000000000000010328"},
    }));
    socks5_handshake handshake(plain, host, 808);
    CHECK(text_of(handshake.output()) == "050100");
    CHECK(answer(handshake, "0500") == asked);
    CHECK_FALSE(handshake.done());
    std::size_t left_over = 0;
    const std::string bound =
        GENERATE("0500000100000000 0000", "05000003 00 0000", "05000003 03 616263 0000",
                 "05000004 00000000000000000000000000000000 0000");
    answer(handshake, bound + "0b06", &left_over);
    CHECK(handshake.done());
    CHECK(left_over == 2);
}

TEST_CASE("socks5_handshake gives user name and password when it is asked to") {
    socks5_handshake handshake(known, "far.test", 808);
    CHECK(text_of(handshake.output()) == "05020002");
    CHECK(answer(handshake, "0502") == "01026d65027077");
    CHECK(answer(handshake, "0100").substr(0, 8) == "05010003");
    CHECK_FALSE(handshake.failure());

    socks5_handshake unasked(known, "far.test", 808);
    CHECK(answer(unasked, "0500").substr(0, 8) == "05010003");
}

TEST_CASE("socks5_handshake tells what the proxy minds") {
    struct refusal {
        const socks5_proxy& how;
        std::string_view answers;
        errc code;
        std::string_view said;
    };
    const auto each = GENERATE(values<refusal>({
        {plain, "05ff", errc::proxy_authentication_failed, "it wants authentication"},
        {known, "05ff", errc::proxy_authentication_failed, "it wants other authentication"},
        {known, "0502 0101", errc::proxy_authentication_failed,
         "user name and password are not accepted"},
        {plain, "0500 05020001", errc::proxy_refused, "connection not allowed by ruleset"},
        {plain, "0500 05040001", errc::proxy_refused, "host unreachable"},
        {plain, "0500 05080001", errc::proxy_refused, "address type not supported"},
        {plain, "0500 05ff0001", errc::proxy_refused, ""},
    }));
    socks5_handshake handshake(each.how, "far.test", 808);
    answer(handshake, each.answers);
    CHECK(handshake.failure() == each.code);
    CHECK(handshake.said() == each.said);
    CHECK_FALSE(handshake.done());
    CHECK(handshake.wanted() == 0);
    CHECK(handshake.output().empty());
}

TEST_CASE("socks5_handshake withstands what no proxy says") {
    const auto [how, answers] = GENERATE(table<socks5_proxy, std::string>({
        {plain, "0400"},           // SOCKS 4
        {plain, "4854"},           // a web server
        {plain, "0501"},           // GSS-API, which was not offered
        {plain, "0502"},           // a password, which was not offered
        {known, "0502 0500"},      // the wrong version of the sub-negotiation
        {plain, "0500 04000001"},  // the wrong version of the reply
        {plain, "0500 05000101"},  // a reserved octet
        {plain, "0500 05000000"},  // no address type
        {plain, "0500 05000002"},
    }));
    socks5_handshake handshake(how, "far.test", 808);
    answer(handshake, answers);
    CHECK(handshake.failure() == errc::proxy_protocol);
    CHECK_FALSE(handshake.done());
}

TEST_CASE("socks5_handshake never wants more than a name can have, and never ends early") {
    // Every octet value at every place of a conversation with a name as the bound address.
    const std::string_view good = "0502 0100 05000003 03 616263 0000";
    const std::size_t size = octets(good).size();
    for (std::size_t place = 0; place < size; ++place) {
        for (unsigned value = 0; value < 256; ++value) {
            std::vector<std::byte> said = octets(good);
            said[place] = static_cast<std::byte>(value);
            socks5_handshake handshake(known, "far.test", 808);
            bytes_view left(said);
            while (handshake.wanted() != 0 && handshake.wanted() <= left.size()) {
                REQUIRE(handshake.wanted() <= 257);
                const std::size_t wanted = handshake.wanted();
                handshake.received(left.first(wanted));
                left = left.subspan(wanted);
            }
            REQUIRE((handshake.done() ? 1 : 0) + (handshake.failure() ? 1 : 0) +
                        (handshake.wanted() != 0 ? 1 : 0) ==
                    1);
        }
    }
}

TEST_CASE("socks5_handshake refuses names and passwords that do not fit") {
    const std::string fits(255, 'x'), too_long(256, 'x');
    CHECK_FALSE(socks5_handshake(plain, fits, 808).failure());
    CHECK(socks5_handshake(plain, too_long, 808).failure() == errc::proxy_invalid);
    CHECK(socks5_handshake(plain, "", 808).failure() == errc::proxy_invalid);
    CHECK(socks5_handshake({.host = "p", .user = too_long}, "x", 808).failure() ==
          errc::proxy_invalid);
    CHECK(socks5_handshake(
              {.host = "p", .user = "u", .password = nettcp::security::secret(too_long)}, "x", 808)
              .failure() == errc::proxy_invalid);
}

TEST_CASE("socks5_proxy reads URIs") {
    const auto full = socks5_proxy::parse("socks5://al%40ice:p%3aw@[::1]:1081/");
    REQUIRE(full.has_value());
    CHECK(full->host == "::1");
    CHECK(full->port == 1081);
    CHECK(full->user == "al@ice");
    CHECK(full->password.reveal() == "p:w");
    const auto bare = socks5_proxy::parse("socks5h://proxy");
    REQUIRE(bare.has_value());
    CHECK(bare->host == "proxy");
    CHECK(bare->port == 1080);
    CHECK(bare->user.empty());
    for (const char* wrong :
         {"", "proxy", "http://proxy", "socks4://proxy", "socks5://", "socks5://proxy:0",
          "socks5://proxy:99999", "socks5://proxy/path", "socks5://proxy?x", "socks5://:1080"}) {
        CAPTURE(wrong);
        const auto parsed = socks5_proxy::parse(wrong);
        REQUIRE_FALSE(parsed.has_value());
        CHECK(parsed.error().code == errc::proxy_invalid);
    }
}

TEST_CASE("connector has a proxy connect, and reads nothing of what follows", "[threaded]") {
    scripted_proxy proxy({{4, "0502"}, {7, "0100"}, {15, "05000001000000000000 0b"}});
    asio::io_context context;
    recorder told;
    connect(context, told, proxy.port(), known);
    REQUIRE(told.socket);
    std::byte next{};
    CHECK(asio::read(*told.socket, asio::buffer(&next, 1)) == 1);
    CHECK(next == std::byte{0x0b});
    told.socket.reset();
    proxy.finish();
    CHECK(proxy.seen == "05020002"
                        "01026d65027077"
                        "05010003086661722e746573740328");
}

TEST_CASE("connector tells what is wrong with the proxy", "[threaded]") {
    asio::io_context context;
    {
        scripted_proxy refuses({{3, "0500"}, {15, "05050001000000000000"}});
        recorder told;
        connect(context, told, refuses.port(), plain);
        REQUIRE(told.why);
        CHECK(told.why->code == errc::proxy_refused);
        CHECK(told.why->peer_said == "connection refused");
        CHECK(told.why->peer == "127.0.0.1:" + std::to_string(refuses.port()));
        CHECK(told.why->stage == nettcp::stage::connect);
    }
    {
        tcp::acceptor goes(context, {asio::ip::address_v4::loopback(), 0});
        std::thread end([&goes] {
            error_code ec;
            tcp::socket socket = goes.accept();
            std::byte room[3];
            asio::read(socket, asio::buffer(room), ec);
        });
        recorder told;
        connect(context, told, goes.local_endpoint().port(), plain);
        end.join();
        REQUIRE(told.why);
        CHECK(told.why->code == errc::proxy_protocol);
    }
    std::uint16_t nobody = 0;
    {
        const tcp::acceptor closed_again(context, {asio::ip::address_v4::loopback(), 0});
        nobody = closed_again.local_endpoint().port();
    }
    recorder told;
    connect(context, told, nobody, plain);
    REQUIRE(told.why);
    CHECK(told.why->code == errc::proxy_connect_failed);
    CHECK(told.why->provider == asio::error::connection_refused);
}

TEST_CASE("connector gives up on a silent proxy when it is cancelled", "[threaded]") {
    asio::io_context context;
    tcp::acceptor silent(context, {asio::ip::address_v4::loopback(), 0});
    recorder told;
    const auto made = std::make_shared<nettcp::net::connector>(context.get_executor(), told);
    made->start(
        {.host = "far.test",
         .port = 808,
         .proxy = socks5_proxy{.host = "127.0.0.1", .port = silent.local_endpoint().port()}});
    context.run_for(100ms);
    made->cancel();
    context.restart();
    context.run_for(10s);
    CHECK(context.stopped());
    CHECK_FALSE(told.socket);
    CHECK_FALSE(told.why);
}
