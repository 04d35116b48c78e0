#!/usr/bin/env python3
"""compare_captures.py NETTCP [CAPTURE...]

Runs `NETTCP decode --json` on every captured conversation (../captures/*/*.txt) and compares what
it prints with the conversation's twin (*.xml.txt), which .NET's own reader made: the same records
in the same order, the same sizes, the same infosets. Crafted preambles have no decoded twin; those
are compared with a small independent reading of the records below. Prints every difference, then
what was compared; exits 0 only when all of it agrees.
"""

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

CAPTURES = Path(__file__).resolve().parent.parent / "captures"

# Lines of these were cut to 1024 octets when they were captured: the twin's reader stopped at the
# first long message.
CUT = {"none-bytes-big", "none-default-quota-exceeded", "none-streamed-stream-echo-300k",
       "none-streamedrequest-stream-echo-300k"}

# Less than this means that captures or comparisons got lost, not that all is well.
ALL_ENVELOPES = 238
LEAST_FILES = 142
BEHIND_NEGOTIATE = 10  # envelopes that are plain there

MODES = {1: "singleton_unsized", 2: "duplex", 3: "simplex", 4: "singleton_sized"}
CONTENT_TYPES = {
    0: "text/xml; charset=utf-8", 1: "text/xml; charset=utf16", 2: "text/xml; charset=unicodeFFFE",
    3: "application/soap+xml; charset=utf-8", 4: "application/soap+xml; charset=utf16",
    5: "application/soap+xml; charset=unicodeFFFE", 6: "multipart/related",
    7: "application/soap+msbin1", 8: "application/soap+msbinsession1",
}
# What the twins call the records that are a name and at most a string.
SIMPLE = {
    "Via": "via", "ExtensibleEncoding": "extensible_encoding", "UpgradeRequest": "upgrade_request",
    "UpgradeResponse": "upgrade_response", "PreambleEnd": "preamble_end",
    "PreambleAck": "preamble_ack", "End": "end", "Fault": "fault",
}


class Record:
    """One record of a conversation; `xml` and `chunks` are for envelopes."""

    def __init__(self, conn, direction, name, value=None, size=None, chunks=None):
        self.conn, self.direction, self.name = conn, direction, name
        self.value, self.size, self.chunks = value, size, chunks
        self.xml = None

    def __str__(self):
        what = [f"connection {self.conn}", self.direction, self.name]
        what += [str(part) for part in (self.value, self.size, self.chunks) if part is not None]
        return " ".join(what)


# ---- the twin ------------------------------------------------------------------------------------

def read_twin(path):
    """The records of a *.xml.txt."""
    records, conn, xml = [], 1, None
    for line in path.read_text(encoding="utf-8").split("\n"):
        if match := re.fullmatch(r"===== connection (\d+)", line):
            conn = int(match[1])
        elif match := re.fullmatch(r"\d+\.\d+ (C>S|S>C) (.*)", line):
            records.append(twin_record(conn, match[1], match[2]))
        elif line.startswith("<s:Envelope") or xml is not None:
            # Text may hold line ends, so a document ends where its root element does.
            xml = line if xml is None else xml + "\n" + line
            if line.startswith("</s:Envelope>"):
                records[-1].xml, xml = xml, None
        elif line and not re.match(r"#|string table |\(decompressed ", line):
            raise ValueError(f"{path.name}: what is {line!r}?")
    return records


def twin_record(conn, direction, text):
    word, _, rest = text.partition(" ")
    if word == "Version":
        return Record(conn, direction, "version", rest)
    if word == "Mode":
        return Record(conn, direction, "mode", MODES[int(rest.split()[0])])
    if word == "KnownEncoding":
        return Record(conn, direction, "known_encoding", CONTENT_TYPES[int(rest)])
    if word == "SizedEnvelope":
        return Record(conn, direction, "sized_envelope", size=int(rest.split()[0]))
    if word == "UnsizedEnvelope":
        chunks = [int(number) for number in re.findall(r"\d+", rest)]
        return Record(conn, direction, "unsized_envelope", size=sum(chunks), chunks=chunks)
    if word in SIMPLE:
        return Record(conn, direction, SIMPLE[word], rest or None)
    if match := re.fullmatch(r"\((\d+) further bytes not decoded\)", text):
        return Record(conn, direction, "opaque", size=int(match[1]))
    if text.startswith("decode stopped"):
        return Record(conn, direction, "cut")
    raise ValueError(f"what is {text!r}?")


# ---- a reading of our own, for captures whose twin has no records --------------------------------

