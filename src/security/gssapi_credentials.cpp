// Where credentials come from: what the choices name, and nothing else. GSS-API would by itself log
// in with the client keytab that KRB5_CLIENT_KTNAME or krb5.conf names; every store given to it has
// an empty one instead.
#include "security/gssapi_credentials.hpp"

#include <nettcp/base/utf8.hpp>

#include <krb5/krb5.h>

#include <cstdlib>

namespace nettcp::security {
namespace {

constexpr const char* no_keytab = "MEMORY:nettcp.none";
// Tickets that end this soon are not begun with.
constexpr std::int64_t spare_seconds = 120;

// Whether tickets have some time left, by the clock that Kerberos's library goes by.
bool last(const memory_tickets& tickets) {
    krb5_context context = nullptr;
    if (krb5_init_context(&context) != 0)
        return false;
    krb5_timestamp now = 0;
    const bool known = krb5_timeofday(context, &now) == 0;
    krb5_free_context(context);
    // Seconds since 1970 as 32 bits without sign, until 2106.
    return known && tickets.ends() - spare_seconds > static_cast<std::uint32_t>(now);
}

gss_credential acquire_from(gss_mechanism by, gss_name_t user, gss_cred_usage_t usage,
                            const gss_store& store, OM_uint32& major, OM_uint32& minor) {
    gss_mechanisms wanted;
    wanted.add(by);
    gss_credential credential;
    major = gss_acquire_cred_from(&minor, user, GSS_C_INDEFINITE, wanted.get(), usage, store.get(),
                                  credential.out(), nullptr, nullptr);
    return credential;
}

std::optional<gss_failure> restrict_to(gss_cred_id_t credential, bool kerberos, bool ntlm) {
    gss_mechanisms allowed;
    if (kerberos)
        allowed.add(gss_mechanism::kerberos);
    if (ntlm)
        allowed.add(gss_mechanism::ntlm);
    OM_uint32 minor = 0;
    const OM_uint32 major = gss_set_neg_mechs(&minor, credential, allowed.get());
    if (GSS_ERROR(major))
        return explain(major, minor, gss_mechanism::spnego, gss_stage::log_in);
    return std::nullopt;
}

// ---- tickets by password or keytab -----------------------------------------------------------

// What a log-in by Kerberos's own library needs; released together.
struct log_in {
    krb5_context context = nullptr;
    krb5_principal principal = nullptr;
    krb5_keytab keytab = nullptr;
    krb5_get_init_creds_opt* options = nullptr;
    krb5_ccache cache = nullptr;
    krb5_creds got = {};

