#include <nettcp/channel/message_pool.hpp>

#include <channel/message_storage.hpp>
#include <soap/received_headers.hpp>

#include <nettcp/framing/session.hpp>

#include <utility>

namespace nettcp::channel {
namespace {

/// Messages that do without the large one that is kept before that goes.
constexpr unsigned patience = 64;

}  // namespace

message_pool::message_pool(const reader_quotas& quotas, const soap::header_limits& limits) noexcept
    : quotas_(quotas), limits_(limits) {}

message_pool::~message_pool() {
    while (first_ != nullptr)  // one by one: a chain of destructors would recurse
        first_ = std::move(first_->next);
}

result<message>
message_pool::make_message(bytes_view document,
                           std::shared_ptr<const nbfx::received_dictionary> dictionary,
                           soap::soap_version version, soap::received_headers* known) {
    message made(take(document.size()));
    made.storage_->document.append(document);
    return read(std::move(made), std::move(dictionary), version, known);
}

result<message>
message_pool::take_message(framing::session& from, bytes_view document,
                           std::shared_ptr<const nbfx::received_dictionary> dictionary,
                           soap::soap_version version, soap::received_headers* known) {
    message made(take(document.size()));
    from.hand_over(document, made.storage_->document);
    return read(std::move(made), std::move(dictionary), version, known);
}

result<message> message_pool::read(message made,
                                   std::shared_ptr<const nbfx::received_dictionary> dictionary,
                                   soap::soap_version version, soap::received_headers* known) {
    message::storage& s = *made.storage_;
    s.dictionary = std::move(dictionary);
    s.version = version;
    s.open();
    if (const auto read = soap::read_envelope(s.reader, s.headers, limits_, version, known); !read)
        return read.error();
    s.is_fault = soap::at_fault(s.reader, version);
    if (!s.reader.ok())
        return s.reader.failure();
    return made;
}

std::size_t message_pool::kept() const noexcept {
    const std::lock_guard lock(guard_);
    return kept_messages_ + (large_ != nullptr ? 1 : 0);
}

std::unique_ptr<message::storage> message_pool::take(std::size_t size) {
    std::unique_ptr<message::storage> taken, outworn;
    {
        const std::lock_guard lock(guard_);
        if (large_ != nullptr && size > max_kept_octets / 2) {
            taken = std::move(large_);
        } else if (first_ != nullptr) {
            taken = std::move(first_);
            first_ = std::move(taken->next);
            --kept_messages_;
            kept_octets_ -= taken->document.capacity();
        }
        if (large_ != nullptr && ++without_large_ == patience)
            outworn = std::move(large_);
    }
    if (taken == nullptr)
        taken = std::make_unique<message::storage>(quotas_);
    taken->home = shared_from_this();
    return taken;
}

void message_pool::give_back(std::unique_ptr<message::storage> storage) noexcept {
    storage->headers.clear();
    storage->document.clear();
    storage->dictionary.reset();
    storage->detail_offset = 0;
    storage->is_fault = false;
    const std::lock_guard lock(guard_);
    const std::size_t octets = storage->document.capacity();
    if (octets > max_kept_octets && large_ == nullptr) {
        large_ = std::move(storage);
        without_large_ = 0;
        return;
    }
    if (kept_messages_ == max_kept_messages || octets > max_kept_octets - kept_octets_)
        return;  // `storage` dies after the lock is released
    ++kept_messages_;
    kept_octets_ += octets;
    storage->next = std::move(first_);
    first_ = std::move(storage);
}

}  // namespace nettcp::channel
