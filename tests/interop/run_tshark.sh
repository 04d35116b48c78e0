#!/usr/bin/env bash
# run_tshark.sh BIN: Wireshark's mc-nmf dissector reads conversations of our client and our host.
#
# Conversations over loopback are captured with dumpcap. tshark must find nothing malformed and
# nothing to warn of, and `nettcp decode` must see in the same capture the same records in the same
# order, in each direction of each connection. Exits 77 (1 where CI=true) where nobody may capture.
set -euo pipefail

[ $# -eq 1 ] || { sed -n '2p' "$0" >&2; exit 2; }
bin=$1
work=$(mktemp -d)
host=
capture=

clean_up() {
    local code=$?
    [ -z "$capture" ] || kill "$capture" 2>/dev/null || true
    [ -z "$host" ] || kill "$host" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$work"
    exit "$code"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

missing() {
    echo "************ PEER MISSING: $* ************" >&2
    echo "************ Debian: apt-get install tshark; capturing needs root or CAP_NET_RAW" >&2
    [ "${CI:-}" != true ] || exit 1
    exit 77
}

command -v tshark >/dev/null || missing "there is no tshark"
command -v dumpcap >/dev/null || missing "there is no dumpcap"

"$bin/nettcp" serve --port 0 >"$work/host.log" 2>&1 &
host=$!
for _ in $(seq 300); do
    grep -q '^READY' "$work/host.log" && break
    kill -0 "$host" 2>/dev/null || break
    sleep 0.1
done
address=$(sed -n 's,^READY net\.tcp://\([^ /]*\).*,\1,p' "$work/host.log")
[ -n "$address" ] || { cat "$work/host.log" >&2; echo "FAILED: the host did not get ready" >&2; exit 1; }
port=${address##*:}

# dumpcap says `File:` once it captures.
dumpcap -q -i lo -f "tcp port $port" -w "$work/calls.pcapng" 2>"$work/dumpcap.log" &
capture=$!
for _ in $(seq 100); do
    grep -q '^File:' "$work/dumpcap.log" && break
    kill -0 "$capture" 2>/dev/null || break
    sleep 0.1
done
grep -q '^File:' "$work/dumpcap.log" || { cat "$work/dumpcap.log" >&2; missing "dumpcap cannot capture on lo"; }

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
sleep 0.5 # for dumpcap to see the last of it
kill -INT "$capture"
wait "$capture" || true
capture=

tshark=(tshark -n -r "$work/calls.pcapng" -d "tcp.port==$port,mc-nmf")
bad='_ws.malformed || mc-nmf && _ws.expert.severity >= 0x600000' # warnings and errors
if ! "${tshark[@]}" -Y "$bad" >"$work/bad.txt" 2>"$work/tshark.log" || [ -s "$work/bad.txt" ]; then
    cat "$work/bad.txt" "$work/tshark.log" >&2
    echo "FAILED: tshark finds fault with our conversations" >&2
    exit 1
fi
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