def read_octets(path):
    """The preamble records of each direction of a crafted capture, while they are well formed."""
    streams = {"C>S": b"", "S>C": b""}
    for line in path.read_text().splitlines():
        if match := re.fullmatch(r"(C>S|S>C) ([0-9a-f]+)", line):
            streams[match[1]] += bytes.fromhex(match[2])
    return {direction: list(preamble(direction, octets)) for direction, octets in streams.items()}


def preamble(direction, octets):
    strings = {2: "via", 4: "extensible_encoding", 8: "fault", 9: "upgrade_request"}
    bare = {7: "end", 10: "upgrade_response", 11: "preamble_ack", 12: "preamble_end"}
    at = 0
    while at < len(octets):
        kind, at = octets[at], at + 1
        if kind == 0 and at + 2 <= len(octets):
            yield Record(1, direction, "version", f"{octets[at]}.{octets[at + 1]}")
            at += 2
        elif kind == 1 and octets[at] in MODES:
            yield Record(1, direction, "mode", MODES[octets[at]])
            at += 1
        elif kind == 3 and octets[at] in CONTENT_TYPES:
            yield Record(1, direction, "known_encoding", CONTENT_TYPES[octets[at]])
            at += 1
        elif kind in strings:
            size, at = seven_bit_number(octets, at)
            yield Record(1, direction, strings[kind], octets[at:at + size].decode())
            at += size
        elif kind in bare:
            yield Record(1, direction, bare[kind])
        else:
            return


def seven_bit_number(octets, at):
    value = shift = 0
    while True:
        octet, at = octets[at], at + 1
        value |= (octet & 0x7F) << shift
        shift += 7
        if octet < 0x80:
            return value, at


# ---- a reading of our own, for what the twins of Negotiate sessions only count --------------------

def read_stream(path, conn, direction):
    line = re.compile(rf"\d+\.\d+ {conn} {re.escape(direction)} ([0-9a-f]+)")
    found = (line.fullmatch(text) for text in path.read_text().splitlines())
    return b"".join(bytes.fromhex(match[1]) for match in found if match)


def negotiate_parts(octets, level):
    """(name, size) of what follows an upgrade: handshake messages, frames, and the records in them
    where `level`, `sign-ntlm` or `none-ntlm`, leaves them plain. The size of what is on the wire is
    told for messages, frames and bare records."""
    at, plain = 0, b""
    while at < len(octets):
        if octets[at] in (0x14, 0x15, 0x16) and octets[at + 1:at + 3] == b"\1\0":
            size = 5 + int.from_bytes(octets[at + 3:at + 5], "big")
            yield "handshake", size
        elif octets[at:at + 4] == b"\0\1\0\1":  # the next session
            end = octets.index(b"application/negotiate", at) + len(b"application/negotiate")
            for record in preamble("C>S", octets[at:end]):
                yield record.name, 0
            size = end - at
            yield "clear", size
        elif octets[at] == 0x0A and octets[at + 1:at + 2] in (b"\x14", b"\x16"):
            size = 1
            yield "upgrade_response", 0
            yield "clear", size
        elif level == "none-ntlm":
            for record in plain_records(octets[at:]):
                yield record
            size = len(octets) - at
            yield "clear", size
        else:
            size = 4 + int.from_bytes(octets[at:at + 4], "little")
            yield "frame", size
            if level == "sign-ntlm":
                plain += octets[at + 20:at + size]
                records = list(plain_records(plain))
                yield from records
                plain = b"" if records else plain
        at += size


def plain_records(octets):
    """Records between two upgrades' ends; nothing when the last one is not whole."""
    found, at = [], 0
    while at < len(octets):
        kind, at, size = octets[at], at + 1, 0
        if kind == 6:
            size, at = seven_bit_number(octets, at)
        at += size
        found.append(({6: "sized_envelope", 7: "end", 11: "preamble_ack", 12: "preamble_end"}[kind],
                      size))
    return found if at == len(octets) else []


# ---- ours ----------------------------------------------------------------------------------------

def run_decoder(nettcp, path):
    command = [nettcp, "decode", "--json", str(path)]
    run = subprocess.run(command, capture_output=True, timeout=60, check=False)
    return [json.loads(line) for line in run.stdout.decode("utf-8").split("\n") if line], run


def infoset(text, pretty):
    """What an XML document says. `pretty`: white space beside elements is mere indentation."""
    parser = ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_comments=True))
    parser.feed(text)
    return node(parser.close(), pretty)


def node(element, pretty):
    children = [node(child, pretty) for child in element]
    texts = [element.text or ""] + [child.tail or "" for child in element]
    if pretty and children:
        texts = ["" if text.strip() == "" else text for text in texts]
    return (str(element.tag), sorted(element.attrib.items()), texts, children)


