// Boost.JSON, compiled here, so that nothing but Boost's headers is needed.
#include <boost/json/src.hpp>
