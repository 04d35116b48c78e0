#!/usr/bin/env bash
# run_windows.sh BIN
# Puts Windows security of our host and client (BIN/nettcp) against .NET's NegotiateStream in both
# directions: Kerberos and NTLM, every protection level, small and large payloads, and what must be
# refused. Exits 77 (1 where CI=true) when the .NET SDK, MIT's KDC or gss-ntlmssp is missing.
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,5p' "$0" >&2; exit 2; }
bin=$1
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/interop/realm.sh
. "$here/realm.sh"
within_realm "$0" "$@"
need_ntlm
peers=${NETTCP_PEERS:-$bin/../peers}/upgrade_peer
# shellcheck source=tests/interop/host_process.sh
. "$here/host_process.sh"
"$here/dotnet/build.sh" "$here/dotnet/upgrade_peer" "$peers"
dictionary=$here/../../proto/nbfx/static_dictionary.table
contract=http://peers.test/svc
long=$(printf 'x%.0s' $(seq 4000))
# More than a frame holds, since Kerberos's library makes the first one, and we those behind it.
huge=$(printf '%0100000d' 7)
NETTCP_PASSWORD=$work/password
echo bob-password >"$NETTCP_PASSWORD"

# ---- our host, .NET's client -----------------------------------------------------------------
we_serve() {
    stop
    start "$bin/nettcp" serve --port 0 --path /echo --security windows "$@"
    via=$(grep -o 'net\.tcp://[^ ]*' "$work/server.log" | head -n 1 | sed 's|127\.0\.0\.1|localhost|;s|/*$||')
    case $via in */echo) ;; *) via=$via/echo ;; esac
}

dotnet_calls() {
    says "$1" dotnet "$peers/upgrade_peer.dll" client mode=windows via="$via" \
        dictionary="$dictionary" "${@:2}"
}
user="user=bob password=bob-password domain=NETTCP"

we_serve
dotnet_calls "OK role=client session=2 sizes=5,65000,5,300000,6" sessions=2 sizes=5,65000,5,300000,6
grep -F "auth=Kerberos" "$work/client.log" | grep -F "encrypted=True" | grep -qF "mutual=True"
dotnet_calls "FAIL role=client stage=handshake" spn=host/nosuch.test
dotnet_calls "FAIL role=client stage=handshake" level=None user=bob password=bob-password domain=NETTCP
KRB5CCNAME=FILE:/nonexistent dotnet_calls "FAIL role=client stage=handshake" \
    user=bob password=wrong domain=NETTCP

we_serve --allow-ntlm
# shellcheck disable=SC2086  # one word per key
{
    KRB5CCNAME=FILE:/nonexistent dotnet_calls "auth=NTLM" $user spn=host/nosuch.test sizes=5,65000
    KRB5CCNAME=FILE:/nonexistent dotnet_calls "FAIL role=client stage=" $user spn=host/nosuch.test \
        level=Sign
}
we_serve --allow-ntlm --protection sign
# shellcheck disable=SC2086
KRB5CCNAME=FILE:/nonexistent dotnet_calls "encrypted=False signed=True" $user spn=host/nosuch.test \
    level=Sign sizes=5,65000
we_serve --allow-ntlm --protection none
# shellcheck disable=SC2086
KRB5CCNAME=FILE:/nonexistent dotnet_calls "encrypted=False signed=False" $user level=None \
    sizes=5,65000

# ---- .NET's host, our client -----------------------------------------------------------------
dotnet_serves() {
    stop
    start dotnet "$peers/upgrade_peer.dll" host mode=windows dictionary="$dictionary" "$@"
    port=$(sed -n 's/^READY //p' "$work/server.log")
}

we_call() {
    says "$1" "$bin/nettcp" call "net.tcp://localhost:$port/echo" --security windows \
        --action "$contract/IEcho/Echo" --timeout 20s \
        --body "<Echo xmlns=\"$contract\"><text>${text:-hello}</text></Echo>" "${@:2}"
}

by_bob=(--user bob --domain NETTCP --password-file "$NETTCP_PASSWORD")
dotnet_serves
we_call "<EchoResult>hello</EchoResult>"
the_host_says "auth=Kerberos name=alice@NETTCP.TEST encrypted=True signed=True mutual=True token=Identification"
text=$long we_call "<EchoResult>$long</EchoResult>" --spn host/localhost --package kerberos
text=$huge we_call "<EchoResult>$huge</EchoResult>"
we_call "<EchoResult>hello</EchoResult>" "${by_bob[@]}"
the_host_says "name=bob@NETTCP.TEST"
we_call "the KDC knows no service of this name" --spn host/nosuch.test
KRB5CCNAME=FILE:/nonexistent we_call "there is no Kerberos ticket to call with"
we_call "<EchoResult>hello</EchoResult>" --package ntlm --allow-ntlm "${by_bob[@]}"
the_host_says 'auth=NTLM name=NETTCP.bob encrypted=True'
text=$long we_call "<EchoResult>$long</EchoResult>" --spn host/nosuch.test --allow-ntlm "${by_bob[@]}"
we_call "the peer wants more protection" --package ntlm --allow-ntlm "${by_bob[@]}" --protection sign
dotnet_serves level=Sign
text=$long we_call "<EchoResult>$long</EchoResult>" --package ntlm --allow-ntlm "${by_bob[@]}" \
    --protection sign
the_host_says 'name=NETTCP.bob encrypted=False signed=True'
dotnet_serves level=None
text=$long we_call "<EchoResult>$long</EchoResult>" --allow-ntlm "${by_bob[@]}" --protection none
the_host_says 'name=NETTCP.bob encrypted=False signed=False'
KRB5_KTNAME=FILE:/nonexistent dotnet_serves
we_call "the peer has no credentials to answer with"
