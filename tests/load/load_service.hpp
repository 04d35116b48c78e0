#pragma once

#include "load/ledger.hpp"

#include <nettcp/service/service.hpp>

#include <boost/asio/any_io_executor.hpp>

namespace load {

/// What all hosts of these tests do. Texts in, texts out.
///
///     urn:echo    the text
///     urn:work    the same, on a thread of `workers`
///     urn:call    a stamp, into the ledger; answers with it
///     urn:note    the same, one-way
///     urn:sleep   milliseconds; answers "slept" afterwards, unless its session ends first
///     urn:back    "n text": n one-way callbacks urn:told with 1 to n, then the request urn:asked
///                 with the text, whose answer is the answer
///     urn:many    n requests urn:asked at once with 1 to n; answers how many were answered as they
///                 should be, with "answer to N"
///     urn:up      a stream that begins with a stamp and a line feed; the rest is a pattern. Into
///                 the ledger when all is there. Answers with the count of octets
///     urn:down    a count of octets; answers with a stream of a pattern
///     urn:held    what the process holds: resident octets, malloc'd octets, descriptors
///
/// `seen` may be null: then nothing is written down.
nettcp::service load_service(boost::asio::any_io_executor workers, std::shared_ptr<ledger> seen);

/// `load host [--port N] [--threads N] [--sessions N] [--ledger PATH] [--certificate FILE]
/// [--spn NAME] [--strict 1]`: serves it until SIGTERM. When strict, fails if something still goes
/// on two seconds later.
void run_host(const class choices& chosen);

}  // namespace load