    log_in() = default;
    log_in(const log_in&) = delete;
    log_in& operator=(const log_in&) = delete;
    ~log_in() {
        if (context == nullptr)
            return;
        krb5_free_cred_contents(context, &got);
        if (cache != nullptr)
            krb5_cc_destroy(context, cache);
        if (options != nullptr)
            krb5_get_init_creds_opt_free(context, options);
        if (keytab != nullptr)
            krb5_kt_close(context, keytab);
        krb5_free_principal(context, principal);
        krb5_free_context(context);
    }
};

krb5_error_code prepare(log_in& by, bool forwardable) {
    if (const auto code = krb5_get_init_creds_opt_alloc(by.context, &by.options))
        return code;
    krb5_get_init_creds_opt_set_forwardable(by.options, forwardable ? 1 : 0);
    if (const auto code = krb5_cc_new_unique(by.context, "MEMORY", nullptr, &by.cache))
        return code;
    return krb5_get_init_creds_opt_set_out_ccache(by.context, by.options, by.cache);
}

krb5_error_code parse_user(log_in& by, const user_name& name) {
    std::string text = name.user;
    if (!name.realm.empty())
        text += '@' + name.realm;
    return krb5_parse_name(by.context, text.c_str(), &by.principal);
}

krb5_error_code ask_kdc(log_in& by, const password_credentials& given, bool forwardable) {
    if (const auto code = parse_user(by, name_of_user(given)))
        return code;
    if (const auto code = prepare(by, forwardable))
        return code;
    // A secret is a std::string inside, so a NUL ends it.
    return krb5_get_init_creds_password(by.context, &by.got, by.principal,
                                        given.password.reveal().data(), nullptr, nullptr, 0,
                                        nullptr, by.options);
}

krb5_error_code first_principal(log_in& by) {
    krb5_kt_cursor cursor = nullptr;
    if (const auto code = krb5_kt_start_seq_get(by.context, by.keytab, &cursor))
        return code;
    krb5_keytab_entry entry = {};
    krb5_error_code code = krb5_kt_next_entry(by.context, by.keytab, &entry, &cursor);
    if (code == 0) {
        code = krb5_copy_principal(by.context, entry.principal, &by.principal);
        krb5_free_keytab_entry_contents(by.context, &entry);
    }
    krb5_kt_end_seq_get(by.context, by.keytab, &cursor);
    return code == KRB5_KT_END ? krb5_error_code{KRB5_KT_NOTFOUND} : code;
}

// Looks into the keytab before the KDC is asked, whose answer would hide that the key is missing.
krb5_error_code named_principal(log_in& by, const std::string& name) {
    if (const auto code = krb5_parse_name(by.context, name.c_str(), &by.principal))
        return code;
    krb5_keytab_entry entry = {};
    const auto code = krb5_kt_get_entry(by.context, by.keytab, by.principal, 0, 0, &entry);
    if (code == 0)
        krb5_free_keytab_entry_contents(by.context, &entry);
    return code;
}

krb5_error_code ask_kdc(log_in& by, const keytab_credentials& given, bool forwardable) {
    if (const auto code = krb5_kt_resolve(by.context, given.keytab.c_str(), &by.keytab))
        return code;
    const auto code =
        given.principal.empty() ? first_principal(by) : named_principal(by, given.principal);
    if (code != 0)
        return code;
    if (const auto failed = prepare(by, forwardable))
        return failed;
    return krb5_get_init_creds_keytab(by.context, &by.got, by.principal, by.keytab, 0, nullptr,
                                      by.options);
}

template <class Given>
std::optional<gss_failure> get_tickets(const Given& given, bool forwardable,
                                       std::shared_ptr<const memory_tickets>& tickets) {
    log_in by;
    if (krb5_init_context(&by.context) != 0) {
        by.context = nullptr;
        return refuse(errc::mechanism_failed, "krb5.conf cannot be read");
    }
    if (const auto code = ask_kdc(by, given, forwardable)) {
        gss_failure why = explain_kerberos(by.context, code, gss_stage::log_in);
        // Without a keytab there is nothing to log in with.
        if constexpr (std::is_same_v<Given, keytab_credentials>)
            if (why.code == errc::no_ticket)
                why.code = errc::keytab_missing;
        return why;
    }
    std::string name = std::string("MEMORY:") + krb5_cc_get_name(by.context, by.cache);
    tickets = std::make_shared<memory_tickets>(std::move(name),
                                               static_cast<std::uint32_t>(by.got.times.endtime));
    krb5_cc_close(by.context, by.cache);  // from here on it belongs to the object
    by.cache = nullptr;
    return std::nullopt;
}

}  // namespace

memory_tickets::~memory_tickets() {
    krb5_context context = nullptr;
    if (krb5_init_context(&context) != 0)
        return;
    krb5_ccache cache = nullptr;
    if (krb5_cc_resolve(context, name_.c_str(), &cache) == 0)
        krb5_cc_destroy(context, cache);
    krb5_free_context(context);
}

// ---- a client's ------------------------------------------------------------------------------

std::optional<gss_failure>
caller_credentials::find_tickets(bool forwardable, std::shared_ptr<const memory_tickets>& tickets) {
    {
        const std::lock_guard lock(mutex_);
        if (tickets_ && last(*tickets_)) {
            tickets = tickets_;
            return std::nullopt;
        }
    }
    // The KDC is asked without the lock: when it does not answer, callers do not queue up.
    std::optional<gss_failure> why;
    if (const auto* password = std::get_if<password_credentials>(&given_))
        why = get_tickets(*password, forwardable, tickets);
    else if (const auto* keytab = std::get_if<keytab_credentials>(&given_))
        why = get_tickets(*keytab, forwardable, tickets);
    if (!why) {
        const std::lock_guard lock(mutex_);
        tickets_ = tickets;
    }
    return why;
}

std::optional<gss_failure> caller_credentials::name_sources(const gss_offer& offer,
                                                            const caller& by, user_name& user,
                                                            gss_store& store) const {
    store.add("client_keytab", no_keytab);
    if (by.tickets)
        store.add("ccache", by.tickets->name().c_str());
    else if (const auto* cache = std::get_if<cache_credentials>(&given_))
        store.add("ccache", cache->name.c_str());
    if (!offer.ntlm)
        return std::nullopt;
    if (const auto* password = std::get_if<password_credentials>(&given_)) {
        user = name_of_user(*password);
        if (!user.domain.empty())
            store.add("ntlmssp_domain", user.domain.c_str());
        store.add("ntlmssp_password", password->password.reveal().data());
        return std::nullopt;
    }
    if (!std::holds_alternative<default_credentials>(given_)) {
        if (offer.kerberos)
            return std::nullopt;  // which has what it needs
        return refuse(errc::credentials_unusable, "NTLM takes no ticket cache and no keytab");
    }
    // The only thing that is read from the environment here: gss-ntlmssp looks there by itself, but
    // not when it is given a store.
    if (const char* users = std::getenv("NTLM_USER_FILE"))
        store.add("ntlmssp_keyfile", users);
    return std::nullopt;
}

std::optional<gss_failure> caller_credentials::acquire(const gss_offer& offer, caller& into) {
    if (offer.kerberos)
        if (auto why = find_tickets(offer.forwardable, into.tickets))
            return why;
    gss_store store;
    user_name name;
    if (auto why = name_sources(offer, into, name, store))
        return why;
    gss_name user;
    gss_failure why;
    if (!name.user.empty()) {
        // One name for both mechanisms: Kerberos needs the realm in it, NTLM takes a domain that is
        // not in it from the store.
        const bool realm = offer.kerberos && !name.realm.empty();
        user =
            import_name(realm ? name.user + '@' + name.realm : name.user, GSS_C_NT_USER_NAME, why);
        if (!user)
            return why;
    }
    OM_uint32 major = 0;
    OM_uint32 minor = 0;
    // SPNEGO does not say why it found nothing, and is content when one of two mechanisms has
    // something.
    const gss_mechanism first = offer.kerberos ? gss_mechanism::kerberos : gss_mechanism::ntlm;
    const auto by_itself = [&] {
        into.credential = acquire_from(first, user.get(), GSS_C_INITIATE, store, major, minor);
        return !GSS_ERROR(major);
    };
    const bool sure = offer.kerberos && !offer.ntlm && offer.wrapper == gss_mechanism::spnego;
    if (!sure && !by_itself())
        return explain(major, minor, first, gss_stage::log_in);
    if (offer.wrapper != gss_mechanism::spnego)
        return std::nullopt;
    into.credential =
        acquire_from(gss_mechanism::spnego, user.get(), GSS_C_INITIATE, store, major, minor);
    if (GSS_ERROR(major)) {
        const gss_failure general = explain(major, minor, gss_mechanism::spnego, gss_stage::log_in);
        return by_itself() ? general : explain(major, minor, first, gss_stage::log_in);
    }
    return restrict_to(into.credential.get(), offer.kerberos, offer.ntlm);
}

// ---- an endpoint's ---------------------------------------------------------------------------

namespace {

// For SPNEGO, and for callers that leave it out.
std::optional<gss_failure> serve(bool kerberos, bool ntlm, const gss_store& store,
                                 gss_credential& into) {
    gss_mechanisms wanted;
    wanted.add(gss_mechanism::spnego);
    if (kerberos)
        wanted.add(gss_mechanism::kerberos);
    if (ntlm)
        wanted.add(gss_mechanism::ntlm);
    OM_uint32 minor = 0;
    const OM_uint32 major =
        gss_acquire_cred_from(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, wanted.get(), GSS_C_ACCEPT,
                              store.get(), into.out(), nullptr, nullptr);
    if (GSS_ERROR(major))
        return explain(major, minor, gss_mechanism::spnego, gss_stage::service);
    return restrict_to(into.get(), kerberos, ntlm);
}

// Whether a mechanism by itself has what it takes, and else why not.
std::optional<gss_failure> try_to_serve(gss_mechanism by, const gss_store& store) {
    OM_uint32 major = 0;
    OM_uint32 minor = 0;
    acquire_from(by, GSS_C_NO_NAME, GSS_C_ACCEPT, store, major, minor);
    if (GSS_ERROR(major))
        return explain(major, minor, by, gss_stage::service);
    return std::nullopt;
}

}  // namespace

std::optional<gss_failure> service_credentials::acquire(bool kerberos_offered,
                                                        gss_cred_id_t& into) {
    const std::lock_guard lock(mutex_);
    if (!credential_) {
        if (auto why = acquire_anew()) {
            credential_.reset();
            ntlm_alone_.reset();
            return why;
        }
    }
    into = ntlm_alone_ && !kerberos_offered ? ntlm_alone_.get() : credential_.get();
    return std::nullopt;
}

std::optional<gss_failure> service_credentials::acquire_anew() {
    const gss_store environment;
    gss_store named;
    if (!choices_.keytab.empty())
        named.add("keytab", choices_.keytab.c_str());
    std::optional<gss_failure> no_kerberos = refuse(errc::mechanism_refused);
    std::optional<gss_failure> no_ntlm = no_kerberos;
    if (choices_.allow_kerberos)
        no_kerberos = try_to_serve(gss_mechanism::kerberos, named);
    if (choices_.allow_ntlm)
        no_ntlm = try_to_serve(gss_mechanism::ntlm, environment);
    if (no_kerberos && no_ntlm)
        return choices_.allow_kerberos ? no_kerberos : no_ntlm;
    if (no_kerberos)
        return serve(false, true, environment, credential_);
    if (!no_ntlm && !choices_.keytab.empty()) {
        if (auto why = serve(false, true, environment, ntlm_alone_))
            return why;
        return serve(true, false, named, credential_);
    }
    return serve(true, !no_ntlm, named, credential_);
}

}  // namespace nettcp::security
