#pragma once

#include <nettcp/service/service.hpp>

namespace interop {

/// `IChat`, which calls its callers back.
nettcp::service make_chat_service();

}  // namespace interop
