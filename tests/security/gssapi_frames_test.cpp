// Frames that we make and open in place of Kerberos's library, with that library as the judge: in
// contexts of every kind, both ways. All cases are tagged [.kdc]: tests/interop/run_kerberos.sh.
#include "support/catch.hpp"
#include "gssapi_realm.hpp"

#include <gssapi/gssapi_krb5.h>

#include <vector>

namespace nettcp::security {
namespace {

/// A service whose tickets and sessions have keys of one encryption type.
struct kind_of_key {
    const char* service;
    const char* configuration;  // krb5.conf of both sides
    bool is_ours;               // we make frames with such keys
};

constexpr kind_of_key kinds[] = {
    {"host/localhost", "krb5.conf", true},
    {"host/aes128.test", "krb5.aes128-sha1.conf", true},
    {"host/aes128-sha2.test", "krb5.aes128-sha2.conf", true},
    {"host/aes256-sha2.test", "krb5.aes256-sha2.conf", true},
    {"host/camellia.test", "krb5.camellia.conf", false},
};

constexpr auto library = kerberos_frames::library;
constexpr auto fastest = kerberos_frames::fastest;

gssapi_mechanism& as_gssapi(const std::shared_ptr<mechanism>& side) {
    return dynamic_cast<gssapi_mechanism&>(*side);
}

handshake between(const char* service, kerberos_frames by, kerberos_frames with) {
    auto caller = caller_of(service);
    caller.frames = by;
    windows_service serving;
    serving.frames = with;
    return {caller, serving};
}

std::string sample(std::size_t size) {
    std::string text(size, ' ');
    for (std::size_t i = 0; i < size; ++i)
        text[i] = static_cast<char>(i * 7 + i / 256);
    return text;
}

octet_buffer frame_of(mechanism& from, std::string_view text) {
    octet_buffer frame;
    REQUIRE(from.wrap(as_bytes(text), frame).has_value());
    return frame;
}

/// More than a direction carries before it is ours.
std::string much() {
    return sample(4000);
}

/// How a side finds a frame: 0 when it is good.
int verdict(mechanism& to, std::string frame) {
    const auto opened = to.unwrap(std::as_writable_bytes(std::span(frame)));
    return opened ? 0 : opened.error().code.value();
}

}  // namespace

TEST_CASE("Kerberos: what we make and open, its library opens and makes", "[.kdc]") {
    const auto kind = kinds[GENERATE(range(0, 5))];
    const variable configuration("KRB5_CONFIG", in_realm(kind.configuration));
    const auto [by, with] = GENERATE(table<kerberos_frames, kerberos_frames>(
        {{fastest, library}, {library, fastest}, {fastest, fastest}, {library, library}}));
    CAPTURE(kind.service, by, with);
    handshake met = between(kind.service, by, with);
    CAPTURE(met.called.said, met.served.said);
    REQUIRE(met.done());
    CHECK(as_gssapi(met.caller).sending() == frames_by::undecided);
    CHECK(as_gssapi(met.service).receiving() == frames_by::undecided);
    error why;
    std::vector<std::size_t> sizes = {64512, 4096, 0};
    for (std::size_t size = 0; size <= 3 * 16; ++size)
        sizes.push_back(size);
    for (const std::size_t size : sizes) {
        CAPTURE(size);
        const std::string text = sample(size);
        CHECK(carry(*met.caller, *met.service, text, &why) == text);
        CHECK(carry(*met.service, *met.caller, text, &why) == text);
        CHECK(why.code.value() == 0);
    }
    const auto of_caller = kind.is_ours && by == fastest ? frames_by::us : frames_by::library;
    const auto of_service = kind.is_ours && with == fastest ? frames_by::us : frames_by::library;
    CHECK(as_gssapi(met.caller).sending() == of_caller);
    CHECK(as_gssapi(met.caller).receiving() == of_caller);
    CHECK(as_gssapi(met.service).sending() == of_service);
    CHECK(as_gssapi(met.service).receiving() == of_service);
}

TEST_CASE("Kerberos: one side may send many frames before the other one answers", "[.kdc]") {
    handshake met = between("host/localhost", fastest, fastest);
    REQUIRE(met.done());
    error why;
    CHECK(carry(*met.service, *met.caller, sample(100), &why) == sample(100));
    CHECK(as_gssapi(met.service).sending() == frames_by::undecided);
    CHECK(as_gssapi(met.caller).receiving() == frames_by::undecided);
    for (int i = 0; i < 20; ++i)
        CHECK(carry(*met.service, *met.caller, sample(100), &why) == sample(100));
    CHECK(as_gssapi(met.service).sending() == frames_by::us);
    CHECK(as_gssapi(met.caller).receiving() == frames_by::us);
    CHECK(as_gssapi(met.caller).sending() == frames_by::undecided);
    for (int i = 0; i < 20; ++i)
        CHECK(carry(*met.caller, *met.service, sample(100), &why) == sample(100));
    CHECK(carry(*met.service, *met.caller, "end", &why) == "end");
    CHECK(carry(*met.caller, *met.service, "end", &why) == "end");
    CHECK(as_gssapi(met.caller).sending() == frames_by::us);
}

TEST_CASE("Kerberos: we refuse an altered frame wherever its library does", "[.kdc]") {
    const auto kind = kinds[GENERATE(range(0, 4))];
    const variable configuration("KRB5_CONFIG", in_realm(kind.configuration));
    const auto to_service = GENERATE(true, false);
    CAPTURE(kind.service, to_service);
    std::vector<int> found[2];
    for (const auto judge : {library, fastest}) {
        handshake met = between(kind.service, judge, judge);
        REQUIRE(met.done());
        mechanism& from = to_service ? *met.caller : *met.service;
        mechanism& to = to_service ? *met.service : *met.caller;
        error why;
        REQUIRE(carry(from, to, much(), &why) == much());
        CHECK((as_gssapi(to_service ? met.service : met.caller).receiving() == frames_by::us) ==
              (judge == fastest));
        // Of a size that no alteration below rotates by whole turns: that would be no alteration.
        const octet_buffer frame = frame_of(from, sample(38));
        const octet_buffer later = frame_of(from, sample(38));
        const octet_buffer last = frame_of(from, sample(38));
        std::vector<int>& verdicts = found[judge == fastest ? 1 : 0];
        const std::string whole(as_text(frame.view()));
        for (std::size_t at = 0; at < whole.size(); ++at)
            for (const int mask : {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
                std::string altered = whole;
                altered[at] = static_cast<char>(altered[at] ^ mask);
                verdicts.push_back(verdict(to, altered));
                CHECK(verdicts.back() != 0);
            }
        for (std::size_t size = 0; size < whole.size(); ++size)
            verdicts.push_back(verdict(to, whole.substr(0, size)));
        verdicts.push_back(verdict(to, whole));  // good
        verdicts.push_back(verdict(to, whole));  // repeated
        verdicts.push_back(verdict(to, std::string(as_text(last.view()))));  // one is missing
        CHECK(verdicts[verdicts.size() - 3] == 0);
        CHECK(verdicts[verdicts.size() - 2] == static_cast<int>(errc::frame_out_of_sequence));
        CHECK(verdicts[verdicts.size() - 1] == static_cast<int>(errc::frame_out_of_sequence));
    }
    REQUIRE(found[0].size() == found[1].size());
    // Where the flag of sealed frames is taken off, we say that the frame is not sealed; the
    // library that its check fails.
    for (std::size_t i = 0; i < found[0].size(); ++i)
        if (found[1][i] != static_cast<int>(errc::frame_not_sealed)) {
            CAPTURE(i);
            CHECK(found[0][i] == found[1][i]);
        }
}

namespace {

/// A caller that is nothing but GSS-API, with flags that ours never asks for.
struct bare_caller {
    gss_credential credential;
    gss_context context;

    bare_caller(mechanism& service, OM_uint32 flags) {
        OM_uint32 minor = 0;
        gss_mechanisms kerberos;
        kerberos.add(gss_mechanism::kerberos);
        REQUIRE(gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, kerberos.get(),
                                 GSS_C_INITIATE, credential.out(), nullptr,
                                 nullptr) == GSS_S_COMPLETE);
        // Else the library asks for encryption and integrity by itself.
        gss_buffer_desc nothing = GSS_C_EMPTY_BUFFER;
        REQUIRE(gss_set_cred_option(&minor, credential.out(),
                                    const_cast<gss_OID>(GSS_KRB5_CRED_NO_CI_FLAGS_X),
                                    &nothing) == GSS_S_COMPLETE);
        gss_failure why;
        const gss_name target = import_name("host/localhost", GSS_KRB5_NT_PRINCIPAL_NAME, why);
        gss_octets ours;
        REQUIRE_FALSE(GSS_ERROR(init(target, flags, {}, ours)));
        const step_result served = service.step(ours.view());
        REQUIRE(served.outcome == step_outcome::complete);
        if (!served.token.empty())
            REQUIRE(init(target, flags, served.token.view(), ours) == GSS_S_COMPLETE);
    }

    OM_uint32 init(const gss_name& target, OM_uint32 flags, bytes_view token, gss_octets& ours) {
        gss_buffer_desc theirs = lend(token);
        OM_uint32 minor = 0;
        return gss_init_sec_context(&minor, credential.get(), context.out(), target.get(),
                                    identifier_of(gss_mechanism::kerberos), flags, GSS_C_INDEFINITE,
                                    GSS_C_NO_CHANNEL_BINDINGS,
                                    token.empty() ? GSS_C_NO_BUFFER : &theirs, nullptr, ours.out(),
                                    nullptr, nullptr);
    }

    std::string wrap(std::string_view text, bool seal = true) {
        gss_buffer_desc plain = lend(as_bytes(text));
        gss_octets token;
        OM_uint32 minor = 0;
        REQUIRE(gss_wrap(&minor, context.get(), seal ? 1 : 0, GSS_C_QOP_DEFAULT, &plain, nullptr,
                         token.out()) == GSS_S_COMPLETE);
        return std::string(as_text(token.view()));
    }

    std::string unwrap(octet_buffer frame) {
        gss_buffer_desc token = lend(frame.view());
        gss_octets plain;
        OM_uint32 minor = 0;
        REQUIRE(gss_unwrap(&minor, context.get(), &token, plain.out(), nullptr, nullptr) ==
                GSS_S_COMPLETE);
        return std::string(as_text(plain.view()));
    }
};

std::string opened(mechanism& by, std::string frame) {
    const auto plain = by.unwrap(std::as_writable_bytes(std::span(frame)));
    return plain ? std::string(as_text(*plain)) : "refused: " + plain.error().code.message();
}

}  // namespace

TEST_CASE("Kerberos: without a subkey of the service's the caller's key is used", "[.kdc]") {
    const auto service = make_service({});
    bare_caller caller(*service, GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG);
    CHECK_FALSE(service->peer().mutual);
    for (int i = 0; i < 3; ++i) {
        CHECK(opened(*service, caller.wrap(much())) == much());
        // Which key the context tells cannot be known until we have sent something.
        CHECK(as_gssapi(service).receiving() == frames_by::undecided);
    }
    CHECK(caller.unwrap(frame_of(*service, much())) == much());
    CHECK(opened(*service, caller.wrap("next")) == "next");
    CHECK(as_gssapi(service).sending() == frames_by::us);
    CHECK(as_gssapi(service).receiving() == frames_by::us);
    for (int i = 0; i < 3; ++i) {
        CHECK(opened(*service, caller.wrap(sample(20))) == sample(20));
        CHECK(caller.unwrap(frame_of(*service, sample(70))) == sample(70));
    }
}

TEST_CASE("Kerberos: a caller that asks for no order, as .NET, is held to it by us too", "[.kdc]") {
    windows_service serving;
    serving.frames = GENERATE(library, fastest);
    const auto service = make_service(serving);
    bare_caller caller(*service, GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG | GSS_C_MUTUAL_FLAG);
    CHECK(opened(*service, caller.wrap(much())) == much());
    CHECK((as_gssapi(service).receiving() == frames_by::us) == (serving.frames == fastest));
    const std::string second = caller.wrap("second");
    const std::string third = caller.wrap("third");
    const auto judged = [&](const std::string& frame) { return verdict(*service, frame); };
    constexpr auto out_of_sequence = static_cast<int>(errc::frame_out_of_sequence);
    SECTION("missing") {
        CHECK(judged(third) == out_of_sequence);
    }
    SECTION("repeated") {
        CHECK(judged(second) == 0);
        CHECK(judged(second) == out_of_sequence);
    }
    SECTION("not sealed") {
        CHECK(judged(second) == 0);
        CHECK(judged(third) == 0);
        CHECK(judged(caller.wrap("fourth", false)) == static_cast<int>(errc::frame_not_sealed));
    }
}

TEST_CASE("Kerberos: where only integrity was agreed on, frames are signed by us too", "[.kdc]") {
    windows_service serving;
    serving.protection = protection_level::sign;
    serving.frames = GENERATE(library, fastest);
    const auto service = make_service(serving);
    bare_caller caller(*service, GSS_C_INTEG_FLAG | GSS_C_MUTUAL_FLAG);
    REQUIRE(service->peer().protection == protection_level::sign);
    // Of an empty token the library leaks an octet; kerberos_frames_test.cpp has those.
    for (const std::size_t size : {4000u, 5u, 1u, 16u, 64000u}) {
        CAPTURE(size);
        const std::string text = sample(size);
        octet_buffer ours = frame_of(*service, text);
        CHECK(as_text(ours.view()).find(text) != std::string_view::npos);
        CHECK(caller.unwrap(std::move(ours)) == text);
        CHECK(opened(*service, caller.wrap(text, false)) == text);
        CHECK(opened(*service, caller.wrap(text, true)) == text);
    }
    CHECK((as_gssapi(service).sending() == frames_by::us) == (serving.frames == fastest));
    CHECK((as_gssapi(service).receiving() == frames_by::us) == (serving.frames == fastest));
    std::string altered = caller.wrap("altered", false);
    altered[18] = static_cast<char>(altered[18] ^ 1);
    CHECK(verdict(*service, altered) == static_cast<int>(errc::frame_invalid));
}

}  // namespace nettcp::security
