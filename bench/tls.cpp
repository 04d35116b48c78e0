// TLS: our engine against OpenSSL straight on the descriptor and against Asio's stream, one MiB
// there and back between two threads over loopback; handshakes in memory against OpenSSL alone; and
// what an idle session holds. CPU of both sides together, since wall time on a busy machine says
// little.

#include "bare_tls.hpp"
#include "carry.hpp"
#include "measure.hpp"

#include "support/certificates.hpp"

#include <nettcp/security/factories.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <openssl/ssl.h>

#include <memory>
#include <thread>

#include <malloc.h>
#include <sys/socket.h>
#include <time.h>

namespace nettcp::bench {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;
using security::upgrade;
using security::upgrade_event;

constexpr std::size_t payload_size = 1u << 20;

double process_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// The same certificate, trust and versions for all.
struct fixture {
    temporary_folder folder;
    issued_certificate own = make_certificate({.names = {"DNS:localhost"}});
    std::string file = folder.write("own.pem", own.both());
    security::shared_upgrade_factory client;
    security::shared_upgrade_factory service;

    fixture() {
        std::string said;
        security::tls_client client_choices;
        client_choices.trust.ca_files = {file};
        client = security::make_upgrades(client_choices, "localhost", said).value();
        security::tls_service service_choices;
        service_choices.certificate.certificate_file = file;
        service = security::make_upgrades(service_choices, said).value();
    }
};

const fixture& shared() {
    static const fixture one;
    return one;
}

// Three ways to move a payload over a connected socket. Each blocks.

/// No protection: what the others add to.
class plain_wire {
public:
    plain_wire(tcp::socket socket, bool) : socket_(std::move(socket)) {}
    void write(bytes_view octets) {
        asio::write(socket_, asio::buffer(octets.data(), octets.size()));
    }
    void read(std::span<std::byte> into) {
        asio::read(socket_, asio::buffer(into.data(), into.size()));
    }

private:
    tcp::socket socket_;
};

class openssl_wire {
public:
    openssl_wire(tcp::socket socket, bool is_server)
        : socket_(std::move(socket)),
          ctx_(bare_context(is_server, shared().file)),
          ssl_(SSL_new(ctx_.get()), SSL_free) {
        SSL_set_fd(ssl_.get(), socket_.native_handle());
        expect((is_server ? SSL_accept(ssl_.get()) : SSL_connect(ssl_.get())) == 1, "handshake");
    }
    void write(bytes_view octets) {
        std::size_t size = 0;
        expect(SSL_write_ex(ssl_.get(), octets.data(), octets.size(), &size) == 1, "write");
    }
    void read(std::span<std::byte> into) {
        for (std::size_t size = 0; !into.empty(); into = into.subspan(size))
            expect(SSL_read_ex(ssl_.get(), into.data(), into.size(), &size) == 1, "read");
    }

private:
    tcp::socket socket_;
    std::shared_ptr<SSL_CTX> ctx_;
    std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
};

class asio_wire {
public:
    asio_wire(tcp::socket socket, bool is_server)
        : ctx_(bare_context(is_server, shared().file)),
          context_(with_another_owner(ctx_.get())),
          stream_(std::move(socket), context_) {
        stream_.handshake(is_server ? ssl::stream_base::server : ssl::stream_base::client);
    }
    void write(bytes_view octets) {
        asio::write(stream_, asio::buffer(octets.data(), octets.size()));
    }
    void read(std::span<std::byte> into) {
        asio::read(stream_, asio::buffer(into.data(), into.size()));
    }

private:
    static SSL_CTX* with_another_owner(SSL_CTX* ctx) {
        SSL_CTX_up_ref(ctx);
        return ctx;
    }
    std::shared_ptr<SSL_CTX> ctx_;
    ssl::context context_;
    ssl::stream<tcp::socket> stream_;
};

class nettcp_wire {
public:
    nettcp_wire(tcp::socket socket, bool is_server)
        : socket_(std::move(socket)),
          engine_((is_server ? shared().service : shared().client)->make()) {
        for (;;) {
            const upgrade_event event = engine_->next_event();
            flush();
            if (event == upgrade_event::established)
                return;
            expect(event == upgrade_event::none, "handshake");
            receive();
        }
    }
    void write(bytes_view octets) {
        expect(engine_->write(octets).has_value(), "write");
        flush();
    }
    void read(std::span<std::byte> into) {
        while (!into.empty()) {
            const auto size = engine_->read(into);
            expect(size.has_value(), "read");
            if (*size == 0)
                receive();
            into = into.subspan(*size);
        }
    }

private:
    void flush() {
        for (bytes_view part = engine_->output(); !part.empty(); part = engine_->output())
            engine_->output_sent(asio::write(socket_, asio::buffer(part.data(), part.size())));
    }
    void receive() {
        const auto space = engine_->input_space();
        engine_->received(socket_.read_some(asio::buffer(space.data(), space.size())));
    }

