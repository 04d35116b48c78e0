#!/bin/sh
# build.sh PROJECT FOLDER: compiles the one .csproj in the folder PROJECT, a program of .NET's that
# we are judged by, into FOLDER; run it as dotnet FOLDER/<name of the project>.dll.
# Exits 77 when there is no .NET SDK, or 1 where CI=true.
set -eu

missing() {
    echo "PEER MISSING: the .NET SDK ($1). Debian has no package of it:" \
        "https://dotnet.microsoft.com/download" >&2
    [ "${CI:-}" = true ] && exit 1
    exit 77
}

[ $# -eq 2 ] || { echo "usage: build.sh PROJECT FOLDER" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$1" && ls "$PWD"/*.csproj)
mkdir -p "$2"
out=$(cd "$2" && pwd)
command -v dotnet >/dev/null || missing "no dotnet"
dotnet --list-sdks | grep -q . || missing "a runtime without SDK"

# Up to date already? Starting the compiler takes seconds, and every test run calls this.
built=$out/$(basename "$project" .csproj).dll
if [ -e "$built" ] && [ -z "$(find "$1" -type f -newer "$built")" ]; then exit 0; fi
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Everything the compiler writes stays in the output folder, and no build server outlives this.
if ! dotnet build "$project" --nologo -v:quiet -c Release -o "$out" \
        -nodeReuse:false -p:UseSharedCompilation=false -p:RestoreConfigFile="$here/nuget.config" \
        -p:BaseIntermediateOutputPath="$out/obj/" >"$out/build.log" 2>&1; then
    cat "$out/build.log" >&2
    exit 1
fi
