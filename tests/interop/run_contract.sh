#!/usr/bin/env bash
# run_contract.sh BIN [ARGUMENT...]
# Builds the .NET oracle of typed contracts, then runs
# BIN/contract_differential ORACLE_DLL [ARGUMENT...].
# Exits 77 (1 where CI=true) when the .NET SDK is missing.
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,5p' "$0" >&2; exit 2; }
bin=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
peers=${NETTCP_PEERS:-$bin/../peers}/contract_oracle

"$here/dotnet/build.sh" "$here/dotnet/contract_oracle" "$peers"
# Local times are converted to the machine's zone when .NET reads them.
export TZ=UTC DOTNET_CLI_TELEMETRY_OPTOUT=1
[ -x "$bin/contract_differential" ] ||
    { echo "contract_differential is not built in $bin" >&2; exit 1; }
timeout 540 "$bin/contract_differential" "$peers/contract_oracle.dll" "$@"
