# Windows executables (x86-64, Windows 10 and later) made on Linux, by Debian's MinGW-w64.
#
# Nothing of /usr/include may be in sight: it belongs to another system's C library. What we need and
# Debian does not package for MinGW-w64 comes from cmake/mingw instead: Boost and CLI11, whose headers
# do for every system, get include folders of their own; zlib is Debian's own for MinGW-w64; Expat is compiled from its source, which
# NETTCP_EXPAT_SOURCE names (`tools/dev windows` fetches it).
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
# The -posix flavour: std::thread and std::mutex are missing from the other one.
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)

set(CMAKE_CXX_FLAGS_INIT "-D_WIN32_WINNT=0x0A00")
# One file to carry around, without libstdc++-6.dll, libgcc_s_seh-1.dll and libwinpthread-1.dll.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static")

set(CMAKE_FIND_ROOT_PATH /usr/x86_64-w64-mingw32 "${CMAKE_CURRENT_LIST_DIR}/mingw")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_FIND_PACKAGE_PREFER_CONFIG ON)
set(ZLIB_USE_STATIC_LIBS ON)
foreach(package Boost CLI11 EXPAT)
    set(${package}_DIR "${CMAKE_CURRENT_LIST_DIR}/mingw")
endforeach()
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES NETTCP_EXPAT_SOURCE)
