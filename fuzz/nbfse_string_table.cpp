// Invariants: a session's string tables, whatever their octets, are taken in whole or refused for
// good; what was taken in is valid UTF-8, stays where it is, and never exceeds the budget; and the
// same strings sent by our own dictionary come back as they were.
//
// Reaches src/nbfx/session_dictionary.cpp
// Mutated by mutators/string_tables
#include <nettcp/base/utf8.hpp>
#include <nettcp/nbfx/session_dictionary.hpp>

#include <cstdlib>
#include <vector>

using namespace nettcp;
using namespace nettcp::nbfx;

namespace {

void require(bool claim) {
    if (!claim)
        std::abort();
}

void send_again(const received_dictionary& received) {
    sent_dictionary sent;
    received_dictionary again;
    for (std::uint32_t k = 0; k != received.count(); ++k) {
        const auto id = sent.find_or_add(*received.find(2 * k + 1));
        require(id.has_value());  // shortest spelling: it takes no more than the peer's did
        std::vector<std::byte> table(sent.table_size());
        require(sent.write_table(table.data()) == table.data() + table.size());
        require(again.read_table(table).has_value());
        require(again.find(*id) == received.find(2 * k + 1));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    bytes_view rest{reinterpret_cast<const std::byte*>(octets), size};
    received_dictionary received;
    const char* first = nullptr;
    std::size_t total = 0;
    while (!rest.empty()) {
        const std::uint32_t before = received.count();
        const auto used = received.read_table(rest);
        if (!used) {
            require(received.count() == before);
            require(!received.read_table(rest).has_value());
            break;
        }
        require(*used >= 1 && *used <= rest.size());
        rest = rest.subspan(*used);
        for (std::uint32_t k = before; k != received.count(); ++k) {
            const auto text = received.find(2 * k + 1);
            require(text.has_value() && is_utf8(*text));
            total += text->size() + 1;
        }
        require(total <= default_max_session_size);
        require(!received.find(2 * received.count() + 1) && !received.find(0));
        if (received.count() != 0) {
            first = first == nullptr ? received.find(1)->data() : first;
            require(received.find(1)->data() == first);
        }
    }
    send_again(received);
    return 0;
}
