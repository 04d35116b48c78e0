#include "service/call_store.hpp"

#include "service/call_record.hpp"

namespace nettcp {

call_store::~call_store() {
    while (kept_ != nullptr)
        delete std::exchange(kept_, kept_->next);
}

call_record* call_store::take() {
    {
        const std::lock_guard lock(guard_);
        if (kept_ != nullptr) {
            call_record* const record = std::exchange(kept_, kept_->next);
            record->next = nullptr;
            --kept_count_;
            return record;
        }
    }
    return new call_record;
}

void call_store::give_back(call_record* record) noexcept {
    {
        const std::lock_guard lock(guard_);
        if (kept_count_ < max_kept) {
            record->next = kept_;
            kept_ = record;
            ++kept_count_;
            return;
        }
    }
    delete record;
}

void call_record::release() noexcept {
    if (references.fetch_sub(1, std::memory_order_acq_rel) != 1)
        return;
    const auto home = std::move(store);
    place.reset();
    turn.reset();
    instance.reset();
    host.reset();
    session.reset();
    info.reset();
    table.reset();
    op = nullptr;
    cancelled = nullptr;
    message = {};
    body.reset();
    observed = {};
    activity = {};
    one_way = listed = expired = answered = starting = dropped = false;
    previous = nullptr;
    home->give_back(this);
}

}  // namespace nettcp
