#!/usr/bin/env python3
"""Holds the source tree to its layout; run by `tools/dev layers` and `tools/dev check`.

The modules and their edges are read from src/CMakeLists.txt, where CMake reads them too. Findings
are printed as FILE:LINE: what is wrong, and the exit code is 1 if there are any.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = {".cpp", ".hpp", ".inc"}
MAX_LINES = 600
MAX_COLUMNS = 100

# A vague noun becomes a magnet for whatever fits nowhere else.
VAGUE = {"detail", "impl", "util", "utils", "common", "helper", "helpers", "manager", "misc",
         "data", "handle"}
# Terms of a specification keep their name.
VAGUE_ALLOWED = {("soap", "detail"), ("contract", "data"), ("interop_service", "detail")}

# What the core may include beside the standard library and our own headers.
CORE_EXTERNAL = re.compile(r"^boost/(system/|describe/|describe\.hpp$|uuid/(uuid|random_generator)\.hpp$)")
# Parts of the standard library and of the system that do I/O or start threads.
CORE_FORBIDDEN = re.compile(
    r"^(iostream|fstream|filesystem|thread|future|syncstream|cstdio|stdio\.h|unistd\.h|poll\.h"
    r"|fcntl\.h|netdb\.h|sys/.*|arpa/.*|netinet/.*)$")
CLOCK = re.compile(r"\b(system_clock|steady_clock|high_resolution_clock)::now\b|\bclock_gettime\b")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
DECLARATION = re.compile(r"^\s*(?:namespace|(?:enum\s+)?class|struct|enum|union)\s+([A-Za-z_][\w:]*)")

findings = []


def report(path, line, text):
    findings.append(f"{path.relative_to(ROOT)}:{line}: {text}")


def read_modules():
    """The declared edges, {module: set of modules}, and the modules of the core."""
    text = re.sub(r"#.*", "", (ROOT / "src/CMakeLists.txt").read_text())
    edges = {}
    for name, arguments in re.findall(r"nettcp_module\(\s*(\w+)([^)]*)\)", text):
        words = arguments.split()
        depends = set()
        if "DEPENDS" in words:
            for word in words[words.index("DEPENDS") + 1:]:
                if word.isupper():
                    break
                depends.add(word)
        for module in depends - edges.keys():
            findings.append(f"src/CMakeLists.txt: {name} depends on {module}, which is not above it")
        edges[name] = depends
    top = (ROOT / "CMakeLists.txt").read_text()
    core = set(re.search(r"set\(nettcp_core_modules ([^)]*)\)", top).group(1).split())
    shells = set(re.search(r"set\(nettcp_shell_modules ([^)]*)\)", top).group(1).split())
    for module in edges:
        if (module in core) == (module in shells):
            findings.append(f"CMakeLists.txt: {module} must stand in exactly one of the two libraries")
        if module in core and edges[module] & shells:
            findings.append(f"src/CMakeLists.txt: {module} is core and depends on a shell")
    return edges, core


def files_under(*folders):
    """The files of these folders, without what builds leave there."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and not {"bin", "obj", "__pycache__"} & set(path.parts):
                yield path


def included_module(path, form, name, edges):
    """The module an #include reaches and whether it is one of its private headers."""
    if name.startswith("nettcp/"):
        parts = name.split("/")
        return (parts[1] if len(parts) > 2 else None), False
    if form == "<":
        return None, False
    if (path.parent / name).is_file():
        target = (path.parent / name).resolve()
    elif (ROOT / "src" / name).is_file():
        target = ROOT / "src" / name
    else:
        return None, False
    parts = target.relative_to(ROOT).parts
    if parts[0] == "src":
        return parts[1], True
    return (parts[2] if parts[0] == "include" else None), False


def check_includes(edges, core):
    for path in files_under("include", "src"):
        if path.suffix not in SOURCE:
            continue
        parts = path.relative_to(ROOT).parts
        public = parts[0] == "include"
        module = parts[2] if public else parts[1]
        if public and len(parts) == 3:
            continue  # include/nettcp/*.hpp belong to no module
        if module not in edges:
            report(path, 1, f"no nettcp_module({module}) in src/CMakeLists.txt")
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if module in core and CLOCK.search(line):
                report(path, number, "the core reads no clock")
            found = INCLUDE.match(line)
            if not found:
                continue
            form, name = found.groups()
            target, private = included_module(path, form, name, edges)
            if target and target != module and target not in edges[module]:
                report(path, number, f"{module} may not include from {target}: no such edge")
            if public and private:
                report(path, number, f"a public header reaches the private {name}")
            if name.startswith("expat") and not (not public and module == "xml"):
                report(path, number, "expat is included by src/xml only")
            if name == "zlib.h" and path.name != "compression.cpp":
                report(path, number, "zlib is included by src/channel/compression.cpp only")
            if module in core and name.startswith("boost/") and not CORE_EXTERNAL.match(name):
                report(path, number, f"the core may not include {name}")
            if module in core and CORE_FORBIDDEN.match(name):
                report(path, number, f"the core does no I/O and starts no threads: {name}")


