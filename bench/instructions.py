#!/usr/bin/env python3
"""instructions.py PROGRAM [--update]: instructions of our own code by path, against those kept.

Callgrind counts what bench/instructions.cpp does, path by path. Only instructions of the program
itself count, and the library is linked into it: the C library chooses its functions by processor.
Fails when a path takes over 5 % more than bench/instructions.json says.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

KEPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "instructions.json")
TOLERATED = 0.05
COUNTED = "counted_stretch"


def count(program):
    """For each path its instructions: of the program, and of all."""
    with tempfile.TemporaryDirectory() as work:
        # A dump for each path: what was counted is written, and begun anew, where the stretch ends.
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--toggle-collect={COUNTED}",
             f"--dump-after={COUNTED}", "--compress-strings=no", "--compress-pos=no",
             f"--callgrind-out-file={work}/dump", program],
            text=True, capture_output=True, check=False)
        if done.returncode:
            sys.exit(f"{done.stderr}\ncallgrind failed")
        paths = done.stdout.splitlines()
        return {path: read_dump(f"{work}/dump.{number}", program)
                for number, path in enumerate(paths, 1)}


def read_dump(file, program):
    own = of_all = 0
    in_program = False
    of_callee = False
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("ob="):
                in_program = os.path.samefile(line[3:].strip(), program)
            elif line.startswith("calls="):
                of_callee = True  # the next line is what the callee took
            elif line[:1].isdigit():
                if not of_callee:
                    cost = int(line.split()[1])
                    of_all += cost
                    own += cost if in_program else 0
                of_callee = False
    if not own:
        sys.exit(f"{file}: callgrind has counted nothing")
    return own, of_all


def compare(counts, kept):
    """Prints all paths; whether none has become too long."""
    good = True
    stale = []
    print(f"{'instructions':44} {'kept':>12} {'now':>12} {'change':>8} {'with libc':>12}")
    for path, (own, of_all) in counts.items():
        before = kept.get(path)
        change = own / before - 1 if before else None
        told = f"{change:+8.1%}" if before else "     new"
        print(f"{path:44} {before or '':12} {own:12} {told} {of_all:12}", end="")
        if change is None or change < -TOLERATED:
            stale.append(path)
        elif change > TOLERATED:
            good = False
            print("  TOO MANY", end="")
        print()
    stale += [path for path in kept if path not in counts]
    if stale:
        print(f"instructions.json is out of date in {len(stale)} paths: "
              "`tools/dev bench instructions --update` writes it anew")
    return good


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("program")
    arguments.add_argument("--update", action="store_true", help="keep what is counted now")
    given = arguments.parse_args()
    compiler = subprocess.run([given.program, "--compiler"], check=True, text=True,
                              capture_output=True).stdout.strip()
    with open(KEPT, encoding="utf-8") as file:
        kept = json.load(file)
    if not given.update and compiler != kept["compiler"]:
        print(f"NOT COMPARED: counts are kept for compiler {kept['compiler']}, this is {compiler}")
        return os.environ.get("CI") == "true"
    counts = count(given.program)
    good = compare(counts, kept["paths"])
    if given.update:
        with open(KEPT, "w", encoding="utf-8") as file:
            paths = {path: own for path, (own, _) in counts.items()}
            json.dump({"compiler": compiler, "paths": paths}, file, indent=1)
            file.write("\n")
        return 0
    return not good


if __name__ == "__main__":
    sys.exit(main())
