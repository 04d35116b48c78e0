"""Shared octets: vectors.txt of framing and nbfx become test rows, fuzz seeds and a page.

Both files are blocks. `@ accept NAME` or `@ reject NAME CODE at OFFSET` opens one; `#` comments.
Octets are hex, or "text" for its UTF-8, or XX*N for N times the same octet; after `;` stands what
they are.
"""

import re

from .tables import ROOT, banner, cpp_string, doc, page, read_table

NAME = re.compile(r"@ (accept|reject) (.+?)(?:  +(\w+\.\w+) at (\d+))?")


def octets_of(text, where):
    out = b""
    for word in re.findall(r'"(?:[^"\\]|\\.)*"|\S+', text):
        if word.startswith('"'):
            out += word[1:-1].encode("utf-8").decode("unicode_escape").encode("latin-1")
        elif match := re.fullmatch(r"([0-9a-f]{2})\*(\d+)", word):
            out += bytes.fromhex(match[1]) * int(match[2])
        elif re.fullmatch(r"(?:[0-9a-f]{2})+", word):
            out += bytes.fromhex(word)
        else:
            raise SystemExit(f"{where}: {word} is neither hex nor quoted text")
    return out


def blocks(module):
    """The blocks of proto/<module>/vectors.txt: name, code, offset, [(where, line)]."""
    source = f"proto/{module}/vectors.txt"
    known = {f"{m}.{r['name']}" for m in ("base", module)
             for r in read_table(f"{m}/errors.table")}
    out, names = [], set()
    for number, line in enumerate((ROOT / source).read_text(encoding="utf-8").splitlines(), 1):
        where = f"{source}:{number}"
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith("@"):
            out[-1]["lines"].append((where, line.strip()))
            continue
        match = NAME.fullmatch(line.rstrip())
        if not match or (match[1] == "reject") != (match[3] is not None):
            raise SystemExit(f"{where}: not `@ accept NAME` or `@ reject NAME  CODE at OFFSET`")
        if match[3] is not None and match[3] not in known:
            raise SystemExit(f"{where}: no error is called {match[3]}")
        if match[2] in names:
            raise SystemExit(f"{where}: a second vector of this name")
        names.add(match[2])
        out.append({"name": match[2], "code": match[3] or "", "at": int(match[4] or 0),
                    "lines": []})
    return out


def split(line):
    """Octets and explanation; a `;` inside quotes belongs to the octets."""
    match = re.fullmatch(r'((?:[^";]|"(?:[^"\\]|\\.)*")*)(?:;\s*(.*))?', line)
    return match[1].strip(), (match[2] or "").strip()


def framing_vectors():
    vectors = blocks("framing")
    for vector in vectors:
        vector["steps"] = []
        for where, line in vector["lines"]:
            if line[0] not in "><=" or line[1] != " ":
                raise SystemExit(f"{where}: a line starts with >, < or =")
            octets, label = split(line[2:])
            if line[0] == "=":
                vector["steps"].append(("=", b"", octets))
            else:
                vector["steps"].append((line[0], octets_of(octets, where), label))
    return vectors


def cpp_hex(octets):
    """The octets as literals of hex digits, wrapped; long runs stay readable enough."""
    text = octets.hex()
    parts = [text[i:i + 80] for i in range(0, len(text), 80)] or [""]
    return "\n         ".join(f'"{p}"' for p in parts)


def framing_rows(vectors):
    out = banner("proto/framing/vectors.txt") + "#pragma once\n\n"
    out += "#include <cstdint>\n#include <span>\n#include <string_view>\n\n"
    out += "namespace nettcp::framing {\n\n"
    out += doc("One stretch of a conversation: `>` from the initiator, `<` from the acceptor, `=` "
               "an event that is no record. `meaning` lists the records that the octets complete, "
               "with their values, separated by `, `; `eof` is the end of the sender's stream.")
    out += ("struct vector_step {\n    char sender;\n    std::string_view hex;\n"
            "    std::string_view meaning;\n};\n\n")
    out += doc("A conversation that is legal (`code` is empty) or breaks the rule `code` (module "
               "and name) with the last step, at octet `at` of that step's sender.")
    out += ("struct framing_vector {\n    std::string_view name;\n    std::string_view code;\n"
            "    std::uint64_t at;\n    std::span<const vector_step> steps;\n};\n\n")
    for index, vector in enumerate(vectors):
        out += f"inline constexpr vector_step framing_steps_{index}[] = {{\n"
        for sender, octets, label in vector["steps"]:
            out += f"    {{'{sender}',\n         {cpp_hex(octets)},\n     {cpp_string(label)}}},\n"
        out += "};\n"
    out += "\ninline constexpr framing_vector framing_vectors[] = {\n"
    for index, vector in enumerate(vectors):
        out += (f"    {{{cpp_string(vector['name'])}, {cpp_string(vector['code'])}, "
                f"{vector['at']}, framing_steps_{index}}},\n")
    return out + "};\n\n}  // namespace nettcp::framing\n"


