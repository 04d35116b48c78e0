#!/usr/bin/env bash
# run_big_streams.sh BIN [MEBIBYTES]
# Streams 1 GiB (or as many MiB as told) from interop_host, to it, and through it and back, as text
# and in MTOM an eighth of that. Fails when either process ever held more than a small part of that.
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,4p' "$0" >&2; exit 2; }
bin=$(cd "$1" && pwd)
mebibytes=${2:-1024}
# What each may hold in all. The host reads 8 MiB ahead of who takes its echo.
allowed=64
mode_count=0
if grep -aqE '__(asan|tsan)_init' "$bin/interop_host"; then # both take their time, and much memory
    mebibytes=${2:-512}
    allowed=256
fi
# shellcheck source=tests/interop/host_process.sh
. "$(cd "$(dirname "$0")" && pwd)/host_process.sh"

port=$(free_port)
start "$bin/interop_host" --ip 127.0.0.1 --port "$port" --modes none,none-text,none-mtom
for mode in none none-text none-mtom; do
    part=$((mode_count++ == 0 ? mebibytes : mebibytes / 8))
    echo "BIG $mode"
    "$bin/interop_client" --addr "net.tcp://127.0.0.1:$port" --mode "$mode" --transfer streamed \
        --timeout 3600 --big $((part * 1024 * 1024)) | tee "$work/client.log"
    client_peak=$(sed -n '$s/.*peak memory \([0-9]*\) MiB/\1/p' "$work/client.log")
    [ "$client_peak" -le "$allowed" ] || { echo "FAILED: over $allowed MiB in memory" >&2; exit 1; }
done
host_peak=$(($(sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$server/status") / 1024))
echo "BIG host peak memory $host_peak MiB"
stop
[ "$ended" -eq 0 ] || { echo "FAILED: the host ended with $ended" >&2; exit 1; }
[ "$host_peak" -le "$allowed" ] || { echo "FAILED: over $allowed MiB in memory" >&2; exit 1; }
