#!/usr/bin/env python3
"""Writes everything that is generated from proto/.

usage: tools/protogen.py           write the outputs that changed, remove stale ones
       tools/protogen.py --check   write nothing; fail when an output differs from its table

The outputs are committed, so that building needs no Python and a review sees each change.
"""

import sys

from protogen import errors, framing, fuzzing, nbfx, security, soap, vectors
from protogen.tables import ROOT

MODULES = [framing, errors, security, nbfx, soap, vectors, fuzzing]


def stale(outputs):
    """Generated files, by their banner, that no table asks for any more."""
    for folder in ("include", "src", "tests", "docs/reference", "fuzz"):
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if name in outputs or not path.is_file():
                continue
            if name.startswith("fuzz/seeds/") and path.suffix == ".vector":
                yield name
                continue
            if path.suffix in (".hpp", ".inc", ".cpp", ".md", ".dict"):
                with path.open("rb") as file:
                    first = file.readline()
                if b"Generated from proto/" in first:
                    yield name


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(__doc__)
    outputs = {}
    for module in MODULES:
        outputs.update(module.outputs())
    drift = []
    for name, text in sorted(outputs.items()):
        path = ROOT / name
        octets = text if isinstance(text, bytes) else text.encode("utf-8")
        if path.exists() and path.read_bytes() == octets:
            continue
        drift.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(octets)
    for name in stale(outputs):
        drift.append(name + " (stale)")
        if not check:
            (ROOT / name).unlink()
    for name in drift:
        print("differs:" if check else "wrote:", name)
    if check and drift:
        sys.exit("generated files differ from proto/: run tools/protogen.py and commit the result")


if __name__ == "__main__":
    main()
