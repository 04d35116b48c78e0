#pragma once

#include <cstdint>

namespace nettcp {

/// Which instance of a class serves a call (WCF: InstanceContextMode).
enum class instance_mode : std::uint8_t {
    per_call,  ///< one made for each call
    per_session,  ///< one made by the first call of a session, which ends with that session
    single,  ///< one for all
};

/// How many calls may be inside an instance at a time (WCF: ConcurrencyMode). Those of a session
/// begin in the order in which they came, always.
enum class concurrency_mode : std::uint8_t {
    /// One call at a time. Others wait: those of a session in order, and sessions in the order in
    /// which they began to wait. A handler may call its client back: the answer need not wait.
    single,
    /// As many as the host's limits allow; those on one executor take turns whenever one waits.
    multiple,
    /// One at a time; but while a handler waits for the answer to a call of its client's callbacks,
    /// others may enter. It goes on when the instance is free again, before new ones.
    reentrant,
};

/// Choices of a service whose handlers belong to a class, with WCF's defaults.
struct instance_options {
    instance_mode instance = instance_mode::per_session;
    concurrency_mode concurrency = concurrency_mode::single;
};

}  // namespace nettcp