def vague_word(words, path):
    parts = path.relative_to(ROOT).parts
    return next((w for w in words if w in VAGUE
                 and not any((p, w) in VAGUE_ALLOWED for p in parts)), None)


def check_shape():
    folders = ["include", "src", "tests", "fuzz", "examples", "tools", "bench"]
    for path in files_under(*folders):
        if path.suffix not in {".cpp", ".hpp", ".py", ".sh", ".cs"} and path.name != "dev":
            continue
        for part in path.relative_to(ROOT).with_suffix("").parts:
            word = vague_word(re.split(r"[_\-.]", part.lower()), path)
            if word:
                report(path, 1, f"'{word}' in a path says nothing; name the thing")
        lines = path.read_text().splitlines()
        if len(lines) > MAX_LINES:
            report(path, MAX_LINES, f"{len(lines)} lines; a file has at most {MAX_LINES}")
        if path.suffix not in SOURCE:
            continue
        for number, line in enumerate(lines, 1):
            if len(line) > MAX_COLUMNS and "generated" not in lines[0].lower():
                report(path, number, f"{len(line)} columns; a line has at most {MAX_COLUMNS}")
            declared = DECLARATION.match(line)
            if declared:
                word = vague_word(re.split(r"_|::", declared.group(1).lower()), path)
                if word:
                    report(path, number, f"'{word}' in a name says nothing; name the thing")
        if path.suffix == ".hpp" and "#pragma once" not in lines:
            report(path, 1, "a header begins with #pragma once")


def check_named_tests():
    """Test cases that a page names in quotes, in the last column of a table, exist."""
    tests = "\n".join(path.read_text(encoding="utf-8")
                      for path in files_under("tests") if path.suffix == ".cpp")
    known = set(re.findall(r'TEST_CASE\("([^"]+)"', re.sub(r'"\s*\n\s*"', "", tests)))
    page = ROOT / "docs/hardening.md"
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("| "):
            continue
        for name in re.findall(r'"([^"]+)"', line.split(" | ")[-1]):
            if name not in known:
                report(page, number, f'no test is called "{name}"')


def parts_of(lines):
    """What stands between gaps (`…`) of an excerpt; white space around lines does not matter."""
    parts = [[]]
    for line in lines:
        if line.strip() == "…":
            parts.append([])
        elif line.strip():
            parts[-1].append(line.strip())
    return [part for part in parts if part]


def check_excerpts():
    """Code in tutorials, and in README below `<!-- examples/FILE -->`, stands in the example."""
    tutorials = sorted((ROOT / "docs/tutorials").glob("[0-9]*.md"))
    for page in [ROOT / "README.md", *tutorials]:
        source = None
        if page in tutorials:
            source = f"examples/{page.stem.replace('-', '_')}.cpp"
            if not (ROOT / source).is_file():
                report(page, 1, f"there is no {source}")
                continue
        text = page.read_text(encoding="utf-8")
        for found in re.finditer(r"(?:<!-- (\S+) -->\n)?```cpp\n(.*?)```", text, re.DOTALL):
            name = found.group(1) or source
            if name is None:
                continue
            known = "\n" + "\n".join(
                line.strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
                if line.strip()) + "\n"
            for part in parts_of(found.group(2).splitlines()):
                if "\n" + "\n".join(part) + "\n" not in known:
                    report(page, text.count("\n", 0, found.start()) + 1,
                           f"this does not stand in {name}, from: {part[0]}")


def main():
    edges, core = read_modules()
    check_includes(edges, core)
    if "--layers-only" not in sys.argv[1:]:
        check_shape()
        check_named_tests()
        check_excerpts()
    for finding in findings:
        print(finding)
    if not findings:
        print(f"layers: {len(edges)} modules keep to their edges")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
