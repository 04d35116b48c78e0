// What stands in for tokens by OpenSSL in a build without it: Kerberos's library makes them all.
#include "security/kerberos_frames.hpp"

namespace nettcp::security {

std::unique_ptr<frame_sealer> make_sealer(const kerberos_key&, const frame_header&) noexcept {
    return nullptr;
}

std::unique_ptr<frame_opener> make_opener(const kerberos_key&, const frame_header&, bool) noexcept {
    return nullptr;
}

}  // namespace nettcp::security
