#include "service/test_service.hpp"
#include "support/catch.hpp"
#include "support/certificates.hpp"

#include <nettcp/client/client.hpp>
#include <nettcp/framing/errc.hpp>
#include <nettcp/net/errc.hpp>
#include <nettcp/security/errc.hpp>
#include <nettcp/soap/errc.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <thread>

using namespace raw;
using namespace std::chrono_literals;
using nettcp::stage;
namespace security = nettcp::security;

namespace {

/// A CA and what it has issued, in files.
struct issued_files {
    issued_files() {
        authority = nettcp::make_certificate({.subject = "CN=ca", .is_authority = true});
        ca = folder.write("ca.pem", authority.certificate);
        server =
            folder.write("server.pem",
                         nettcp::make_certificate({.names = {"DNS:localhost"}}, &authority).both());
        alice_certificate = nettcp::make_certificate({.subject = "CN=alice"}, &authority);
        alice = folder.write("alice.pem", alice_certificate.both());
        bob = folder.write("bob.pem",
                           nettcp::make_certificate({.subject = "CN=bob"}, &authority).both());
    }

    security::tls_service service(bool with_client_certificate) const {
        return {.certificate = {.certificate_file = server},
                .require_client_certificate = with_client_certificate,
                .client_trust = {.ca_files = {ca}}};
    }
    security::tls_client client(const std::string& certificate = {}) const {
        return {.trust = {.ca_files = {ca}}, .certificate = {.certificate_file = certificate}};
    }

    nettcp::temporary_folder folder;
    nettcp::issued_certificate authority, alice_certificate;
    std::string ca, server, alice, bob;
};

const issued_files& files() {
    static const issued_files made;
    return made;
}

/// A host with the endpoints /clear, /tls and /cert; /cert lets only alice echo.
struct secured_host {
    explicit secured_host(nettcp::host_options options = {}) : host(with_log(std::move(options))) {
        nettcp::service service = echo_service();
        service.on("urn:throws", [](nettcp::incoming_call& call) { call.reply(text_body("")); });
        service.on("urn:who", [](nettcp::incoming_call& call) {
            const auto& caller = call.session().caller;
            call.reply(text_body(caller ? caller->name + '|' + caller->mechanism + '|' +
                                              caller->thumbprint + '|' + caller->tls_version
                                        : "nobody"));
        });
        host.add_endpoint("/clear", service);
        host.add_endpoint("/tls", service, {.security = files().service(false)});
        host.add_endpoint(
            "/cert", service,
            {.security = files().service(true),
             .authorize = [](const nettcp::session_info& session, std::string_view action) {
                 if (action == "urn:throws")
                     throw std::runtime_error("cannot tell");
                 return action != "urn:echo" || session.caller->name == "CN=alice";
             }});
        port = host.listen("127.0.0.1", 0).port;
        host.start();
    }

