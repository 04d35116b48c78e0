#!/usr/bin/env bash
# Installs a build tree to a folder of its own and builds a user's program against it, once through
# find_package and once through pkg-config.
#
# usage: run.sh BUILD-FOLDER COMPILER SHARED(0|1) [SANITIZERS]
set -euo pipefail

build=$1 compiler=$2 shared=$3 sanitize=${4:-}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix
flags=()
[ -z "$sanitize" ] || flags=("-fsanitize=$sanitize")

cmake --install "$build" --prefix "$prefix" >/dev/null
libraries=$(find "$prefix" -name pkgconfig -printf '%h\n')

echo "== find_package"
cmake -S "$here/consumer" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS="${flags[*]}" \
    -DCMAKE_PREFIX_PATH="$prefix" -DBUILD_SHARED_LIBS="$shared" >/dev/null
cmake --build "$work/build"
LD_LIBRARY_PATH=$libraries "$work/build/consumer"

echo "== pkg-config"
# The tree must serve from where it was moved to, so no path of the build may be left in it.
mv "$prefix" "$work/moved"
libraries=${libraries/#$prefix/$work/moved}
export PKG_CONFIG_PATH=$libraries/pkgconfig
read -r -a whole <<<"$(pkg-config --cflags --libs nettcp)"
read -r -a core <<<"$(pkg-config --cflags --libs nettcp-core)"
"$compiler" -std=c++20 "${flags[@]}" "$here"/consumer/{main,core_part}.cpp "${whole[@]}" \
    -o "$work/whole"
LD_LIBRARY_PATH=$libraries "$work/whole"
cat >"$work/core.cpp" <<'TEXT'
#include <nettcp/framing/errc.hpp>
int main() { return make_error_code(nettcp::framing::errc::mode_unknown).failed() ? 0 : 1; }
TEXT
"$compiler" -std=c++20 "${flags[@]}" "$work/core.cpp" "${core[@]}" -o "$work/core"
LD_LIBRARY_PATH=$libraries "$work/core"

if [ "$shared" = 1 ]; then
    echo "== symbols"
    # What is not marked for export stays inside; what is defined, is defined once.
    for library in nettcp-core nettcp; do
        nm -D --defined-only "$libraries/lib$library.so" | awk '{print $3}' | grep '6nettcp' |
            grep -v '^_ZT[ISV]' | sort -u >"$work/$library.symbols"
        readelf -d "$libraries/lib$library.so" | grep -q 'SONAME.*\.so\.[0-9]' ||
            { echo "lib$library.so has no soname"; exit 1; }
    done
    [ -s "$work/nettcp-core.symbols" ] || { echo "the core exports nothing"; exit 1; }
    twice=$(comm -12 "$work/nettcp-core.symbols" "$work/nettcp.symbols" | grep category || true)
    [ -z "$twice" ] || { echo "defined in both libraries: $twice"; exit 1; }
fi
echo "the package serves"
