#!/usr/bin/env bash
# run_samba_ad.sh BIN
# One call from our client to our host (BIN/nettcp) with the tickets of a real Active Directory
# domain controller, which is Samba's: tickets with a PAC, an SPN on an account, everything on
# loopback in a network namespace of its own. Exits 77, which is a loud skip, when Samba is missing
# (1 where CI=true) or this machine gives no namespace: its packages start services, so nobody has
# to install them.
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,6p' "$0" >&2; exit 2; }
bin=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
export LC_ALL=C PATH=$PATH:/usr/sbin:/sbin

missing() {
    echo "SKIPPED: $1" >&2
    exit 77
}

if [ -z "${NETTCP_NAMESPACE:-}" ]; then # once more, where port 88 is ours
    for tool in samba samba-tool kinit ip; do
        command -v "$tool" >/dev/null && continue
        [ "${CI:-}" != true ] || { echo "FAILED: $tool is not installed" >&2; exit 1; }
        missing "$tool is not installed (Debian: samba-ad-dc \
samba-ad-provision python3-samba krb5-user iproute2)"
    done
    namespace=-n # as root; else as the root of a namespace of users, too
    unshare $namespace true 2>/dev/null || namespace=-rn
    unshare $namespace true 2>/dev/null || missing "this machine gives no network namespace"
    NETTCP_NAMESPACE=1 exec unshare $namespace "${BASH:-bash}" "$0" "$bin"
fi
ip link set lo up
# Setting up a domain waits for the disk some thousand times; memory is ten times as fast.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
# shellcheck source=tests/interop/host_process.sh
. "$here/host_process.sh"
controller=
end_controller() {
    local code=$?
    [ -z "$controller" ] || kill "$controller" 2>/dev/null || true
    stop
    rm -rf "$work"
    exit "$code"
}
trap end_controller EXIT

fail() {
    echo "FAILED: $*" >&2
    tail -n 30 "$work"/*.log >&2
    exit 1
}

# --- the domain AD.TEST, its controller on 127.0.0.1, a user and a service's account ---
samba-tool domain provision --targetdir="$work/dc" --realm=AD.TEST --domain=AD --host-name=dc \
    --host-ip=127.0.0.1 --server-role=dc --dns-backend=NONE --adminpass=Admin-password-1 \
    --option="interfaces = lo" --option="bind interfaces only = yes" \
    --option="vfs objects = dfs_samba4 acl_xattr xattr_tdb" >"$work/provision.log" 2>&1 || fail "provision"
conf=$work/dc/etc/smb.conf
# Nothing but what a domain's clients ask for; and no smbd or winbindd that would outlive it.
samba -i -M single -s "$conf" --option="server services = rpc, ldap, cldap, kdc" \
    --debug-stdout -d1 >"$work/samba.log" 2>&1 </dev/null &
controller=$!
tool() { samba-tool "$@" -s "$conf" >>"$work/tool.log" 2>&1 || fail "samba-tool $*"; }
tool user create alice Alice-password-1
tool user create svc-echo Echo-password-1
tool spn add host/echo.ad.test svc-echo
tool domain exportkeytab "$work/echo.keytab" --principal=host/echo.ad.test

cat >"$work/krb5.conf" <<END
[libdefaults]
    default_realm = AD.TEST
    dns_lookup_kdc = false
    dns_lookup_realm = false
[realms]
    AD.TEST = {
        kdc = 127.0.0.1
    }
END
export KRB5_CONFIG=$work/krb5.conf KRB5CCNAME=FILE:$work/ccache KRB5RCACHEDIR=$work
export KRB5_KTNAME=FILE:$work/echo.keytab
ready=
for _ in $(seq 100); do
    if echo Alice-password-1 | kinit alice >"$work/kinit.log" 2>&1; then
        ready=1
        break
    fi
    kill -0 "$controller" 2>/dev/null || break
    sleep 0.2
done
[ -n "$ready" ] || fail "no ticket from the domain controller"

# --- our host with the account's key, our client with the user's ticket ---
start "$bin/nettcp" serve --port 0 --path /echo --security windows -v
address=$(grep -o 'net\.tcp://[^ /]*' "$work/server.log" | head -n 1)
contract=http://peers.test/svc
says() {
    local text=$1
    shift
    timeout 60 "$bin/nettcp" call "$address/echo" --security windows \
        --action "$contract/IEcho/Echo" --body "$body" "$@" \
        >"$work/client.log" 2>&1 </dev/null 9>&- || true
    grep -qF -- "$text" "$work/client.log" || fail "the client does not say '$text'"
    echo "PASS the client says '$text'"
}
body="<Echo xmlns=\"$contract\"><text>hello</text></Echo>"
says "<EchoResult>hello</EchoResult>" --spn host/echo.ad.test
grep -qF 'caller "alice@AD.TEST" by Kerberos' "$work/server.log" || fail "who called?"
echo Alice-password-1 >"$work/password"
KRB5CCNAME=FILE:/nonexistent says "<EchoResult>hello</EchoResult>" --spn host/echo.ad.test \
    --user alice --domain ad.test --password-file "$work/password"
says "the KDC knows no service of this name" --spn host/nosuch.ad.test
