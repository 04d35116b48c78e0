#!/usr/bin/env bash
# run_differential.sh BIN [ARGUMENT...]
# Builds the .NET oracle, checks it against its known answers, then runs
# BIN/nbfx_differential ORACLE_DLL STATIC_DICTIONARY [ARGUMENT...].
# Exits 77 (1 where CI=true) when the .NET SDK is missing.
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,5p' "$0" >&2; exit 2; }
bin=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
peers=${NETTCP_PEERS:-$bin/../peers}/nbfx_oracle
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$here/dotnet/build.sh" "$here/dotnet/nbfx_oracle" "$peers"
# Local times are converted to the machine's zone when .NET reads them.
export TZ=UTC DOTNET_CLI_TELEMETRY_OPTOUT=1
oracle=("$peers/nbfx_oracle.dll" "$here/../../proto/nbfx/static_dictionary.table")

known=$here/dotnet/nbfx_oracle/known_answers.txt
sed -n 's/^> //p' "$known" | timeout 60 dotnet "${oracle[@]}" |
    sed -E 's/^((ERR|BAD) [^:]*):.*/\1/' >"$work/answers"
sed -n 's/^< //p' "$known" | diff - "$work/answers" >"$work/differences" || {
    echo "the oracle does not give its known answers (< known, > given):" >&2
    cat "$work/differences" >&2
    exit 1
}
echo "oracle: $(wc -l <"$work/answers") known answers given"

[ -x "$bin/nbfx_differential" ] || { echo "nbfx_differential is not built in $bin" >&2; exit 1; }
timeout "${NETTCP_DIFFERENTIAL_SECONDS:-540}" "$bin/nbfx_differential" "${oracle[@]}" "$@"
