#include "support/catch.hpp"

#include <nettcp/framing/errc.hpp>
#include <nettcp/net/errc.hpp>
#include <nettcp/net/failure.hpp>

#include <boost/asio/error.hpp>

using nettcp::cause;
using nettcp::diagnostics;
using nettcp::stage;

TEST_CASE("diagnostics tells a refused connection in one paragraph") {
    diagnostics known;
    known.stage = stage::connect;
    known.code = nettcp::net::errc::connect_failed;
    known.provider = boost::asio::error::connection_refused;
    known.endpoint = "net.tcp://localhost:9000/x";
    known.peer = "127.0.0.1:9000";
    CHECK(known.blame() == cause::environment);
    CHECK(known.message() ==
          "Could not connect to net.tcp://localhost:9000/x: " + known.code.message() +
              ". The system says about 127.0.0.1:9000: Connection refused. What to try: " +
              std::string(known.hint()) + ".");
}

TEST_CASE("diagnostics quotes the peer and names place, fault and advice") {
    diagnostics known;
    known.stage = stage::preamble;
    known.set({nettcp::framing::errc::peer_said_endpoint_not_found, 17, 0x2a});
    known.endpoint = "net.tcp://h/x";
    known.peer_said = "http://faults/EndpointNotFound";
    const std::string text = known.message();
    CHECK_THAT(text, Catch::Contains("(at octet 17, value 0x2a)"));
    CHECK(known.limit == 0);
    CHECK_THAT(text, Catch::Contains("The peer said: \"http://faults/EndpointNotFound\"."));
    CHECK_THAT(text, Catch::Contains("What to try: "));
    CHECK(known.blame() == cause::refused);
    CHECK_THAT(text, Catch::Contains("refused it"));
}

TEST_CASE("diagnostics counts cancellation as the caller's own wish") {
    diagnostics known;
    known.code = boost::asio::error::operation_aborted;
    CHECK(known.blame() == cause::local);
    CHECK_THAT(std::string(known.hint()), Catch::Contains("cancelled"));
    known.clear();
    CHECK_FALSE(known.code);
    CHECK(known.message() == "Nothing went wrong.");
}

TEST_CASE("failure carries its diagnostics through copies") {
    diagnostics known;
    known.stage = stage::send;
    known.code = nettcp::net::errc::timed_out;
    const nettcp::failure first(known);
    const nettcp::failure copy = first;
    CHECK(copy.code() == nettcp::net::errc::timed_out);
    CHECK(copy.diagnostics().stage == stage::send);
    CHECK(std::string(copy.what()) == known.message());
    CHECK(to_string(copy.diagnostics().stage) == "send");
}
