# shellcheck shell=bash
# Part of tools/dev: everything CI does, in its stages.

stage() {  # stage NAME COMMAND...
    local name=$1 started=$SECONDS
    shift
    printf '\n######## %s\n' "$name"
    "$@"
    stage_times+=("$(printf '%5d s  %s' $((SECONDS - started)) "$name")")
}

ci() {
    export CI=true
    local began=$SECONDS
    stage_times=()
    stage "packages" setup build test samba windows check count
    stage "format, layers, generated files" check_texts
    stage "release: build and demo" ci_release
    stage "release: captured conversations" ci_interop
    stage "release: load" bash tests/load/run.sh build/release/bin crowds
    stage "release: bench smoke" bench_smoke
    stage "release: instructions" bench_instructions
    stage "Windows: build" ci_build mingw
    stage "sanitizers: build" ci_build dev
    stage "headers alone" check_headers
    stage "clang-tidy of what has changed" tidy changed
    stage "cppcheck" cppcheck_
    # Always the same inputs: CI tells whether targets still hold, not what luck would find.
    stage "fuzz smoke" fuzz all 10 -seed=1 -runs=2000
    stage "threads: build" ci_build tsan
    stage "tests: sanitizers, threads, Windows" ci_tests
    if [ $tests_status = 0 ] && git diff --quiet HEAD; then git rev-parse HEAD >build/ci-accepted; fi
    printf '\ntime per stage:\n'
    printf '%s\n' "${stage_times[@]}"
    printf '%5d s  all\n' $((SECONDS - began))
    [ $((SECONDS - began)) -le 1500 ] || echo "That is more than the 25 minutes that CI may take."
    echo "$closing"  # CI's last line
    return $tests_status
}

tests_status=0

ci_tests() {
    run_ctest dev tsan mingw || tests_status=$?  # times are printed all the same
}

ci_build() {
    [ "$1" != mingw ] || fetch_expat
    configure "$1"
    compile "$1"
}

ci_release() {
    build
    say "the executables are built for production"
    bash tests/package/hardened.sh build/release/bin/{nettcp,interop_host,interop_client}
    demo
}

# What users run, beside captures; under sanitizers the tests do it again, with all other peers.
ci_interop() {
    python3 tests/interop/run_captures.py build/release/bin
}
