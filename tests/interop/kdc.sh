#!/usr/bin/env bash
# kdc.sh start DIR [PORT]     stands up a throwaway Kerberos realm in the folder DIR and writes DIR/env
# kdc.sh stop DIR             stops its KDC
# kdc.sh run DIR COMMAND...   start, the command with DIR/env in its environment, stop
#
# Works on loopback, without root, and touches nothing outside DIR: what uses the realm sources
# DIR/env. Exits with 77 where MIT's KDC is not installed (1 where CI=true).
#
# Realm NETTCP.TEST. Users alice, bob, carol; the password is the name and "-password". DIR/ccache
# has alice's ticket. NTLM knows the same users and passwords, in the domain NETTCP.
#   ccache           alice's ticket                       KRB5CCNAME in DIR/env
#   bob.ccache       bob's ticket
#   service.keytab   host, HTTP, nettcp at localhost,     KRB5_KTNAME in DIR/env
#                    127.0.0.1 and this machine's name
#   other.keytab     host/other.test only
#   stale.keytab     host/rekeyed.test before its key was changed (service.keytab: after)
#   forged.keytab    host/localhost with a key that is not the KDC's
#   client.keytab    alice's own key, for callers that log in without a password
# Also in the KDC: host/unkeyed.test (in no keytab), host/aes128.test (speaks AES-128 only), and with
# one kind of key each: host/aes128-sha2.test, aes256-sha2.test, camellia.test.
# KRB5_CONFIG of other kinds: DIR/krb5.silent.conf (its KDC does not answer), DIR/krb5.aes256.conf
# (nothing but AES-256), DIR/krb5.norealm.conf (has no KDC for the realm), DIR/krb5.aes128-sha1.conf,
# aes128-sha2, aes256-sha2, camellia (that kind of key rather than any other).
set -euo pipefail
export LC_ALL=C PATH=$PATH:/usr/sbin:/sbin

usage() {
    sed -n '2,4p' "$0" >&2
    exit 2
}

[ $# -ge 2 ] || usage
command=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)
shift 2
realm=NETTCP.TEST

need() {
    local tool
    for tool in krb5kdc kdb5_util kadmin.local kinit python3; do
        command -v "$tool" >/dev/null && continue
        echo "SKIPPED: $tool is not installed (Debian: krb5-kdc krb5-admin-server krb5-user)" >&2
        [ "${CI:-}" = true ] && exit 1
        exit 77
    done
}

free_port() {
    python3 -c 'import socket
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    print(s.getsockname()[1])'
}

# client_config FILE PORT EXTRA: a krb5.conf whose KDC is on the port, or that has none.
client_config() {
    {
        echo "[libdefaults]
    default_realm = $realm
    dns_lookup_kdc = false
    dns_lookup_realm = false
    forwardable = true
    udp_preference_limit = 1
    default_ccache_name = FILE:$dir/ccache.default
    default_keytab_name = FILE:$dir/keytab.default
    default_client_keytab_name = FILE:$dir/client_keytab.default
    $3
[realms]"
        [ -z "$2" ] || echo "    $realm = {
        kdc = 127.0.0.1:$2
    }"
        echo "[domain_realm]
    localhost = $realm
    .test = $realm"
    } >"$dir/$1"
}

configure() {
    cat >"$dir/kdc.conf" <<END
[kdcdefaults]
    kdc_listen = 127.0.0.1:$port
    kdc_tcp_listen = 127.0.0.1:$port
[realms]
    $realm = {
        database_name = $dir/principal
        key_stash_file = $dir/stash
        acl_file = $dir/acl
        max_life = 10h
        supported_enctypes = aes256-cts-hmac-sha1-96:normal aes128-cts-hmac-sha1-96:normal
    }
[logging]
    kdc = FILE:$dir/kdc.log
END
    client_config krb5.conf "$port" ""
    client_config krb5.aes256.conf "$port" "permitted_enctypes = aes256-cts-hmac-sha1-96"
    local kind enctype
    while read -r kind enctype; do
        client_config "krb5.$kind.conf" "$port" \
            "permitted_enctypes = $enctype aes256-cts-hmac-sha1-96"
    done < <(kinds)
    client_config krb5.norealm.conf "" ""
    # Port 9, where nobody listens: refused at once.
    client_config krb5.silent.conf 9 ""
    # gss-ntlmssp 1.2.0 leaks the name of each server credential, and OpenSSL's context for MD4.
    # MIT's library and our side leak nothing.
    echo 'leak:gssntlmssp.so' >"$dir/leaks"
    cat >"$dir/env" <<END
export LSAN_OPTIONS='suppressions=$dir/leaks:fast_unwind_on_malloc=0:print_suppressions=0'
export KRB5_CONFIG='$dir/krb5.conf'
export KRB5_KTNAME='FILE:$dir/service.keytab'
export KRB5CCNAME='FILE:$dir/ccache'
export NTLM_USER_FILE='$dir/ntlm_users'
export NETTCP_KDC='$dir'
unset KRB5_CLIENT_KTNAME KRB5_TRACE
END
}

