// Invariants: a record that decodes encodes to octets that decode to the same record, in no more
// octets; every proper prefix of it is truncated and nothing else; octets behind it are not
// touched; a direction cut into parts octet by octet has the parts it has when cut at once.
//
// Reaches src/framing/record*.cpp
// Mutated by mutators/framing

#include <nettcp/framing/record_decoder.hpp>

#include <cstdlib>
#include <string>

using namespace nettcp;
using namespace nettcp::framing;

namespace {

void require(bool holds) {
    if (!holds)
        std::abort();
}

void check_record(bytes_view octets) {
    byte_reader in(octets);
    const auto seen = decode_record(in);
    if (!seen) {
        require(seen.error().at <= octets.size());
        return;
    }
    const std::size_t size = in.position();
    octet_buffer out;
    encode_record(out, *seen);
    require(out.size() <= size);
    byte_reader again(out.view());
    const auto same = decode_record(again);
    require(same.has_value() && *same == *seen && again.remaining() == 0);
    for (std::size_t n = 0; n < size; ++n) {
        byte_reader cut(octets.first(n));
        const auto failed = decode_record(cut);
        require(!failed && failed.error().code == base_errc::truncated && failed.error().at == n);
    }
    byte_reader alone(octets.first(size));
    require(decode_record(alone).has_value());
}

/// The parts of a direction, pieces of one chunk joined, and how it ended.
std::string cut(bytes_view octets, std::size_t stroke) {
    record_decoder decoder({.max_message_size = 5000});
    std::string parts;
    std::size_t from = 0;
    std::size_t known = 0;
    while (known < octets.size()) {
        known = std::min(known + stroke, octets.size());
        for (;;) {
            const auto part = decoder.next(octets.subspan(from, known - from));
            if (!part) {
                if (part.error().code == base_errc::truncated) {
                    require(decoder.missing() >= 1);
                    break;
                }
                return parts + " failed " + part.error().code.message() + " " +
                       std::to_string(part.error().at);
            }
            require(part->size >= 1 && part->offset == from);
            from += part->size;
            if (part->type == part_type::whole_record)
                parts += " " + std::string(to_string(type_of(part->record)));
            else if (part->type == part_type::envelope_end)
                parts += " |";
            else if (part->chunk_at == 0 && part->type == part_type::chunk)
                parts += " " + std::to_string(part->chunk_size) + ":";
            parts += as_text(part->payload);
        }
    }
    return parts;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    const bytes_view input{reinterpret_cast<const std::byte*>(octets), size};
    check_record(input.first(std::min<std::size_t>(size, 600)));
    const std::string whole = cut(input, size + 1);
    require(cut(input, 1) == whole);
    require(cut(input, 7) == whole);
    return 0;
}
