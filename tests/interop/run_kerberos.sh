#!/usr/bin/env bash
# run_kerberos.sh BIN [CATCH OPTION...]
# Runs the security tests that need a KDC, BIN/security_tests [.kdc], in the realm of kdc.sh, and
# under libfaketime, so that they can set the clock.
# Exits 77 (1 where CI=true) when there is no KDC, no NTLM mechanism or no libfaketime here.
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,5p' "$0" >&2; exit 2; }
bin=$1
shift
here=$(cd "$(dirname "$0")" && pwd)

# shellcheck source=tests/interop/realm.sh
. "$here/realm.sh"
need_ntlm

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
# first FILE...: the first of these that exists.
first() {
    local file
    for file; do
        [ ! -e "$file" ] || { echo "$file"; return; }
    done
}
faketime=$(first /usr/lib/*/faketime/libfaketime.so.1 /usr/lib64/faketime/libfaketime.so.1)
[ -n "$faketime" ] || missing "libfaketime (Debian: faketime)"
[ -x "$bin/security_tests" ] || { echo "no $bin/security_tests" >&2; exit 1; }

# A sanitizer's library wants to be loaded before libfaketime. Clang's, which is part of the program,
# must not look at the clock while it frees memory: libfaketime reads a file then, and frees, too.
sanitizer=$(ldd "$bin/security_tests" | awk '/lib[at]san/ { print $3 }')
# The clock of the tests' program only: a file says how far it is off, and is read at every look.
echo +0s >"$work/clock"
cat >"$work/tests" <<END
#!/bin/sh
export FAKETIME_TIMESTAMP_FILE='$work/clock' FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1
export KRB5RCACHEDIR='$work'
export ASAN_OPTIONS=allocator_release_to_os_interval_ms=-1
exec env LD_PRELOAD="${sanitizer:+$sanitizer }$faketime" "$bin/security_tests" "\$@"
END
chmod +x "$work/tests"
if [ $# -eq 0 ]; then
    cat >"$work/all" <<END
#!/bin/sh -e
"$work/tests" '[.kdc]' --warn NoTests
GSS_MECH_CONFIG=/nonexistent/mech "$work/tests" '[.no_ntlm]' --warn NoTests
OPENSSL_MODULES=/nonexistent/modules "$work/tests" '[.no_md4]' --warn NoTests
END
    chmod +x "$work/all"
    set -- "$work/all"
else
    set -- "$work/tests" "$@"
fi
status=0
"$here/kdc.sh" run "$work/realm" "$@" || status=$?
exit "$status"
