#include "core_part.hpp"

#include <nettcp/framing/errc.hpp>

boost::system::error_code error_of_the_core() {
    return nettcp::framing::errc::mode_unknown;
}
