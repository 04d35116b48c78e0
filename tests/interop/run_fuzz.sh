#!/usr/bin/env bash
# run_fuzz.sh BIN: `nettcp fuzz` has to find by itself what ends Mono's host: a record of a type that
# there is not, behind the preamble. The finding has to be small and its transcript to do it again.
# Exits 0 when all of that is so, 77 (1 where CI=true) when Mono is missing.
set -euo pipefail

[ $# -eq 1 ] || { sed -n '2,4p' "$0" >&2; exit 2; }
bin=$1
here=$(cd "$(dirname "$0")" && pwd)
peers=${NETTCP_PEERS:-$bin/../peers}/mono
# shellcheck source=tests/interop/host_process.sh
. "$here/host_process.sh"
"$here/mono/build.sh" "$peers"

at_end() {
    if [ -s "$work/mono.pid" ]; then kill -KILL "$(cat "$work/mono.pid")" 2>/dev/null || true; fi
}

fail() {
    echo "FAILED: $1" >&2
    tail -v -n 50 "$work"/*.log >&2
    exit 1
}

# The command that starts Mono's host again, and returns when it accepts connections.
port=$(free_port)
url=net.tcp://127.0.0.1:$port/none/echo
cat >"$work/start_mono" <<START
#!/usr/bin/env python3
import os, signal, subprocess, time
try:
    os.kill(int(open("$work/mono.pid").read()), signal.SIGKILL)
except (OSError, ValueError):
    pass
log = open("$work/mono.log", "w")
stdin, keeper = os.pipe()
os.set_inheritable(keeper, True)  # the host ends when its standard input does
host = subprocess.Popen(["mono", "$peers/mono_host.exe", "$port"], stdin=stdin, stdout=log,
                        stderr=log, close_fds=False, start_new_session=True)
open("$work/mono.pid", "w").write(str(host.pid))
for _ in range(300):
    if "READY" in open("$work/mono.log").read():
        raise SystemExit(0)
    time.sleep(0.1)
raise SystemExit(1)
START
chmod +x "$work/start_mono"
"$work/start_mono" || fail "Mono's host did not get ready"

# 4: a record that there is not is damage.
decodes() { "$bin/nettcp" decode --json "$1" >"$work/decode.log" || [ $? -eq 4 ]; }

# by_unknown_record: a preamble, then no envelope, then an octet that begins no record.
by_unknown_record() {
    python3 - "$work/decode.log" <<'JUDGE'
import json, sys
sent = [line for line in map(json.loads, open(sys.argv[1])) if line["dir"] == "C>S"]
names = [line["record"] for line in sent]
damage = [line["message"] for line in sent if line["record"] == "error"]
sys.exit(not ("preamble_end" in names and "sized_envelope" not in names and
              any("no record has this type octet" in message for message in damage)))
JUDGE
}

# Mono's host never picks up some sessions, most of those that come soon after another, so that a case
# may not reach it: several places in the cases are tried.
finding=
for place in "28 25" "2 23" "23 24" "17 26" "28 25"; do
    read -r seed first <<<"$place"
    code=0
    "$bin/nettcp" fuzz "$url" --seed "$seed" --first "$first" --cases 6 --mutate records \
        --find crash --restart "$work/start_mono" --seconds 30 --rate 10 --deadline 5s \
        --recovery 30s --max-findings 1 --max-tries 16 --out "$work" --json -v \
        >"$work/fuzz.log" 2>"$work/cases.log" || code=$?
    grep '"kind"' "$work/fuzz.log" || true
    [ "$code" -le 1 ] || fail "nettcp fuzz ended with $code"
    for file in "$work"/crash-*.txt; do
        [ -e "$file" ] || continue
        decodes "$file" || fail "$file does not decode"
        if by_unknown_record; then finding=$file; fi
    done
    [ -z "$finding" ] || break
done
[ -n "$finding" ] || fail "no crash is by an unknown record behind the preamble"
echo "PASS one is by an unknown record behind the preamble, and its transcript decodes"
sent=$(sed -n 's/^[0-9.]* 1 C>S //p' "$finding" | tr -d '\n')
echo "  it sends $sent"
[ "${#sent}" -le 200 ] || fail "it is not small"
echo "PASS it is small"

"$work/start_mono" || fail "Mono's host did not get ready"
code=0
"$bin/nettcp" replay "$finding" "$url" --deadline 5s >"$work/replay.log" 2>&1 || code=$?
[ "$code" -eq 1 ] || fail "nettcp replay ended with $code"
grep -q "accepts no connections any more" "$work/replay.log" || fail "nettcp replay saw no crash"
echo "PASS its replay ends a fresh host"
