#pragma once

#include <boost/system/error_code.hpp>

/// An error made where only the core is linked.
boost::system::error_code error_of_the_core();
