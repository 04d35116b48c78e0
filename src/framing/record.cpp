#include <nettcp/framing/errc.hpp>
#include <nettcp/framing/record.hpp>

#include <nettcp/base/multi_byte_int31.hpp>

namespace nettcp::framing {

namespace {

/// A text behind its size, which is held to the limit before the octets are looked for.
std::string_view read_text(byte_reader& in, std::uint32_t limit, errc too_long) noexcept {
    const std::uint32_t size = read_multi_byte_int31(in);
    if (in.ok() && size > limit)
        in.fail(too_long, size, limit);
    return in.text(in.ok() ? size : 0);
}

std::uint32_t read_envelope_size(byte_reader& in, const framing_limits& limits) noexcept {
    const std::uint32_t size = read_multi_byte_int31(in);
    if (in.ok() && size > limits.max_message_size)
        in.fail(errc::envelope_too_large, size, limits.max_message_size);
    return size;
}

record read_body(byte_reader& in, std::uint8_t type, const framing_limits& limits) noexcept {
    switch (static_cast<record_type>(type)) {
    case record_type::version: {
        const std::uint8_t major = in.u8();
        return version_record{major, in.u8()};
    }
    case record_type::mode: return mode_record{static_cast<mode>(in.u8())};
    case record_type::via:
        return via_record{read_text(in, limits.max_via_size, errc::via_too_long)};
    case record_type::known_encoding: return known_encoding_record{in.u8()};
    case record_type::extensible_encoding:
        return extensible_encoding_record{
            read_text(in, limits.max_content_type_size, errc::content_type_too_long)};
    case record_type::unsized_envelope: return unsized_envelope_record{};
    case record_type::sized_envelope: return sized_envelope_record{read_envelope_size(in, limits)};
    case record_type::end: return end_record{};
    case record_type::fault:
        return fault_record{read_text(in, limits.max_fault_size, errc::fault_too_long)};
    case record_type::upgrade_request:
        return upgrade_request_record{
            read_text(in, limits.max_upgrade_name_size, errc::upgrade_name_too_long)};
    case record_type::upgrade_response: return upgrade_response_record{};
    case record_type::preamble_ack: return preamble_ack_record{};
    case record_type::preamble_end: return preamble_end_record{};
    }
    in.fail(errc::record_unknown, type);
    return {};
}

void write_size(octet_buffer& out, std::size_t size) {
    const auto space = out.prepare(multi_byte_int31_size(max_multi_byte_int31));
    const std::byte* const end =
        write_multi_byte_int31(space.data(), static_cast<std::uint32_t>(size));
    out.commit(static_cast<std::size_t>(end - space.data()));
}

void write_text(octet_buffer& out, std::string_view text) {
    write_size(out, text.size());
    out.append(as_bytes(text));
}

/// Writes what follows the type octet; one overload for each record that has anything there.
struct body_writer {
    octet_buffer& out;

    void operator()(const version_record& v) const {
        out.append(std::byte{v.major});
        out.append(std::byte{v.minor});
    }
    void operator()(const mode_record& v) const { out.append(static_cast<std::byte>(v.value)); }
    void operator()(const via_record& v) const { write_text(out, v.uri); }
    void operator()(const known_encoding_record& v) const { out.append(std::byte{v.octet}); }
    void operator()(const extensible_encoding_record& v) const { write_text(out, v.content_type); }
    void operator()(const sized_envelope_record& v) const { write_size(out, v.size); }
    void operator()(const fault_record& v) const { write_text(out, v.uri); }
    void operator()(const upgrade_request_record& v) const { write_text(out, v.name); }
    void operator()(const unsized_envelope_record&) const {}
    void operator()(const end_record&) const {}
    void operator()(const upgrade_response_record&) const {}
    void operator()(const preamble_ack_record&) const {}
    void operator()(const preamble_end_record&) const {}
};

}  // namespace

result<record> decode_record(byte_reader& in, const framing_limits& limits) noexcept {
    const std::uint8_t type = in.u8();
    if (!in.ok())
        return in.failure();
    return in.done(read_body(in, type, limits));
}

void encode_record(octet_buffer& out, const record& value) {
    out.append(static_cast<std::byte>(type_of(value)));
    std::visit(body_writer{out}, value);
}

}  // namespace nettcp::framing
