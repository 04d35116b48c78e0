#!/usr/bin/env python3
"""decode_test.py BIN: nettcp decode on good, odd and damaged input."""

import os
import tempfile
from pathlib import Path

from nettcp_program import CAPTURES, check, check_equal, finish, objects, run

ECHO = CAPTURES / "none" / "none-echo.txt"
PREAMBLE = "000100 0102 020d 6e65742e7463703a2f2f682f73 0308 0c"


def decode(text, *words):
    return run("decode", "--json", *words, "-", stdin=text.encode())


def shapes():
    ended = run("decode", "--json", str(ECHO))
    found = objects(ended)
    check_equal("a good capture ends with 0", ended.returncode, 0)
    check_equal("the first object", found[0],
                {"conn": 1, "dir": "C>S", "record": "version", "value": "1.0"})
    check_equal("mode", found[1]["value"], "duplex")
    check_equal("encoding", found[3]["value"], "application/soap+msbinsession1")
    envelopes = [o for o in found if o["record"] == "sized_envelope"]
    check_equal("envelopes", len(envelopes), 2)
    for envelope in envelopes:
        check("envelopes have size and xml, no data",
              envelope["size"] > 0 and envelope["xml"].startswith("<s:Envelope")
              and "data" not in envelope, envelope)

    streamed = objects(run("decode", "--json", str(CAPTURES / "none/none-streamed-echo.txt")))
    unsized = [o for o in streamed if o["record"] == "unsized_envelope"]
    check("chunks sum up to the size",
          unsized and all(sum(o["chunks"]) == o["size"] for o in unsized), unsized)

    gzip = objects(run("decode", "--json", str(CAPTURES / "none/none-gzip-echo.txt")))
    packed = [o for o in gzip if o["record"] == "sized_envelope"]
    check("compressed envelopes are unpacked",
          packed and all(o["xml"].startswith("<s:Envelope") and "data" not in o for o in packed),
          packed)

    two = objects(run("decode", "--json", str(ECHO), str(ECHO)))
    check("several files are told apart", {o["file"] for o in two} == {str(ECHO)}, two[:1])


def forms():
    wanted = [o["record"] for o in objects(decode("C>S " + PREAMBLE))]
    check_equal("plain lines", wanted, ["version", "mode", "via", "known_encoding", "preamble_end"])
    for name, text in [("hexadecimal", PREAMBLE),
                       ("over several lines", PREAMBLE.replace(" ", "\n")),
                       ("upper case", PREAMBLE.upper()), ("numbered", f"0.5 1 C>S {PREAMBLE}\r\n")]:
        found = objects(decode(text))
        check_equal(name, [(o["dir"], o["record"]) for o in found], [("C>S", r) for r in wanted])
    check_equal("an answer is the service's", objects(decode("0b"))[0]["dir"], "S>C")
    check_equal("--from decides", objects(decode("0b", "--from", "client"))[0]["dir"], "C>S")
    tls = objects(decode("C>S 000100 0102 0903 746c73 1603\nS>C 0a 1603\nC>S(tls) 0c\nS>C(tls) 0b"))
    check_equal("upgrades", [o["record"] for o in tls],
                ["version", "mode", "upgrade_request", "upgrade_response", "opaque", "preamble_end",
                 "opaque", "preamble_ack"])
    check_equal("opaque sizes", [o["size"] for o in tls if o["record"] == "opaque"], [2, 2])
    check_equal("nothing is nothing", decode("# only a comment\n").stdout, b"")


def people():
    shown = run("decode", str(ECHO))
    text = shown.stdout.decode()
    check("no colours but on a terminal", "\033" not in text)
    check("envelopes are indented", "\n      <s:Header>" in text, text[:2000])
    check("new strings are listed", '+ string 1 "' in text, text[:2000])
    # ESC, and U+009B, which some terminals obey, too
    evil = run("decode", "-", stdin=b"C>S 000100 0205 1b5b33316d\nS>C 0804 1bc29b41").stdout
    check("control characters of a peer are escaped",
          b"\x1b" not in evil and "\u009b" not in evil.decode(), evil)
    broken = decode("C>S 000100 0203 61ff62")
    check_equal("invalid UTF-8 still makes JSON", objects(broken)[1]["value"], "a\ufffdb")


def damage():
    for name, text, offset in [("unknown record", "C>S 000100 ff", 3),
                               ("cut record", "C>S 000100 0205 6e", 6),
                               ("damaged line", "C>S 000100 0x", 3),
                               ("damaged hexadecimal", "000100 zz", 3),
                               ("half an octet", "000100 0", 3)]:
        ended = decode(text)
        found = objects(ended)
        errors = [o for o in found if o["record"] == "error"]
        check_equal(f"{name}: exit code", ended.returncode, 4)
        check(f"{name}: what came before is shown", found[0]["record"] == "version", found)
        check(f"{name}: offset and words", errors and errors[0]["offset"] == offset
              and errors[0]["message"], errors)
    after = objects(decode("C>S 000100 ff 01\nnonsense\nS>C 0b 07"))
    check_equal("the rest is shown", [o["record"] for o in after],
                ["version", "error", "error", "preamble_ack", "end", "opaque"])

    # No damage may end the program otherwise than by telling of it.
    words = ECHO.read_text().split("\n")
    octets = sum(len(line.split()[-1]) // 2 for line in words if ">" in line and "#" not in line)
    lines = [line for line in words if ">" in line and "#" not in line]
    at = 0
    for line in lines:
        head, _, digits = line.rpartition(" ")
        for place in range(0, len(digits), 2):
            at += 1
            if at % 7 != 0 and place > 20:
                continue  # every octet of the beginning, some of the rest
            changed = f"{(int(digits[place:place + 2], 16) ^ 0x95):02x}"
            text = "\n".join(f"{head} {digits[:place]}{changed}{digits[place + 2:]}"
                             if other is line else other for other in lines)
            ended = decode(text)
            objects(ended)
            if ended.returncode not in (0, 4):
                check(f"damage at octet {at} of {octets}", False, ended)


def failures_of_use():
    check_equal("no file given", run("decode").returncode, 1)
    check_equal("unknown option", run("decode", "--frobnicate", "-").returncode, 1)
    missing = run("decode", "/nonexistent/file")
    check("a missing file", missing.returncode == 1 and b"/nonexistent/file" in missing.stderr)
    check("the others are shown nevertheless",
          run("decode", "/nonexistent/file", str(ECHO)).stdout.count(b"sized_envelope") == 2)
    with tempfile.TemporaryDirectory() as folder:
        noise = Path(folder) / "noise"
        noise.write_bytes(os.urandom(3000))
        check_equal("noise is damage", run("decode", "--json", str(noise)).returncode, 4)
    help_text = run("decode", "--help")
    check("help has examples", help_text.returncode == 0 and b"Examples:" in help_text.stdout)


shapes()
forms()
people()
damage()
failures_of_use()
finish()
