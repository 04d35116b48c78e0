#!/usr/bin/env bash
# run_secure_pairs.sh BIN
# Puts interop_client against interop_host in every transfer without security, and buffered and
# streamed in every mode with transport security: certificates made here by openssl, Kerberos in the
# realm of kdc.sh, NTLM by gss-ntlmssp.
# Exits 77 (1 where CI=true) when openssl, a KDC or NTLM is missing.
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,6p' "$0" >&2; exit 2; }
bin=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)

# shellcheck source=tests/interop/realm.sh
. "$here/realm.sh"
command -v openssl >/dev/null || missing openssl
within_realm "$0" "$@"
need_ntlm
# shellcheck source=tests/interop/host_process.sh
. "$here/host_process.sh"
# shellcheck source=tests/interop/certificates.sh
. "$here/certificates.sh"
make_certificates "$work"

export KRB5RCACHEDIR=$work
port=$(free_port)
modes=none,none-gzip,none-deflate,none-text,tls,tls-cert,win-none,win-sign,win-enc
start "$bin/interop_host" --port "$port" --modes $modes \
    --cert "$work/server.crt" --key "$work/server.key" --ca "$work/ca.crt"

failed=0
# one_run NAME TRANSFER OPTION...: all cases of the groups for that transfer; false when one fails.
one_run() {
    local name="$1, $2" transfer=$2 log groups=${groups:-echo,stream}
    log="$work/${name//[ ,]/-}.log"
    shift 2
    [ "$transfer,$groups" != buffered,echo,stream ] || groups=echo,chat,stream
    if "$bin/interop_client" --addr "net.tcp://localhost:$port" --groups "$groups" \
        --transfer "$transfer" "$@" >"$log" 2>&1; then
        echo "$name: $(tail -n 1 "$log")"
        return
    fi
    echo "$name FAILED:"
    { grep -v '^PASS' "$log" || true; } | head -n 4
    tail -n 3 "$work/server.log"
    return 1
}
buffered() { one_run "$1" buffered "${@:2}" || failed=1; }
# run NAME OPTION...: in these transfers, side by side since most of it is waiting. All that are
# streamed look the same on the wire, so that not every mode is tried with each.
transfers="buffered streamed"
run() {
    local transfer jobs=() job
    for transfer in $transfers; do
        one_run "$1" $transfer "${@:2}" &
        jobs+=($!)
    done
    for job in "${jobs[@]}"; do wait "$job" || failed=1; done
}
# refused NAME WORDS OPTION...: one call that must fail, and say so in these words.
refused() {
    local name=$1 words=$2
    shift 2
    if "$bin/interop_client" --addr "net.tcp://localhost:$port" --groups echo --cases echo "$@" \
        >"$work/client.log" 2>&1; then
        failed=1
        echo "$name was not refused"
    elif grep -q -- "$words" "$work/client.log"; then
        echo "$name: refused as it should be"
    else
        failed=1
        echo "$name was refused without the words \"$words\":"
        cat "$work/client.log"
    fi
}

tls=(--ca "$work/ca.crt")
own=(--client-cert "$work/client.crt" --client-key "$work/client.key")
ntlm=(--user alice --password alice-password --domain NETTCP --package ntlm)
password=(--user bob --password bob-password)
transfers="buffered streamed streamedrequest streamedresponse" run none --mode none
for mode in none-gzip none-deflate none-text; do groups=stream run $mode --mode $mode; done
run tls --mode tls "${tls[@]}"
run tls-cert --mode tls-cert "${tls[@]}" "${own[@]}"
for level in win-sign win-enc; do
    run "$level by ticket" --mode $level --spn host/localhost
    buffered "$level by Kerberos alone" --mode $level --package kerberos
    buffered "$level by password" --mode $level "${password[@]}"
    buffered "$level by NTLM" --mode $level "${ntlm[@]}"
done
run "win-none by NTLM" --mode win-none "${ntlm[@]}"

refused "an untrusted CA" "trusted" --mode tls --ca "$work/other-ca.crt"
refused "no client certificate" "certificate" --mode tls-cert "${tls[@]}"
refused "an unknown SPN" "no service of this name" --mode win-enc --spn host/nobody.test \
    --package kerberos
refused "a wrong password" "password is wrong" --mode win-enc --package kerberos \
    --user bob --password wrong

stop
[ "$ended" -eq 0 ] || { echo "the host ended with $ended"; failed=1; }
if grep -i -e "-password" "$work/server.log"; then
    echo "a password is in the log"
    failed=1
fi
exit $failed
