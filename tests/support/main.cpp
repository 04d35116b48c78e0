// Catch2's own main function; compiled once for all test programs.

#define CATCH_CONFIG_MAIN
#include "thread_sanitizer.hpp"

#include <catch2/catch.hpp>
