#pragma once

// Catch2 2.13, seen by the tests through this header alone, so that a change of version is made in
// one place. It is also the test programs' precompiled header.

#include <catch2/catch.hpp>
