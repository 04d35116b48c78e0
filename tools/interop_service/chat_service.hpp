#pragma once

#include <nettcp/service/service.hpp>

namespace nettcp::interop {

/// `IChat`, which calls its callers back.
service make_chat_service();

}  // namespace nettcp::interop
