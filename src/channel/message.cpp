#include <nettcp/channel/message.hpp>

#include <channel/message_storage.hpp>

#include <nettcp/channel/message_pool.hpp>
#include <nettcp/soap/envelope.hpp>

#include <utility>

namespace nettcp::channel {

message::message(std::unique_ptr<storage> s) noexcept : storage_(s.release()) {}

void message::return_to_pool::operator()(storage* s) const noexcept {
    const auto home = std::move(s->home);
    home->give_back(std::unique_ptr<storage>(s));
}

const soap::headers_view& message::headers() const noexcept {
    return storage_->headers;
}

nbfx::reader& message::body() noexcept {
    return storage_->reader;
}

void message::reopen_body() noexcept {
    storage_->open();
    if (soap::open_body(storage_->reader, storage_->version))
        storage_->reader.move_to_content();
}

result<void> message::read_end() noexcept {
    return soap::read_envelope_end(storage_->reader, storage_->version);
}

nbfx::reader& message::header(const soap::other_header& which) noexcept {
    storage_->open();
    // The reader shows a failure.
    (void)soap::open_header(storage_->reader, which, storage_->version);
    return storage_->reader;
}

bool message::is_fault() const noexcept {
    return storage_->is_fault;
}

result<soap::fault> message::read_fault() {
    reopen_body();
    auto fault = soap::read_fault(storage_->reader, storage_->detail_offset, storage_->version);
    if (fault)
        fault->action = storage_->headers.action;
    return fault;
}

nbfx::reader* message::fault_detail() noexcept {
    if (storage_->detail_offset == 0)
        return nullptr;
    reopen_body();
    return soap::open_detail(storage_->reader, storage_->version) ? &storage_->reader : nullptr;
}

bytes_view message::document() const noexcept {
    return storage_->document.view();
}

const nbfx::received_dictionary* message::dictionary() const noexcept {
    return storage_->dictionary.get();
}

}  // namespace nettcp::channel
