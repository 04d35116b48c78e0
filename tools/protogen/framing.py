"""Framing: records, modes, encodings, upgrades, fault URIs, session transitions."""

from .tables import (banner, cpp_string, doc, enum, header, is_defined, markdown_table, page,
                     read_table, sentence, switch, to_string)

FAULT_PREFIX = "http://schemas.microsoft.com/ws/2006/05/framing/faults/"
EVENTS = [("upgrade_complete", 0x80, "The handshake of the upgrade has ended well."),
          ("octets", 0x81, "Envelope octets without a record around them (singleton_sized)."),
          ("end_of_stream", 0x82, "The initiator's octets are over (singleton_sized).")]


def spec(row):
    return f"Spec: {row['source']}."


def records():
    rows = read_table("framing/records.table")
    body = enum("record_type", "std::uint8_t", rows,
                "The octet that starts a record. Values from the wire may be undefined: ask "
                "`is_defined`.",
                lambda r: f"Followed by {r['layout']}; sent by {sent_by(r)}. {spec(r)}")
    body += "\n" + to_string("record_type", rows) + "\n" + is_defined("record_type", rows)
    return header("proto/framing/records.table", "framing", ["<cstdint>", "<string_view>"], body)


def sent_by(row):
    return "both sides" if row["sender"] == "either" else f"the {row['sender']}"


def modes():
    rows = read_table("framing/modes.table")
    body = enum("mode", "std::uint8_t", rows,
                "What a session is for: the octet of the mode record. Values from the wire may be "
                "undefined: ask `is_defined`.",
                lambda r: f"{sentence(r['meaning'])}. {spec(r)}")
    body += "\n" + to_string("mode", rows) + "\n" + is_defined("mode", rows)
    return header("proto/framing/modes.table", "framing", ["<cstdint>", "<string_view>"], body)


def encodings():
    rows = read_table("framing/encodings.table")
    last = [r for r in rows if r["record"] != "named"][-1]["name"]
    body = enum("encoding", "std::uint8_t", rows,
                "How the envelopes of a session are encoded, by whichever record it was named.",
                lambda r: f"`{r['content_type']}`. {spec(r)}")
    body += "\n" + to_string("encoding", rows)
    body += "\n" + is_defined("encoding", rows)
    body += "\n" + switch("std::string_view content_type(encoding v)",
                          "The MIME content type, spelled as on the wire.", rows,
                          lambda r: cpp_string(r["content_type"]), "{}", "encoding")
    known = [r for r in rows if r["record"] == "known"]
    body += "\n" + switch("std::optional<std::uint8_t> known_octet(encoding v)",
                          "The octet to write in a known encoding record, or nothing when the "
                          "encoding is written by its content type.", rows,
                          lambda r: r["value"] if r in known else "std::nullopt",
                          "std::nullopt", "encoding")
    body += "\n" + doc("The encoding that a known encoding record names. Also takes the octets "
                       "some acceptors give to the compressed encodings.")
    body += ("constexpr std::optional<encoding> "
             "encoding_from_octet(std::uint8_t octet) noexcept {\n"
             f"    if (octet > static_cast<std::uint8_t>(encoding::{last}))\n"
             "        return std::nullopt;\n    return static_cast<encoding>(octet);\n}\n")
    body += "\n" + doc("The encoding that a content type names; letter case does not matter.")
    body += f"""constexpr std::optional<encoding> encoding_from_content_type(
    std::string_view text) noexcept {{
    constexpr auto lower = [](char c) {{
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }};
    for (std::uint8_t octet = 0; octet < {len(rows)}; ++octet) {{
        const std::string_view known = content_type(static_cast<encoding>(octet));
        bool same = known.size() == text.size();
        for (std::size_t i = 0; same && i < known.size(); ++i)
            same = lower(known[i]) == lower(text[i]);
        if (same)
            return static_cast<encoding>(octet);
    }}
    return std::nullopt;
}}
"""
    return header("proto/framing/encodings.table", "framing",
                  ["<cstddef>", "<cstdint>", "<optional>", "<string_view>"], body)


def upgrades():
    rows = read_table("framing/upgrades.table")
    body = enum("upgrade", "std::uint8_t", rows, "A stream upgrade an initiator can ask for.",
                lambda r: f"`{r['wire_name']}`. {spec(r)}")
    body += "\n" + to_string("upgrade", rows)
    body += "\n" + switch("std::string_view upgrade_name(upgrade v)",
                          "The name that an upgrade request record carries.", rows,
                          lambda r: cpp_string(r["wire_name"]), "{}", "upgrade")
    body += "\n" + doc("The upgrade of this name, compared exactly.")
    body += "constexpr std::optional<upgrade> upgrade_from_name(std::string_view name) noexcept {\n"
    for row in rows:
        body += (f"    if (name == upgrade_name(upgrade::{row['name']}))\n"
                 f"        return upgrade::{row['name']};\n")
    body += "    return std::nullopt;\n}\n"
    return header("proto/framing/upgrades.table", "framing",
                  ["<cstdint>", "<optional>", "<string_view>"], body)


