#!/usr/bin/env bash
# run_upgrade_peer.sh BIN
# What run_windows.sh and run_tls.sh leave out of security against .NET: payloads of 200 KB and
# 5 MiB, several sessions on one connection, and peers that break the rules of an upgrade on purpose
# (the octets are .NET's sockets', the breaches dotnet/upgrade_peer/Breaches.cs).
# Exits 77 (1 where CI=true) when the .NET SDK, MIT's KDC or gss-ntlmssp is missing.
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,6p' "$0" >&2; exit 2; }
bin=$1
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/interop/realm.sh
. "$here/realm.sh"
within_realm "$0" "$@"
need_ntlm
peers=${NETTCP_PEERS:-$bin/../peers}/upgrade_peer
# shellcheck source=tests/interop/host_process.sh
. "$here/host_process.sh"
# shellcheck source=tests/interop/certificates.sh
. "$here/certificates.sh"
for program in interop_host interop_client nettcp; do
    [ -x "$bin/$program" ] || { echo "$program is not built in $bin" >&2; exit 1; }
done
"$here/dotnet/build.sh" "$here/dotnet/upgrade_peer" "$peers"
peer=(dotnet "$peers/upgrade_peer.dll")
dictionary=dictionary=$here/../../proto/nbfx/static_dictionary.table
export KRB5RCACHEDIR=$work
made=$work/certificates
mkdir "$made"
make_certificates "$made"

# ---- our host ------------------------------------------------------------------------------------
port=$(free_port)
start "$bin/interop_host" --port "$port" --modes tls,tls-cert,win-none,win-sign,win-enc \
    --cert "$made/server.crt" --key "$made/server.key" --ca "$made/ca.crt"
calls() {
    local text=$1 mode=$2
    shift 2
    says "$text" "${peer[@]}" client "$dictionary" spn="${spn:-host/localhost}" trust="$made/ca.crt" \
        via="net.tcp://localhost:$port/$mode/echo" "$@"
}
sizes=sizes=5,200000,5242880
ntlm=(user=bob password=bob-password domain=NETTCP)
calls "OK role=client session=3" win-enc mode=windows sessions=3 $sizes
calls "OK role=client session=3" tls mode=tls tls=1.2 sessions=3 $sizes
calls "OK role=client session=1" tls mode=tls tls=1.3 $sizes
calls "OK role=client session=1" tls-cert mode=tls certificate="$made/client.crt" \
    key="$made/client.key" $sizes
calls "encrypted=False signed=False" win-none mode=windows level=None "${ntlm[@]}" sessions=2 $sizes
KRB5CCNAME=FILE:$work/none spn=host/nosuch.test calls "encrypted=False signed=True" win-sign \
    mode=windows level=Sign "${ntlm[@]}" $sizes

# The handshake's breaches are told by an error message; behind it nothing can be told.
invalid=150100000808030980ffffffff
calls "answered by $invalid" win-enc mode=windows breach=garbage-token
calls "answered by $invalid" win-enc mode=windows breach=garbage
calls "answered by $invalid" win-enc mode=windows breach=empty-done
for breach in error-old error-new error-level error-short close frame-unprotected frame-size-zero \
    frame-size-too-large record-unprotected; do
    calls "$breach answered by (" win-enc mode=windows breach=$breach
done
calls "FAIL role=client stage=" win-enc mode=windows breach=early-octets
calls "FAIL role=client stage=ack" win-enc mode=windows breach=skip-upgrade
calls "FAIL role=client stage=ack" tls mode=tls breach=skip-upgrade
calls "record-unprotected answered by (" tls mode=tls tls=1.2 breach=record-unprotected
calls "OK role=client session=1" win-enc mode=windows # still there

