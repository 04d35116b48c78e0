#!/usr/bin/env bash
# run.sh NETTCP_EXE [NETTCP]
# Lets the Windows command line call this machine's, and the other way round, and holds what it
# decodes and converts to what this machine's does. NETTCP is looked for in build/ if not given.
# Prints every case, exits 0 when all passed, 77 (1 where CI=true) when Wine or NETTCP is missing.
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,5p' "$0" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
exe=$1
work=$(mktemp -d)
server=
address=
contract=http://peers.test/svc
text='héllo &lt;&amp; 你好 😀'  # as XML
# shellcheck source=tests/interop/wwsapi/wine.sh
. "$root/tests/interop/wwsapi/wine.sh"

missing() {
    echo "PEER MISSING: $1" >&2
    [ "${CI:-}" = true ] && exit 1
    exit 77
}

stop() {
    [ -n "$server" ] || return 0
    kill "$server" 2>/dev/null || true
    for _ in $(seq 50); do kill -0 "$server" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$server" 2>/dev/null || true
    ended=0
    wait "$server" 2>/dev/null || ended=$?
    server=
}

clean_up() {
    local code=$?
    stop
    rm -rf "$work"
    exit "$code"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

fail() {
    echo "FAIL $1" >&2
    cat "$work/out" "$work/server.log" >&2 || true
    exit 1
}

# start COMMAND...: a host in the background; sets $address.
start() {
    : >"$work/server.log" # here, not only in the background: an earlier READY must be gone
    "$@" >"$work/server.log" 2>&1 </dev/null &
    server=$!
    for _ in $(seq 300); do
        address=$(grep -o '^READY net\.tcp://[^ ]*' "$work/server.log" | cut -d' ' -f2) && return
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    fail "the host did not get ready: $*"
}

# calls CODE TEXT COMMAND...: exit code, and a text in what is printed (none if empty). Wine leaves processes
# behind that would hold a pipe open, so the output goes to a file.
calls() {
    local wanted=$1 said=$2 code=0
    shift 2
    timeout 60 "$@" >"$work/out" 2>&1 </dev/null || code=$?
    [ "$code" -eq "$wanted" ] || fail "exit code $code, not $wanted: $*"
    [ -z "$said" ] || grep -qF -- "$said" "$work/out" || fail "no '$said': $*"
}

# every_call COMMAND...: what one command line says to the host at $address.
every_call() {
    local url=$address/none/echo
    calls 0 "<EchoResult>$text</EchoResult>" "$@" call "$url" --action $contract/IEcho/Echo --repeat 20 \
        --record "$work/record" --body "<Echo xmlns=\"$contract\"><text>$text</text></Echo>"
    [ "$(grep -cF "<EchoResult>$text</EchoResult>" "$work/out")" -eq 20 ] || fail "20 replies"
    echo "PASS 20 calls over one session"
    calls 0 "<AddResult>42</AddResult>" "$@" call "$url" --action $contract/IEcho/Add \
        --body "<Add xmlns=\"$contract\"><a>40</a><b>2</b></Add>"
    echo "PASS two results"
    calls 2 "reason: on purpose" "$@" call "$url" --action $contract/IEcho/Fail \
        --body "<Fail xmlns=\"$contract\"><text>on purpose</text><code>42</code></Fail>"
    echo "PASS fault"
    calls 0 "" "$@" call "$url" --action $contract/IEcho/Notify --one-way \
        --body "<Notify xmlns=\"$contract\"><text>note</text></Notify>"
    echo "PASS one-way"
    calls 3 "longer than its deadline" "$@" call "$url" --action $contract/IEcho/Sleep --timeout 300ms \
        --body "<Sleep xmlns=\"$contract\"><milliseconds>1000</milliseconds></Sleep>"
    echo "PASS deadline"
    calls 3 "no connection" "$@" call net.tcp://127.0.0.1:9/none/echo --action x
    echo "PASS connection refused"
}

# same WHAT COMMAND...: prints the same under Wine and here.
same() {
    local what=$1
    shift
    timeout 60 "$nettcp" "$@" >"$work/here" 2>&1 <"$work/input" || true
    timeout 60 "$wine" "$exe" "$@" >"$work/out" 2>&1 <"$work/input" || true
    [ -s "$work/here" ] || fail "$what: nothing was printed"
    cmp "$work/here" "$work/out" || fail "$what: not the same"
    echo "PASS $what"
}

[ -x "$wine" ] || missing "Wine. Get it with: apt-get install --no-install-recommends wine64"
nettcp=${2:-}
for preset in release dev clang; do
    [ -n "$nettcp" ] || [ ! -x "$root/build/$preset/bin/nettcp" ] ||
        nettcp=$root/build/$preset/bin/nettcp
done
[ -n "$nettcp" ] || missing "this machine's own nettcp, for the other side. Get it with: tools/dev build"
use_wine "$(dirname "$exe")/../wine"

echo "== nettcp.exe calls this machine's host"
start "$nettcp" serve --port 0 --drain 3s
every_call "$wine" "$exe"
stop
[ "$ended" -eq 0 ] || fail "the host ended with $ended"
cp "$work/record" "$work/input"
same "what it recorded is decoded the same" decode -

echo "== this machine's client calls nettcp.exe's host"
start "$wine" "$exe" serve --port 0 --drain 3s
every_call "$nettcp"
stop

echo "== the same output"
for capture in none/none-complex none/none-fault bad-preambles; do
    file=$(find "$root/tests/captures" -path "*/$capture*.txt" ! -name '*.xml.txt' | sort | head -n 1)
    cp "$file" "$work/input"
    same "decode $(basename "$file")" decode --json -
done
printf '<a xmlns="urn:x"><b c="1">%s</b><d/></a>' "grün 你好" >"$work/input"
same "xml --to-binary" xml --to-binary
cp "$work/here" "$work/input"
same "xml --to-text" xml --to-text
