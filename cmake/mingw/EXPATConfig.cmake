# Expat for a build by cmake/toolchain-mingw.cmake, out of the source folder NETTCP_EXPAT_SOURCE
# (the one with xmlparse.c).
if(NOT EXISTS "${NETTCP_EXPAT_SOURCE}/xmlparse.c")
    set(EXPAT_FOUND FALSE)
    set(EXPAT_NOT_FOUND_MESSAGE
        "NETTCP_EXPAT_SOURCE must name the folder of Expat's xmlparse.c (see docs/windows.md)")
    return()
endif()

if(NOT TARGET EXPAT::EXPAT)
    enable_language(C)
    set(folder "${PROJECT_BINARY_DIR}/private/expat")
    # What Expat's own configure script finds out about x86-64 Windows. The salt of its hash tables
    # comes from rand_s there.
    file(GENERATE OUTPUT "${folder}/expat_config.h" CONTENT [[
#define BYTEORDER 1234
#define XML_CONTEXT_BYTES 1024
#define XML_DTD 1
#define XML_GE 1
#define XML_NS 1
]])
    add_library(nettcp_expat STATIC "${NETTCP_EXPAT_SOURCE}/xmlparse.c"
        "${NETTCP_EXPAT_SOURCE}/xmlrole.c" "${NETTCP_EXPAT_SOURCE}/xmltok.c")
    target_include_directories(nettcp_expat PUBLIC "${NETTCP_EXPAT_SOURCE}" PRIVATE "${folder}")
    target_compile_definitions(nettcp_expat PUBLIC XML_STATIC PRIVATE _CRT_RAND_S)
    target_compile_options(nettcp_expat PRIVATE -w)
    add_library(EXPAT::EXPAT ALIAS nettcp_expat)
endif()
