#pragma once

/// Marks what a shared build of the library makes visible; everything else is hidden.
#if defined(_WIN32)
#define NETTCP_EXPORT
#else
#define NETTCP_EXPORT __attribute__((visibility("default")))
#endif
