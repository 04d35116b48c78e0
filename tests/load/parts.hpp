#pragma once

#include "load/choices.hpp"

namespace load {

// Each is `load NAME ...`, throws when something is not as it should be, and prints its figures.

/// `idle [SESSIONS] [--tls 1]`: sessions that do nothing, 10,000, or 1,000 within TLS; what each
/// takes; each still answers.
void run_idle(const choices& chosen);
/// `reconnect [CLIENTS]`: 2,000 clients whose host is killed and comes back.
void run_reconnect(const choices& chosen);
/// `callbacks [COUNT]`: 1,000 callbacks in flight, of one session and of ten.
void run_callbacks(const choices& chosen);
/// `cuts [--stride N] [--tls-stride N]`: every kind of call, the connection lost behind every
/// octet (or every Nth).
void run_cuts(const choices& chosen);
/// `soak [SECONDS] [--clients N] [--threads N] [--seed N]`: all at once for a while.
void run_soak(const choices& chosen);

}  // namespace load
