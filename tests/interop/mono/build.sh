#!/usr/bin/env bash
# build.sh FOLDER: compiles the Mono WCF peers into FOLDER (mono_host.exe, mono_client.exe,
# mtom_filter.exe).
# Exits 77 when Mono's compiler or its WCF libraries are missing, or 1 where CI=true.
set -euo pipefail

missing() {
    echo "PEER MISSING: mono ($1). Get it with: apt-get install --no-install-recommends" \
        "mono-mcs mono-runtime libmono-system-servicemodel4.0a-cil" \
        "libmono-system-runtime-serialization4.0-cil ca-certificates-mono" >&2
    [ "${CI:-}" = true ] && exit 1
    exit 77
}

[ $# -eq 1 ] || { echo "usage: build.sh FOLDER" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
command -v mono >/dev/null || missing "no mono"
command -v mcs >/dev/null || missing "no mcs"
for library in System.ServiceModel System.Runtime.Serialization; do
    [ -e "/usr/lib/mono/4.5/$library.dll" ] || missing "no $library"
done

for program in mono_host mono_client; do
    # Up to date already? Compiling takes seconds, and every test run calls this.
    built=$1/$program.exe
    [ "$built" -nt "$here/$program.cs" ] && [ "$built" -nt "$here/contract.cs" ] &&
        [ "$built" -nt "$here/streaming.cs" ] && continue
    # Tests may run side by side: whoever compiles last replaces what others may be running.
    fresh=$1/$$.$program.exe
    mcs -nologo -warnaserror -out:"$fresh" -r:System.ServiceModel -r:System.Xml \
        -r:System.Runtime.Serialization "$here/$program.cs" "$here/contract.cs" "$here/streaming.cs"
    mv "$fresh" "$built"
done

built=$1/mtom_filter.exe
if [ ! "$built" -nt "$here/mtom_filter.cs" ]; then
    mcs -nologo -warnaserror -out:"$1/$$.mtom_filter.exe" -r:System.Xml \
        -r:System.Runtime.Serialization "$here/mtom_filter.cs"
    mv "$1/$$.mtom_filter.exe" "$built"
fi
