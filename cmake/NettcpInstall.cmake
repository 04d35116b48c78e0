# Install rules: headers, libraries, the CMake package `nettcp` and the pkg-config files.
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/nettcp")

install(TARGETS nettcp-core nettcp EXPORT nettcp-targets
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT nettcp-targets NAMESPACE nettcp:: DESTINATION "${package_dir}")

# Only a static library leaves these to whoever links it.
set(nettcp_static_tls OFF)
set(nettcp_static_gssapi OFF)
set(pc_security "")
if(nettcp_tls)
    string(APPEND pc_security " openssl")
endif()
if(nettcp_gssapi)
    string(APPEND pc_security " mit-krb5-gssapi mit-krb5")
endif()
if(NOT BUILD_SHARED_LIBS)
    if(nettcp_tls)
        set(nettcp_static_tls ON)
    endif()
    if(nettcp_gssapi)
        set(nettcp_static_gssapi ON)
    endif()
endif()

configure_package_config_file(
    "${CMAKE_CURRENT_LIST_DIR}/nettcp-config.cmake.in" "${PROJECT_BINARY_DIR}/nettcp-config.cmake"
    INSTALL_DESTINATION "${package_dir}")
# Before 1.0 each minor version is its own ABI and API.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/nettcp-config-version.cmake"
    COMPATIBILITY SameMinorVersion)
install(FILES
    "${PROJECT_BINARY_DIR}/nettcp-config.cmake" "${PROJECT_BINARY_DIR}/nettcp-config-version.cmake"
    DESTINATION "${package_dir}")

# A static library leaves its own dependencies to whoever links it, a shared one does not; hence
# where they are listed. The prefix follows the .pc file, so that an install tree can be moved.
if(BUILD_SHARED_LIBS)
    set(pc_core_requires "Requires.private: expat zlib${pc_security}")
    set(pc_libs_private "Libs.private: -lboost_url")
    set(pc_static_libs "")
else()
    set(pc_core_requires "Requires: expat zlib${pc_security}")
    set(pc_libs_private "")
    set(pc_static_libs " -lboost_url")
endif()
file(RELATIVE_PATH pc_prefix
    "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
foreach(name nettcp-core nettcp)
    configure_file("${CMAKE_CURRENT_LIST_DIR}/${name}.pc.in" "${PROJECT_BINARY_DIR}/${name}.pc" @ONLY)
    install(FILES "${PROJECT_BINARY_DIR}/${name}.pc"
        DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endforeach()

if(TARGET nettcp-cli)
    install(TARGETS nettcp-cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()
