#pragma once

// Whether this program is instrumented: GCC says so by macros, Clang by features.

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define NETTCP_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define NETTCP_SANITIZED 1
#endif
#endif
#ifndef NETTCP_SANITIZED
#define NETTCP_SANITIZED 0
#endif
