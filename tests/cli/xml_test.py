#!/usr/bin/env python3
"""xml_test.py BIN: nettcp xml, both ways, with and without a session."""

import tempfile
from pathlib import Path

from nettcp_program import CAPTURES, check, check_equal, finish, objects, run

DOCUMENTS = [
    "<a/>",
    '<a xmlns="urn:x">5</a>',
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>',
    "<r><x y=\"1 &lt; 2 &amp;\"> two\n lines </x><!--note--><x/>\u4f60\U0001F600</r>",
]


def binary(text, *words):
    return run("xml", "--to-binary", *words, stdin=text.encode())


def text(octets, *words):
    return run("xml", "--to-text", *words, stdin=octets)


def both_ways():
    for document in DOCUMENTS:
        for words in ([], ["--session"], ["--hex"], ["--session", "--hex"]):
            there = binary(document, *words)
            back = text(there.stdout, *words)
            check_equal(f"{document} {words} comes back", back.stdout.decode(), document)
            check_equal(f"{document} {words} ends with 0", (there.returncode, back.returncode),
                        (0, 0))
    # Known answers: [MC-NBFX] ShortElement, Chars8TextWithEndElement; [MC-NBFSE] string table.
    check_equal("octets of an element", binary("<zz>hi</zz>").stdout.hex(), "40027a7a99026869")
    check_equal("octets with a table", binary("<zz/>", "--session").stdout.hex(),
                "03027a7a420101")
    check_equal("hexadecimal in", text(b"40 01 61\n89 05\n", "--hex").stdout, b"<a>5</a>")
    check_equal("indented", text(binary("<a><b/></a>").stdout, "--indent").stdout.decode().strip(),
                "<a>\n  <b/>\n</a>")


def dictionaries():
    with tempfile.TemporaryDirectory() as folder:
        known = Path(folder) / "known"
        known.write_text("zz\nurn:x\n")
        words = ("--dictionary", str(known))
        check_equal("a known name is an id", binary("<zz/>", *words).stdout.hex(), "420101")
        check_equal("an unknown name is written out", binary("<b/>", *words).stdout.hex(),
                    "40016201")
        check_equal("with a session it goes into the table",
                    binary("<b/>", "--session", *words).stdout.hex(), "020162420501")
        for document in ("<zz/>", '<b xmlns="urn:x"><zz/></b>'):
            for more in ([], ["--session"]):
                there = binary(document, *words, *more).stdout
                check_equal(f"{document} {more} with a dictionary comes back",
                            text(there, *words, *more).stdout.decode(), document)
        check_equal("without it the id means nothing", text(bytes.fromhex("420101")).returncode, 4)
        known.write_text("zz\nzz\n")
        check_equal("a string twice", binary("<a/>", *words).returncode, 1)
    check_equal("a dictionary that is not there",
                binary("<a/>", "--dictionary", "/nonexistent").returncode, 1)


def damage():
    for octets in ("", "40", "4001", "400161", "40016199ff", "ff", "40016101ff"):
        ended = text(bytes.fromhex(octets))
        check(f"damaged binary {octets or 'nothing'}", ended.returncode == 4 and ended.stderr,
              ended)
    check_equal("what could be read is shown", text(bytes.fromhex("4001614001")).stdout[:2], b"<a")
    for document in ("", "a", "<a>", "<a/><b/>", "<!DOCTYPE a><a/>", "<x:a/>", "<a>&e;</a>"):
        ended = binary(document)
        check(f"malformed text {document!r}", ended.returncode == 4 and ended.stderr
              and not ended.stdout, ended)
    check("the place is told", b"line 2, column" in binary("<a>\n</b>").stderr)
    check_equal("no hexadecimal", text(b"4x", "--hex").returncode, 4)
    check_equal("neither way", run("xml").returncode, 1)
    check_equal("both at once", run("xml", "--to-text", "--to-binary").returncode, 1)
    lossy = text(bytes.fromhex("400161990101"))
    check("what text cannot hold is replaced, with a warning",
          lossy.returncode == 0 and lossy.stdout.decode() == "<a>\ufffd</a>" and lossy.stderr,
          lossy)


def as_decode_shows():
    """The payload of a captured envelope gives the very text that decode shows for it."""
    capture = CAPTURES / "none" / "none-echo.txt"
    shown = [o["xml"] for o in objects(run("decode", "--json", str(capture)))
             if o["record"] == "sized_envelope" and o["dir"] == "C>S"]
    octets = b"".join(bytes.fromhex(line.split()[-1]) for line in capture.read_text().split("\n")
                      if " C>S " in line and "#" not in line)
    # Behind the preamble: the envelope's type, its size in two octets, and the payload.
    start = octets.index(b"\x03\x08\x0c") + 3
    size = (octets[start + 1] & 0x7f) | octets[start + 2] << 7
    check_equal("the envelope's size takes two octets", (octets[start], octets[start + 1] >> 7),
                (6, 1))
    payload = octets[start + 3:start + 3 + size]
    check_equal("xml --to-text equals decode --json",
                text(payload, "--session").stdout.decode(), shown[0])


both_ways()
dictionaries()
damage()
as_decode_shows()
finish()
