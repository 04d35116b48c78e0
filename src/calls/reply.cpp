#include <nettcp/calls/reply.hpp>

#include "net/incoming_body.hpp"

namespace nettcp {

body_reader reply::stream() {
    if (stream_)
        return std::move(stream_);
    return {executor_, net::whole_body(message_, executor_)};
}

}  // namespace nettcp
