# Boost for a build by cmake/toolchain-mingw.cmake: the headers of this machine's libboost-dev.
# Boost.URL, the one library of ours that is more than headers, is compiled from its own source file.
include("${CMAKE_CURRENT_LIST_DIR}/private_headers.cmake")
nettcp_private_headers(Boost::headers boost)

if(NOT TARGET Boost::url)
    set(source "${PROJECT_BINARY_DIR}/private/boost_url.cpp")
    file(GENERATE OUTPUT "${source}" CONTENT "#include <boost/url/src.hpp>\n")
    add_library(nettcp_boost_url STATIC "${source}")
    target_compile_features(nettcp_boost_url PRIVATE cxx_std_20)
    target_compile_definitions(nettcp_boost_url PUBLIC BOOST_URL_NO_LIB BOOST_URL_STATIC_LINK)
    target_link_libraries(nettcp_boost_url PUBLIC Boost::headers)
    add_library(Boost::url ALIAS nettcp_boost_url)
endif()
