#pragma once

#include <nettcp/service/service.hpp>

namespace nettcp::interop {

/// The contract `IStreaming` in namespace `http://peers.test/svc`: Download, Upload, EchoStream,
/// UploadNamed and Echo. No stream is held as a whole; see `relay` for what EchoStream holds.
service make_stream_service();

}  // namespace nettcp::interop
