"""Binary XML: record types, the decoder's dispatch table, the static dictionary, fuzz tokens."""

import hashlib

from .tables import (banner, case, cpp_string, doc, enum, header, markdown_table, page,
                     read_table, wrapped)

DICTIONARY_SHA256 = "97c4a06dba65d4b85b3555c5506894701be5f63ea7dc32e98af97273311f7dae"
UNSAFE_STATIC_ID = 0x1a8  # begins with a space that some peers' tables lack: never write it

# Payloads of text records: name, octets of the value (or of the length before it), what it is.
PAYLOADS = [
    ("none", 0, "The record has no text."),
    ("zero", 0, "The text \"0\"."), ("one", 0, "The text \"1\"."),
    ("false_value", 0, "The text \"false\"."), ("true_value", 0, "The text \"true\"."),
    ("int8", 1, "A signed octet."), ("int16", 2, "A signed number of 2 octets."),
    ("int32", 4, "A signed number of 4 octets."), ("int64", 8, "A signed number of 8 octets."),
    ("float32", 4, "IEEE 754 binary32."), ("float64", 8, "IEEE 754 binary64."),
    ("decimal", 16, "Reserved u16, scale, sign, high u32, low u64."),
    ("date_time", 8, "Ticks in 62 bits, kind in the two highest."),
    ("chars8", 1, "UTF-8 after a length of 1 octet."),
    ("chars16", 2, "UTF-8 after a length of 2 octets."),
    ("chars32", 4, "UTF-8 after a length of 4 octets, which has a sign."),
    ("bytes8", 1, "Octets after a length of 1 octet."),
    ("bytes16", 2, "Octets after a length of 2 octets."),
    ("bytes32", 4, "Octets after a length of 4 octets, which has a sign."),
    ("list", 0, "Text records up to the end of the list."),
    ("empty", 0, "The empty text."),
    ("dictionary", 0, "A dictionary id."),
    ("unique_id", 16, "A GUID; its text begins with urn:uuid:."),
    ("time_span", 8, "Ticks, with a sign."), ("uuid", 16, "A GUID."),
    ("uint64", 8, "An unsigned number of 8 octets."),
    ("boolean", 1, "0 for false, anything else for true."),
    ("unicode_chars8", 1, "UTF-16 after a length of 1 octet."),
    ("unicode_chars16", 2, "UTF-16 after a length of 2 octets."),
    ("unicode_chars32", 4, "UTF-16 after a length of 4 octets, which has a sign."),
    ("qname", 1, "A prefix letter's number, then a dictionary id."),
]
KINDS = ["undefined", "end_element", "comment", "array", "attribute", "xmlns", "element", "text",
         "end_list"]


def record_rows():
    rows = read_table("nbfx/records.table")
    payloads = {p[0] for p in PAYLOADS}
    for row in rows:
        if row["kind"] not in KINDS or row["payload"] not in payloads:
            row.fail("unknown kind or payload")
        if row["prefix"] not in ("none", "inline") and len(row["prefix"]) != 1:
            row.fail("a prefix is none, inline or one letter")
        if row["kind"] == "text" and row["name"].endswith("_with_end_element"):
            if int(row["value"], 16) % 2 == 0:
                row.fail("a record with an end element has an odd type")
    if len(rows) != 179:
        raise SystemExit("proto/nbfx/records.table: not 179 records")
    return rows


def record_type_header(rows):
    body = enum("record_type", "std::uint8_t", rows,
                "The octet that starts a record of binary XML. Values from a peer may be "
                "undefined: ask `is_defined`.", lambda r: f"Spec: {r['source']}.")
    body += "\n" + doc("The name in snake_case, or an empty text when it is not defined.")
    body += "NETTCP_EXPORT std::string_view to_string(record_type v) noexcept;\n\n"
    body += doc("Whether the specification defines this value.")
    body += "NETTCP_EXPORT bool is_defined(record_type v) noexcept;\n"
    return header("proto/nbfx/records.table", "nbfx",
                  ["<nettcp/base/export.hpp>", "<cstdint>", "<string_view>"], body)


