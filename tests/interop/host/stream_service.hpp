#pragma once

#include <nettcp/service/service.hpp>

namespace interop {

/// The contract `IStreaming` in namespace `http://peers.test/svc`: Download, Upload, EchoStream,
/// UploadNamed and Echo. EchoStream answers when it has read all, since WCF's clients read nothing
/// before they have sent all.
nettcp::service make_stream_service();

}  // namespace interop
