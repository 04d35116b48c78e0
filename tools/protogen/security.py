"""Security: the messages of the [MS-NNS] handshake, and the codes of its error message."""

from .fuzzing import tokens
from .tables import (ROOT, cpp_string, enum, header, is_defined, markdown_table, page, read_table,
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


# ---- fuzzing: tokens and frames as tests/support/fake_mechanism.hpp makes them ------------------

def message(octet, payload):
    return bytes([octet, 1, 0]) + len(payload).to_bytes(2, "big") + payload


def fake_token(number):
    return b"T" + bytes([number]) + b"."


def fake_frame(sender, number, plain):
    key = (number * 7 + (0x5a if sender == "i" else 0xa5)) & 0xff
    total = (number + sum(plain)) & 0xff
    payload = sender.encode() + b"F" + bytes([number, total]) + b"." + bytes(o ^ key for o in plain)
    return len(payload).to_bytes(4, "little") + payload


def fake_handshake(sender, count):
    """The messages of one side in a handshake of so many tokens."""
    said = b""
    for number in range(1 if sender == "i" else 2, count + 1, 2):
        said += message(0x14 if number == count else 0x16, fake_token(number))
    if sender == "a" and count % 2 == 1:
        said += message(0x14, b"")
    return said


def seeds():
    """Choices, then what the other side said."""
    refusals = [message(0x15, int(r["value"], 16).to_bytes(8, "big"))
                for r in read_table("security/handshake_errors.table")]
    for count in range(1, 5):
        for sender in "ia":
            choice = (1 if sender == "i" else 0) | (count - 1) << 1
            start = fake_handshake(sender, count)
            frames = b"".join(fake_frame(sender, n, b"hello"[n:]) for n in range(6))
            name = f"{count}-tokens-of-{'initiator' if sender == 'i' else 'acceptor'}"
            yield name, bytes([choice]) + start + frames
            yield f"{name}-elsewhere", bytes([choice | 32]) + start + frames
            yield f"{name}-raw", bytes([choice | 8]) + start + b"hello"
            yield f"{name}-repeated", bytes([choice]) + start + fake_frame(sender, 0, b"x") * 2
            yield f"{name}-failing", bytes([choice | 16]) + start
            yield f"{name}-refused", bytes([choice]) + refusals[count]
            yield f"{name}-largest-frame", bytes([choice]) + start + b"\0\0\1\0" + bytes(40)


def dictionary():
    for row in read_table("security/handshake.table"):
        yield bytes([int(row["value"], 16), 1, 0])
    for row in read_table("security/handshake_errors.table"):
        code = int(row["value"], 16)
        yield code.to_bytes(8, "big")
        yield code.to_bytes(4, "little") + (b"\xff" * 4 if code >> 31 else bytes(4))
    for number in range(1, 5):
        yield fake_token(number)
    for sender in "ia":
        for number in range(3):
            yield fake_frame(sender, number, b"")
            yield fake_frame(sender, number, b"x")
    yield from (b"\4\0\0\0", b"\5\0\0\0", b"\0\0\1\0", b"\1\0\1\0", b"\xff\xff\xff\xff")


def turn(from_client, octets):
    """What fuzz/inspect_negotiate.cpp takes as octets of one side."""
    pieces = [octets[i:i + 127] for i in range(0, len(octets), 127)]
    return b"".join(bytes([len(p) << 1 | (0 if from_client else 1)]) + p for p in pieces)


def listened_seeds():
    """The conversations of .NET's NegotiateStream, which say nothing of framing, and tokens."""
    for path in sorted((ROOT / "tests/security/transcripts").glob("*.txt")):
        said = [(line[:3] == "C>S", bytes.fromhex(line[4:]))
                for line in path.read_text(encoding="utf-8").splitlines()
                if line[:4] in ("C>S ", "S>C ") and not line.endswith("FIN")]
        whole = b"".join(turn(client, octets) for client, octets in said)
        if said and len(whole) < 4096:
            yield path.stem, whole
            yield f"{path.stem}-token", said[0][1][5:]
    signature = bytes(16)
    ntlm = b"NTLMSSP\0\3\0\0\0" + bytes(48)
    for name, flags, head in (("sign", 0x15, signature), ("none", 0x05, b"")):
        start = turn(True, message(0x16, ntlm + bytes([flags, 0x82, 0x8a, 0xe2])))
        start += turn(False, message(0x14, b""))
        for text in (b"\x0c", b"\x06\x06\x02\x01aB\x01\x01", b"\x07"):
            octets = head + text
            start += turn(True, (len(octets).to_bytes(4, "little") if head else b"") + octets)
        yield f"plain-records-{name}", start


def line_seeds():
    """What somebody on the wire may do to a session, as fuzz/security_framing.cpp writes it."""
    def change(kind, distance, size=1, octets=b"", back=False):
        code = ("insert", "replace", "drop", "repeat", "cut").index(kind)
        size = len(octets) or size
        return bytes([code | back << 3 | size - 1 << 4, distance]) + octets

    common, request, handshake, first, second = b"\x29", 22, 45, 53, 63  # where each begins
    envelope = b"\6\1A"
    for tokens in range(4):
        yield f"left-alone-{tokens + 1}-tokens", bytes([0x28 + tokens])
    yield "left-alone-without-envelopes", b"\1"
    yield "left-alone-three-envelopes-two-sessions", b"\x3d"
    yield ("preamble-end-in-place-of-the-request",
           common + change("replace", request, octets=b"\x0c"))
    for name, octets in ("acknowledgement", b"\x0b"), ("fault", b"\x08\1A"):
        yield (f"{name}-in-place-of-the-response",
               common + change("replace", 0, octets=octets, back=True))
    yield "envelope-behind-the-response", common + change("insert", 1, octets=envelope, back=True)
    for name, at in ("request", handshake), ("handshake", first), ("first-frame", second):
        yield f"envelope-in-clear-behind-the-{name}", common + change("insert", at, octets=envelope)
    yield "frame-repeated", common + change("repeat", second, size=3)
    yield "frame-missing", common + change("drop", first, size=10)
    yield "frame-altered", common + change("replace", second - 1, octets=b"\0")
    yield "handshake-cut", common + change("cut", handshake + 3)
    yield "session-cut", common + change("cut", second)
    for name, mode in ("singleton-unsized", 1), ("simplex", 3), ("singleton-sized", 4):
        yield f"mode-{name}", common + change("replace", 4, octets=bytes([mode]))


def outputs():
    out = {f"fuzz/seeds/security_negotiate/{name}.vector": octets for name, octets in seeds()}
    for name, octets in line_seeds():
        out[f"fuzz/seeds/security_framing/{name}.vector"] = octets
    for name, octets in listened_seeds():
        out[f"fuzz/seeds/inspect_negotiate/{name}.vector"] = octets
    out["fuzz/dict/inspect_negotiate.dict"] = tokens("proto/security", dictionary())
    out["fuzz/dict/security_negotiate.dict"] = tokens("proto/security", dictionary())
    return out | {"include/nettcp/security/handshake_message.hpp": messages(),
            "include/nettcp/security/handshake_error.hpp": error_codes(),
            "docs/reference/security-handshake.md": reference()}
