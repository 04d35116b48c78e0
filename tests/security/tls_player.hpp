#pragma once

#include "security/tls_library.hpp"
#include "support/certificates.hpp"

#include <nettcp/security/errc.hpp>
#include <nettcp/security/factories.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace nettcp::security {

/// A CA and what it has issued, as files, for the usual cases.
struct tls_files {
    temporary_folder folder;
    issued_certificate ca = make_certificate({.subject = "CN=Test CA", .is_authority = true});
    issued_certificate server = make_certificate({.subject = "CN=server",
                                                  .names = {"DNS:localhost", "DNS:peer.test"},
                                                  .usage = "serverAuth"},
                                                 &ca);
    issued_certificate client =
        make_certificate({.subject = "O=Peers/CN=alice", .usage = "clientAuth"}, &ca);
    std::string ca_file = folder.write("ca.pem", ca.certificate);
    std::string server_file = folder.write("server.pem", server.both());
    std::string client_file = folder.write("client.pem", client.both());

    tls_client client_choices() const {
        tls_client out;
        out.trust.ca_files = {ca_file};
        return out;
    }
    tls_service service_choices() const {
        tls_service out;
        out.certificate.certificate_file = server_file;
        return out;
    }
    /// Both sides show certificates.
    tls_client mutual_client() const {
        tls_client out = client_choices();
        out.certificate.certificate_file = client_file;
        return out;
    }
    tls_service mutual_service() const {
        tls_service out = service_choices();
        out.require_client_certificate = true;
        out.client_trust.ca_files = {ca_file};
        return out;
    }
};

inline shared_upgrade_factory factory(const tls_client& choices, std::string_view host) {
    std::string said;
    const auto made = make_upgrades(choices, host, said);
    if (!made)
        throw std::runtime_error("no client: " + said);
    return *made;
}
inline shared_upgrade_factory factory(const tls_service& choices) {
    std::string said;
    const auto made = make_upgrades(choices, said);
    if (!made)
        throw std::runtime_error("no service: " + said);
    return *made;
}

/// Hands octets to an engine, `stroke` at a time.
inline void give(upgrade& to, bytes_view octets, std::size_t stroke = ~std::size_t{0}) {
    while (!octets.empty()) {
        const auto space = to.input_space();
        const std::size_t size = std::min({space.size(), octets.size(), stroke});
        std::copy_n(octets.begin(), size, space.begin());
        to.received(size);
        octets = octets.subspan(size);
    }
}

/// Takes what an engine has to send.
inline std::string take(upgrade& from) {
    std::string out;
    for (bytes_view part = from.output(); !part.empty(); part = from.output()) {
        out += as_text(part);
        from.output_sent(part.size());
    }
    return out;
}

/// Reads what can be read now; the failure, if any, is left in the engine.
inline std::string read_all(upgrade& from, std::size_t at_once = 5000) {
    std::string out;
    std::string part(at_once, '\0');
    for (;;) {
        const auto size = from.read(std::as_writable_bytes(std::span(part)));
        if (!size || *size == 0)
            return out;
        out.append(part, 0, *size);
    }
}

/// Two of our engines, joined in memory, each given octets in strokes.
struct tls_pair {
    std::unique_ptr<upgrade> client;
    std::unique_ptr<upgrade> service;
    std::size_t stroke = ~std::size_t{0};
    bool client_established = false;
    bool service_established = false;

    /// Moves what is there to be moved in one direction, asking for events after every stroke.
    static bool carry(upgrade& from, upgrade& to, bool& established, std::size_t stroke) {
        const std::string octets = take(from);
        for (std::size_t at = 0; at < octets.size(); at += stroke) {
            give(to, as_bytes(std::string_view(octets).substr(at, stroke)));
            if (!established)
                ask(to, established);
            if (octets.size() - at <= stroke)
                break;
        }
        return !octets.empty();
    }

