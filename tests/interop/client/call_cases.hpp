#pragma once

namespace nettcp::interop {

struct target;

// The cases that are about time and order. Each throws when the host does not do what it should.

/// A call that takes 700 ms.
void slow(const target& where);
/// A call that is given up after 500 ms; the session goes on.
void timeout(const target& where);
/// 32 tasks with 5 calls each on one session.
void concurrent(const target& where);
/// A fast call overtakes a slow one.
void reorder(const target& where);
/// 5 sessions one after another, over one connection where the host keeps it.
void reopen(const target& where);
/// A session is used again after 1.5 s.
void session_idle(const target& where);

}  // namespace nettcp::interop
