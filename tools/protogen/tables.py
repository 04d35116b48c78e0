"""Reading the tables, and the few things every generated file needs."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
WIDTH = 100


class Row(dict):
    """One row of a table: a dict by column name that knows where it stands."""

    def fail(self, why):
        raise SystemExit(f"{self['@where']}: {why}")


def unquote(text):
    return text[1:-1].replace('\\"', '"').replace("\\\\", "\\")


def read_table(name, required=True):
    """Rows of proto/<name>. The `#:` line names the columns; the last one is free text."""
    path = ROOT / "proto" / name
    if not path.exists() and not required:
        return []
    columns, rows = None, []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where = f"proto/{name}:{number}"
        if line.startswith("#:"):
            columns = line[2:].split()
        if not line.strip() or line.startswith("#"):
            continue
        pattern = r'\s+'.join([r'("(?:[^"\\]|\\.)*"|\S+)'] * (len(columns) - 1) + ["(.*)"])
        match = re.fullmatch(pattern, line.rstrip())
        if not match:
            raise SystemExit(f"{where}: not {len(columns)} columns")
        cells = [unquote(c) if c.startswith('"') else c for c in match.groups()]
        rows.append(Row(zip(columns, cells), **{"@where": where}))
    for key in ("value", "name"):
        seen = set()
        for row in rows:
            if row.get(key) in seen and key in row:
                row.fail(f"{key} {row[key]} appears twice")
            seen.add(row.get(key))
    return rows


def banner(source, comment="//"):
    """The first lines of a generated file; its layout is not clang-format's business."""
    line = f"{comment} Generated from {source} by tools/protogen.py. Do not edit.\n"
    return line + ("// clang-format off\n" if comment == "//" else "")


def sentence(text):
    """The same text with a capital at its start."""
    return text[:1].upper() + text[1:]


def cpp_string(text):
    """A C++ literal of the UTF-8 octets of `text`."""
    out = []
    for octet in text.encode("utf-8"):
        char = chr(octet)
        if char in '"\\':
            out.append("\\" + char)
        elif 0x20 <= octet < 0x7f:
            out.append(char)
        else:
            out.append(f"\\{octet:03o}")
    return '"' + "".join(out) + '"'


def wrapped(text):
    """A C++ literal, in two pieces when it would be too long for a line."""
    if len(text) < 80:
        return cpp_string(text)
    at = text.rindex("/", 0, 70) + 1
    return f"\n    {cpp_string(text[:at])}\n    {cpp_string(text[at:])}"


def doc(text, indent=""):
    """A `///` comment, wrapped."""
    lines, line = [], indent + "///"
    for word in text.split():
        if len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line = indent + "///"
        line += " " + word
    return "\n".join(lines + [line]) + "\n"


def enum(name, underlying, rows, about, describe, value=lambda r: r["value"]):
    """An enumeration with one documented enumerator per row."""
    out = doc(about) + f"enum class {name} : {underlying} {{\n"
    for row in rows:
        out += doc(describe(row), "    ")
        out += f"    {row['name']} = {value(row)},\n"
    return out + "};\n"


def case(label, value):
    line = f"    case {label}: return {value};\n"
    return line if len(line) <= WIDTH else f"    case {label}:\n        return {value};\n"


def switch(signature, about, rows, cases, fallback, type_name="v", subject="v"):
    """A constexpr function that maps each enumerator to an expression."""
    out = doc(about) + f"constexpr {signature} noexcept {{\n    switch ({subject}) {{\n"
    for row in rows:
        out += case(f"{type_name}::{row['name']}", cases(row))
    return out + f"    }}\n    return {fallback};\n}}\n"


def to_string(type_name, rows):
    return switch(f"std::string_view to_string({type_name} v)",
                  "The name as the tables and the command line spell it, or an empty text when it "
                  "is not defined.", rows,
                  lambda r: cpp_string(r["name"]), "{}", type_name)


def is_defined(type_name, rows):
    return switch(f"bool is_defined({type_name} v)",
                  "Whether the specification defines this value.",
                  rows, lambda r: "true", "false", type_name)


def header(source, module, includes, body, guard="#pragma once\n\n", namespace=None):
    """A whole generated header: banner, includes in house order, namespace."""
    own = sorted(i for i in includes if i.startswith("<nettcp"))
    boost = sorted(i for i in includes if i.startswith("<boost"))
    std = sorted(i for i in includes if i not in own and i not in boost)
    groups = ["".join(f"#include {i}\n" for i in g) for g in (own, boost, std) if g]
    ns = namespace or f"nettcp::{module}"
    return (banner(source) + guard + "\n".join(groups) + f"\nnamespace {ns} {{\n\n" + body.strip()
            + f"\n\n}}  // namespace {ns}\n")


def markdown_table(head, rows):
    out = "| " + " | ".join(head) + " |\n|" + "---|" * len(head) + "\n"
    for row in rows:
        out += "| " + " | ".join(c.replace("|", "\\|") for c in row) + " |\n"
    return out


def page(title, sources, body):
    line = f"<!-- Generated from {sources} by tools/protogen.py. Do not edit. -->\n"
    return f"{line}# {title}\n\n{body}"
