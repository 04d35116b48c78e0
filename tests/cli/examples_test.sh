#!/usr/bin/env bash
# examples_test.sh BIN: what examples/ holds, run as the comments at their tops say.
set -euo pipefail
bin=$1/examples
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
host=
trap '[ -z "$host" ] || kill "$host" 2>/dev/null || true; rm -rf "$work"' EXIT
[ -d "$bin" ] || { echo "SKIPPED: the examples were not built"; exit 77; }

says() { # says FILE TEXT
    grep -qF -- "$2" "$1" || { echo "not said: $2; but:"; cat "$1"; exit 1; }
}

# A sanitizer minds that stdbuf's library is loaded before its own.
ASAN_OPTIONS=verify_asan_link_order=0 stdbuf -oL "$bin/02_host" 0 >"$work/host" &
host=$!
for _ in $(seq 100); do
    if grep -q port "$work/host"; then break; fi
    sleep 0.1
done
port=$(sed -n 's/listening on port //p' "$work/host")
"$bin/01_call" "net.tcp://localhost:$port/none/echo" >"$work/call"
says "$work/call" hello
kill -TERM "$host"
wait "$host"
host=

"$bin/03_typed_contract" >"$work/typed"
says "$work/typed" "order 4711 of 5 pieces"
says "$work/typed" "refused: of plum there are 100 left"

"$bin/04_faults" >"$work/faults"
says "$work/faults" "30: left 70"
says "$work/faults" "500: overdrawn, there are 100"
says "$work/faults" "-1: no such amount"
says "$work/faults" "13: The service failed while it processed the request."
says "$work/faults" "refused: there are only 100"
says "$work/faults" "failed: Could not connect"

"$bin/05_duplex_chat" >"$work/chat"
says "$work/chat" "welcome, bob"
says "$work/chat" "alice hears alice say: hello, everybody"
says "$work/chat" "bob hears alice say: hello, everybody"

head -c 3000000 /dev/urandom >"$work/file"
"$bin/06_stream_a_file" "$work/file" | tr '\r' '\n' >"$work/streamed"
says "$work/streamed" "[########################################] 100 %"
says "$work/streamed" "[####################                    ]  5"
says "$work/streamed" "the service has taken 3000000 octets"

"$bin/09_deadlines" >"$work/deadlines"
says "$work/deadlines" "first: the operation took longer than its deadline"
says "$work/deadlines" "What to try: raise the deadline"
says "$work/deadlines" "second: Operation canceled"
says "$work/deadlines" "third: answered"

"$bin/08_pooling" >"$work/pooling"
says "$work/pooling" "100 sessions, at most 4 at a time"
connections=$(sed -n 's/connections that the host has seen: //p' "$work/pooling")
[ "$connections" -ge 1 ] && [ "$connections" -le 4 ] || { cat "$work/pooling"; exit 1; }

"$bin/10_metrics" >"$work/metrics"
says "$work/metrics" 'nettcp_calls_total{outcome="replied"} 100'
says "$work/metrics" 'nettcp_calls_total{outcome="faulted"} 1'
says "$work/metrics" "nettcp_ready 1"

"$bin/11_embedding" >"$work/embedding"
says "$work/embedding" "1 + 2 + 3 = 6"
says "$work/embedding" "stopped"

# Certificates: of a CA that is trusted, and of one that is not.
. "$here/../interop/certificates.sh"
make_certificates "$work"
"$bin/07_security" tls "$work" >"$work/tls"
says "$work/tls" "Hello, CN=alice, O=Peers, known by X509"
says "$work/tls" "answered by CN=server (X509), protection encrypt_and_sign"
cp "$work/other-ca.crt" "$work/ca.crt"
if "$bin/07_security" tls "$work" 2>"$work/untrusted"; then echo "a stranger was trusted"; exit 1; fi
says "$work/untrusted" "certificate"

# A build without GSS-API says so; a machine without a KDC skips.
ended=0
# shellcheck disable=SC2016  # the inner shell's
"$here/../interop/kdc.sh" run "$work/realm" bash -c '
    "$0" windows >"$1/alice" 2>&1 || exit 1
    "$0" windows host/nobody.test >"$1/nobody" 2>&1 && exit 1
    KRB5CCNAME=FILE:$NETTCP_KDC/bob.ccache "$0" windows >"$1/bob" 2>&1 && exit 1
    exit 0' "$bin/07_security" "$work" || ended=$?
[ $ended != 77 ] || exit 77
[ $ended = 0 ] || { cat "$work"/{alice,nobody,bob} || true; exit 1; }
says "$work/alice" "Hello, alice@NETTCP.TEST, known by Kerberos"
says "$work/alice" "answered by host/localhost (Kerberos), protection encrypt_and_sign"
says "$work/nobody" "the KDC knows no service of this name"
says "$work/bob" "Access is denied."
echo "examples: all ran"
