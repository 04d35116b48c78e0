#include "inspect/security_token.hpp"

#include "inspect/der_reader.hpp"

#include <array>
#include <string_view>

namespace nettcp::inspect {

namespace {

using namespace std::string_view_literals;

/// Mechanisms that are offered at most in what is shown.
constexpr int shown_mechanisms = 8;

struct named_oid {
    std::string_view octets;
    std::string_view name;
};

constexpr std::string_view spnego_oid = "\x2b\x06\x01\x05\x05\x02"sv;
constexpr std::array mechanisms = {
    named_oid{"\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"sv, "Kerberos"},
    named_oid{"\x2a\x86\x48\x82\xf7\x12\x01\x02\x02"sv, "Kerberos (Microsoft)"},
    named_oid{"\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"sv, "NTLM"},
    named_oid{"\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x1e"sv, "NEGOEX"},
    named_oid{spnego_oid, "SPNEGO"},
};

std::string_view name_of(bytes_view oid) noexcept {
    for (const named_oid& known : mechanisms) {
        if (as_text(oid) == known.octets)
            return known.name;
    }
    return "another mechanism";
}

std::uint32_t u32(bytes_view octets, std::size_t at) noexcept {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;)
        value = value << 8 | std::to_integer<std::uint32_t>(octets[at + i]);
    return value;
}

void add(std::string& words, std::string_view more) {
    if (!words.empty())
        words += "; ";
    words += more;
}

/// One of [MS-NLMP]'s messages; where its flags stand depends on which.
bool read_ntlm(bytes_view token, token_meaning& found) {
    if (!as_text(token).starts_with("NTLMSSP\0"sv) || token.size() < 12)
        return false;
    std::size_t flags_at = 0;
    switch (u32(token, 8)) {
    case 1:
        add(found.words, "NTLM negotiate");
        flags_at = 12;
        break;
    case 2:
        add(found.words, "NTLM challenge");
        flags_at = 20;
        break;
    case 3:
        add(found.words, "NTLM authenticate");
        flags_at = 60;
        break;
    default: add(found.words, "NTLM message of no known type"); return true;
    }
    if (token.size() >= flags_at + 4)
        found.ntlm_flags = u32(token, flags_at);
    return true;
}

/// A message of Kerberos behind the two octets that GSS-API puts before it.
void read_kerberos(bytes_view inner, token_meaning& found) {
    const auto type = as_text(inner.first(inner.size() < 2 ? 0 : 2));
    if (type == "\x01\x00"sv)
        add(found.words, "Kerberos AP-REQ");
    else if (type == "\x02\x00"sv)
        add(found.words, "Kerberos AP-REP");
    else if (type == "\x03\x00"sv)
        add(found.words, "Kerberos KRB-ERROR");
    else
        add(found.words, "Kerberos message of no known type");
}

/// A token of the mechanism itself.
void read_inner(bytes_view token, token_meaning& found) {
    if (read_ntlm(token, found))
        return;
    der_reader in(token);
    der_reader frame(in.next(0x60));
    const bytes_view oid = frame.next(0x06);
    if (frame.ok() && name_of(oid).starts_with("Kerberos"))
        read_kerberos(frame.rest(), found);
    else
        add(found.words, "a token that is not understood");
}

void read_mechanisms(bytes_view list, std::string& words) {
    der_reader in(list);
    der_reader each(in.next(0x30));
    for (int shown = 0; !each.at_end(); ++shown) {
        const bytes_view oid = each.next(0x06);
        if (!each.ok())
            break;
        if (shown == shown_mechanisms) {
            words += ", ...";
            break;
        }
        words += shown == 0 ? ", offers " : ", ";
        words += name_of(oid);
    }
}

std::string_view state_name(bytes_view state) noexcept {
    constexpr std::array names = {"accept-completed"sv, "accept-incomplete"sv, "reject"sv,
                                  "request-mic"sv};
    der_reader in(state);
    const bytes_view value = in.next(0x0a);
    if (value.size() != 1 || std::to_integer<std::size_t>(value[0]) >= names.size())
        return "no known state";
    return names[std::to_integer<std::size_t>(value[0])];
}

/// NegTokenInit or NegTokenResp, whose fields 2 and 3 are the same.
bool read_spnego(bytes_view sequence, bool is_init, token_meaning& found) {
    der_reader in(sequence);
    der_reader fields(in.next(0x30));
    found.words = is_init ? "SPNEGO init" : "SPNEGO response";
    bytes_view inner;
    while (!fields.at_end()) {
        const auto field = fields.next();
        der_reader value(field.content);
        if (field.tag == 0xa0 && is_init)
            read_mechanisms(field.content, found.words);
        else if (field.tag == 0xa0)
            found.words.append(", ").append(state_name(field.content));
        else if (field.tag == 0xa1 && !is_init)
            found.words.append(", ").append(name_of(value.next(0x06)));
        else if (field.tag == 0xa2)
            inner = value.next(0x04);
        else if (field.tag == 0xa3)
            found.words += ", with mechListMIC";
    }
    if (!in.ok() || !fields.ok())
        return false;
    if (!inner.empty())
        read_inner(inner, found);
    return true;
}

}  // namespace

token_meaning meaning_of_token(bytes_view token) {
    token_meaning found;
    der_reader in(token);
    const auto outer = in.next();
    bool is_read = false;
    if (outer.tag == 0xa1) {
        is_read = read_spnego(outer.content, false, found);
    } else if (outer.tag == 0x60) {
        der_reader frame(outer.content);
        if (as_text(frame.next(0x06)) == spnego_oid) {
            is_read = read_spnego(frame.next(0xa0), true, found);
        } else {
            read_inner(token, found);
            is_read = true;
        }
    } else {
        is_read = read_ntlm(token, found);
    }
    if (!is_read)
        add(found.words, "a token that is not understood");
    return found;
}

}  // namespace nettcp::inspect
