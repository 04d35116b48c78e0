"""Security: the messages of the [MS-NNS] handshake, and the codes of its error message."""

from .tables import (cpp_string, enum, header, is_defined, markdown_table, page, read_table,
                     sentence, switch, to_string)


def messages():
    rows = read_table("security/handshake.table")
    body = enum("handshake_message", "std::uint8_t", rows,
                "The octet that starts a handshake message. Values from the wire may be undefined: "
                "ask `is_defined`.",
                lambda r: f"{sentence(r['payload'])}. Spec: {r['source']}.")
    body += "\n" + to_string("handshake_message", rows)
    body += "\n" + is_defined("handshake_message", rows)
    return header("proto/security/handshake.table", "security", ["<cstdint>", "<string_view>"],
                  body)


def error_codes():
    rows = read_table("security/handshake_errors.table")
    known = {r["name"] for r in read_table("security/errors.table")}
    for row in rows:
        if row["errc"] not in known:
            row.fail(f"proto/security/errors.table has no {row['errc']}")
    body = enum("handshake_error", "std::uint32_t", rows,
                "What an error message of the handshake says, in its low 32 bits.",
                lambda r: f"`{r['windows_name']}`. Spec: {r['source']}.")
    body += "\n" + switch("std::string_view windows_name(handshake_error v)",
                          "The name that Windows has for it, or an empty text for other values.",
                          rows, lambda r: cpp_string(r["windows_name"]), "{}", "handshake_error")
    body += "\n" + switch("errc errc_of(handshake_error v)",
                          "The error that the side reports which receives it.", rows,
                          lambda r: f"errc::{r['errc']}", "errc::peer_said_failure",
                          "handshake_error")
    return header("proto/security/handshake_errors.table", "security",
                  ["<nettcp/security/errc.hpp>", "<cstdint>", "<string_view>"], body)


def reference():
    body = ("A message is its octet, two octets of version, a size in two octets (big endian), and "
            "a payload of that size.\n\n")
    body += markdown_table(["octet", "message", "payload", "source"],
                           [[f"`{r['value']}`", r["name"], r["payload"], r["source"]]
                            for r in read_table("security/handshake.table")])
    body += ("\n## Codes of the error message\n\nEight octets, little endian from .NET 7 on, big "
             "endian before.\n\n")
    body += markdown_table(["code", "Windows's name", "reported as", "source"],
                           [[f"`{r['value']}`", r["windows_name"], f"`{r['errc']}`", r["source"]]
                            for r in read_table("security/handshake_errors.table")])
    return page("The handshake of [MS-NNS]", "proto/security/handshake*.table", body)


def outputs():
    return {"include/nettcp/security/handshake_message.hpp": messages(),
            "include/nettcp/security/handshake_error.hpp": error_codes(),
            "docs/reference/security-handshake.md": reference()}
