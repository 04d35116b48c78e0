// tls_peer host|client KEY=VALUE...
//
// Our TLS engine on a blocking socket, put against OpenSSL's command line and .NET's SslStream.
//   port=N            to listen on or to call (host: 0 chooses; READY N is printed)
//   name=TEXT         the address's host, which the service's certificate must be for
//   trust=FILE        CAs; a host that is given some asks callers for a certificate
//   certificate=FILE  PEM or PKCS#12
//   password=TEXT     its password
//   tls=1.3           refuse older versions
//   framing=1         a net.tcp preamble around the handshake; the host ends with the first call
//   sessions=N        how many of them a client opens on one connection
//   size=N            without framing: octets to echo (host), or of the line to send (client)
// Prints OK and who the other side is, or FAIL and why, and ends with 0 or 1; a host serves once.

#include <nettcp/security/errc.hpp>
#include <nettcp/security/factories.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <cstdio>
#include <iostream>
#include <map>
#include <stdexcept>

using namespace nettcp;
using namespace nettcp::security;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

using choices = std::map<std::string, std::string>;

std::size_t number(const choices& from, const std::string& key, std::size_t otherwise) {
    const auto found = from.find(key);
    return found == from.end() ? otherwise : std::stoul(found->second);
}

struct refused : std::runtime_error {
    explicit refused(const upgrade& by)
        : std::runtime_error("rule=" + by.failure().code.message() +
                             " said=" + std::string(by.said())) {}
};

/// A connection, protected or not. Octets received and not used move with each change.
class wire {
public:
    explicit wire(tcp::socket socket) : socket_(std::move(socket)) {}

    void protect(std::unique_ptr<upgrade> by) {
        engine_ = std::move(by);
        give(std::exchange(plain_, {}));
        for (;;) {
            const auto event = engine_->next_event();
            flush();
            if (event == upgrade_event::established)
                return;
            if (event == upgrade_event::failed)
                throw refused(*engine_);
            receive();
        }
    }
    /// Back to plain octets: what the engine did not use comes next.
    void unprotect() {
        plain_ = as_text(engine_->surplus());
        engine_.reset();
    }
    const party& peer() const { return engine_->peer(); }

    void write(std::string_view text) {
        if (!engine_) {
            asio::write(socket_, asio::buffer(text));
            return;
        }
        if (!engine_->write(as_bytes(text)))
            throw refused(*engine_);
        flush();
    }
    std::string read(std::size_t size) {
        std::string out(size, '\0');
        for (auto rest = std::as_writable_bytes(std::span(out)); !rest.empty();)
            rest = rest.subspan(engine_ ? read_protected(rest) : read_plain(rest));
        return out;
    }
    void expect(std::string_view wanted) {
        if (read(wanted.size()) != wanted)
            throw std::runtime_error("rule=unexpected octets");
    }

private:
    std::size_t read_plain(std::span<std::byte> into) {
        if (plain_.empty())
            return socket_.read_some(asio::buffer(into.data(), into.size()));
        const std::size_t size = plain_.copy(reinterpret_cast<char*>(into.data()), into.size());
        plain_.erase(0, size);
        return size;
    }
    std::size_t read_protected(std::span<std::byte> into) {
        const auto size = engine_->read(into);
        flush();
        if (!size)
            throw refused(*engine_);
        if (*size == 0)
            receive();
        return *size;
    }
    void receive() {
        const auto space = engine_->input_space();
        boost::system::error_code ec;
        const std::size_t size = socket_.read_some(asio::buffer(space.data(), space.size()), ec);
        engine_->received(size);
        if (!ec)
            return;
        engine_->received_eof();
        if (engine_->next_event() == upgrade_event::failed)
            throw refused(*engine_);
        throw std::runtime_error("rule=the connection ended");
    }
    void give(const std::string& text) {
        for (std::size_t at = 0; at != text.size();) {
            const auto space = engine_->input_space();
            const std::size_t size =
                text.copy(reinterpret_cast<char*>(space.data()), space.size(), at);
            engine_->received(size);
            at += size;
        }
    }
    void flush() {
        for (bytes_view part = engine_->output(); !part.empty(); part = engine_->output())
            engine_->output_sent(asio::write(socket_, asio::buffer(part.data(), part.size())));
    }

