#!/usr/bin/env bash
# run_tshark.sh BIN: Wireshark's dissectors read conversations of our client and our host.
#
# Conversations over loopback are captured with dumpcap. tshark must find nothing malformed and
# nothing to warn of, and `nettcp decode` must see in the same capture the same records in the same
# order, in each direction of each connection. In conversations with security, tshark must see every
# step of the handshake; it opens Kerberos tickets with the service's keytab.
# Exits 77 (1 where CI=true) where nobody may capture, or where openssl, MIT's KDC or gss-ntlmssp is
# missing; conversations without security are judged before that.
set -euo pipefail

[ $# -eq 1 ] || { sed -n '2p' "$0" >&2; exit 2; }
bin=$1
here=$(cd "$(dirname "$0")" && pwd)
capture=
# shellcheck source=tests/interop/host_process.sh
. "$here/host_process.sh"

at_end() {
    [ -z "$capture" ] || kill "$capture" 2>/dev/null || true
    [ ! -d "$work/realm" ] || "$here/kdc.sh" stop "$work/realm"
}

missing() {
    echo "************ PEER MISSING: $* ************" >&2
    echo "************ Debian: apt-get install tshark; capturing needs root or CAP_NET_RAW" >&2
    [ "${CI:-}" != true ] || exit 1
    exit 77
}

command -v tshark >/dev/null || missing "there is no tshark"
command -v dumpcap >/dev/null || missing "there is no dumpcap"

# serves COMMAND...: a host in the background; leaves $address and $port.
serves() {
    start "$@"
    address=$(sed -n 's,^READY net\.tcp://\([^ /]*\).*,\1,p' "$work/server.log")
    port=${address##*:}
}

# capture_to FILE: what passes on $port from now on. dumpcap says `File:` once it captures.
capture_to() {
    : >"$work/dumpcap.log"
    dumpcap -q -i lo -f "tcp port $port" -w "$1" 2>"$work/dumpcap.log" &
    capture=$!
    for _ in $(seq 100); do
        grep -q '^File:' "$work/dumpcap.log" && return
        kill -0 "$capture" 2>/dev/null || break
        sleep 0.1
    done
    cat "$work/dumpcap.log" >&2
    missing "dumpcap cannot capture on lo"
}

end_capture() {
    sleep 0.5 # for dumpcap to see the last of it
    kill -INT "$capture"
    wait "$capture" || true
    capture=
}

# judge FILE: tshark must not find fault. Leaves its command in $tshark.
judge() {
    tshark=(tshark -n -r "$1" -d "tcp.port==$port,mc-nmf")
    local bad='_ws.malformed || mc-nmf && _ws.expert.severity >= 0x600000' # warnings and errors
    if ! "${tshark[@]}" -Y "$bad" >"$work/bad.txt" 2>"$work/tshark.log" ||
        [ -s "$work/bad.txt" ]; then
        cat "$work/bad.txt" "$work/tshark.log" >&2
        echo "FAILED: tshark finds fault with our conversations" >&2
        exit 1
    fi
}

# ---- without security ----------------------------------------------------------------------------
serves "$bin/nettcp" serve --port 0
capture_to "$work/calls.pcapng"

contract=http://peers.test/svc
# call EXIT-CODE OPERATION ARGUMENTS [OPTION...]
call() {
    local wanted=$1 operation=$2 arguments=$3 ended=0
    shift 3
    "$bin/nettcp" call "net.tcp://$address/none/echo" --action "$contract/IEcho/$operation" \
        --body "<$operation xmlns=\"$contract\">$arguments</$operation>" "$@" \
        >"$work/call.log" 2>&1 || ended=$?
    [ "$ended" -eq "$wanted" ] && return
    cat "$work/call.log" >&2
    echo "FAILED: $operation ended with $ended, not $wanted" >&2
    exit 1
}
call 0 Echo '<text>Grüße, 世界</text>' --repeat 40
call 0 Add '<a>40</a><b>2</b>'
call 2 Fail '<text>on purpose</text><code>42</code>'
call 0 Notify '<text>one way</text>' --one-way
# Long, but within one TCP segment: this dissector (Wireshark 4.0) does not put a record together out
# of several, and calls such records malformed.
call 0 Echo "<text>$(head -c 20000 /dev/zero | tr '\0' x)</text>"
if [ -x "$bin/interop_client" ]; then
    "$bin/interop_client" --addr "net.tcp://$address" --mode none --groups echo \
        --cases echo,echo-unicode,bytes,fault,concurrent,reopen --timeout 30 >"$work/client.log" 2>&1 ||
        { cat "$work/client.log" >&2; echo "FAILED: the client" >&2; exit 1; }
fi
end_capture
judge "$work/calls.pcapng"
"${tshark[@]}" -Y mc-nmf -T fields -e tcp.stream -e tcp.srcport -e mc-nmf.record_type \
    >"$work/tshark.txt" 2>>"$work/tshark.log"
"$bin/nettcp" decode --json "$work/calls.pcapng" >"$work/decode.jsonl" ||
    { echo "FAILED: nettcp decode ended with $?" >&2; tail -n 3 "$work/decode.jsonl" >&2; exit 1; }

python3 - "$port" "$work/tshark.txt" "$work/decode.jsonl" <<'PYTHON'
"""Compares the records of each direction of each connection."""
import collections
import json
import sys

NAMES = ["version", "mode", "via", "known_encoding", "extensible_encoding", "unsized_envelope",
         "sized_envelope", "end", "fault", "upgrade_request", "upgrade_response", "preamble_ack",
         "preamble_end"]
port, theirs_path, ours_path = sys.argv[1:]

theirs = collections.defaultdict(list)
order = {}
with open(theirs_path, encoding="utf-8") as lines:
    for line in lines:
        stream, source, types = line.rstrip("\n").split("\t")
        number = order.setdefault(stream, len(order) + 1)
        side = "S>C" if source == port else "C>S"
        theirs[number, side] += [NAMES[int(value, 0)] for value in types.split(",")]

ours = collections.defaultdict(list)
with open(ours_path, encoding="utf-8") as lines:
    for line in lines:
        found = json.loads(line)
        ours[found["conn"], found["dir"]].append(found["record"])

wrong = [key for key in sorted(theirs.keys() | ours.keys()) if theirs[key] != ours[key]]
for number, side in wrong[:5]:
    print(f"FAIL connection {number} {side}\n  tshark: {theirs[number, side]}\n"
          f"  nettcp: {ours[number, side]}")
records = sum(map(len, ours.values()))
print(f"connections={len(order)} records={records} different directions={len(wrong)}")
sys.exit(1 if wrong or records < 100 else 0)
PYTHON

# ---- with security -------------------------------------------------------------------------------
command -v openssl >/dev/null || missing "there is no openssl"
[ -n "$(find /usr/lib /usr/lib64 -name gssntlmssp.so -print -quit 2>/dev/null)" ] ||
    missing "the NTLM mechanism (Debian: gss-ntlmssp)"
for program in interop_host interop_client; do
    [ -x "$bin/$program" ] || { echo "$program is not built in $bin" >&2; exit 1; }
done
stop
"$here/kdc.sh" start "$work/realm" >/dev/null
# shellcheck source=/dev/null
. "$work/realm/env"
export KRB5RCACHEDIR=$work
# shellcheck source=tests/interop/certificates.sh
. "$here/certificates.sh"
mkdir "$work/certificates"
make_certificates "$work/certificates"
cat >"$work/tls12.cnf" <<'END'
openssl_conf = all
[all]
ssl_conf = tls
[tls]
system_default = newest
[newest]
MaxProtocol = TLSv1.2
END

serves "$bin/interop_host" --port 0 --modes tls,tls-cert,win-none,win-sign,win-enc \
    --cert "$work/certificates/server.crt" --key "$work/certificates/server.key" \
    --ca "$work/certificates/ca.crt"
capture_to "$work/secure.pcapng"
# Three cases, so three connections. None of them uses a connection again: to this dissector, what
# comes behind the first session's end is still what the upgrade was to.
converse() {
    "$bin/interop_client" --addr "net.tcp://localhost:$port" --groups echo \
        --cases echo,bytes,fault --timeout 30 "${@:2}" >"$work/client.log" 2>&1 &&
        { echo "$1" >>"$work/kinds.txt"; return; }
    cat "$work/client.log" >&2
    echo "FAILED: the client with $*" >&2
    exit 1
}
bob=(--user bob --password bob-password --domain NETTCP)
tls=(--ca "$work/certificates/ca.crt")
converse spnego-kerberos --mode win-enc --spn host/localhost
converse spnego-kerberos --mode win-sign --spn host/localhost
converse kerberos --mode win-enc --spn host/localhost --package kerberos
KRB5CCNAME=FILE:$work/none converse spnego-ntlm --mode win-enc --spn host/nosuch.test "${bob[@]}"
converse ntlm --mode win-enc "${bob[@]}" --package ntlm
converse ntlm --mode win-sign "${bob[@]}" --package ntlm
converse ntlm-none --mode win-none "${bob[@]}" --package ntlm
converse tls-1.3 --mode tls "${tls[@]}"
OPENSSL_CONF=$work/tls12.cnf converse tls-1.2 --mode tls "${tls[@]}"
OPENSSL_CONF=$work/tls12.cnf converse tls-1.2-mutual --mode tls-cert "${tls[@]}" \
    --client-cert "$work/certificates/client.crt" --client-key "$work/certificates/client.key"
end_capture
judge "$work/secure.pcapng"
# Only now the keytab: with it, tshark warns of the KDC's signatures in tickets, for lack of their key.
tshark+=(-o kerberos.decrypt:TRUE -o "kerberos.file:${KRB5_KTNAME#FILE:}")
fields=(tcp.stream tcp.srcport frame.protocols mc-nmf.record_type mc-nmf.upgrade ms-nns.message_id
    kerberos.msg_type kerberos.CNameString ntlmssp.messagetype ntlmssp.auth.username
    tls.handshake.type)
"${tshark[@]}" -Y 'mc-nmf || tls' -T fields "${fields[@]/#/-e}" \
    >"$work/secure.txt" 2>>"$work/tshark.log"

python3 - "$port" "$work/secure.txt" "$work/kinds.txt" <<'PYTHON'
"""Compares the steps of each handshake with what its kind must have."""
import collections
import sys

# Of each step: who, protocols, types of messages, names.
WINDOWS = ["C 0,1,2,3,9 application/negotiate", "S 10"]
KERBEROS = ["C ms-nns gss-api{} spnego-krb5 22 14 alice", "S ms-nns gss-api{} spnego-krb5 20 15"]
NTLM = ["C ms-nns gss-api{} ntlmssp 22 0x00000001", "S ms-nns gss-api{} ntlmssp 22 0x00000002",
        "C ms-nns gss-api{} ntlmssp {} 0x00000003 bob"]
TLS = ["C 0,1,2,3,9 application/ssl-tls", "S 10", "C tls 1"]
STEPS = {
    "spnego-kerberos": WINDOWS + [step.format(" spnego") for step in KERBEROS],
    "kerberos": WINDOWS + [step.format("") for step in KERBEROS],
    "spnego-ntlm": WINDOWS + [step.format(" spnego", 22) for step in NTLM] +
                   ["S ms-nns gss-api spnego ntlmssp 20"],  # the signature of the mechanisms
    "ntlm": WINDOWS + [step.format("", 20) for step in NTLM] + ["S ms-nns 20"],
    "tls-1.3": TLS + ["S tls 2"],  # all the rest of this is encrypted
    "tls-1.2": TLS + ["S tls 2,11,12,14", "C tls 16"],
    "tls-1.2-mutual": TLS + ["S tls 2,11,12,13,14", "C tls 11,16,15"],
}
STEPS["ntlm-none"] = STEPS["ntlm"]
PROTOCOLS = {"ms-nns", "gss-api", "spnego", "spnego-krb5", "ntlmssp", "tls", "data"}
# What protects the session. Without protection this dissector goes on to look for data frames, and
# gathers segments for them.
INSIDE = {"ntlm-none": "data", "tls-1.3": "tls", "tls-1.2": "tls", "tls-1.2-mutual": "tls"}
port, seen_path, kinds_path = sys.argv[1:]

steps = collections.defaultdict(list)
with open(seen_path, encoding="utf-8") as lines:
    for line in lines:
        stream, source, protocols, *rest = line.rstrip("\n").split("\t")
        found = [each for each in dict.fromkeys(protocols.split(":")) if each in PROTOCOLS]
        found += [",".join(dict.fromkeys(each.split(","))) for each in rest if each]
        steps[int(stream)].append(" ".join(["S" if source == port else "C", *found]))

with open(kinds_path, encoding="utf-8") as lines:
    kinds = [line.strip() for line in lines for _ in range(3)]
wrong = len(kinds) != len(steps)
for kind, (stream, found) in zip(kinds, sorted(steps.items())):
    wanted = STEPS[kind]
    session = collections.Counter(found[len(wanted):])
    # At least the preamble's end, one message and the session's end, from each side.
    least = 1 if kind == "ntlm-none" else 3
    whole = all(session[f"{side} {INSIDE.get(kind, 'ms-nns')}"] >= least for side in "CS")
    if found[:len(wanted)] != wanted or len(session) != 2 or not whole:
        wrong = True
        print(f"FAIL connection {stream}, {kind}: {found}\n  wanted: {wanted}")
print(f"handshakes={len(steps)} kinds={len(set(kinds))}")
sys.exit(1 if wrong else 0)
PYTHON
