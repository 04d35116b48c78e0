#!/usr/bin/env bash
# build.sh FOLDER: compiles the WWSAPI peers into FOLDER (wwsapi_host.exe, wwsapi_client.exe).
# Exits 77 when Wine or the compiler for Windows is missing, or 1 where CI=true.
set -euo pipefail

missing() {
    echo "PEER MISSING: Wine's WWSAPI ($1). Get it with: apt-get install --no-install-recommends" \
        "wine64 libwine-dev g++-mingw-w64-x86-64-posix" >&2
    [ "${CI:-}" = true ] && exit 1
    exit 77
}

[ $# -eq 1 ] || { echo "usage: build.sh FOLDER" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
compiler=x86_64-w64-mingw32-g++-posix
header=/usr/include/wine/wine/windows/webservices.h
library=/usr/lib/x86_64-linux-gnu/wine/x86_64-windows/libwebservices.a
[ -x /usr/lib/wine/wine64 ] || missing "no wine64"
command -v "$compiler" >/dev/null || missing "no $compiler"
[ -e "$header" ] || missing "no webservices.h"
[ -e "$library" ] || missing "no libwebservices.a"

# MinGW-w64 brings the other headers of Windows; of Wine's only this one is taken.
mkdir -p "$1/include"
ln -sf "$header" "$1/include/webservices.h"
for program in wwsapi_host wwsapi_client; do
    # Up to date already? Compiling takes seconds, and every test run calls this.
    built=$1/$program.exe
    [ "$built" -nt "$here/$program.cpp" ] && [ "$built" -nt "$here/echo_contract.hpp" ] && continue
    # Tests may run side by side: whoever compiles last replaces what others may be running.
    fresh=$1/$$.$program.exe
    "$compiler" -std=c++20 -O1 -s -Wall -Wextra -Wconversion -Wshadow -Werror \
        -D_WIN32_WINNT=0x0A00 -isystem "$1/include" -static -o "$fresh" \
        "$here/$program.cpp" "$library"
    mv "$fresh" "$built"
done
