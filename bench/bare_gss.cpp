#include "bare_gss.hpp"

#include "measure.hpp"

#include <nettcp/security/negotiate_upgrade.hpp>

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <sys/uio.h>
#include <unistd.h>

namespace nettcp::bench {
namespace {

char spnego_identifier[] = "\x2b\x06\x01\x05\x05\x02";
gss_OID_desc spnego{sizeof spnego_identifier - 1, spnego_identifier};

gss_cred_id_t acquire(gss_cred_usage_t usage) {
    gss_key_value_element_desc no_keytab{"client_keytab", "MEMORY:nettcp.none"};
    const gss_key_value_set_desc store{usage == GSS_C_INITIATE ? 1u : 0u, &no_keytab};
    gss_OID_set_desc by{1, &spnego};
    gss_OID_set_desc within{1, gss_mech_krb5};
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;
    OM_uint32 minor = 0;
    succeed(gss_acquire_cred_from(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &by, usage,
                                  store.count == 0 ? GSS_C_NO_CRED_STORE : &store, &credential,
                                  nullptr, nullptr),
            "a credential");
    succeed(gss_set_neg_mechs(&minor, credential, &within), "Kerberos alone");
    return credential;
}

gss_name_t target() {
    static const gss_name_t name = [] {
        char spn[] = "host/localhost@";
        gss_buffer_desc text{sizeof spn - 1, spn};
        gss_name_t made = GSS_C_NO_NAME;
        OM_uint32 minor = 0;
        succeed(gss_import_name(&minor, &text, GSS_KRB5_NT_PRINCIPAL_NAME, &made), "a name");
        return made;
    }();
    return name;
}

gss_cred_id_t shared_service() {
    static const gss_cred_id_t one = acquire(GSS_C_ACCEPT);
    return one;
}

}  // namespace

void succeed(OM_uint32 major, const char* what) {
    expect(!GSS_ERROR(major), what);
}

gss_cred_id_t acquire_caller() {
    return acquire(GSS_C_INITIATE);
}

gss_cred_id_t shared_caller() {
    static const gss_cred_id_t one = acquire_caller();
    return one;
}

gss_side::gss_side() : credential_(shared_service()) {}

gss_side::gss_side(gss_side&& other) noexcept
    : credential_(other.credential_),
      initiates_(other.initiates_),
      context_(std::exchange(other.context_, GSS_C_NO_CONTEXT)),
      state_(other.state_) {}

gss_side::~gss_side() {
    OM_uint32 minor = 0;
    gss_delete_sec_context(&minor, &context_, GSS_C_NO_BUFFER);
}

std::vector<std::byte> gss_side::step(std::span<const std::byte> token) {
    if (established())
        return {};
    constexpr OM_uint32 flags = GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG | GSS_C_MUTUAL_FLAG |
                                GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_IDENTIFY_FLAG;
    gss_buffer_desc in{token.size(), const_cast<std::byte*>(token.data())};
    gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor = 0;
    state_ = initiates_ ? gss_init_sec_context(&minor, credential_, &context_, target(), &spnego,
                                               flags, GSS_C_INDEFINITE, GSS_C_NO_CHANNEL_BINDINGS,
                                               &in, nullptr, &out, nullptr, nullptr)
                        : gss_accept_sec_context(&minor, &context_, credential_, &in,
                                                 GSS_C_NO_CHANNEL_BINDINGS, nullptr, nullptr, &out,
                                                 nullptr, nullptr, nullptr);
    succeed(state_, "a step of the handshake");
    const auto* const made = static_cast<const std::byte*>(out.value);
    std::vector<std::byte> answer(made, made + out.length);
    gss_release_buffer(&minor, &out);
    return answer;
}

gss_socket::gss_socket(boost::asio::ip::tcp::socket socket, bool is_server)
    : socket_(std::move(socket)),
      side_(is_server ? gss_side() : gss_side(shared_caller())),
      arrived_(256u << 10) {
    std::vector<std::byte> token;
    if (!is_server) {
        token = side_.step({});
        send(token.data(), token.size());
    }
    while (!side_.established()) {
        token = side_.step(receive());
        if (!token.empty())
            send(token.data(), token.size());
    }
}

void gss_socket::write(std::size_t size) {
    plain_.resize(std::max(plain_.size(), size));
    for (std::size_t sent = 0; sent != size;) {
        const std::size_t part = std::min(size - sent, security::max_frame_plain);
        gss_buffer_desc octets{part, plain_.data() + sent};
        gss_buffer_desc sealed = GSS_C_EMPTY_BUFFER;
        OM_uint32 minor = 0;
        succeed(gss_wrap(&minor, side_.context(), 1, GSS_C_QOP_DEFAULT, &octets, nullptr, &sealed),
                "gss_wrap");
        send(sealed.value, sealed.length);
        gss_release_buffer(&minor, &sealed);
        sent += part;
    }
}

bool gss_socket::read(std::size_t size) {
    plain_.resize(std::max(plain_.size(), size));
    for (std::size_t got = 0; got != size;) {
        const std::span<std::byte> frame = receive();
        if (frame.empty())
            return false;
        gss_buffer_desc sealed{frame.size(), frame.data()};
        gss_buffer_desc opened = GSS_C_EMPTY_BUFFER;
        OM_uint32 minor = 0;
        succeed(gss_unwrap(&minor, side_.context(), &sealed, &opened, nullptr, nullptr),
                "gss_unwrap");
        expect(opened.length <= size - got, "more came than was sent");
        std::memcpy(plain_.data() + got, opened.value, opened.length);
        got += opened.length;
        gss_release_buffer(&minor, &opened);
    }
    return true;
}

void gss_socket::send(const void* token, std::size_t size) {
    auto length = static_cast<std::uint32_t>(size);
    std::array<iovec, 2> parts{iovec{&length, sizeof length},
                               iovec{const_cast<void*>(token), size}};
    const auto all = static_cast<ssize_t>(sizeof length + size);
    expect(writev(socket_.native_handle(), parts.data(), 2) == all, "not sent");
}

std::span<std::byte> gss_socket::receive() {
    std::uint32_t length = 0;
    const auto has = [&] {
        if (end_ - begin_ < sizeof length)
            return false;
        std::memcpy(&length, arrived_.data() + begin_, sizeof length);
        return end_ - begin_ - sizeof length >= length;
    };
    while (!has()) {
        if (begin_ != 0) {
            std::memmove(arrived_.data(), arrived_.data() + begin_, end_ - begin_);
            end_ -= std::exchange(begin_, 0);
        }
        const ssize_t n =
            ::read(socket_.native_handle(), arrived_.data() + end_, arrived_.size() - end_);
        if (n <= 0)
            return {};
        end_ += static_cast<std::size_t>(n);
    }
    const std::span<std::byte> frame(arrived_.data() + begin_ + sizeof length, length);
    begin_ += sizeof length + length;
    return frame;
}

}  // namespace nettcp::bench