def record_type_source(rows):
    out = banner("proto/nbfx/records.table") + "#include <nettcp/nbfx/record_type.hpp>\n\n"
    out += '#include "nbfx/record_kinds.inc"\n\nnamespace nettcp::nbfx {\n\n'
    out += "std::string_view to_string(record_type v) noexcept {\n    switch (v) {\n"
    for row in rows:
        out += case(f"record_type::{row['name']}", cpp_string(row["name"]))
    out += "    }\n    return {};\n}\n\n"
    out += ("bool is_defined(record_type v) noexcept {\n"
            "    return record_shapes[static_cast<std::uint8_t>(v)].kind != "
            "record_kind::undefined;\n}\n\n}  // namespace nettcp::nbfx\n")
    return out


def record_kinds(rows):
    by_value = {int(r["value"], 16): r for r in rows}
    sizes = {p[0]: p[1] for p in PAYLOADS}
    out = banner("proto/nbfx/records.table") + "#pragma once\n\n#include <cstdint>\n\n"
    out += "namespace nettcp::nbfx {\n\n"
    out += doc("What a record is.")
    out += "enum class record_kind : std::uint8_t {\n    " + ",\n    ".join(KINDS) + ",\n};\n\n"
    out += doc("How a record gives a prefix: not at all, as a text, or by the letter its type "
               "stands for.")
    out += "enum class prefix_form : std::uint8_t { none, inline_text, letter };\n\n"
    out += doc("How a record gives a name, or the URI of an xmlns record.")
    out += "enum class name_form : std::uint8_t { none, inline_text, dictionary };\n\n"
    out += doc("What the value of a text record is.")
    out += "enum class text_payload : std::uint8_t {\n"
    out += "".join(doc(a, "    ") + f"    {n},\n" for n, _, a in PAYLOADS) + "};\n\n"
    out += doc("How to read the record of one type octet. `size` counts the octets of a value, or "
               "of the length before one. `with_end` tells that the end of the element follows "
               "from the record. `array_item` tells that arrays may have this type.")
    out += ("struct record_shape {\n    record_kind kind = record_kind::undefined;\n"
            "    prefix_form prefix = prefix_form::none;\n    char letter = 0;\n"
            "    name_form name = name_form::none;\n"
            "    text_payload payload = text_payload::none;\n    std::uint8_t size = 0;\n"
            "    bool with_end = false;\n    bool array_item = false;\n};\n\n")
    out += doc("One shape for every possible octet.")
    out += "inline constexpr record_shape record_shapes[256] = {\n"
    forms = {"none": "none", "inline": "inline_text", "dictionary": "dictionary"}
    for value in range(256):
        row = by_value.get(value)
        if row is None:
            joins = value % 16 and value - 1 not in by_value
            out = out.rstrip("\n") + " {},\n" if joins else out + "    {},\n"
            continue
        letter = row["prefix"] if row["prefix"] not in ("none", "inline") else None
        prefix = "letter" if letter else forms[row["prefix"]]
        with_end = row["name"].endswith("_with_end_element")
        out += (f"    // 0x{value:02x} {row['name']}\n    {{record_kind::{row['kind']}, "
                f"prefix_form::{prefix}, " + (f"'{letter}'" if letter else "0")
                + f", name_form::{forms[row['name_form']]}")
        if row["kind"] == "text":
            out += (f",\n     text_payload::{row['payload']}, {sizes[row['payload']]}, "
                    f"{str(with_end).lower()}, {str(row['array'] == 'yes').lower()}")
        out += "},\n"
    return out + "};\n\n}  // namespace nettcp::nbfx\n"


def records_page(rows):
    body = ("Text records with an odd type are the same text followed by the end of its element. "
            "Octets that are not listed are errors (`nbfx.record_unknown`).\n\n")
    about = {p[0]: p[2] for p in PAYLOADS}
    lines = []
    for row in rows:
        if row["kind"] == "text":
            what = about[row["payload"]]
        else:
            what = {"inline": "name as text", "dictionary": "name by id"}.get(row["name_form"], "")
            if row["prefix"] == "inline":
                what = "prefix as text, " + what
            elif row["prefix"] != "none":
                what = f"prefix {row['prefix']}, " + what
        lines.append([row["value"], f"`{row['name']}`", row["kind"].replace("_", " "), what,
                      row["source"]])
    body += markdown_table(["octet", "record", "kind", "content", "source"], lines)
    return page("Binary XML records", "proto/nbfx/records.table", body)