# The domain that users are in, as seen by gss-ntlmssp: one line for each, the first is the default.
ntlm_users() {
    local user
    for user in alice bob carol; do echo "NETTCP:$user:$user-password"; done
}

# Kinds of keys that services and callers can be made to use, and their names in Kerberos.
kinds() {
    echo aes128-sha1 aes128-cts-hmac-sha1-96
    echo aes128-sha2 aes128-cts-hmac-sha256-128
    echo aes256-sha2 aes256-cts-hmac-sha384-192
    echo camellia camellia256-cts-cmac
}

services() {
    local class name
    for class in host HTTP nettcp; do
        for name in localhost 127.0.0.1 "$(uname -n)"; do
            [ "$name" = localhost ] && [ "$class" = host ] && continue
            echo "$class/$name"
        done
    done
}

principals() {
    local user service kind enctype
    for user in alice bob carol; do echo "addprinc -pw $user-password +requires_preauth $user"; done
    echo "addprinc -randkey -e aes128-cts-hmac-sha1-96:normal host/aes128.test"
    echo "setstr host/aes128.test session_enctypes aes128-cts-hmac-sha1-96"
    kinds | while read -r kind enctype; do
        [ "$kind" != aes128-sha1 ] || continue
        echo "addprinc -randkey -e $enctype:normal host/$kind.test"
        echo "setstr host/$kind.test session_enctypes $enctype"
        echo "ktadd -norandkey -k $dir/service.keytab host/$kind.test"
    done
    for service in host/localhost host/other.test host/unkeyed.test host/rekeyed.test $(services)
    do
        echo "addprinc -randkey $service"
    done
    echo "ktadd -k $dir/other.keytab host/other.test"
    echo "ktadd -norandkey -k $dir/forged.keytab host/localhost"
    echo "ktadd -norandkey -k $dir/stale.keytab host/rekeyed.test"
    echo "ktadd -k $dir/service.keytab host/rekeyed.test"
    echo "ktadd -norandkey -k $dir/client.keytab alice"
    # The same version of the key, but another key: as after a service was set up anew.
    echo "delprinc -force host/localhost"
    echo "addprinc -randkey host/localhost"
    for service in host/localhost host/aes128.test $(services); do
        echo "ktadd -norandkey -k $dir/service.keytab $service"
    done
}

start() {
    need
    [ ! -e "$dir/kdc.pid" ] || stop
    rm -rf "${dir:?}"/* # a realm of an earlier run
    chmod 700 "$dir"
    local attempt port
    for attempt in 1 2 3; do
        port=${1:-$(free_port)}
        configure
        export KRB5_CONFIG=$dir/krb5.conf KRB5_KDC_PROFILE=$dir/kdc.conf
        if [ ! -e "$dir/principal" ]; then
            kdb5_util -r $realm create -s -P master >"$dir/create.log" 2>&1
            principals | kadmin.local -r $realm >"$dir/principals.log" 2>&1
            ntlm_users >"$dir/ntlm_users"
        fi
        # In the foreground of a process of its own, which outlives this script.
        setsid krb5kdc -r $realm -n >"$dir/kdc.out" 2>&1 </dev/null 9>&- &
        echo $! >"$dir/kdc.pid"
        answers && break
        stop
        [ $# -eq 0 ] && [ "$attempt" -lt 3 ] && continue # somebody else took the port
        echo "the KDC does not start:" >&2
        cat "$dir/create.log" "$dir/principals.log" "$dir/kdc.out" "$dir/kdc.log" >&2 || true
        exit 1
    done
    local user
    for user in alice bob; do
        echo "$user-password" | kinit -c "FILE:$dir/$user.ccache" "$user@$realm" >"$dir/kinit.log"
    done
    mv "$dir/alice.ccache" "$dir/ccache"
}

# Waits until the KDC takes connections.
answers() {
    local pid
    pid=$(cat "$dir/kdc.pid")
    for _ in $(seq 500); do
        kill -0 "$pid" 2>/dev/null || return 1
        if grep -q "commencing operation" "$dir/kdc.log" 2>/dev/null; then return 0; fi
        sleep 0.01
    done
    return 1
}

stop() {
    local pid
    [ -e "$dir/kdc.pid" ] || return 0
    pid=$(cat "$dir/kdc.pid")
    rm -f "$dir/kdc.pid"
    kill "$pid" 2>/dev/null || return 0
    for _ in $(seq 100); do
        kill -0 "$pid" 2>/dev/null || return 0
        sleep 0.02
    done
    kill -KILL "$pid" 2>/dev/null || true
}

case $command in
start)
    start "$@"
    echo "READY $dir/env"
    ;;
stop) stop ;;
run)
    [ $# -ge 1 ] || usage
    trap stop EXIT
    trap 'exit 1' INT TERM
    start
    # shellcheck source=/dev/null
    . "$dir/env"
    "$@"
    ;;
*) usage ;;
esac