    tcp::socket socket_;
    std::unique_ptr<upgrade> engine_;
    std::string plain_;
};

std::string record(char type, std::string_view text) {
    return std::string{type, static_cast<char>(text.size())} + std::string(text);
}

void report(const wire& on) {
    std::cout << "OK name=" << on.peer().name << " tls=" << on.peer().tls_version
              << " cipher=" << on.peer().tls_cipher << " mutual=" << on.peer().mutual
              << " thumbprint=" << on.peer().thumbprint << std::endl;
}

void call(const choices& from, const upgrade_factory& upgrades, tcp::socket socket) {
    wire on(std::move(socket));
    if (!number(from, "framing", 0)) {
        on.protect(upgrades.make());
        const std::string line(number(from, "size", 5), 'x');
        on.write("." + line + "\n");
        on.expect(line + ".\n");  // `openssl s_server -rev` turns lines round
        report(on);
        return;
    }
    for (std::size_t left = number(from, "sessions", 1); left != 0; --left) {
        on.write(std::string("\0\1\0\1\2", 5) + record(2, "net.tcp://localhost/echo") + "\3\x08" +
                 record(9, upgrades.name()));
        on.expect("\x0a");
        on.protect(upgrades.make());
        on.write("\x0c");
        on.expect("\x0b");
        on.write("\x07");
        on.expect("\x07");
        report(on);
        on.unprotect();
    }
}

void serve(const choices& from, const upgrade_factory& upgrades, tcp::socket socket) {
    wire on(std::move(socket));
    if (number(from, "framing", 0)) {
        on.expect(std::string_view("\0\1\0\1\2\2", 6));
        on.read(static_cast<unsigned char>(on.read(1)[0]));  // the via
        on.expect("\3\x08" + record(9, upgrades.name()));
        on.write("\x0a");
        on.protect(upgrades.make());
        on.expect("\x0c");
        on.write("\x0b");
        on.expect("\x06");  // a call, which this program does not answer
    } else {
        on.protect(upgrades.make());
        on.write(on.read(number(from, "size", 5)));
    }
    report(on);
}

void play(bool is_host, const choices& from) {
    const auto text = [&](const std::string& key) {
        const auto found = from.find(key);
        return found == from.end() ? std::string() : found->second;
    };
    const tls_version minimum = text("tls") == "1.3" ? tls_version::tls_1_3 : tls_version::tls_1_2;
    const tls_certificate own{text("certificate"), {}, secret(text("password"))};
    tls_trust trust;
    if (!text("trust").empty())
        trust.ca_files = {text("trust")};
    asio::io_context context;
    const tcp::endpoint at(asio::ip::address_v4::loopback(),
                           static_cast<std::uint16_t>(number(from, "port", 0)));
    std::string said;
    if (!is_host) {
        const auto upgrades = make_upgrades(
            tls_client{.trust = trust, .certificate = own, .minimum_version = minimum},
            text("name"), said);
        if (!upgrades)
            throw std::runtime_error("rule=" + upgrades.error().code.message() + " said=" + said);
        tcp::socket socket(context);
        socket.connect(at);
        call(from, **upgrades, std::move(socket));
        return;
    }
    tls_service service;
    service.certificate = own;
    service.require_client_certificate = !trust.ca_files.empty();
    service.client_trust = trust;
    service.minimum_version = minimum;
    const auto upgrades = make_upgrades(service, said);
    if (!upgrades)
        throw std::runtime_error("rule=" + upgrades.error().code.message() + " said=" + said);
    tcp::acceptor listener(context, at);
    std::cout << "READY " << listener.local_endpoint().port() << std::endl;
    serve(from, **upgrades, listener.accept());
}

}  // namespace

int main(int argc, char** argv) {
    const std::string role = argc > 1 ? argv[1] : "";
    choices from;
    for (int i = 2; i < argc; ++i) {
        const std::string argument = argv[i];
        from[argument.substr(0, argument.find('='))] = argument.substr(argument.find('=') + 1);
    }
    if (role != "host" && role != "client") {
        std::cerr << "usage: tls_peer host|client KEY=VALUE...\n";
        return 2;
    }
    try {
        play(role == "host", from);
        return 0;
    } catch (const std::exception& e) {
        std::cout << "FAIL " << e.what() << std::endl;
        return 1;
    }
}
