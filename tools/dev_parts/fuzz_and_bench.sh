# shellcheck shell=bash
# Part of tools/dev: fuzzing, and figures.

fuzz() {
    local target=${1:-} seconds=${2:-60} options=("${@:3}") name
    [ -n "$target" ] || fail "which target? one of: $(fuzz_targets | xargs) or all"
    case $target in
    coverage | differential) "fuzz_$target" "${@:2}"; return ;;
    esac
    setup build test
    configure dev
    if [ "$target" = all ]; then
        # shellcheck disable=SC2046  # one word per target
        compile dev $(fuzz_targets | sed 's/^/fuzz_/')
        for name in $(fuzz_targets); do fuzz_one "$name" "$seconds" "${options[@]}"; done
    else
        compile dev "fuzz_$target"
        fuzz_one "$target" "$seconds" "${options[@]}"
    fi
}

fuzz_targets() {
    find fuzz -maxdepth 1 -name '*.cpp' ! -name replay_main.cpp -printf '%f\n' | sed 's/\.cpp$//' | sort
}

# What a target takes from fuzz/KIND: under its own name, its module's, and those that it names.
fuzz_inputs() {  # fuzz_inputs TARGET KIND SUFFIX
    local name
    for name in "$1" "${1%%_*}" \
        $(grep -h '^// Uses ' "fuzz/$1.cpp" | grep -oE "$2/[a-z0-9_]+" | sed "s,$2/,,"); do
        if [ -e "fuzz/$2/$name$3" ]; then echo "fuzz/$2/$name$3"; fi
    done
}

fuzz_one() {
    local name=$1 seconds=$2 corpus=build/fuzz/$1 dictionary=build/fuzz/$1.dict arguments=() folder
    mkdir -p "$corpus" "fuzz/crashes/$name"
    # shellcheck disable=SC2046  # one word per file
    cat /dev/null $(fuzz_inputs "$name" dict .dict) >"$dictionary"
    if [ -s "$dictionary" ]; then arguments=("-dict=$dictionary"); fi  # TLS has none
    arguments+=("$corpus")
    for folder in $(fuzz_inputs "$name" seeds "") "fuzz/crashes/$name"; do
        if [ -d "$folder" ]; then arguments+=("$folder"); fi
    done
    say "fuzzing $name for $seconds seconds"
    local log=build/fuzz/$name.log
    if ! "build/dev/bin/fuzz/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 -verbosity=0 -artifact_prefix="fuzz/crashes/$name/" \
        "${arguments[@]}" "${@:3}" >"$log" 2>&1
    then
        cat "$log" >&2
        fail "$name found something: its input in fuzz/crashes/$name stays, for ctest to replay"
    fi
    grep -E 'number_of_executed_units|average_exec_per_sec|peak_rss_mb' "$log"
    rmdir --ignore-fail-on-non-empty "fuzz/crashes/$name"
}

# fuzz_coverage [TARGET...]: what seeds, past findings and what fuzzing here has gathered reach.
fuzz_coverage() {
    local name folder folders
    setup build test coverage
    configure dev
    # shellcheck disable=SC2046  # one word per target
    [ $# -gt 0 ] || set -- $(fuzz_targets)
    compile dev "${@/#/fuzz_}"
    for name in "$@"; do
        folders=()
        for folder in $(fuzz_inputs "$name" seeds "") "fuzz/crashes/$name" "build/fuzz/$name"; do
            if [ -d "$folder" ]; then folders+=("$folder"); fi
        done
        python3 tools/fuzz_coverage.py "$name" "build/dev/bin/fuzz/$name" "${folders[@]}"
    done
}

# fuzz_differential [--documents N] [--seed N]: .NET's reader and writer beside ours.
fuzz_differential() {
    local documents=1000000 seed=1
    while [ $# -ge 2 ]; do
        case $1 in
        --documents) documents=$2 ;;
        --seed) seed=$2 ;;
        *) break ;;
        esac
        shift 2
    done
    [ $# -eq 0 ] || fail "fuzz differential [--documents N] [--seed N]"
    setup build test
    configure dev
    compile dev nbfx_differential
    say "$documents documents for writer, reader and typed reads (some 1000 a second)"
    NETTCP_DIFFERENTIAL_SECONDS=$((600 + documents / 100)) NETTCP_PEERS=$root/build/dev/peers \
        tests/interop/run_differential.sh build/dev/bin --count $(((documents + 2) / 3)) --seed "$seed"
}

# bench [ARGUMENT...]: all figures in turns, by bench/run.py.
bench() {
    case ${1:-} in
    smoke) bench_smoke; return ;;
    instructions) bench_instructions "${@:2}"; return ;;
    esac
    setup build bench
    say "building the benchmarks (a few minutes on two cores)"
    configure release -DNETTCP_BENCH=ON
    compile release bench_all nettcp_load
    say "taking figures in turns (minutes; leave the machine alone)"
    NETTCP_BENCH_DOTNET=${NETTCP_BENCH_DOTNET:-$root/build/bench-dotnet} \
        python3 bench/run.py build/release/bin/bench "$@"
}

# Each program briefly, so that none rots; no figure counts. gRPC's comes along where it is installed.
bench_smoke() {
    local program
    setup build
    configure release -DNETTCP_BENCH=ON
    compile release bench_all
    for program in build/release/bin/bench/*; do
        say "$program"
        case $program in
        */kerberos | */payload) in_realm "$program" --smoke ;;
        *) "$program" --smoke ;;
        esac
    done
}

# bench_instructions [--update]: what no load of the machine changes; fails above 5 % more than kept.
bench_instructions() {
    setup build count
    configure release -DNETTCP_BENCH=ON
    compile release bench_instructions
    say "counting instructions by callgrind"
    python3 bench/instructions.py build/release/bin/bench/instructions "$@"
}

# in_realm COMMAND...: with a throwaway KDC; not at all, and said so, where MIT's is not installed.
in_realm() {
    local folder status=0
    folder=$(mktemp -d)
    tests/interop/kdc.sh run "$folder" "$@" || status=$?
    rm -rf "$folder"
    [ $status -eq 77 ] || return $status
    say "NO KDC HERE: not run"
}
