#pragma once

#include <nettcp/service/service.hpp>

#include <boost/asio/any_io_executor.hpp>

namespace nettcp::interop {

/// The contract `IEcho` in namespace `http://peers.test/svc`, which WCF peers are tried with:
/// Echo, EchoBytes, EchoComplex, Notify, NotifyCount, Fail, FailUnhandled, Sleep, WhoAmI and Add.
///
/// Notifications are counted over all sessions of all hosts and endpoints that serve the result
/// or copies of it. Bodies are written as WCF writes them, record for record.
///
/// `workers` runs the operations that are served off the sessions' executor; normally a thread
/// pool, which must outlive the host. Any executor will do, the host's own included.
service make_echo_service(boost::asio::any_io_executor workers);

}  // namespace nettcp::interop
