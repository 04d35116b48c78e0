# The few commands that every directory's list file is written in.

# What all our code is compiled with: the language level, warnings, visibility, instrumentation.
# Kept off the exported interface, so that a user's flags stay the user's.
add_library(nettcp_build_flags INTERFACE)
target_compile_features(nettcp_build_flags INTERFACE cxx_std_20)
target_compile_options(nettcp_build_flags INTERFACE -Wall -Wextra -Wconversion -Wshadow)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 sees an overlap in `"x" + std::string` where there is none (GCC bug 105329).
    target_compile_options(nettcp_build_flags INTERFACE -Wno-restrict)
endif()
if(NETTCP_SANITIZE MATCHES thread AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # Asio has fences, which ThreadSanitizer does not follow; a fence alone orders nothing of ours.
    target_compile_options(nettcp_build_flags INTERFACE -Wno-tsan)
endif()
if(NETTCP_WERROR)
    target_compile_options(nettcp_build_flags INTERFACE -Werror)
endif()
if(NETTCP_SANITIZE)
    set(sanitize -fsanitize=${NETTCP_SANITIZE} -fno-omit-frame-pointer)
    if(NETTCP_SANITIZE MATCHES undefined)
        list(APPEND sanitize -fno-sanitize-recover=undefined)
    endif()
    target_compile_options(nettcp_build_flags INTERFACE ${sanitize})
    target_link_options(nettcp_build_flags INTERFACE ${sanitize})
endif()
if(NETTCP_HARDEN)
    # What a mistake in memory may come to is bounded where it would be used: tests/package/hardened.sh.
    target_compile_options(nettcp_build_flags INTERFACE
        -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection)
    target_link_options(nettcp_build_flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
    include(CheckPIESupported)
    check_pie_supported()
    set(CMAKE_POSITION_INDEPENDENT_CODE ON)
endif()
if(NETTCP_COVERAGE)
    target_compile_options(nettcp_build_flags INTERFACE --coverage)
    target_link_options(nettcp_build_flags INTERFACE --coverage)
endif()

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

# nettcp_module(<name> [DEPENDS <module>...] [LINKS <imported target>...] [EXCEPT <regex>...])
#
# One module: src/<name>/*.cpp as an object library, with the modules whose headers it may include.
# `tools/dev layers` reads the same lines and holds every #include to them. Edges are not inherited:
# a module names each module that it includes from. EXCEPT leaves source files out.
function(nettcp_module name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPENDS;LINKS;EXCEPT")
    file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${name}/*.cpp")
    foreach(pattern IN LISTS arg_EXCEPT)
        list(FILTER sources EXCLUDE REGEX "${pattern}")
    endforeach()
    if(NOT sources)
        return()  # headers only
    endif()
    add_library(nettcp_${name} OBJECT ${sources})
    target_include_directories(nettcp_${name} PRIVATE
        "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(nettcp_${name} PRIVATE nettcp_build_flags Boost::headers ${arg_LINKS})
    if(NETTCP_SANITIZE)
        # Programs are not optimised, which saves half of their compiler's time; what they try is.
        target_compile_options(nettcp_${name} PRIVATE -O1)
    endif()
    if(NETTCP_FUZZ)
        target_compile_options(nettcp_${name} PRIVATE -fsanitize=fuzzer-no-link)
    endif()
    # A static library may end up in somebody's shared one.
    set_target_properties(nettcp_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()

# nettcp_precompile(<header> <module>...)
#
# Compiles a header once for all these modules, whose flags must be the same.
function(nettcp_precompile header)
    if(NOT NETTCP_PRECOMPILE)
        return()
    endif()
    set(first)
    foreach(module IN LISTS ARGN)
        if(NOT TARGET nettcp_${module})
            continue()
        endif()
        if(first)
            target_precompile_headers(nettcp_${module} REUSE_FROM ${first})
        else()
            target_precompile_headers(nettcp_${module} PRIVATE
                "${CMAKE_CURRENT_SOURCE_DIR}/${header}")
            set(first nettcp_${module})
        endif()
    endforeach()
endfunction()

# nettcp_library(<target> EXPORT_NAME <name> MODULES <module>... [PUBLIC <target>...] [PRIVATE <target>...])
#
# One library out of whole modules. An object file belongs to exactly one library, so that error
# categories, which compare by address, exist once.
function(nettcp_library target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "EXPORT_NAME" "MODULES;PUBLIC;PRIVATE")
    add_library(${target})
    add_library(nettcp::${arg_EXPORT_NAME} ALIAS ${target})
    set_target_properties(${target} PROPERTIES
        EXPORT_NAME ${arg_EXPORT_NAME}
        LINKER_LANGUAGE CXX
        VERSION ${PROJECT_VERSION}
        SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
        VERIFY_INTERFACE_HEADER_SETS ${PROJECT_IS_TOP_LEVEL})
    set(headers)
    set(empty TRUE)
    foreach(module IN LISTS arg_MODULES)
        file(GLOB found CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/nettcp/${module}/*.hpp")
        list(APPEND headers ${found})
        if(TARGET nettcp_${module})
            target_sources(${target} PRIVATE $<TARGET_OBJECTS:nettcp_${module}>)
            set(empty FALSE)
        endif()
    endforeach()
    if(empty)
        file(GENERATE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp" CONTENT "")
        target_sources(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp")
    endif()
    target_sources(${target} PUBLIC FILE_SET HEADERS
        BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES ${headers})
    target_compile_features(${target} PUBLIC cxx_std_20)
    target_link_libraries(${target} PUBLIC ${arg_PUBLIC}
        PRIVATE ${arg_PRIVATE} $<BUILD_INTERFACE:nettcp_build_flags>)
    nettcp_testable(${target} MODULES ${arg_MODULES} LINKS ${arg_PUBLIC} ${arg_PRIVATE})
endfunction()

# <library>_testable is what tests and fuzz targets link. In a static build that is the library,
# whose private functions are in reach; a shared library hides them, so there it is the object files
# themselves. <library>_usage is the same with nothing to link, for compiling what several programs
# share.
function(nettcp_testable library)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "MODULES;LINKS")
    add_library(${library}_usage INTERFACE)
    add_library(${library}_testable INTERFACE)
    target_link_libraries(${library}_testable INTERFACE ${library}_usage)
    target_include_directories(${library}_usage INTERFACE
        "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/tests")
    if(NOT BUILD_SHARED_LIBS)
        target_link_libraries(${library}_usage INTERFACE ${library})
        return()
    endif()
    target_include_directories(${library}_usage INTERFACE "${PROJECT_SOURCE_DIR}/include")
    foreach(module IN LISTS arg_MODULES)
        if(TARGET nettcp_${module})
            target_sources(${library}_testable INTERFACE $<TARGET_OBJECTS:nettcp_${module}>)
        endif()
    endforeach()
    foreach(dependency IN LISTS arg_LINKS)
        if(TARGET ${dependency}_testable)
            target_link_libraries(${library}_usage INTERFACE ${dependency}_usage)
            target_link_libraries(${library}_testable INTERFACE ${dependency}_testable)
        else()
            target_link_libraries(${library}_usage INTERFACE ${dependency})
        endif()
    endforeach()
endfunction()

# nettcp_program(<target> SOURCES <file>... [LINKS <target>...] [NAME <file name>])
#
# An executable in bin/, built with our own flags.
function(nettcp_program target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "NAME" "SOURCES;LINKS")
    add_executable(${target} ${arg_SOURCES})
    target_link_libraries(${target} PRIVATE nettcp_build_flags ${arg_LINKS})
    if(arg_NAME)
        set_target_properties(${target} PROPERTIES OUTPUT_NAME ${arg_NAME})
    endif()
endfunction()
