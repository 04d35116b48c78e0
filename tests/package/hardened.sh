#!/usr/bin/env bash
# Release executables are built for production: they can be put anywhere in memory, what the linker
# has resolved is read-only before the first instruction of ours, stacks and the C library's copies
# are checked.
#
# usage: hardened.sh EXECUTABLE...
set -euo pipefail

missing=0
for program in "$@"; do
    lacks() { echo "$program: $*"; missing=1; }
    header=$(readelf -hW "$program") segments=$(readelf -lW "$program")
    dynamic=$(readelf -dW "$program") symbols=$(readelf --dyn-syms -W "$program")
    grep -q 'Type: *DYN' <<<"$header" || lacks "not position-independent"
    grep -q GNU_RELRO <<<"$segments" || lacks "no segment that becomes read-only"
    grep -q 'BIND_NOW\|Flags:.*NOW' <<<"$dynamic" || lacks "symbols are bound late"
    grep 'GNU_STACK' <<<"$segments" | grep -q 'RWE' && lacks "an executable stack"
    grep -q '__stack_chk_fail' <<<"$symbols" || lacks "stacks are not protected"
    grep -q '__[a-z]*_chk@' <<<"$symbols" || lacks "sizes of copies are not checked"
done
exit $missing