def prefixes(text):
    """The namespace declarations in document order: QNames in values depend on them."""
    puller = ElementTree.XMLPullParser(events=("start-ns",))
    puller.feed(text)
    puller.close()
    return sorted(pair for _, pair in puller.read_events())


# ---- comparison ----------------------------------------------------------------------------------

class Comparison:
    def __init__(self):
        self.counts = Counter()
        self.failures = []

    def fail(self, path, message):
        self.failures.append(f"{path.parent.name}/{path.name}: {message}")

    def file(self, nettcp, path):
        self.counts["files"] += 1
        try:
            objects, run = run_decoder(nettcp, path)
        except (ValueError, subprocess.TimeoutExpired) as problem:
            self.fail(path, f"the decoder's output is of no use: {problem}"[:300])
            return
        if run.returncode < 0:
            self.fail(path, f"the decoder died of signal {-run.returncode}")
            return
        twin = path.with_suffix("").with_suffix(".xml.txt")
        expected = read_twin(twin)
        try:
            if not expected:
                self.crafted(path, objects)
            elif path.stem in CUT:
                self.prefix(path, expected, objects)
            else:
                self.whole(path, expected, objects)
                damaged = [o for o in objects if o["record"] == "error"]
                if run.returncode != 0 and not damaged:
                    words = run.stderr.decode().strip()[:200]
                    self.fail(path, f"exit code {run.returncode}: {words}")
        except KeyError as problem:
            self.fail(path, f"an object has no {problem}")

    def whole(self, path, expected, objects):
        # The twin writes (0 further bytes) where a stream ended behind an upgrade: nothing to show.
        expected = [r for r in expected if not (r.name == "opaque" and r.size == 0)]
        streams = {(r.conn, r.direction) for r in expected}
        for stream in sorted(streams | {(o["conn"], o["dir"]) for o in objects}):
            ours = [o for o in objects if (o["conn"], o["dir"]) == stream]
            theirs = [r for r in expected if (r.conn, r.direction) == stream]
            self.stream(path, theirs, ours)
        if not any(r.name == "opaque" for r in expected):
            order = [(r.conn, r.direction, r.name) for r in expected]
            printed = [(o["conn"], o["dir"], o["record"]) for o in objects]
            if sorted(order) == sorted(printed) and order != printed:
                pairs = enumerate(zip(order, printed))
                at, (wanted, got) = next(item for item in pairs if item[1][0] != item[1][1])
                self.fail(path, f"order differs at record {at}: expected {wanted}, got {got}")

    def stream(self, path, theirs, ours):
        for index, record in enumerate(theirs):
            if record.name == "opaque":
                shown = {o["record"] for o in ours[index:]}
                if path.parent.name == "windows" or "handshake" in shown:
                    self.negotiate(path, record, ours[index:])
                else:
                    self.opaque(path, record, ours[index:])
                return
            if index == len(ours):
                self.fail(path, f"missing: {record}")
                return
            if not self.record(path, record, ours[index]):
                return
        if len(ours) > len(theirs):
            self.fail(path, f"one too many: {ours[len(theirs)]}"[:300])

    def opaque(self, path, record, rest):
        names = [o["record"] for o in rest]
        if set(names) != {"opaque"}:
            self.fail(path, f"expected nothing but opaque octets, got {names}")
        elif (size := sum(o["size"] for o in rest)) != record.size:
            self.fail(path, f"{record.size} opaque octets expected, got {size}")
        else:
            self.counts["opaque stretches"] += 1

    def negotiate(self, path, record, rest):
        """What the twin only counts: messages and frames must fill it, plain records be read."""
        octets = read_stream(path, record.conn, record.direction)[-record.size:]
        level = "-".join(path.stem.split("-")[1:3])
        parts = list(negotiate_parts(octets, level))
        expected = [(name, size) for name, size in parts if name != "clear"]
        got = [(o["record"], o.get("size", 0)) for o in rest]
        if expected != got:
            self.fail(path, f"{record.direction} behind the upgrade: expected {expected}, got {got}")
        if sum(s for n, s in parts if n in ("handshake", "frame", "clear")) != record.size:
            self.fail(path, f"{record}: messages and frames do not fill it")
        if level in ("sign-ntlm", "none-ntlm"):
            self.plain(path, [o for o in rest if o["record"] == "sized_envelope"])
        self.counts["stretches behind Negotiate"] += 1

    def plain(self, path, envelopes):
        """Envelopes that Negotiate leaves plain say what those of the same case without it do."""
        case = "-".join(path.stem.split("-")[3:])
        twin = read_twin(CAPTURES / "none" / f"none-{case}.xml.txt")
        way = envelopes[0]["dir"] if envelopes else "C>S"
        theirs = [r for r in twin if r.direction == way and r.name == "sized_envelope"]
        if len(theirs) != len(envelopes) or not envelopes:
            self.fail(path, f"{way}: {len(envelopes)} plain envelopes, not {len(theirs)}")
        for record, ours in zip(theirs, envelopes):
            if case != "whoami" and body(ours.get("xml", "<a/>")) != body(record.xml):
                self.fail(path, f"{way}: {ours} says not what {record.xml} says"[:900])
            self.counts["envelopes behind Negotiate"] += 1

    def record(self, path, record, ours):
        """Compares one record; False when what follows would only repeat the difference."""
        self.counts["records"] += 1
        if ours["record"] != record.name:
            self.fail(path, f"expected {record}, got {ours}"[:300])
            return False
        if record.value is not None and ours.get("value") != record.value:
            self.fail(path, f"expected {record}, got value {ours.get('value')!r}")
        if record.size is not None and ours.get("size") != record.size:
            self.fail(path, f"expected {record}, got size {ours.get('size')}")
        if record.chunks is not None and self.chunks(ours) not in (None, record.chunks):
            self.fail(path, f"expected {record}, got chunks {ours.get('chunks')}")
        if record.name.endswith("sized_envelope") and record.xml is not None:
            self.envelope(path, record, ours)
        return True

    @staticmethod
    def chunks(ours):
        """Their sizes where the decoder prints a list; of a mere count only the sum is checked."""
        return ours["chunks"] if isinstance(ours["chunks"], list) else None

    def envelope(self, path, record, ours):
        if "xml" not in ours:
            self.fail(path, f"{record}: no xml")
            return
        self.counts["envelopes"] += 1
        try:
            same = infoset(ours["xml"], False) == infoset(record.xml, True)
            same_prefixes = prefixes(ours["xml"]) == prefixes(record.xml)
        except ElementTree.ParseError as problem:
            self.fail(path, f"{record}: xml does not parse: {problem}: {ours['xml'][:200]}")
            return
        if not same:
            self.fail(path, f"{record}: infosets differ\n  expected {squeeze(record.xml)}\n"
                            f"  got      {ours['xml'][:1500]}")
        elif not same_prefixes:
            self.fail(path, f"{record}: namespace declarations differ")

    def prefix(self, path, expected, objects):
        """A capture whose long lines were cut: the records before the cut must agree."""
        for direction in ("C>S", "S>C"):
            theirs = [r for r in expected if r.direction == direction]
            ours = [o for o in objects if o["dir"] == direction]
            until = next((i for i, r in enumerate(theirs) if r.name == "cut"), len(theirs))
            self.stream(path, theirs[:until], ours[:until])
        self.counts["files cut when captured, compared up to there"] += 1

    def crafted(self, path, objects):
        for direction, records in read_octets(path).items():
            ours = [o for o in objects if o["dir"] == direction and o["record"] != "error"]
            # What a decoder makes of the rest of a malformed stream is its own affair.
            for record, shown in zip(records, ours):
                if shown["record"] in ("opaque", "sized_envelope", "unsized_envelope"):
                    break
                if not self.record(path, record, shown):
                    break
            if records and not ours and not any(o["record"] == "error" for o in objects):
                self.fail(path, f"{direction}: nothing shown, expected {records[0]}")
        self.counts["crafted preambles"] += 1