    static void ask(upgrade& engine, bool& established) {
        for (auto event = engine.next_event(); event != upgrade_event::none;
             event = engine.next_event())
            established = established || event == upgrade_event::established;
    }

    /// Until both are quiet.
    void shake_hands() {
        ask(*service, service_established);
        ask(*client, client_established);
        while (carry(*client, *service, service_established, stroke) ||
               carry(*service, *client, client_established, stroke)) {
        }
    }
    bool is_established() const { return client_established && service_established; }
};

inline tls_pair join(const tls_client& client, const tls_service& service,
                     std::string_view host = "localhost") {
    return {factory(client, host)->make(), factory(service)->make()};
}

/// OpenSSL by itself as the other side, over memory, set up by a test as it likes.
class openssl_peer {
public:
    explicit openssl_peer(bool is_server, const std::string& certificate_file = {})
        : ctx_(SSL_CTX_new(is_server ? TLS_server_method() : TLS_client_method())),
          is_server_(is_server) {
        if (!certificate_file.empty() &&
            (SSL_CTX_use_certificate_chain_file(ctx_.get(), certificate_file.c_str()) != 1 ||
             SSL_CTX_use_PrivateKey_file(ctx_.get(), certificate_file.c_str(), SSL_FILETYPE_PEM) !=
                 1))
            throw std::runtime_error("OpenSSL cannot use the certificate");
    }

    SSL_CTX* ctx() const noexcept { return ctx_.get(); }
    /// Sets the context in stone, at first use.
    SSL* ssl() {
        if (ssl_)
            return ssl_.get();
        ssl_.reset(SSL_new(ctx_.get()));
        in_ = BIO_new(BIO_s_mem());
        out_ = BIO_new(BIO_s_mem());
        BIO_set_mem_eof_return(in_, -1);
        SSL_set_bio(ssl_.get(), in_, out_);
        if (is_server_)
            SSL_set_accept_state(ssl_.get());
        else
            SSL_set_connect_state(ssl_.get());
        return ssl_.get();
    }

    /// Goes on with the handshake, and returns whether it is complete.
    bool shake() { return SSL_do_handshake(ssl()) == 1; }
    void receive(const std::string& octets) {
        ssl();
        if (!octets.empty())
            BIO_write(in_, octets.data(), static_cast<int>(octets.size()));
    }
    std::string take() {
        ssl();
        std::string out(static_cast<std::size_t>(BIO_pending(out_)), '\0');
        if (!out.empty())
            BIO_read(out_, out.data(), static_cast<int>(out.size()));
        return out;
    }
    /// One call of SSL_write: one record up to 16 KiB.
    void write(std::string_view text) {
        if (SSL_write(ssl(), text.data(), static_cast<int>(text.size())) <= 0)
            throw std::runtime_error("OpenSSL does not write");
    }
    std::string read() {
        std::string out;
        char part[4096];
        for (int size = 0; (size = SSL_read(ssl(), part, sizeof part)) > 0;)
            out.append(part, static_cast<std::size_t>(size));
        return out;
    }

    /// Shakes hands with one of our engines; returns whether both sides got through.
    bool meet(upgrade& ours, std::size_t stroke = ~std::size_t{0}) {
        bool established = false;
        bool complete = false;
        tls_pair::ask(ours, established);
        for (int turns = 0; turns != 20; ++turns) {
            receive(security::take(ours));
            complete = shake();
            const std::string octets = take();
            for (std::size_t at = 0; at < octets.size(); at += std::min(stroke, octets.size())) {
                give(ours, as_bytes(std::string_view(octets).substr(at, stroke)));
                tls_pair::ask(ours, established);
            }
            tls_pair::ask(ours, established);
            if (complete && established && ours.output_size() == 0)
                return true;
        }
        return false;
    }

private:
    ssl_ctx_ptr ctx_;
    bool is_server_;
    ssl_ptr ssl_;
    BIO* in_ = nullptr;   // both belong to ssl_
    BIO* out_ = nullptr;
};

}  // namespace nettcp::security
