#!/usr/bin/env bash
# run_mono.sh BIN host|client|self
#   host    our interop_host in BIN serves, Mono's ChannelFactory calls it
#   client  Mono's ServiceHost serves, our interop_client in BIN calls it
#   self    Mono against Mono: are the peers themselves in order?
# Prints every case, exits 0 when all passed, 77 (1 where CI=true) when Mono is missing.
set -euo pipefail

[ $# -eq 2 ] || { sed -n '2,6p' "$0" >&2; exit 2; }
bin=$1
role=$2
here=$(cd "$(dirname "$0")" && pwd)
peers=${NETTCP_PEERS:-$bin/../peers}/mono
# shellcheck source=tests/interop/host_process.sh
. "$here/host_process.sh"

# Cases our client runs against Mono's host. Left out: reorder (Mono serves the calls of one session
# one after the other) and session-idle (nothing of Mono's takes part). README.md lists where Mono
# deviates from .NET.
our_cases="echo echo3 echo-unicode bytes bytes-big complex out-params oneway fault fault-unhandled"
our_cases+=" slow timeout whoami concurrent reopen"
# Cases Mono's client runs against Mono's host; reorder is left out for the same reason.
self_cases="echo echo-unicode echo-crlf echo-null echo-empty bytes-null bytes-0 bytes-1 bytes-2"
self_cases+=" bytes-3 bytes-255 bytes-256 bytes-1000 chars-8000 bytes-1mib oneway fault after-fault"
self_cases+=" fault-plain complex complex-null out-params slow concurrent concurrent-sessions"
self_cases+=" reopen"
chat_cases="duplex-subscribe duplex-say duplex-askback duplex-session"

# Mode of ours and encoding of Mono's, with fewer cases: what is the same in all of them has been
# seen by then. Left out: WS-Addressing of 2004, with which Mono sends no MessageID, and carriage
# returns, which Mono writes unescaped, so that they are line feeds for any reader of XML.
host_encodings="none-text:soap12-utf-8 none-text-utf16:soap12-utf-16 none-text-utf16:soap12-utf-16be"
host_encodings+=" none-text11:soap11-utf-8 none-text11-utf16:soap11-utf-16"
host_encodings+=" none-text11-utf16:soap11-utf-16be"
client_encodings="none-text:soap12-utf-8 none-text-utf16-mono:soap12-utf-16"
client_encodings+=" none-text11:soap11-utf-8 none-text11-utf16-mono:soap11-utf-16"
our_text_cases="echo echo3 bytes complex out-params oneway fault whoami"
mono_text_cases="echo echo-unicode echo-null echo-empty bytes-1000 chars-8000 oneway fault"
mono_text_cases+=" after-fault complex complex-null out-params"

# Of the stream group, over streamed transfer: all.
our_stream_cases="stream-echo-string stream-upload-named"
for kind in download upload echo; do
    for size in 0 1k 300k 5m; do our_stream_cases+=" stream-$kind-$size"; done
done

# passes COMMAND...: a client's exit code and its TOTAL line must both say that all is well.
passes() {
    local code=0
    timeout 120 "$@" 9>&- | tee "$work/client.log" || code=$?
    [ "$code" -eq 0 ] && grep -Eq '^TOTAL pass=[1-9][0-9]* fail=0$' "$work/client.log" && return
    echo "FAILED (exit code $code); the host said:" >&2
    tail -n 40 "$work/server.log" >&2
    return 1
}

# failed: the names of the cases that failed, without what stands in front of them.
failed() { sed -nE 's,^FAIL ([^ ]*/)?([^ ]+) .*,\2,p' "$work/client.log"; }

# against_mono_host GROUP MODE ENCODING CASE...: Mono's host now and then never picks up a new session
# (about one in a hundred, Mono's own client sees it too; most of those that come within a
# millisecond of the end of another, so we pause): what failed is tried again on a fresh
# host. What is wrong on our side fails again.
against_mono_host() {
    local group=$1 mode=$2 encoding=$3 path=$2 command contract=()
    shift 3
    local cases=("$@")
    [ "$group" = echo ] || contract=("$group")
    [ "$encoding" != streamed ] || path+=-streamed
    for _ in 1 2 3; do
        start mono "$peers/mono_host.exe" "$port" "$path" "$encoding" "${contract[@]}"
        if [ "$role" = client ]; then
            command=("$bin/interop_client" --addr "net.tcp://localhost:$port" --mode "$mode")
            [ "$encoding" != streamed ] || command+=(--transfer streamed)
            command+=(--groups "$group" --timeout 15 --pause 200 --cases "$(IFS=,; echo "${cases[*]}")")
        else
            command=(mono "$peers/mono_client.exe" --encoding "$encoding")
            command+=("net.tcp://localhost:$port/$mode/echo" "${cases[@]}")
        fi
        if passes "${command[@]}"; then
            stop
            return
        fi
        stop
        mapfile -t cases < <(failed)
        if ! grep -q '^TOTAL' "$work/client.log" || [ "${#cases[@]}" -eq 0 ] ||
            [ "${#cases[@]}" -gt 3 ]
        then
            exit 1
        fi
        echo "TRIED AGAIN, with a fresh host: ${cases[*]}" >&2
    done
    exit 1
}

# against_our_host MODE ENCODING CASE...
against_our_host() {
    local path=$1/echo encoding=$2
    [ "$encoding" != streamed ] || path=$1-streamed/stream
    shift 2
    passes mono "$peers/mono_client.exe" --encoding "$encoding" \
        "net.tcp://127.0.0.1:$port/$path" "$@"
}

"$here/mono/build.sh" "$peers"
port=$(free_port)
case $role in
host)
    modes=none
    for pair in $host_encodings; do
        case ",$modes," in *",${pair%:*},"*) ;; *) modes+=",${pair%:*}" ;; esac
    done
    start "$bin/interop_host" --ip 127.0.0.1 --port "$port" --modes "$modes"
    against_our_host none binary
    for pair in $host_encodings; do
        echo "== ${pair#*:}"
        # shellcheck disable=SC2086  # one word per case
        against_our_host "${pair%:*}" "${pair#*:}" $mono_text_cases
    done
    echo "== streamed"
    against_our_host none streamed
    stop
    [ "$ended" -eq 0 ] || { echo "FAILED: our host ended with $ended on SIGTERM" >&2; exit 1; }
    ;;
client)
    # shellcheck disable=SC2086
    against_mono_host echo none binary $our_cases
    echo "== callbacks"
    # shellcheck disable=SC2086
    against_mono_host chat none binary $chat_cases
    for pair in $client_encodings; do
        echo "== ${pair#*:}"
        # shellcheck disable=SC2086
        against_mono_host echo "${pair%:*}" "${pair#*:}" $our_text_cases
    done
    echo "== streamed"
    # shellcheck disable=SC2086
    against_mono_host stream none streamed $our_stream_cases
    ;;
self)
    # shellcheck disable=SC2086
    against_mono_host echo none binary $self_cases
    echo "== callbacks"
    # shellcheck disable=SC2086
    against_mono_host chat none binary $chat_cases
    ;;
*)
    echo "no such role: $role" >&2
    exit 2
    ;;
esac
