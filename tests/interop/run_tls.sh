#!/usr/bin/env bash
# run_tls.sh BIN
# Puts our TLS engine (BIN/tls_peer) against the openssl command and .NET's SslStream, in both roles,
# with TLS 1.2 and 1.3, with and without client certificates, and with certificates that must be
# refused. Exits 77 (1 where CI=true) when the .NET SDK is missing.
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,5p' "$0" >&2; exit 2; }
bin=$1
here=$(cd "$(dirname "$0")" && pwd)
peers=${NETTCP_PEERS:-$bin/../peers}/upgrade_peer
# shellcheck source=tests/interop/host_process.sh
. "$here/host_process.sh"
# shellcheck source=tests/interop/certificates.sh
. "$here/certificates.sh"
[ -x "$bin/tls_peer" ] || { echo "tls_peer is not built in $bin" >&2; exit 1; }
"$here/dotnet/build.sh" "$here/dotnet/upgrade_peer" "$peers"
dictionary=$here/../../proto/nbfx/static_dictionary.table
made=$work/certificates
mkdir "$made"
make_certificates "$made"

port_of_host() { sed -n 's/^READY //p' "$work/server.log"; }

client() { says "$1" "$bin/tls_peer" client port="$port" name=localhost trust="$made/ca.crt" "${@:2}"; }

# --- openssl s_server, our client ---
for version in 1_2 1_3; do
    export PORT
    PORT=$(free_port)
    stop
    port=$PORT
    start bash -c 'openssl s_server "$@" & child=$!
        until (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; do sleep 0.1; done
        echo READY; trap "kill $child" EXIT TERM; wait $child' - \
        -accept "127.0.0.1:$port" -rev -quiet -naccept 100 -tls$version \
        -key "$made/server.key" -cert "$made/server.crt" -Verify 4 -CAfile "$made/ca.crt" \
        -verify_return_error
    client "OK name=CN=server tls=TLSv${version/_/.}" size=12000 certificate="$made/client.pem"
    client "mutual=1" certificate="$made/client.p12" password=open
    client "FAIL" certificate="$made/stranger.pem"
    client "said=alert" # no certificate
done
client "OK name=CN=server tls=TLSv1.3" tls=1.3 certificate="$made/client.pem"

# --- our host, openssl s_client ---
head -c 150000 /dev/zero | tr '\0' 'y' >"$work/sent"
for version in 1_2 1_3; do
    stop
    start "$bin/tls_peer" host certificate="$made/server.pem" trust="$made/ca.crt" size=150000
    openssl s_client -connect "127.0.0.1:$(port_of_host)" -tls$version -quiet -verify_return_error \
        -CAfile "$made/ca.crt" -verify_hostname localhost -cert "$made/client.crt" \
        -key "$made/client.key" <"$work/sent" >"$work/back" 2>"$work/client.log" 9>&- || true
    the_host_says "OK name=CN=alice, O=Peers tls=TLSv${version/_/.}"
    cmp "$work/sent" "$work/back"
    echo "PASS openssl s_client -tls$version got back what it sent"
done

# --- .NET's SslStream in net.tcp, our client: three sessions on one connection ---
dotnet_serves() {
    stop
    start dotnet "$peers/upgrade_peer.dll" host mode=tls dictionary="$dictionary" certificate="$made/server.pem" \
        trust="$made/ca.crt" "$@"
    port=$(port_of_host)
}
for version in 1.2 1.3; do
    dotnet_serves tls=$version
    client "OK name=CN=server tls=TLSv$version" framing=1 sessions=3
    the_host_says "OK role=host session=3"
    dotnet_serves tls=$version callers=certificate
    client "mutual=1" framing=1 sessions=3 certificate="$made/client.pem"
    the_host_says "name=CN=alice,O=Peers"
    client "FAIL rule=" framing=1 certificate="$made/stranger.pem"
    the_host_says "stage=handshake"
done
for bad in "self-signed:is self-signed and not trusted" "wrong-name:is for another name" \
    "wrong-use:is not for this use" "stranger:no trusted CA"; do
    stop
    start dotnet "$peers/upgrade_peer.dll" host mode=tls dictionary="$dictionary" certificate="$made/${bad%%:*}.pem"
    port=$(port_of_host)
    says "${bad#*:}" "$bin/tls_peer" client port="$port" name=localhost trust="$made/ca.crt" \
        framing=1
    the_host_says "stage=handshake"
done
stop
start dotnet "$peers/upgrade_peer.dll" host mode=tls dictionary="$dictionary" certificate="$made/server.pem" tls=1.2
port=$(port_of_host)
client "share no TLS version" framing=1 tls=1.3

# --- our host, .NET's SslStream: it gets as far as its call, which this host does not answer ---
host() { stop; start "$bin/tls_peer" host framing=1 "$@"; }
dotnet_calls() {
    says "FAIL role=client stage=$1" dotnet "$peers/upgrade_peer.dll" client mode=tls \
        dictionary="$dictionary" via="net.tcp://127.0.0.1:$(port_of_host)/echo" \
        trust="$made/ca.crt" "${@:2}"
}
for version in 1.2 1.3; do
    host certificate="$made/server.pem"
    dotnet_calls call tls=$version
    the_host_says "OK name= tls=TLSv$version"
    host certificate="$made/server.pem" trust="$made/ca.crt"
    dotnet_calls call tls=$version certificate="$made/client.pem"
    the_host_says "OK name=CN=alice, O=Peers tls=TLSv$version"
    host certificate="$made/server.pem" trust="$made/ca.crt"
    dotnet_calls "" tls=$version
    the_host_says "the caller sent no certificate"
    host certificate="$made/server.pem" trust="$made/ca.crt"
    dotnet_calls "" tls=$version certificate="$made/stranger.pem"
    the_host_says "no trusted CA"
    host certificate="$made/wrong-name.pem"
    dotnet_calls handshake tls=$version
    the_host_says "FAIL"
done
host certificate="$made/server.pem" tls=1.3
dotnet_calls handshake tls=1.2
the_host_says "share no TLS version"
echo "TLS met OpenSSL and .NET"
