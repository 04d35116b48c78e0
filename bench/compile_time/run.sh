#!/usr/bin/env bash
# run.sh [COMPILER...]
# The CPU seconds that typed_call.cpp takes to compile without optimisation, the best of five; ends
# with 1 where that is more than 3. Default: g++.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || set -- g++
TIMEFORMAT='%U %S'
object=$(mktemp)
trap 'rm -f "$object"' EXIT
for compiler; do
    for _ in 1 2 3 4 5; do
        { time "$compiler" -std=c++20 -O0 -I"$here/../../include" -c "$here/typed_call.cpp" \
            -o "$object"; } 2>&1
    done | awk -v name="$compiler" '
        { took = $1 + $2; if (NR == 1 || took < best) best = took }
        END { printf "%s: %.1f s\n", name, best; exit best > 3 }'
done
