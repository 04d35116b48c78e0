#include "interop_service/relay.hpp"

#include <algorithm>
#include <utility>

namespace nettcp::interop {

using boost::system::error_code;

relay::relay(std::shared_ptr<body_source> from) : from_(std::move(from)), part_(65536) {}

void relay::read(std::span<std::byte> room, read_handler done) {
    room_ = room;
    waiting_ = std::make_unique<read_handler>(std::move(done));
    give();
    fetch();
}

void relay::fetch() {
    if (fetching_ || end_ || kept_.size() + part_.size() > read_ahead)
        return;
    fetching_ = true;
    from_->read(part_, [self = shared_from_this()](const error_code& code, std::size_t size) {
        self->arrived(code, size);
    });
}

void relay::arrived(const error_code& code, std::size_t size) {
    fetching_ = false;
    kept_.append(std::span(part_).first(size));
    end_ = code;
    give();
    fetch();
}

void relay::give() {
    if (!waiting_ || (kept_.empty() && !end_))
        return;
    const std::size_t size = std::min(room_.size(), kept_.size());
    std::ranges::copy(kept_.view().first(size), room_.begin());
    kept_.consume(size);
    kept_.shrink_to(part_.size());
    const auto done = std::exchange(waiting_, nullptr);
    std::move (*done)(size == 0 ? end_ : error_code(), size);
}

}  // namespace nettcp::interop
