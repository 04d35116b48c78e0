#!/bin/sh
# build.sh FOLDER: compiles .NET's side of the binary XML figures into FOLDER; run it as
# dotnet FOLDER/nbfx_bench.dll DOCUMENTS. Exits 77 when there is no .NET SDK.
set -eu

[ $# -eq 1 ] || { echo "usage: build.sh FOLDER" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
command -v dotnet >/dev/null && dotnet --list-sdks | grep -q . || exit 77

built=$out/nbfx_bench.dll
if [ -e "$built" ] && [ -z "$(find "$here" -type f -newer "$built")" ]; then exit 0; fi
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Everything the compiler writes stays in the output folder, and no build server outlives this.
if ! dotnet build "$here/NbfxBench.csproj" --nologo -v:quiet -c Release -o "$out" \
        -nodeReuse:false -p:UseSharedCompilation=false \
        -p:BaseIntermediateOutputPath="$out/obj/" >"$out/build.log" 2>&1; then
    cat "$out/build.log" >&2
    exit 1
fi
