#pragma once

// What ThreadSanitizer should know of a program. Included once, beside its main function.

#if defined(__SANITIZE_THREAD__)
// libstdc++ counts references to exceptions where ThreadSanitizer does not see it, so that whoever
// lets go of one last seems to race with those who have looked at it.
// NOLINTNEXTLINE(bugprone-reserved-identifier)
extern "C" __attribute__((visibility("default"))) const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
    return "race:std::__exception_ptr::exception_ptr::_M_release\n";
}
#endif
