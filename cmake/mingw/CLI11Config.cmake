# CLI11 for a build by cmake/toolchain-mingw.cmake: the headers of this machine's libcli11-dev.
include("${CMAKE_CURRENT_LIST_DIR}/private_headers.cmake")
nettcp_private_headers(CLI11::CLI11 CLI)