def faults():
    rows = read_table("framing/faults.table")
    errors = {r["name"] for r in read_table("framing/errors.table")}
    for row in rows:
        if row["errc"] not in errors:
            row.fail(f"proto/framing/errors.table has no {row['errc']}")
    body = enum("fault_code", "std::uint8_t", rows,
                "Why an acceptor gives up: the meaning of the URI in a fault record. The values "
                "are ours; only the URI is on the wire.",
                lambda r: f"{sentence(r['sent_when'])}. {spec(r)}")
    body += "\n" + to_string("fault_code", rows)
    body += "\n" + switch("std::string_view uri(fault_code v)", "The URI of the fault record.",
                          rows, lambda r: f"\"{FAULT_PREFIX}\"\n               "
                          + cpp_string(r["suffix"]), "{}", "fault_code")
    body += "\n" + doc("The fault that a URI names, or nothing for one we do not know.")
    body += "constexpr std::optional<fault_code> "
    body += f"""fault_code_from_uri(std::string_view text) noexcept {{
    for (std::uint8_t n = 1; n <= {len(rows)}; ++n) {{
        if (text == uri(static_cast<fault_code>(n)))
            return static_cast<fault_code>(n);
    }}
    return std::nullopt;
}}
"""
    body += "\n" + switch("errc errc_of(fault_code v)",
                          "The error an initiator reports when it receives the fault.", rows,
                          lambda r: f"errc::{r['errc']}", "errc::peer_said_unknown_fault",
                          "fault_code")
    return header("proto/framing/faults.table", "framing",
                  ["<nettcp/framing/errc.hpp>", "<cstdint>", "<optional>", "<string_view>"], body)


def transitions():
    """Rows of the session table, checked, with `either` spelled out."""
    known = {r["name"] for r in read_table("framing/records.table")} | {e[0] for e in EVENTS}
    may_send = {r["name"]: r["sender"] for r in read_table("framing/records.table")}
    rules, seen = [], set()
    for row in read_table("framing/session.table"):
        if row["event"] not in known:
            row.fail(f"no record or event is called {row['event']}")
        senders = {"either": ["initiator", "acceptor"], "-": ["initiator"]}.get(
            row["sender"], [row["sender"]])
        for sender in senders:
            if may_send.get(row["event"], "either") not in ("either", sender):
                row.fail(f"{row['event']} is never sent by the {sender}")
            modes_of = "1234" if row["modes"] == "any" else row["modes"]
            for m in modes_of:
                key = (m, row["from"], sender, row["event"])
                if key in seen:
                    row.fail(f"two rows for {key}")
                seen.add(key)
            rules.append((row, sender))
    return rules


def mask(row):
    return 0x1f if row["modes"] == "any" else sum(1 << int(m) for m in row["modes"])


def state_names():
    names = []
    for row in read_table("framing/session.table"):
        names += [n for n in (row["from"], row["to"]) if n not in names]
    return names


def session_state():
    about = {
        "start": "Nothing was sent yet.", "versioned": "The version is known.",
        "moded": "The mode is known.", "addressed": "The via is known.",
        "encoded": "The encoding is known; an upgrade may follow, or the end of the preamble.",
        "upgrading": "An upgrade was requested and not answered yet.",
        "securing": "The octets belong to the handshake of the upgrade.",
        "ended_preamble": "The preamble is complete and not acknowledged yet.",
        "open": "Envelopes may flow.",
        "initiator_ended": "The initiator has sent its end record.",
        "acceptor_ended": "The acceptor has sent its end record.",
        "requesting": "Mode singleton_unsized: the request has begun.",
        "replying_early": "Mode singleton_unsized: the reply began before the request's end.",
        "replying": "Mode singleton_unsized: the request has ended, the reply has begun.",
        "closed": "Both sides have ended; another preamble may follow on the connection.",
        "faulted": "The acceptor has sent a fault; the session is lost."}
    rows = [{"name": n, "value": str(i)} for i, n in enumerate(state_names())]
    missing = [r["name"] for r in rows if r["name"] not in about]
    if missing:
        raise SystemExit(f"proto/framing/session.table: states without a description: {missing}")
    body = doc("The two parties of a session: who connected and who accepted.")
    body += "enum class role : std::uint8_t { initiator, acceptor };\n\n"
    roles = [{"name": "initiator"}, {"name": "acceptor"}]
    body += to_string("role", roles) + "\n"
    body += enum("state", "std::uint8_t", rows,
                 "Where a session stands. Both sides go through the same states.",
                 lambda r: about[r["name"]])
    body += "\n" + to_string("state", rows) + "\n"
    events = [{"name": r["name"], "value": r["value"], "about": f"The record `{r['name']}`."}
              for r in read_table("framing/records.table")]
    events += [{"name": n, "value": f"0x{v:02x}", "about": a} for n, v, a in EVENTS]
    body += enum("session_event", "std::uint8_t", events,
                 "What moves a session on: a record, with the value of its type octet, or one of "
                 "the events that are no records.", lambda r: r["about"])
    body += "\n" + to_string("session_event", events)
    return header("proto/framing/session.table", "framing", ["<cstdint>", "<string_view>"], body)


