#pragma once

#include <nettcp/base/error.hpp>

#include <boost/system/result.hpp>
#include <boost/system/system_error.hpp>

namespace nettcp {

/// A value, or the `error` that prevented it. `value()` throws `boost::system::system_error`.
template <class T>
using result = boost::system::result<T, error>;

/// What `result<T>::value()` throws; found by argument-dependent look-up.
[[noreturn]] inline void throw_exception_from_error(const error& failure,
                                                    const boost::source_location&) {
    throw boost::system::system_error(failure.code);
}

}  // namespace nettcp
