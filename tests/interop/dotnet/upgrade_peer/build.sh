#!/bin/sh
# build.sh FOLDER: compiles the peer into FOLDER; run it as dotnet FOLDER/upgrade_peer.dll.
# Exits 77 when there is no .NET SDK, or 1 where CI=true.
set -eu

missing() {
    echo "PEER MISSING: the .NET SDK ($1). Debian has no package of it:" \
        "https://dotnet.microsoft.com/download" >&2
    [ "${CI:-}" = true ] && exit 1
    exit 77
}

[ $# -eq 1 ] || { echo "usage: build.sh FOLDER" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
command -v dotnet >/dev/null || missing "no dotnet"
dotnet --list-sdks | grep -q . || missing "a runtime without SDK"

# Up to date already? Starting the compiler takes seconds, and every test run calls this.
built=$out/upgrade_peer.dll
if [ -e "$built" ] && [ -z "$(find "$here" -type f -newer "$built")" ]; then exit 0; fi
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Everything the compiler writes stays in the output folder, and no build server outlives this.
if ! dotnet build "$here/upgrade_peer.csproj" --nologo -v:quiet -c Release -o "$out" \
        -nodeReuse:false -p:UseSharedCompilation=false \
        -p:BaseIntermediateOutputPath="$out/obj/" >"$out/build.log" 2>&1; then
    cat "$out/build.log" >&2
    exit 1
fi
