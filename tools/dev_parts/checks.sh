# shellcheck shell=bash
# Part of tools/dev: what tells mistakes without running the program.

our_sources() {
    find include src tests fuzz examples tools bench \( -name bin -o -name obj \) -prune -o \
        \( -name '*.cpp' -o -name '*.hpp' \) -print
}

format() {
    setup check
    our_sources | xargs clang-format-$llvm -i
}

format_check() {
    say "format: clang-format-$llvm"
    our_sources | xargs clang-format-$llvm --dry-run --Werror ||
        fail "'tools/dev format' puts this right"
}

layers() {
    say "layers: includes keep to the declared edges"
    python3 tools/check_tree.py
}

gen() { python3 tools/protogen.py "$@"; }

# Names, and what is likely to be a bug: in every file of the library (`tidy all`), or in those that
# have changed or include what has (`tidy changed`; where none has, the last commits' own).
tidy() {
    local files=build/tidy-files
    find src -name '*.cpp' | sort >$files
    if [ "$1" = changed ]; then only_changed $files; fi
    say "clang-tidy-$llvm: $(wc -l <$files) files"
    xargs -r -P "$jobs" -n 4 clang-tidy-$llvm -p build/dev --quiet --warnings-as-errors='*' <$files 2>/dev/null ||
        fail "clang-tidy found something"
}

# A second opinion. It reads files faster than it understands templates, hence tools/cppcheck.txt.
cppcheck_() {
    say "cppcheck"
    mkdir -p build/cppcheck
    cppcheck -q -j "$jobs" --std=c++20 --language=c++ --enable=warning,performance,portability \
        --suppressions-list=tools/cppcheck.txt --cppcheck-build-dir=build/cppcheck \
        --error-exitcode=1 -I include -I src src tools || fail "cppcheck found something"
}

# abi [REF]: what has changed in the libraries' public surface since REF, by abidiff; each side is
# built shared and with full debugging information. Reports only: before 1.0 nothing is promised.
abi() {
    local ref=${1:-HEAD~1} side
    setup build abi
    rm -rf build/abi
    git worktree prune
    for side in old new; do
        say "building $side for its symbols"
        git worktree add -q --detach "build/abi/$side" "$([ $side = old ] && echo "$ref" || echo HEAD)"
        cmake -S "build/abi/$side" -B "build/abi/$side/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
            -DCMAKE_CXX_FLAGS_DEBUG=-g -DBUILD_SHARED_LIBS=ON -DNETTCP_TESTS=OFF \
            -DNETTCP_TOOLS=OFF -DNETTCP_EXAMPLES=OFF >build/abi/log
        cmake --build "build/abi/$side/build" --parallel "$jobs" --target nettcp >>build/abi/log
    done
    for library in nettcp-core nettcp; do
        say "lib$library.so since $ref"
        # 4 and 8 say that there are differences, which is no failure here.
        abidiff --headers-dir1 build/abi/old/include --headers-dir2 build/abi/new/include \
            --drop-private-types "$(find build/abi/old/build -name "lib$library.so")" \
            "$(find build/abi/new/build -name "lib$library.so")" || [ $(($? & 3)) = 0 ] ||
            fail "abidiff could not compare them"
    done
    git worktree remove --force build/abi/old
    git worktree remove --force build/abi/new
}

# The commit that changes count from: the last that CI accepted here, else where this branch has left
# its upstream. Nothing when neither is known.
changes_since() {
    local base
    for base in "${CI_BASE:-}" "$(cat build/ci-accepted 2>/dev/null)" \
        "$(git merge-base HEAD '@{upstream}' 2>/dev/null)"; do
        if [ -n "$base" ] && git merge-base --is-ancestor "$base" HEAD 2>/dev/null; then
            echo "$base"
            return
        fi
    done
}

# Leaves in a list of sources those that changes concern; all when that is unknown.
only_changed() {
    local base changed=build/changed-files
    base=$(changes_since)
    if [ -z "$base" ]; then
        echo "Nobody knows since when: CI_BASE would say."
        last_touched "$1"
        return 0
    fi
    { git diff --name-only "$base"; git ls-files --others --exclude-standard; } | sort -u >$changed
    if [ ! -s $changed ]; then
        last_touched "$1"
        return 0
    fi
    if grep -qxE '.clang-tidy|CMakeLists.txt|CMakePresets.json|cmake/.*' $changed; then return 0; fi
    # What each object was made of, as the compiler told it; its source comes first.
    ninja -C build/dev -t deps | awk -v root="$root/" '
        NR == FNR { changed[$1] = 1; next }
        /^[^ ]/ { source = "" }
        /^ / {
            file = $1
            if (index(file, root) == 1) file = substr(file, length(root) + 1)
            if (source == "" && file ~ /\.cpp$/) source = file
            if (file in changed && source != "") print source
        }' $changed - | sort -u >build/concerned-files
    sort -u $changed build/concerned-files | comm -12 - "$1" >"$1.changed"
    mv "$1.changed" "$1"
    echo "changed since $(git rev-parse --short "$base"): $(wc -l <$changed) files"
}

# Leaves in a list of sources those that the last commits have touched, but no more than a minute's
# worth: a clone of what has landed has no changes of its own.
last_touched() {
    git log -n 10 --name-only --pretty= | awk '!seen[$0]++' | grep -xFf "$1" | head -n 16 >"$1.last" ||
        true
    mv "$1.last" "$1"
    echo "no changes of its own: what the last commits have touched"
}

check_texts() {
    format_check
    layers
    say "gen: what is generated is up to date with proto/"
    gen --check
}

check_headers() {
    say "every public header compiles alone"
    configure dev
    compile dev all_verify_interface_header_sets
}

check() {
    setup build test check
    check_texts
    check_headers
    tidy all
    cppcheck_
}