def static_dictionary():
    """The 487 strings by index, as their table is checked."""
    rows = read_table("nbfx/static_dictionary.table")
    texts = []
    for index, row in enumerate(rows):
        if int(row["value"]) != index or int(row["id"], 16) != 2 * index:
            row.fail("out of order")
        texts.append(row["text"])
    digest = hashlib.sha256("".join(t + "\n" for t in texts).encode()).hexdigest()
    if digest != DICTIONARY_SHA256:
        raise SystemExit("proto/nbfx/static_dictionary.table: the strings are not the known ones")
    return texts


def static_strings(texts):
    order = sorted((i for i in range(len(texts)) if 2 * i != UNSAFE_STATIC_ID),
                   key=lambda i: texts[i].encode())
    out = banner("proto/nbfx/static_dictionary.table") + "#pragma once\n\n"
    out += "#include <cstdint>\n#include <string_view>\n\nnamespace nettcp::nbfx {\n\n"
    out += doc("String n has the wire id 2n. Spec: [MC-NBFS] Dictionary Strings.")
    out += f"inline constexpr std::string_view static_strings[{len(texts)}] = {{\n"
    for index, text in enumerate(texts):
        out += f"    /* 0x{2 * index:03x} */ {wrapped(text)},\n"
    out += "};\n\n"
    out += doc("Indexes into `static_strings` in the order of their texts' octets, for look-up by "
               f"text. Without 0x{UNSAFE_STATIC_ID:x}: not every peer's table has its leading "
               "space, so a writer must not use it.")
    out += f"inline constexpr std::uint16_t static_strings_by_text[{len(order)}] = {{\n"
    line = "   "
    for index in order:
        if len(line) + len(str(index)) + 2 > 100:
            out += line + "\n"
            line = "   "
        line += f" {index},"
    return out + line + "\n};\n\n}  // namespace nettcp::nbfx\n"


def dictionary_page(texts):
    rows = [[f"0x{2 * i:03x}", f"`{t}`" if t.strip() == t and t else f"`\"{t}\"`"]
            for i, t in enumerate(texts)]
    return page("The static dictionary", "proto/nbfx/static_dictionary.table",
                "Strings that both sides know. One is empty, one begins with a space.\n\n"
                + markdown_table(["id", "string"], rows))


def size_octets(number):
    out = b""
    while number > 0x7f:
        out += bytes([number & 0x7f | 0x80])
        number >>= 7
    return out + bytes([number])


def fuzz_tokens(rows, texts):
    def quoted(octets):
        return '"' + "".join(f"\\x{o:02x}" for o in octets) + '"'
    out = banner("proto/nbfx", "#")
    for row in rows:
        octet = int(row["value"], 16)
        size = {p[0]: p[1] for p in PAYLOADS}[row["payload"]]
        out += f"{row['name']}={quoted(bytes([octet]))}\n"
        if size > 1:
            out += f"{row['name']}_ones={quoted(bytes([octet] + [0xff] * size))}\n"
    for index, text in enumerate(texts):
        out += f"id_{2 * index}={quoted(size_octets(2 * index))}\n"
        if text:
            escaped = text.replace("\\", "\\\\").replace('"', '\\"')
            out += f'text_{2 * index}="{escaped}"\n'
    return out


def outputs():
    rows, texts = record_rows(), static_dictionary()
    return {
        "include/nettcp/nbfx/record_type.hpp": record_type_header(rows),
        "src/nbfx/record_type.cpp": record_type_source(rows),
        "src/nbfx/record_kinds.inc": record_kinds(rows),
        "src/nbfx/static_dictionary_strings.inc": static_strings(texts),
        "docs/reference/nbfx-records.md": records_page(rows),
        "docs/reference/nbfx-static-dictionary.md": dictionary_page(texts),
        "fuzz/dict/nbfx.dict": fuzz_tokens(rows, texts),
    }