def body(xml):
    """The infoset of an envelope's body, without indentation."""
    found = ElementTree.fromstring(xml).find("{http://www.w3.org/2003/05/soap-envelope}Body")
    return None if found is None else node(found, True)


def squeeze(xml):
    return re.sub(r">\n *<", "><", xml)[:1500]


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    chosen = [Path(name) for name in sys.argv[2:]]
    paths = chosen or sorted(p for p in CAPTURES.glob("*/*.txt") if not p.name.endswith(".xml.txt"))
    comparison = Comparison()
    for path in paths:
        comparison.file(sys.argv[1], path)
    for failure in comparison.failures:
        print("DIFFERENT", failure)
    print("compared: " + ", ".join(f"{count} {what}" for what, count in comparison.counts.items()))
    counts = comparison.counts
    complete = counts["files"] >= LEAST_FILES and counts["envelopes"] >= ALL_ENVELOPES \
        and counts["envelopes behind Negotiate"] >= BEHIND_NEGOTIATE
    if not chosen and not complete:
        print(f"too few were compared: at least {LEAST_FILES} files and {ALL_ENVELOPES} "
              "envelopes were expected")
        return 1
    print("TOTAL differences=" + str(len(comparison.failures)))
    return 1 if comparison.failures else 0


if __name__ == "__main__":
    sys.exit(main())
