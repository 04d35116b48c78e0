#!/usr/bin/env python3
"""fuzz_coverage.py TARGET BINARY FOLDER...: how much of the sources that a fuzz target is meant to
reach its inputs do reach: one line, then the functions that none of them enters.

The sources stand in a comment of fuzz/TARGET.cpp, `// Reaches src/...`, with wildcards. Edges are
those that libFuzzer counts; a function that is there more than once counts as its best copy.
"""

import fnmatch
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FUNCTION = re.compile(r"(?:UN)?COVERED_FUNC: hits: \d+ edges: (\d+)/(\d+) (.*) "
                      r"\S*?((?:src|include|tools)/[^ :]+):(\d+)$")
SHOWN = 12


def meant(target):
    text = (ROOT / f"fuzz/{target}.cpp").read_text(encoding="utf-8")
    return [p for line in re.findall(r"^// Reaches (.*)$", text, re.M) for p in line.split()]


def functions(binary, folders):
    environment = dict(os.environ)
    environment.setdefault("ASAN_SYMBOLIZER_PATH", "/usr/bin/llvm-symbolizer-19")
    done = subprocess.run([binary, "-runs=0", "-print_coverage=1", *folders], env=environment,
                          stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, check=False,
                          text=True, errors="replace")
    if done.returncode != 0:
        sys.exit(done.stderr[-4000:])
    for line in done.stderr.splitlines():
        match = FUNCTION.match(line)
        if match:
            yield match[4], int(match[5]), match[3], int(match[1]), int(match[2])


def main(target, binary, folders):
    patterns = meant(target)
    if not patterns:
        sys.exit(f"fuzz/{target}.cpp names no sources: `// Reaches src/...`")
    best = {}
    for file, line, name, reached, edges in functions(binary, folders):
        if any(fnmatch.fnmatch(file, p) for p in patterns):
            key = (file, line)
            best[key] = max(best.get(key, (0, edges, name)), (reached, edges, name))
    if not best:
        sys.exit(f"{target}: no function of {' '.join(patterns)} is known; is there "
                 "llvm-symbolizer-19?")
    edges = sum(v[1] for v in best.values())
    reached = sum(v[0] for v in best.values())
    never = [(k, v) for k, v in best.items() if v[0] == 0]
    print(f"{target:22} {100 * reached // edges:3} % of {edges:5} edges, "
          f"{len(best) - len(never)} of {len(best)} functions")
    for (file, line), (_, size, name) in sorted(never, key=lambda n: -n[1][1])[:SHOWN]:
        print(f"    never: {name.split('(')[0]} ({size} edges, {file}:{line})")
    if len(never) > SHOWN:
        print(f"    and {len(never) - SHOWN} smaller ones")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
