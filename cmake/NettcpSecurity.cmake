# Which security the build has: TLS by OpenSSL, Windows credentials by MIT's GSS-API.
#
# AUTO takes what the machine has; ON insists; OFF builds without, and connections that want it fail
# with security::errc::not_built_in. Sets nettcp_tls and nettcp_gssapi to the libraries to link, and
# nettcp_security_except to the source files that are not for this build.
set(NETTCP_TLS AUTO CACHE STRING "TLS by OpenSSL: AUTO, ON or OFF")
set(NETTCP_GSSAPI AUTO CACHE STRING "Windows credentials by MIT krb5: AUTO, ON or OFF")
set_property(CACHE NETTCP_TLS NETTCP_GSSAPI PROPERTY STRINGS AUTO ON OFF)

set(nettcp_tls)
set(nettcp_gssapi)
set(nettcp_security_except)

if(NETTCP_TLS AND NOT (NETTCP_TLS STREQUAL AUTO AND CMAKE_CROSSCOMPILING))
    if(NETTCP_TLS STREQUAL AUTO)
        find_package(OpenSSL 3.0)
    else()
        find_package(OpenSSL 3.0 REQUIRED)
    endif()
    if(OpenSSL_FOUND)
        set(nettcp_tls OpenSSL::SSL OpenSSL::Crypto)
    endif()
endif()
if(NETTCP_GSSAPI AND NOT (NETTCP_GSSAPI STREQUAL AUTO AND CMAKE_CROSSCOMPILING))
    find_package(PkgConfig)
    if(NETTCP_GSSAPI STREQUAL AUTO)
        if(PkgConfig_FOUND)
            pkg_check_modules(NETTCP_KRB5 IMPORTED_TARGET mit-krb5-gssapi mit-krb5)
        endif()
    else()
        pkg_check_modules(NETTCP_KRB5 REQUIRED IMPORTED_TARGET mit-krb5-gssapi mit-krb5)
    endif()
    if(NETTCP_KRB5_FOUND)
        set(nettcp_gssapi PkgConfig::NETTCP_KRB5)
    endif()
endif()

# src/security/tls_*.cpp and gssapi_*.cpp are the only files that include those libraries.
if(nettcp_tls)
    list(APPEND nettcp_security_except "/no_tls\\.cpp$")
else()
    list(APPEND nettcp_security_except "/tls_[a-z_]*\\.cpp$")
endif()
if(nettcp_gssapi)
    list(APPEND nettcp_security_except "/no_gssapi\\.cpp$")
else()
    list(APPEND nettcp_security_except "/gssapi_[a-z_]*\\.cpp$")
endif()
message(STATUS "nettcp security: TLS \"${nettcp_tls}\", Windows credentials \"${nettcp_gssapi}\"")
