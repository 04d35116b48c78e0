#!/bin/sh
# build.sh FOLDER: compiles the Mono WCF peers into FOLDER (mono_host.exe, mono_client.exe).
# Exits 77 when Mono's compiler or its WCF libraries are missing; that is a failure (1) where CI=true.
set -eu

missing() {
    echo "PEER MISSING: mono ($1). Get it with: apt-get install --no-install-recommends mono-mcs mono-runtime" \
         "libmono-system-servicemodel4.0a-cil libmono-system-runtime-serialization4.0-cil ca-certificates-mono" >&2
    [ "${CI:-}" = true ] && exit 1
    exit 77
}

[ $# -eq 1 ] || { echo "usage: build.sh FOLDER" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
command -v mono >/dev/null || missing "no mono"
command -v mcs >/dev/null || missing "no mcs"
[ -e /usr/lib/mono/4.5/System.ServiceModel.dll ] || missing "no System.ServiceModel"
[ -e /usr/lib/mono/4.5/System.Runtime.Serialization.dll ] || missing "no System.Runtime.Serialization"

for program in mono_host mono_client; do
    # Up to date already? Compiling takes seconds, and every test run calls this.
    if [ "$1/$program.exe" -nt "$here/$program.cs" ] && [ "$1/$program.exe" -nt "$here/contract.cs" ]; then continue; fi
    mcs -nologo -warnaserror -out:"$1/$program.tmp.exe" -r:System.ServiceModel -r:System.Runtime.Serialization -r:System.Xml \
        "$here/$program.cs" "$here/contract.cs"
    mv "$1/$program.tmp.exe" "$1/$program.exe"
done
