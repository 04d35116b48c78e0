# What scripts with Windows security start with: sourced.

missing() {
    echo "SKIPPED: $1 is missing" >&2
    [ "${CI:-}" = true ] && exit 1
    exit 77
}

# within_realm SCRIPT ARGUMENT...: runs the script once more, with a throwaway KDC and what its
# DIR/env sets (kdc.sh); returns at once when that is where it runs already.
within_realm() {
    [ -z "${NETTCP_KDC:-}" ] || return 0
    local code=0
    realm=$(mktemp -d)
    trap 'rm -rf "$realm"' EXIT
    "$(dirname "$1")/kdc.sh" run "$realm" "${BASH:-bash}" "$@" || code=$?
    exit "$code"
}

need_ntlm() {
    local found
    for found in /usr/lib/*/gssntlmssp/gssntlmssp.so /usr/lib64/gssntlmssp/gssntlmssp.so; do
        [ ! -e "$found" ] || return 0
    done
    missing "the NTLM mechanism (Debian: gss-ntlmssp)"
}
