# gRPC C++, a rival in the benchmarks: sets nettcp_grpc where it is installed, and makes the library
# bench_grpc_echo of what its compiler generates. That code is not held to our warnings.
find_package(PkgConfig QUIET)
find_program(NETTCP_PROTOC protoc)
find_program(NETTCP_GRPC_PLUGIN grpc_cpp_plugin)
set(nettcp_grpc OFF)
if(PkgConfig_FOUND AND NETTCP_PROTOC AND NETTCP_GRPC_PLUGIN)
    if(NOT NETTCP_GRPC_FOUND)
        unset(__pkg_config_checked_NETTCP_GRPC CACHE)  # it may have been installed since
    endif()
    pkg_check_modules(NETTCP_GRPC QUIET IMPORTED_TARGET grpc++ protobuf)
    if(NETTCP_GRPC_FOUND)
        set(nettcp_grpc ON)
    endif()
endif()
if(NOT nettcp_grpc)
    return()
endif()

set(from "${CMAKE_CURRENT_SOURCE_DIR}/grpc")
set(generated "${CMAKE_CURRENT_BINARY_DIR}/grpc")
set(sources "${generated}/echo.pb.cc" "${generated}/echo.grpc.pb.cc")
file(MAKE_DIRECTORY "${generated}")
add_custom_command(
    OUTPUT ${sources} "${generated}/echo.pb.h" "${generated}/echo.grpc.pb.h"
    COMMAND "${NETTCP_PROTOC}" "--proto_path=${from}" "--cpp_out=${generated}"
        "--grpc_out=${generated}" "--plugin=protoc-gen-grpc=${NETTCP_GRPC_PLUGIN}" echo.proto
    DEPENDS "${from}/echo.proto" VERBATIM)
add_library(bench_grpc_echo STATIC ${sources})
target_include_directories(bench_grpc_echo SYSTEM PUBLIC "${generated}")
target_link_libraries(bench_grpc_echo PUBLIC PkgConfig::NETTCP_GRPC)