# ---- our client ----------------------------------------------------------------------------------
serves() {
    local mode=$1
    shift
    stop
    start "${peer[@]}" host "$dictionary" mode="$mode" "$@"
    port=$(sed -n 's/^READY //p' "$work/server.log")
}
# we_echo OCTETS OPTION...: nettcp calls twice within one session, and must print what it sent.
we_echo() {
    local octets=$1
    shift
    yes abcdefghijklmnopqrstuvwxyz | tr -d '\n' | head -c "$octets" >"$work/text" || true
    { echo '<Echo xmlns="http://peers.test/svc"><text>'; cat "$work/text"; echo '</text></Echo>'; } |
        tr -d '\n' >"$work/body"
    for _ in 1 2; do
        printf '<EchoResponse xmlns="http://peers.test/svc">\n  <EchoResult>'
        cat "$work/text"
        printf '</EchoResult>\n</EchoResponse>\n'
    done >"$work/wanted"
    timeout 120 "$bin/nettcp" call "net.tcp://localhost:$port/echo" --body "@$work/body" \
        --action http://peers.test/svc/IEcho/Echo --repeat 2 "$@" \
        >"$work/replies" 2>"$work/client.log" 9>&- && cmp "$work/wanted" "$work/replies" && {
        echo "PASS nettcp had $octets octets of text come back, twice"
        return
    }
    echo "FAILED: $octets octets of text with $*" >&2
    cut -c 1-1000 "$work/client.log" "$work/server.log" >&2
    exit 1
}
# we_call_at_length MODE OPTION...: as interop_client takes them. `reopen` is five sessions.
we_call_at_length() {
    local mode=$1
    shift
    says "TOTAL pass=6 fail=0" "$bin/interop_client" --addr "net.tcp://localhost:$port" \
        --mode "$mode" "$@" --groups echo --cases echo,echo3,bytes,bytes-big,concurrent,reopen
}
echo bob-password >"$work/password"
we_are_bob=(--package ntlm --user bob --domain NETTCP)
for level in EncryptAndSign:win-enc:encrypt:True Sign:win-sign:sign:True None:win-none:none:False; do
    IFS=: read -r theirs mode ours signed <<<"$level"
    serves windows level="$theirs"
    if [ "$theirs" = EncryptAndSign ]; then
        by=(--spn host/localhost --package kerberos)
        we_call_at_length "$mode" "${by[@]}"
        who="auth=Kerberos name=alice@NETTCP.TEST encrypted=True signed=$signed"
    else
        by=("${we_are_bob[@]}" --allow-ntlm --password-file "$work/password")
        we_call_at_length "$mode" "${we_are_bob[@]}" --password bob-password
        who="auth=NTLM name=NETTCP.bob encrypted=False signed=$signed"
    fi
    the_host_says "OK role=host session=5 calls=1 $who" # the same connection, five handshakes
    for octets in 5 200000 5242880; do
        we_echo $octets --security windows --protection "$ours" "${by[@]}"
    done
done
for version in 2 3; do
    serves tls tls=1.$version certificate="$made/server.pem"
    we_call_at_length tls --ca "$made/ca.crt"
    the_host_says "OK role=host session=5 calls=1 .* tls=Tls1$version"
    for octets in 5 200000 5242880; do we_echo $octets --security tls --ca "$made/ca.crt"; done
done
we_call() {
    says "$1" "$bin/interop_client" --addr "net.tcp://localhost:$port" --mode win-enc \
        --spn host/localhost --groups echo --cases "$2"
}
serves windows
we_call "PASS win-enc/buffered/echo" echo
for row in "error-old:refuses our credentials" "error-new:refuses our credentials" \
    "error-level:wants more protection" "error-short:ended the handshake with an error" \
    "garbage:no handshake message has this type" "empty-done:ends one that is not" \
    "close:closed the connection in the handshake" "frame-size-zero:outside the limits" \
    "frame-size-too-large:outside the limits" "frame-unprotected:fails its check"; do
    serves windows breach="${row%%:*}"
    we_call "${row#*:}" echo
done
echo "upgrades met large payloads, reuse and breaches"
