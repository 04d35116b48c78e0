# A host that runs in the background while clients of it are tried: sourced by the run_*.sh scripts.
# It works in the folder $work, which goes, with the host, when the script ends; a function at_end,
# if the script has one, is called before that.

work=$(mktemp -d)
server=

# stop: asks the host to end, insists after 5 seconds; leaves its exit code in $ended.
stop() {
    [ -n "$server" ] || return 0
    ended=0
    kill "$server" 2>/dev/null || true
    for _ in $(seq 50); do kill -0 "$server" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || ended=$?
    server=
}

clean_up() {
    local code=$?
    if declare -F at_end >/dev/null; then at_end; fi
    stop
    rm -rf "$work"
    exit "$code"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

free_port() {
    python3 -c 'import socket
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    print(s.getsockname()[1])'
}

# start COMMAND...: runs a host in the background until it says READY.
start() {
    rm -f "$work/stdin"
    mkfifo "$work/stdin"
    exec 9<>"$work/stdin" # stays open: a peer's host ends when its standard input does
    : >"$work/server.log" # here, not only in the background: an earlier host's READY must be gone
    "$@" <"$work/stdin" >"$work/server.log" 2>&1 &
    server=$!
    for _ in $(seq 300); do
        grep -q '^READY' "$work/server.log" && return
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    echo "the host did not get ready: $*" >&2
    cat "$work/server.log" >&2
    exit 1
}

# says TEXT COMMAND...: the command's output must have the text; what it said stays in
# $work/client.log.
says() {
    local text=$1
    shift
    timeout 120 "$@" >"$work/client.log" 2>&1 </dev/null 9>&- || true
    grep -qF -- "$text" "$work/client.log" || not_said "$* does" "$text"
    echo "PASS $(basename "$1") says '${text:0:80}'"
}

# the_host_says PATTERN: an extended regular expression, within some seconds.
the_host_says() {
    for _ in $(seq 100); do
        grep -qE -- "$1" "$work/server.log" && { echo "PASS the host says '$1'"; return; }
        sleep 0.1
    done
    not_said "the host does" "$1"
}

not_said() {
    echo "FAILED: ${1:0:400} not say '$2' but:" >&2
    tail -v -n 100 "$work/client.log" "$work/server.log" 2>&1 | cut -c 1-2000 >&2
    exit 1
}
