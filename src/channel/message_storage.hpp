#pragma once

#include <nettcp/channel/message.hpp>
#include <nettcp/nbfx/session_dictionary.hpp>

namespace nettcp::channel {

/// What a message is made of. In a pool it is empty but keeps the storage of its parts.
struct message::storage {
    explicit storage(const reader_quotas& quotas) : reader(quotas) {}

    octet_buffer document;
    nbfx::reader reader;
    soap::headers_view headers;
    std::shared_ptr<const nbfx::received_dictionary> dictionary;
    std::uint64_t detail_offset = 0;  ///< of the Detail in the fault read last; 0: none
    soap::soap_version version = soap::soap_version::soap12;
    bool is_fault = false;
    std::shared_ptr<message_pool> home;  ///< where it returns to; none while it is there
    std::unique_ptr<storage> next;       ///< in the pool

    void open() noexcept { reader.open(document.view(), dictionary.get()); }
};

}  // namespace nettcp::channel
