#include "contract/default_value.hpp"

#include <nettcp/base/decimal.hpp>
#include <nettcp/base/uuid.hpp>
#include <nettcp/contract/values.hpp>
#include <nettcp/soap/fault.hpp>

namespace nettcp::contract {
namespace {

template <class T>
const T& as(const void* value) noexcept {
    return *static_cast<const T*>(value);
}

}  // namespace

bool is_default(const type& what, const void* value) {
    switch (what.what) {
    case kind::boolean: return !as<bool>(value);
    case kind::int8:
    case kind::uint8: return as<std::uint8_t>(value) == 0;
    case kind::int16:
    case kind::uint16:
    case kind::character: return as<std::uint16_t>(value) == 0;
    case kind::int32:
    case kind::uint32: return as<std::uint32_t>(value) == 0;
    case kind::int64:
    case kind::uint64: return as<std::uint64_t>(value) == 0;
    case kind::float32: return as<float>(value) == 0;
    case kind::float64: return as<double>(value) == 0;
    case kind::decimal: return as<decimal>(value).low == 0 && as<decimal>(value).high == 0;
    case kind::string: return as<std::string>(value).empty();
    case kind::uri: return as<uri>(value).text.empty();
    case kind::qname: return as<soap::qname>(value) == soap::qname{};
    case kind::guid: return as<uuid>(value) == uuid{};
    case kind::duration: return as<time_span>(value).ticks == 0;
    case kind::date_time: return as<date_time>(value).ticks == 0;
    case kind::bytes: return as<std::vector<std::byte>>(value).empty();
    case kind::enumeration: return what.enumerator->load(value) == 0;
    case kind::list: return what.list->size(value) == 0;
    case kind::map: return what.map->empty(value);
    case kind::nullable: return what.slot->get(value) == nullptr;
    case kind::anything: return !as<object>(value);
    case kind::structure:
    case kind::stream: break;
    }
    return false;
}

}  // namespace nettcp::contract