def conversations(vectors):
    body = "`>` is the initiator, `<` the acceptor.\n"
    for vector in vectors:
        body += f"\n## {vector['name']}\n\n"
        if vector["code"]:
            body += f"Refused: `{vector['code']}` at octet {vector['at']} of the last sender.\n\n"
        body += "```\n"
        for sender, octets, label in vector["steps"]:
            shown = octets.hex(" ") if len(octets) <= 24 else f"{octets[:20].hex(' ')} ..."
            body += f"{sender} {shown:72} {label}".rstrip() + "\n"
        body += "```\n"
    return page("Conversations on the wire", "proto/framing/vectors.txt", body)


def nbfx_vectors():
    vectors = blocks("nbfx")
    for vector in vectors:
        vector.update(session=[], octets=b"", xml="", dotnet="")
        for where, line in vector["lines"]:
            if line.startswith(": "):
                vector["session"] += re.findall(r'"([^"]*)"', line)
            elif line.startswith("= "):
                vector["xml"] += line[2:]
            elif line.startswith("! "):
                vector["dotnet"] = line[2:]
            else:
                vector["octets"] += octets_of(split(line)[0], where)
        if vector["code"] == "" and vector["xml"] == "" and vector["octets"]:
            raise SystemExit(f"proto/nbfx/vectors.txt: {vector['name']}: no text expected")
    return vectors


def nbfx_rows(vectors):
    out = banner("proto/nbfx/vectors.txt") + "#pragma once\n\n"
    out += "#include <cstdint>\n#include <span>\n#include <string_view>\n\n"
    out += "namespace nettcp::nbfx {\n\n"
    out += doc("A document that is legal (`code` is empty; `xml` is its text) or breaks the rule "
               "`code` (module and name) at octet `at`. `session` holds the strings of the ids 1, "
               "3, 5 and so on; where it is empty there is no session. `dotnet_differs` tells "
               "that .NET's reader decides otherwise, and why ours does not.")
    out += ("struct nbfx_vector {\n    std::string_view name;\n    std::string_view code;\n"
            "    std::uint64_t at;\n    std::span<const std::string_view> session;\n"
            "    std::string_view hex;\n    std::string_view xml;\n"
            "    std::string_view dotnet_differs;\n};\n\n")
    for index, vector in enumerate(vectors):
        if vector["session"]:
            out += (f"inline constexpr std::string_view nbfx_session_{index}[] = {{"
                    + ", ".join(cpp_string(s) for s in vector["session"]) + "};\n")
    out += "\ninline constexpr nbfx_vector nbfx_vectors[] = {\n"
    for index, vector in enumerate(vectors):
        session = f"nbfx_session_{index}" if vector["session"] else "{}"
        out += (f"    {{{cpp_string(vector['name'])}, {cpp_string(vector['code'])}, "
                f"{vector['at']}, {session},\n         {cpp_hex(vector['octets'])},\n"
                f"     {cpp_string(vector['xml'])},\n     {cpp_string(vector['dotnet'])}}},\n")
    return out + "};\n\n}  // namespace nettcp::nbfx\n"


def slug(name):
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def outputs():
    framing, nbfx = framing_vectors(), nbfx_vectors()
    out = {
        "tests/framing/framing_vectors.inc": framing_rows(framing),
        "tests/nbfx/nbfx_vectors.inc": nbfx_rows(nbfx),
        "docs/reference/framing-conversations.md": conversations(framing),
    }
    for vector in framing:
        for sender, side in ((">", "initiator"), ("<", "acceptor")):
            octets = b"".join(o for s, o, _ in vector["steps"] if s == sender)
            if octets and len(octets) < 4096:
                out[f"fuzz/seeds/framing/{slug(vector['name'])}-{side}.vector"] = octets
    for vector in nbfx:
        if vector["octets"]:
            out[f"fuzz/seeds/nbfx/{slug(vector['name'])}.vector"] = vector["octets"]
    return out
