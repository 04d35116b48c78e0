// What certificates say, and what OpenSSL says, as text.
#include "security/tls_library.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <cstring>

namespace nettcp::security {
namespace {

/// Words of a peer or of the library that are kept of one failure.
constexpr std::size_t longest_words = 400;

std::string utf8(const ASN1_STRING* value) {
    unsigned char* octets = nullptr;
    const int size = ASN1_STRING_to_UTF8(&octets, value);
    if (size < 0) {
        ERR_clear_error();
        return {};
    }
    std::string text(reinterpret_cast<const char*>(octets), static_cast<std::size_t>(size));
    OPENSSL_free(octets);
    return text;
}

/// The key .NET prints for an attribute of a name. Windows says S for the state and E for the mail
/// address, where OpenSSL says ST and emailAddress.
std::string attribute_key(const ASN1_OBJECT* type) {
    switch (OBJ_obj2nid(type)) {
    case NID_commonName: return "CN";
    case NID_countryName: return "C";
    case NID_localityName: return "L";
    case NID_stateOrProvinceName: return "S";
    case NID_organizationName: return "O";
    case NID_organizationalUnitName: return "OU";
    case NID_domainComponent: return "DC";
    case NID_pkcs9_emailAddress: return "E";
    case NID_streetAddress: return "STREET";
    case NID_serialNumber: return "SERIALNUMBER";
    case NID_title: return "T";
    case NID_givenName: return "G";
    case NID_initials: return "I";
    case NID_surname: return "SN";
    default: break;
    }
    char digits[128] = {};
    OBJ_obj2txt(digits, sizeof digits, type, 1);
    return std::string("OID.") + digits;
}

bool needs_quotes(std::string_view value) {
    constexpr std::string_view blanks = " \t\r\n";
    if (value.empty())
        return false;
    return value.find_first_of(",+=\"\n<>#;") != value.npos ||
           blanks.find(value.front()) != blanks.npos || blanks.find(value.back()) != blanks.npos;
}

void append_value(std::string& out, const std::string& value) {
    if (!needs_quotes(value)) {
        out += value;
        return;
    }
    out += '"';
    for (const char c : value) {
        if (c == '"')
            out += '"';
        out += c;
    }
    out += '"';
}

void append_attribute(std::string& out, const X509_NAME_ENTRY* entry) {
    out += attribute_key(X509_NAME_ENTRY_get_object(entry));
    out += '=';
    append_value(out, utf8(X509_NAME_ENTRY_get_data(entry)));
}

std::string common_name(const X509* certificate) {
    const X509_NAME* subject = X509_get_subject_name(certificate);
    std::string last;
    for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0;)
        last = utf8(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    return last;
}

}  // namespace

std::string subject_name(const X509* certificate) {
    const X509_NAME* subject = X509_get_subject_name(certificate);
    std::string out;
    // Backwards by sets, forwards within a set of several attributes.
    for (int end = X509_NAME_entry_count(subject); end > 0;) {
        const int set = X509_NAME_ENTRY_set(X509_NAME_get_entry(subject, end - 1));
        int begin = end - 1;
        while (begin > 0 && X509_NAME_ENTRY_set(X509_NAME_get_entry(subject, begin - 1)) == set)
            --begin;
        if (!out.empty())
            out += ", ";
        for (int at = begin; at != end; ++at) {
            if (at != begin)
                out += " + ";
            append_attribute(out, X509_NAME_get_entry(subject, at));
        }
        end = begin;
    }
    return out;
}

std::vector<std::string> dns_names(const X509* certificate) {
    std::vector<std::string> names;
    const general_names_ptr alternatives{static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
    for (int i = 0; i < sk_GENERAL_NAME_num(alternatives.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(alternatives.get(), i);
        if (name->type == GEN_DNS)
            names.push_back(utf8(name->d.dNSName));
    }
    if (names.empty())
        names.push_back(common_name(certificate));
    return names;
}

std::string thumbprint(const X509* certificate) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    unsigned char octets[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (X509_digest(certificate, EVP_sha1(), octets, &size) != 1)
        size = 0;
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        text += digits[octets[i] >> 4];
        text += digits[octets[i] & 15];
    }
    return text;
}

std::string printable(std::string_view text) {
    std::string out{text.substr(0, longest_words)};
    std::ranges::replace_if(
        out, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }, '?');
    return out;
}

openssl_failure take_openssl_failure() {
    openssl_failure failure;
    std::string& out = failure.words;
    const char* more = nullptr;
    int flags = 0;
    while (const unsigned long code = ERR_get_error_all(nullptr, nullptr, nullptr, &more, &flags)) {
        if (failure.reason == 0 && ERR_GET_LIB(code) == ERR_LIB_SSL)
            failure.reason = ERR_GET_REASON(code);
        if (out.size() > longest_words)
            continue;
        if (!out.empty())
            out += ": ";
        const char* const reason = ERR_reason_error_string(code);
        if (ERR_SYSTEM_ERROR(code))
            out += std::strerror(ERR_GET_REASON(code));
        else
            out += reason != nullptr ? reason : "error " + std::to_string(code);
        if ((flags & ERR_TXT_STRING) != 0 && more != nullptr && *more != '\0')
            out += " (" + std::string(more) + ")";
    }
    out = printable(out);
    return failure;
}

}  // namespace nettcp::security
