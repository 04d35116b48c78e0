#!/usr/bin/env bash
# run.sh BIN [PART [ARGUMENT...]]
# Load and faults with the programs in BIN, see docs/load.md: one part, or all of them (about two
# minutes). `streams [MiB]` streams so much, 5 GiB, each way; `crowds` is idle, also
# within TLS, and reconnect. A soak has Kerberos, too, where MIT's KDC is installed.
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,5p' "$0" >&2; exit 2; }
bin=$(cd "$1" && pwd)
shift
interop=$(cd "$(dirname "$0")/../interop" && pwd)

part() {
    printf '\n==> load %s\n' "$*"
    case $1 in
    streams) bash "$interop/run_big_streams.sh" "$bin" "${2:-5120}" ;;
    soak) soak "$@" ;;
    crowds) part idle && part idle --tls 1 && part reconnect ;;
    *) "$bin/load" "$@" ;;
    esac
}

soak() {
    local folder status=0
    if ! PATH=$PATH:/usr/sbin command -v krb5kdc >/dev/null; then
        "$bin/load" "$@"
        return
    fi
    folder=$(mktemp -d)
    bash "$interop/kdc.sh" run "$folder" "$bin/load" "$@" || status=$?
    rm -rf "$folder"
    return $status
}

if [ $# -ne 0 ]; then
    part "$@"
    exit
fi
part crowds
part callbacks
part cuts
part streams 1024
part soak 60