    tcp::socket socket_;
    std::unique_ptr<upgrade> engine_;
};

/// Microseconds of CPU for one MiB there and back.
template <class Wire>
figure echo(double seconds) {
    asio::io_context context;
    tcp::acceptor listener(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    tcp::socket dialled(context);
    dialled.connect(listener.local_endpoint());
    tcp::socket accepted = listener.accept();
    for (tcp::socket* one : {&dialled, &accepted})
        one->set_option(tcp::no_delay(true));

    // A first octet says whether another payload follows.
    std::thread server([&] {
        Wire wire(std::move(accepted), true);
        std::vector<std::byte> buffer(payload_size);
        std::byte more[1];
        for (wire.read(more); more[0] != std::byte{}; wire.read(more)) {
            wire.read(buffer);
            wire.write(buffer);
        }
    });
    Wire wire(std::move(dialled), false);
    const std::vector<std::byte> payload(payload_size, std::byte{'x'});
    std::vector<std::byte> answer(payload_size);
    const std::byte yes[] = {std::byte{1}};
    const auto turn = [&] {
        wire.write(yes);
        wire.write(payload);
        wire.read(answer);
        expect(answer.back() == std::byte{'x'}, "what came back is what was sent");
    };
    turn();
    const figure taken = seconds_per_turn(4 * seconds, process_seconds, turn);
    const std::byte no[] = {std::byte{0}};
    wire.write(no);
    server.join();
    return taken / 1e-6;
}

// Handshakes in memory.

struct our_pair {
    std::unique_ptr<upgrade> client = shared().client->make();
    std::unique_ptr<upgrade> service = shared().service->make();

    our_pair() {
        int established = 0;
        while (established != 2)
            for (upgrade* side : {client.get(), service.get()}) {
                const auto event = side->next_event();
                expect(event != upgrade_event::failed, "handshake");
                established += event == upgrade_event::established;
                carry(*side, side == client.get() ? *service : *client);
            }
    }
};

struct bare_pair {
    std::unique_ptr<SSL, void (*)(SSL*)> client;
    std::unique_ptr<SSL, void (*)(SSL*)> server;

    bare_pair(SSL_CTX* client_ctx, SSL_CTX* server_ctx)
        : client(SSL_new(client_ctx), SSL_free), server(SSL_new(server_ctx), SSL_free) {
        BIO* const there = BIO_new(BIO_s_mem());
        BIO* const back = BIO_new(BIO_s_mem());
        BIO_up_ref(there);
        BIO_up_ref(back);
        SSL_set_bio(client.get(), back, there);
        SSL_set_bio(server.get(), there, back);
        SSL_set_connect_state(client.get());
        SSL_set_accept_state(server.get());
        for (bool done = false; !done;) {
            const int first = SSL_do_handshake(client.get());
            const int second = SSL_do_handshake(server.get());
            done = first == 1 && second == 1;
        }
    }
};

/// KiB that each of many sessions holds after 16 KiB in each direction.
double idle_memory(double) {
    constexpr std::size_t count = 50;
    const auto make = [] {
        our_pair pair;
        const std::vector<std::byte> payload(16384);
        std::vector<std::byte> answer(16384);
        for (upgrade* side : {pair.client.get(), pair.service.get()}) {
            upgrade& other = side == pair.client.get() ? *pair.service : *pair.client;
            expect(side->write(payload).has_value(), "write");
            carry(*side, other);
            expect(*other.read(answer) == payload.size(), "read");
        }
        pair.client->release_memory();
        pair.service->release_memory();
        return pair;
    };
    const our_pair warm = make();
    std::vector<our_pair> pairs;
    pairs.reserve(count);
    const std::size_t before = mallinfo2().uordblks;
    for (std::size_t i = 0; i != count; ++i)
        pairs.push_back(make());
    return static_cast<double>(mallinfo2().uordblks - before) / (2 * count * 1024.0);
}

figure our_handshakes(double seconds) {
    return nanoseconds_per_turn(seconds, [] { const our_pair pair; }).per_second();
}

figure bare_handshakes(double seconds) {
    const auto client = bare_context(false, shared().file);
    const auto server = bare_context(true, shared().file);
    return nanoseconds_per_turn(seconds, [&] { const bare_pair pair(client.get(), server.get()); })
        .per_second();
}

}  // namespace
}  // namespace nettcp::bench

int main(int argc, char** argv) {
    using namespace nettcp::bench;
    return run(argc, argv,
               {{"tls echo 1 MiB, nettcp", "us", echo<nettcp_wire>},
                {"tls echo 1 MiB, OpenSSL on the descriptor", "us", echo<openssl_wire>},
                {"tls echo 1 MiB, asio::ssl", "us", echo<asio_wire>},
                {"no tls, echo 1 MiB", "us", echo<plain_wire>},
                {"tls handshakes, nettcp", "1/s", our_handshakes},
                {"tls handshakes, OpenSSL in memory", "1/s", bare_handshakes},
                {"tls idle session, nettcp", "KiB", idle_memory}});
}
