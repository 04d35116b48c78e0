#include <nettcp/channel/message_encoding.hpp>

#include <channel/payload_traits.hpp>

namespace nettcp::channel {

bool is_supported(framing::encoding value) noexcept {
    return traits_of(value).has_value();
}

}  // namespace nettcp::channel
