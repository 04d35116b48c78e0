#!/usr/bin/env bash
# run_wwsapi.sh BIN [host|client|self]
#   host    our interop_host in BIN serves, WWSAPI's channels call it
#   client  a WWSAPI listener serves, our interop_client and nettcp in BIN call it
#   self    WWSAPI against WWSAPI: are the peers themselves in order?
# Without a role: host and client. WWSAPI is Wine's webservices.dll.
# Prints every case, exits 0 when all passed, 77 (1 where CI=true) when the peer is missing.
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,7p' "$0" >&2; exit 2; }
bin=$1
shift
[ $# -gt 0 ] || set -- host client
here=$(cd "$(dirname "$0")" && pwd)
peers=${NETTCP_PEERS:-$bin/../peers}/wwsapi
# shellcheck source=tests/interop/host_process.sh
. "$here/host_process.sh"
# shellcheck source=tests/interop/wwsapi/wine.sh
. "$here/wwsapi/wine.sh"

# Left out between two WWSAPIs: empty text (README.md), sessions at a time, and faults.
self_cases="echo echo-unicode echo-crlf echo-null chars-8000 bytes-0 bytes-1 bytes-2"
self_cases+=" bytes-3 bytes-255 bytes-256 bytes-1000 bytes-70000 out-params many-calls oneway reopen"
# What our client asks Wine's host: README.md says why the others are left out.
our_cases="echo echo3 bytes out-params oneway concurrent reopen"

# passes COMMAND...: a client's exit code and its TOTAL line must both say that all is well. Its
# output takes the way over a file, since Wine leaves processes behind that would hold a pipe open.
passes() {
    local code=0
    timeout 60 "$@" 9>&- >"$work/client.raw" 2>&1 </dev/null || code=$?
    tr -d '\r' <"$work/client.raw" | tee "$work/client.log"
    [ "$code" -eq 0 ] && grep -Eq '^TOTAL pass=[1-9][0-9]* fail=0$' "$work/client.log" && return
    echo "FAILED (exit code $code); the host said:" >&2
    tail -n 40 "$work/server.log" >&2
    exit 1
}

# answers COUNT TEXT COMMAND...: a client that must succeed and print the text so often.
answers() {
    local count=$1 text=$2 code=0
    shift 2
    timeout 60 "$@" 9>&- >"$work/client.log" 2>&1 </dev/null || code=$?
    if [ "$code" -ne 0 ] || [ "$(grep -cF "$text" "$work/client.log")" -ne "$count" ]; then
        echo "FAILED (exit code $code): $*" >&2
        cat "$work/client.log" >&2
        tail -n 40 "$work/server.log" >&2
        exit 1
    fi
    echo "PASS $(basename "$1") $2: $count answers with '$text'"
}

serve_by_wine() {
    address=net.tcp://127.0.0.1:$(free_port)
    start "$wine" "$peers/wwsapi_host.exe" "$address/none/echo"
}

"$here/wwsapi/build.sh" "$peers"
use_wine "$bin/../peers/wine"
for role; do
    case $role in
    host)
        echo "== WWSAPI's channels call our host"
        start "$bin/interop_host" --ip 127.0.0.1 --port 0 --modes none
        address=$(grep -o 'net\.tcp://[^ /]*' "$work/server.log" | head -n 1)
        passes "$wine" "$peers/wwsapi_client.exe" "$address/none/echo"
        stop
        [ "$ended" -eq 0 ] || { echo "FAILED: our host ended with $ended on SIGTERM" >&2; exit 1; }
        ;;
    client)
        echo "== our client calls a WWSAPI listener"
        serve_by_wine
        passes "$bin/interop_client" --addr "$address" --mode none --groups echo --timeout 15 \
            --cases "${our_cases// /,}"
        contract=http://peers.test/svc
        for text in 'héllo 你好 😀' 'nothing but ASCII'; do
            answers 3 "<EchoResult>$text</EchoResult>" "$bin/nettcp" call "$address/none/echo" \
                --action "$contract/IEcho/Echo" --repeat 3 \
                --body "<Echo xmlns=\"$contract\"><text>$text</text></Echo>"
        done
        stop
        ;;
    self)
        echo "== WWSAPI's channels call a WWSAPI listener"
        serve_by_wine
        # shellcheck disable=SC2086  # one word per case
        passes "$wine" "$peers/wwsapi_client.exe" "$address/none/echo" $self_cases
        stop
        ;;
    *)
        echo "no such role: $role" >&2
        exit 2
        ;;
    esac
done
