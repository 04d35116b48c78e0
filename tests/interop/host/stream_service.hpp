#pragma once

#include <nettcp/service/service.hpp>

namespace interop {

/// The contract `IStreaming` in namespace `http://peers.test/svc`: Download, Upload, EchoStream,
/// UploadNamed and Echo. No stream is held as a whole; see `relay` for what EchoStream holds.
nettcp::service make_stream_service();

}  // namespace interop
