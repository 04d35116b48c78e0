#include "client/resting_socket.hpp"
#include "support/catch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <thread>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;
using nettcp::is_quiet;
using nettcp::resting_socket;

struct connected {
    asio::io_context context;
    tcp::socket ours{context};
    tcp::socket theirs{context};

    connected() {
        tcp::acceptor listener(context, {asio::ip::address_v4::loopback(), 0});
        ours.connect(listener.local_endpoint());
        theirs = listener.accept();
    }
};

bool gets_loud(tcp::socket& socket) {
    for (int i = 0; i < 500 && is_quiet(socket); ++i)
        std::this_thread::sleep_for(10ms);
    return !is_quiet(socket);
}

}  // namespace

TEST_CASE("resting_socket wakes on another executor") {
    connected pair;
    asio::io_context elsewhere;
    auto resting = resting_socket::from(std::move(pair.ours), pair.context.get_executor());
    REQUIRE(resting);
    resting_socket moved = std::move(*resting);
    CHECK_FALSE(resting->wake(elsewhere.get_executor()));
    auto awake = moved.wake(elsewhere.get_executor());
    REQUIRE(awake);
    CHECK(awake->get_executor() == elsewhere.get_executor());
    CHECK_FALSE(moved.wake(elsewhere.get_executor()));
    CHECK(is_quiet(*awake));

    asio::write(pair.theirs, asio::buffer("hello", 5));
    CHECK(gets_loud(*awake));
    std::array<char, 5> said{};
    awake->non_blocking(false);
    asio::read(*awake, asio::buffer(said));
    CHECK(std::string_view(said.data(), said.size()) == "hello");  // looking took nothing away
    CHECK(is_quiet(*awake));
}

TEST_CASE("resting_socket shows when it wakes that the peer has ended") {
    const bool resets = GENERATE(false, true);
    connected pair;
    auto resting = resting_socket::from(std::move(pair.ours), pair.context.get_executor());
    REQUIRE(resting);
    if (resets)
        pair.theirs.set_option(asio::socket_base::linger(true, 0));
    pair.theirs.close();
    auto awake = resting->wake(pair.context.get_executor());
    REQUIRE(awake);
    CHECK(gets_loud(*awake));
}

TEST_CASE("resting_socket closes what nobody wakes") {
    connected pair;
    resting_socket::from(std::move(pair.ours), pair.context.get_executor());
    std::array<char, 1> one{};
    boost::system::error_code ec;
    pair.theirs.read_some(asio::buffer(one), ec);
    CHECK(ec == asio::error::eof);
}
