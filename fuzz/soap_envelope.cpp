// Invariants of reading an envelope: headers stay within their limits; whatever was read is found
// again by a second pass; what the headers and a fault say survives being written and read anew.
// The same holds for SOAP 1.1, whose faults have one code and one wording. A session that knows the
// headers reads the envelope, and one that differs in one octet, as if it did not.
//
// Reaches src/soap/*.cpp
// Uses dict/nbfx
// Mutated by mutators/document

#include <soap/received_headers.hpp>

#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/soap/envelope.hpp>
#include <nettcp/soap/names.hpp>

#include <cstdlib>

using namespace nettcp;
using namespace nettcp::soap;

namespace {

void require(bool holds) {
    if (!holds)
        std::abort();
}

void check_limits(const headers_view& headers) {
    constexpr header_limits limits;
    require(headers.others.size() <= limits.max_other_headers);
    require(headers.action.size() <= limits.max_address_size);
    require(!headers.to || headers.to->size() <= limits.max_address_size);
    require(!headers.message_id || headers.message_id->text.size() <= limits.max_message_id_size);
}

void check_second_pass(bytes_view document, const headers_view& headers, std::uint64_t body_at,
                       soap_version version) {
    nbfx::reader again;
    for (const other_header& h : headers.others) {
        again.open(document);
        require(open_header(again, h, version).has_value());
        require(again.local_name() == h.local && again.namespace_uri() == h.ns);
    }
    again.open(document);
    require(open_body(again, version).has_value());
    require(again.offset() == body_at);
}

/// Reads a fault, and the same fault written by us; nothing when either cannot be done.
void check_fault(nbfx::reader& in, soap_version version) {
    std::uint64_t detail_offset = 0;
    const auto read = read_fault(in, detail_offset, version);
    if (!read)
        return;
    std::size_t size = read->node.size() + read->role.size();
    for (const auto& reason : read->reasons)
        size += reason.text.size() + reason.lang.size();
    require(size <= max_fault_text_size);
    octet_buffer out;
    nbfx::writer w;
    w.open(out);
    write_envelope_start(w, {.action = read->action_or_default()}, {}, {.soap = version});
    write_fault(w, *read, {.soap = version});
    write_envelope_end(w);
    if (!w.finish())
        return;  // a text that XML cannot carry
    nbfx::reader again;
    headers_view headers;
    again.open(out.view());
    require(read_envelope(again, headers, {}, version).has_value() && at_fault(again, version));
    auto repeated = read_fault(again, detail_offset, version);
    require(repeated.has_value());
    if (version == soap_version::soap11) {
        require(repeated->role == read->role && repeated->reasons == read->reasons);
        require(read->codes.empty() || repeated->codes == read->codes);
        return;
    }
    require(repeated->reasons == read->reasons && repeated->node == read->node &&
            repeated->role == read->role && repeated->codes.size() == read->codes.size());
    for (std::size_t i = 0; i < read->codes.size(); ++i) {
        qname expected = read->codes[i];
        if (expected.ns.empty())
            expected.ns = names::ns_soap12.text;
        require(repeated->codes[i] == expected);
    }
}

void check_envelope(bytes_view document, soap_version version) {
    nbfx::reader in;
    in.open(document);
    headers_view headers;
    const auto read = read_envelope(in, headers, {}, version);
    check_limits(headers);
    require(read.has_value() == in.ok());
    if (!read)
        return;
    const std::uint64_t body_at = in.offset();
    check_second_pass(document, headers, body_at, version);
    if (at_fault(in, version))
        check_fault(in, version);
    if (read_envelope_end(in, version))
        require(in.current() == nbfx::node::end_of_document);
}

/// All that a reading of an envelope tells; views of the document.
struct account {
    headers_view headers;
    error failure;
    std::uint64_t body_at = 0;
    std::uint64_t nodes = 0;

    friend bool operator==(const account& a, const account& b) {
        return a.failure == b.failure && a.body_at == b.body_at && a.nodes == b.nodes &&
               a.headers.addressing == b.headers.addressing &&
               a.headers.action == b.headers.action &&
               a.headers.message_id == b.headers.message_id &&
               a.headers.relates_to == b.headers.relates_to && a.headers.to == b.headers.to &&
               a.headers.reply_to == b.headers.reply_to &&
               a.headers.others.size() == b.headers.others.size();
    }
};

account account_of(bytes_view document, soap_version version, received_headers* known) {
    nbfx::reader in;
    in.open(document);
    account seen;
    if (!read_envelope(in, seen.headers, {}, version, known))
        seen.headers.clear();  // what a failure leaves is nobody's
    seen.body_at = in.offset();
    for (; in.ok() && in.current() != nbfx::node::end_of_document; in.next())
        ++seen.nodes;
    seen.failure = in.failure();
    return seen;
}

void check_known(bytes_view document, soap_version version) {
    received_headers known;
    const account plain = account_of(document, version, nullptr);
    for (int i = 0; i != 2; ++i)  // new, and known
        require(account_of(document, version, &known) == plain);
    std::vector<std::byte> other(document.begin(), document.end());
    std::size_t at = 0;
    for (const std::byte octet : document)
        at = at * 31 + std::to_integer<unsigned>(octet);
    other[at % other.size()] ^= static_cast<std::byte>(1u << (at >> 16) % 8);
    require(account_of(other, version, &known) == account_of(other, version, nullptr));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    const bytes_view document(reinterpret_cast<const std::byte*>(octets), size);
    check_envelope(document, soap_version::soap12);
    check_envelope(document, soap_version::soap11);
    if (size != 0) {
        check_known(document, soap_version::soap12);
        check_known(document, soap_version::soap11);
    }
    return 0;
}