    nettcp::client client(const std::string& path, nettcp::client_security by = {}) const {
        nettcp::client_options options;
        options.security = std::move(by);
        return nettcp::client("net.tcp://localhost:" + std::to_string(port) + path, options);
    }
    /// Why a client cannot open a session.
    nettcp::diagnostics refusal(const std::string& path, nettcp::client_security by = {}) const {
        nettcp::client c = client(path, std::move(by));
        boost::system::error_code code;
        nettcp::diagnostics why;
        c.open(code, &why);
        CHECK(code == why.code);
        CHECK_FALSE(c.peer());
        return why;
    }
    bool logged(std::string_view text) {
        for (int i = 0; i < 500; ++i) {
            {
                const std::lock_guard lock(guard);
                if (lines.find(text) != std::string::npos)
                    return true;
            }
            usleep(10'000);
        }
        return false;
    }

    nettcp::host_options with_log(nettcp::host_options options) {
        options.log = [this](const nettcp::session_event& event) {
            const std::lock_guard lock(guard);
            lines += nettcp::to_string(event) + '\n';
        };
        return options;
    }

    std::mutex guard;
    std::string lines;
    nettcp::service_host host;
    std::uint16_t port = 0;
};

std::string said(nettcp::client& c, const char* action) {
    auto answer = c.call(action, text_body("hello"));
    REQUIRE_FALSE(answer.is_fault());
    return text_of(answer.message());
}

}  // namespace

TEST_CASE("sessions within TLS tell each side who the other is, one after another",
          "[threaded][tls]") {
    secured_host host;
    nettcp::client c = host.client("/cert", files().client(files().alice));
    CHECK_FALSE(c.peer());
    for (int n = 0; n != 3; ++n) {
        CHECK(said(c, "urn:who") ==
              "CN=alice|X509|" + nettcp::sha1_of(files().alice_certificate) + "|TLSv1.3");
        CHECK(said(c, "urn:echo") == "hello");
        REQUIRE(c.peer());
        CHECK(c.peer()->name == "CN=localhost");
        CHECK(c.peer()->protection == security::protection_level::encrypt_and_sign);
        c.close();
        CHECK_FALSE(c.peer());
    }
    CHECK(host.host.connections() == 1);  // all on one connection
    CHECK(host.logged("caller \"CN=alice\" by X509"));

    nettcp::client anonymous = host.client("/tls", files().client());
    CHECK(said(anonymous, "urn:who") == "|||TLSv1.3");
    nettcp::client clear = host.client("/clear");
    CHECK(said(clear, "urn:who") == "nobody");
    CHECK_FALSE(clear.peer());
}

TEST_CASE("large messages and many calls go through TLS", "[threaded][tls]") {
    nettcp::host_options wide;
    wide.session.framing.max_message_size = 8u << 20;
    secured_host host(wide);
    nettcp::client_options options;
    options.security = files().client();
    options.session = wide.session;
    nettcp::client c("net.tcp://localhost:" + std::to_string(host.port) + "/tls", options);
    const std::string large(3u << 20, 'x');
    auto answer = c.call("urn:echo", text_body(large));
    CHECK(text_of(answer.message()) == large);
    for (int i = 0; i < 100; ++i)
        c.send("urn:note", text_body("one-way"));
    CHECK(said(c, "urn:echo") == "hello");
    c.close();
    CHECK_FALSE(host.host.stop(5s));
}

TEST_CASE("a caller who may not is told in WCF's words", "[threaded][tls]") {
    secured_host host;
    nettcp::client bob = host.client("/cert", files().client(files().bob));
    auto denied = bob.call("urn:echo", text_body("hello"));
    REQUIRE(denied.is_fault());
    const auto fault = denied.fault();
    REQUIRE(fault.has_value());
    CHECK(fault->is("FailedAuthentication", "http://docs.oasis-open.org/wss/2004/01/"
                                            "oasis-200401-wss-wssecurity-secext-1.0.xsd"));
    CHECK(fault->is("Sender", "http://www.w3.org/2003/05/soap-envelope"));
    CHECK(fault->reason() == "Access is denied.");
    CHECK(nettcp::soap::errc_of(*fault) == nettcp::soap::errc::access_denied);
    CHECK(denied.headers().action == "http://www.w3.org/2005/08/addressing/soap/fault");
    CHECK(host.logged("\"CN=bob\", who asked for urn:echo"));
    CHECK(said(bob, "urn:who").starts_with("CN=bob|"));  // the session goes on
    denied = bob.call("urn:throws", text_body(""));
    CHECK(denied.is_fault());
    CHECK(host.logged("cannot tell"));
}

TEST_CASE("security that does not fit is named on both sides", "[threaded][tls]") {
    secured_host host;
    const auto unsecured = host.refusal("/tls");
    CHECK(unsecured.code == nettcp::net::errc::preamble_refused);
    CHECK(unsecured.stage == stage::preamble);
    CHECK_THAT(unsecured.message(), Catch::Contains("same security mode"));
    CHECK(host.logged("without the upgrade the endpoint requires"));

    const auto needless = host.refusal("/clear", files().client());
    CHECK(needless.code == nettcp::framing::errc::peer_said_upgrade_invalid);
    CHECK(needless.stage == stage::upgrade);

    security::tls_client stranger;  // trusts what the machine trusts
    const auto untrusted = host.refusal("/tls", stranger);
    CHECK(untrusted.code.category() == security::category());
    CHECK(untrusted.stage == stage::authenticate);
    CHECK_FALSE(untrusted.provider_said.empty());
    CHECK(host.logged("Could not prove who is who"));

    security::tls_client other = files().client();
    other.identity = security::dns_identity{"elsewhere.test"};
    CHECK(host.refusal("/tls", other).code == security::errc::certificate_name_mismatch);

    security::tls_client unreadable = files().client("/nowhere/at/all.pem");
    const auto broken = host.refusal("/tls", unreadable);
    CHECK(broken.code == security::errc::certificate_unusable);
    CHECK(broken.stage == stage::authenticate);

    nettcp::service_host bad;
    try {
        bad.add_endpoint("/bad", echo_service(),
                         {.security = security::tls_service{
                              .certificate = {.certificate_file = "/nowhere/at/all.pem"}}});
        FAIL("no exception");
    } catch (const nettcp::failure& why) {
        CHECK(why.code() == security::errc::certificate_unusable);
        CHECK_FALSE(why.diagnostics().provider_said.empty());
    }
}

TEST_CASE("a peer that goes silent within an upgrade is let go", "[threaded][tls]") {
    nettcp::host_options options;
    options.channel_initialization_timeout = 100ms;
    secured_host host(options);
    wire_socket socket({"127.0.0.1", host.port});
    const std::string secured_via = "net.tcp://localhost/tls";
    socket.send("00 01 00 01 02 02");
    socket.send_text(std::string(1, static_cast<char>(secured_via.size())) + secured_via);
    socket.send("03 08 09 13");
    socket.send_text("application/ssl-tls");
    CHECK(host.logged("Could not prove who is who"));
    CHECK(host.logged("the preamble was not complete in time"));

    // A host that answers the request, and no more.
    boost::asio::io_context context;
    using boost::asio::ip::tcp;
    tcp::acceptor acceptor(context, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    nettcp::client_options patience;
    patience.security = files().client();
    patience.open_timeout = 200ms;
    nettcp::client c("net.tcp://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) +
                         "/tls",
                     patience);
    boost::system::error_code code;
    nettcp::diagnostics why;
    SECTION("before the answer") {
        c.open(code, &why);
        CHECK(why.code == nettcp::net::errc::timed_out);
        CHECK(why.stage == stage::upgrade);
    }
    SECTION("behind the answer") {
        std::thread peer([&] {
            auto accepted = acceptor.accept();
            accepted.send(boost::asio::buffer("\x0a", 1));
            std::this_thread::sleep_for(400ms);
        });
        c.open(code, &why);
        CHECK(why.code == nettcp::net::errc::timed_out);
        CHECK(why.stage == stage::authenticate);
        peer.join();
    }
}

TEST_CASE("A host sees over TLS that whoever it streams to is gone", "[threaded]") {
    nettcp::service endless;
    endless.on("urn:endless", [](nettcp::incoming_call& call) {
        call.reply_stream(
            [](nettcp::nbfx::writer& out) { out.start_element("Stream", "urn:test"); },
            nettcp::make_body_source(std::function<std::size_t(std::span<std::byte>)>(
                [](std::span<std::byte> room) { return room.size(); })));
    });
    nettcp::service_host host;
    host.add_endpoint(
        "/tls", endless,
        {.security = files().service(false), .transfer = nettcp::transfer_mode::streamed});
    const auto port = host.listen("127.0.0.1", 0).port;
    host.start();
    {
        nettcp::client_options options;
        options.security = files().client();
        options.transfer = nettcp::transfer_mode::streamed;
        options.session.framing.max_streamed_size = 1u << 30;  // or the client is the one to end it
        nettcp::client c("net.tcp://localhost:" + std::to_string(port) + "/tls", options);
        const auto answer = c.call("urn:endless", text_body(""), {.stream_reply = true});
        CHECK_FALSE(answer.is_fault());
        CHECK(host.connections() == 1);
    }
    // Long before its minute for octets that nobody takes is over.
    CHECK(running_host::eventually([&] { return host.connections() == 0; }));
}
