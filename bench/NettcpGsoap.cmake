# gSOAP, a rival in the benchmarks: sets nettcp_gsoap where it is installed, and makes the library
# bench_gsoap_echo of what its compiler generates. That code is not held to our warnings, and GPL, so
# that it is made here and nowhere kept.
find_package(PkgConfig QUIET)
find_program(NETTCP_SOAPCPP2 soapcpp2)
set(nettcp_gsoap OFF)
if(PkgConfig_FOUND AND NETTCP_SOAPCPP2)
    if(NOT NETTCP_GSOAP_FOUND)
        unset(__pkg_config_checked_NETTCP_GSOAP CACHE)  # it may have been installed since
    endif()
    pkg_check_modules(NETTCP_GSOAP QUIET IMPORTED_TARGET gsoap++)
    set(nettcp_gsoap ${NETTCP_GSOAP_FOUND})
endif()
if(NOT nettcp_gsoap)
    return()
endif()

set(from "${CMAKE_CURRENT_SOURCE_DIR}/gsoap/echo.h")
set(generated "${CMAKE_CURRENT_BINARY_DIR}/gsoap")
set(sources "${generated}/soapC.cpp" "${generated}/soapechoProxy.cpp"
    "${generated}/soapechoService.cpp")
file(MAKE_DIRECTORY "${generated}")
# SOAP 1.2, C++ with a context that is shared, no samples.
add_custom_command(
    OUTPUT ${sources} "${generated}/echo.nsmap"
    COMMAND "${NETTCP_SOAPCPP2}" -2 -j -L -x -d "${generated}" "${from}"
    DEPENDS "${from}" VERBATIM)
add_library(bench_gsoap_echo STATIC ${sources})
target_include_directories(bench_gsoap_echo SYSTEM PUBLIC "${generated}")
target_link_libraries(bench_gsoap_echo PUBLIC PkgConfig::NETTCP_GSOAP)
target_compile_definitions(bench_gsoap_echo PUBLIC WITH_PURE_VIRTUAL)
# Its library calls what is generated.
set_target_properties(bench_gsoap_echo PROPERTIES CXX_VISIBILITY_PRESET default)