def session_rules():
    rules = transitions()
    out = banner("proto/framing/session.table") + "#pragma once\n\n"
    out += "#include <nettcp/framing/session_state.hpp>\n\n#include <cstdint>\n\n"
    out += "namespace nettcp::framing {\n\n"
    out += doc("One legal step. Bit n of `modes` stands for mode n, bit 0 for a mode that is not "
               "known yet. Events that are no records carry the initiator as their sender.")
    out += ("struct session_rule {\n    std::uint8_t modes;\n    state from;\n    role sender;\n"
            "    session_event event;\n    state to;\n};\n\n")
    out += "inline constexpr session_rule session_rules[] = {\n"
    for row, sender in rules:
        out += (f"    {{0x{mask(row):02x}, state::{row['from']}, role::{sender},\n"
                f"     session_event::{row['event']}, state::{row['to']}}},\n")
    return out + "};\n\n}  // namespace nettcp::framing\n"


def session_page():
    modes_by_value = {r["value"]: r for r in read_table("framing/modes.table")}
    rows = read_table("framing/session.table")
    body = ("Who may send what, when. A record that no row allows ends the session with "
            "`framing.record_not_allowed`.\n\n")
    body += markdown_table(
        ["modes", "from", "sender", "event", "to", "source"],
        [[r["modes"], r["from"], r["sender"], f"`{r['event']}`", r["to"], r["source"]]
         for r in rows])
    for value, mode in modes_by_value.items():
        body += f"\n## Mode {value}: {mode['name']}\n\n{sentence(mode['meaning'])}.\n\n"
        body += "```mermaid\nstateDiagram-v2\n    [*] --> start\n"
        for r in rows:
            if r["modes"] == "any" or value in r["modes"]:
                body += f"    {r['from']} --> {r['to']}: {r['sender']} {r['event']}\n".replace(
                    ": - ", ": ")
        body += "```\n"
    return page("Framing sessions", "proto/framing/session.table", body)


def records_page():
    body = "## Records\n\n" + markdown_table(
        ["octet", "record", "after the octet", "sent by", "source"],
        [[r["value"], f"`{r['name']}`", r["layout"], sent_by(r), r["source"]]
         for r in read_table("framing/records.table")])
    body += "\n## Modes\n\n" + markdown_table(
        ["octet", "mode", "meaning"],
        [[r["value"], f"`{r['name']}`", r["meaning"]] for r in read_table("framing/modes.table")])
    body += "\n## Encodings\n\n" + markdown_table(
        ["octet", "encoding", "content type", "written as"],
        [[r["value"] if r["record"] != "named" else "–", f"`{r['name']}`", f"`{r['content_type']}`",
          f"{'extensible' if r['record'] == 'named' else r['record']} encoding"]
         for r in read_table("framing/encodings.table")])
    body += "\n## Upgrades\n\n" + markdown_table(
        ["upgrade", "name on the wire", "source"],
        [[f"`{r['name']}`", f"`{r['wire_name']}`", r["source"]]
         for r in read_table("framing/upgrades.table")])
    body += f"\n## Faults\n\nEach is a URI that starts with `{FAULT_PREFIX}`.\n\n" + markdown_table(
        ["fault", "ends in", "sent when", "reported as"],
        [[f"`{r['name']}`", f"`{r['suffix']}`", r["sent_when"], f"`framing.{r['errc']}`"]
         for r in read_table("framing/faults.table")])
    return page("Framing records", "proto/framing", body)


def dictionary():
    """Tokens for a fuzzer: the fixed octets and texts of the framing protocol."""
    out = banner("proto/framing", "#")
    for row in read_table("framing/records.table"):
        out += f"{row['name']}=\"\\x{int(row['value'], 16):02x}\"\n"
    for row in read_table("framing/modes.table"):
        out += f"mode_{row['name']}=\"\\x01\\x{int(row['value']):02x}\"\n"
    out += 'version_1_0="\\x00\\x01\\x00"\nsize_largest="\\xff\\xff\\xff\\xff\\x07"\n'
    for row in read_table("framing/encodings.table"):
        out += f"encoding_{row['name']}={cpp_string(row['content_type'])}\n"
    for row in read_table("framing/upgrades.table"):
        out += f"upgrade_{row['name']}=\"{row['wire_name']}\"\n"
    for row in read_table("framing/faults.table"):
        out += f"fault_{row['name']}=\"{FAULT_PREFIX}{row['suffix']}\"\n"
    return out


def outputs():
    return {
        "include/nettcp/framing/record_type.hpp": records(),
        "include/nettcp/framing/mode.hpp": modes(),
        "include/nettcp/framing/encoding.hpp": encodings(),
        "include/nettcp/framing/upgrade_name.hpp": upgrades(),
        "include/nettcp/framing/fault_code.hpp": faults(),
        "include/nettcp/framing/session_state.hpp": session_state(),
        "src/framing/session_rules.inc": session_rules(),
        "docs/reference/framing-session.md": session_page(),
        "docs/reference/framing-records.md": records_page(),
        "fuzz/dict/framing.dict": dictionary(),
    }
