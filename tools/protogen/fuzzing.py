"""Dictionaries and seeds of fuzz targets, from tables, vectors and captures.

Seeds are named *.vector; what stands beside them under other names was found by fuzzing and kept.
A target takes the dictionaries and seeds of its own name and of its module, and those that a
comment in it, `// Uses seeds/... dict/...`, names.
"""

import gzip
import re
import struct

from .nbfx import record_rows, size_octets
from .tables import ROOT, banner, read_table
from .vectors import framing_vectors, nbfx_vectors, slug

CAPTURES = ROOT / "tests/captures"
# Short conversations that show all that sessions and requests do.
DUPLEX = ["echo", "echo3", "fault", "oneway", "reopen", "whoami", "duplex-askback",
          "reliable-client-open"]
SINGLETON = ["streamed-echo", "streamed-fault", "streamed-oneway", "streamed-reopen",
             "streamed-stream-upload-named"]
LARGEST = 4096
MESSAGE_ID = re.compile(rb"\xad(.{16})", re.DOTALL)


# ---- what was captured --------------------------------------------------------------------------

def turns(name):
    """The first connection of a capture: [(from_client, octets)]."""
    found = []
    for line in (CAPTURES / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        match = re.fullmatch(r"(?:\S+ 1 )?(C>S|S>C) ([0-9a-f]+)", line)
        if match:
            found.append((match[1] == "C>S", bytes.fromhex(match[2])))
    return found


def said(name, from_client):
    return b"".join(octets for client, octets in turns(name) if client == from_client)


def size_at(octets, at):
    """A size and where it ends."""
    value = shift = 0
    while True:
        value |= (octets[at] & 0x7f) << shift
        shift += 7
        at += 1
        if octets[at - 1] < 0x80:
            return value, at


def sized_envelopes(octets):
    """Payloads of a direction in mode 2."""
    found, at = [], 0
    sizes = {0: 3, 1: 2, 3: 2}
    while at < len(octets):
        if octets[at] in (2, 4, 6):
            size, start = size_at(octets, at + 1)
            if octets[at] == 6:
                found.append(octets[start:start + size])
            at = start + size
        else:
            at += sizes.get(octets[at], 1)
    return found


def singleton_envelopes(octets):
    """Documents of a direction in mode 1: the chunks behind each 05, joined."""
    found, at = [], 0
    fixed = {0: 3, 1: 2, 3: 2, 7: 1, 11: 1, 12: 1}
    while at < len(octets):
        if octets[at] in fixed:
            at += fixed[octets[at]]
        elif octets[at] == 2:
            size, at = size_at(octets, at + 1)
            at += size
        elif octets[at] == 5:
            at, whole = at + 1, b""
            while True:
                size, at = size_at(octets, at)
                if size == 0:
                    break
                whole += octets[at:at + size]
                at += size
            found.append(whole)
        else:
            raise SystemExit(f"record {octets[at]} in a capture of mode 1")
    return found


# ---- seeds of the targets -----------------------------------------------------------------------

def channel_seeds():
    """The role's octet, then what the other side said."""
    for name in DUPLEX:
        for side, client in (("client", True), ("host", False)):
            yield f"channel_session/{name}-{side}", bytes([0 if client else 1]) + said(
                f"none/none-{name}", client)


def encoding_seeds():
    """The octet of an encoding, then a payload: those captured, and the same in other encodings."""
    for name in ("gzip-echo", "gzip-fault"):
        for side, client in (("request", True), ("reply", False)):
            payload = sized_envelopes(said(f"none/none-{name}", client))[0]
            plain = gzip.decompress(payload)
            seed = f"channel_encodings/{name}-{side}"
            yield seed, b"\x0a" + payload
            yield f"{seed}-deflate", b"\x0c" + payload[10:-8]  # without gzip's ends
            yield f"{seed}-binary-session", b"\x08" + plain
    for name in SINGLETON[:2]:
        for envelope in singleton_envelopes(said(f"none/none-{name}", False))[:1]:
            yield f"channel_encodings/{name}-binary", b"\x07" + envelope
    for side, client in (("request", True), ("reply", False)):
        text = sized_envelopes(said("none/none-text-echo", client))[0].decode("utf-8")
        old = text.replace("http://www.w3.org/2003/05/soap-envelope",
                           "http://schemas.xmlsoap.org/soap/envelope/")
        older = old.replace("http://www.w3.org/2005/08/addressing",
                            "http://schemas.xmlsoap.org/ws/2004/08/addressing")
        seed = f"channel_encodings/text-{side}"
        yield f"{seed}-soap12-utf8", b"\x03" + text.encode("utf-8")
        yield f"{seed}-soap12-utf16", b"\x04" + text.encode("utf-16-le")
        yield f"{seed}-soap12-utf16be-mark", b"\x05\xfe\xff" + text.encode("utf-16-be")
        yield f"{seed}-soap11-utf8-declared", b"\x00\xef\xbb\xbf" + (
            '<?xml version="1.0" encoding="utf-8"?>' + old).encode("utf-8")
        yield f"{seed}-soap11-200408-utf16", b"\x01" + older.encode("utf-16-le")
        yield f"{seed}-mtom", b"\x06" + mtom_message(text.encode("utf-8"), [])


def mtom_message(root, parts, media="application/soap+xml", charset="utf-8", boundary="bd"):
    """As WCF lays it out."""
    text = ("MIME-Version: 1.0\r\nContent-Type: multipart/related;type=\"application/xop+xml\";"
            f"boundary=\"{boundary}\";start=\"<http://tempuri.org/0>\";start-info=\"{media}\"\r\n"
            f"\r\n--{boundary}\r\nContent-ID: <http://tempuri.org/0>\r\n"
            "Content-Transfer-Encoding: 8bit\r\n"
            f"Content-Type: application/xop+xml;charset={charset};type=\"{media}\"\r\n\r\n")
    octets = text.encode() + root
    for number, part in enumerate(parts, 1):
        octets += (f"\r\n--{boundary}\r\nContent-ID: <http://tempuri.org/1/{number}>\r\n"
                   "Content-Transfer-Encoding: binary\r\n"
                   "Content-Type: application/octet-stream\r\n\r\n").encode() + part
    return octets + f"\r\n--{boundary}--\r\n".encode()


def mtom_seeds():
    """How to write it again, then a message: captured texts with octets beside them."""
    include = (b'<xop:Include href="cid:http%3A%2F%2Ftempuri.org%2F1%2F1" '
               b'xmlns:xop="http://www.w3.org/2004/08/xop/include"/>')
    text = sized_envelopes(said("none/none-text-echo", True))[0]
    held = re.sub(rb"<text>[^<]*</text>", b"<text>" + include + b"</text>", text)
    seed = "channel_mtom/"
    yield seed + "no-part", b"\x00" + mtom_message(text, [])
    yield seed + "one-part", b"\x01" + mtom_message(held, [bytes(range(256)) * 4])
    yield seed + "unused-part", b"\x02" + mtom_message(held, [b"short", b"\r\n--", b""])
    yield seed + "soap11", b"\x04" + mtom_message(
        text.replace(b"http://www.w3.org/2003/05/soap-envelope",
                     b"http://schemas.xmlsoap.org/soap/envelope/"), [], "text/xml")
    yield seed + "utf16", b"\x05" + mtom_message(
        held.decode().encode("utf-16"), [b"=_nettcp_part_1_" + b"x" * 900], charset="utf-16LE")
    yield seed + "short", b"\x00" + mtom_message(b"<a>" + include + b"</a>", [b"o"], boundary="b")


def text_stream_seeds():
    """Encoding and cuts, then a message whose body is a stream."""
    text = sized_envelopes(said("none/none-text-echo", True))[0]
    include = (b'<xop:Include href="cid:http%3A%2F%2Ftempuri.org%2F1%2F1" '
               b'xmlns:xop="http://www.w3.org/2004/08/xop/include"/>')

    def holding(content):
        return re.sub(rb"<text>[^<]*</text>", b"<text>" + content + b"</text>", text)

    seed = "channel_text_stream/"
    yield seed + "text", b"\x18" + holding(b" aGVs\r\nbG8= ")
    yield seed + "pieces", b"\x00" + holding(b"aGVs<!-- a --><![CDATA[bG]]>&#x38;=")
    yield seed + "utf16", b"\x09" + holding(b"aGVsbG8=").decode().encode("utf-16")
    yield seed + "soap11", b"\xff" + holding(b"aGVsbG8=").replace(
        b"http://www.w3.org/2003/05/soap-envelope", b"http://schemas.xmlsoap.org/soap/envelope/")
    yield seed + "mtom", b"\x12" + mtom_message(holding(include), [b"hello\r\n--b\r\n-", b"more"])
    yield seed + "mtom-inline", b"\xfe" + mtom_message(holding(b"aGVsbG8="), [])


def proxy_seeds():
    """What to ask a SOCKS5 proxy for, then its answers."""
    bound = {"ipv4": b"\x01\x7f\x00\x00\x01\x03\x28", "name": b"\x03\x04name\x03\x28",
             "ipv6": b"\x04" + bytes(16) + b"\x03\x28"}
    for name, address in bound.items():
        yield f"net_socks5/open-{name}", b"\x00\x05\x00\x05\x00\x00" + address
    yield "net_socks5/user", b"\x05\x05\x02\x01\x00\x05\x00\x00" + bound["ipv4"] + b"\x00\x01"
    yield "net_socks5/user-refused", b"\x06\x05\x02\x01\x01"
    yield "net_socks5/no-method", b"\x03\x05\xff"
    for reply in (1, 5, 9):
        yield f"net_socks5/refused-{reply}", bytes([0, 5, 0, 5, reply, 0, 1])


def service_seeds():
    """Choices, then what a client said; answers are read."""
    for name in DUPLEX:
        yield f"service_host/{name}", b"\x1c" + said(f"none/none-{name}", True)
    for path in sorted((CAPTURES / "bad-preambles").glob("neg-*.txt")):
        if not path.name.startswith("neg-client") and not path.name.endswith(".xml.txt"):
            name = path.name.removesuffix(".txt")
            octets = said(f"bad-preambles/{name}", True)
            if len(octets) < 300:
                yield f"service_host/{name}", b"\x18" + octets


def with_ids_to_replace(octets):
    """Each MessageID that was captured becomes the number of a request of the target's."""
    seen = []

    def number(match):
        if match[1] not in seen:
            seen.append(match[1])
        return b"\xad" + bytes(15) + bytes([seen.index(match[1])])
    return MESSAGE_ID.sub(number, octets)


def client_seeds():
    """Choices, then what a host said: from its acknowledgement on, or behind it."""
    for name in DUPLEX:
        octets = with_ids_to_replace(said(f"none/none-{name}", False))
        yield f"client_calls/{name}", b"\x0c" + octets
        yield f"client_calls/{name}-behind-the-ack", b"\x1e" + octets[1:]
    for vector in framing_vectors():
        octets = b"".join(o for s, o, _ in vector["steps"] if s == "<")
        if octets.startswith((b"\x08", b"\x0a")) and len(octets) < 300:
            yield f"client_calls/{slug(vector['name'])}", b"\x0c" + octets


def soap_seeds():
    for name in SINGLETON:
        for side, client in (("request", True), ("reply", False)):
            for index, octets in enumerate(singleton_envelopes(said(f"none/none-{name}", client))):
                yield f"soap_envelope/{name}-{side}-{index}", octets
    yield from soap11_seeds()


def soap11_seeds():
    """Faults of SOAP 1.1, whose names have ids from 3c6 on: code, string, actor, detail."""
    def text(content):
        return b"\x99" + size_octets(len(content)) + content

    def element(number, content):
        return b"\x42" + size_octets(number) + content

    envelope = b"\x70\x08Envelope\x09\x01s\x29http://schemas.xmlsoap.org/soap/envelope/"
    body, fault = b"\x56\x0e", b"\x56\x86\x01"
    parts = [element(0x3c6, text(b"s:Client")), element(0x3c8, b"\x04\x04lang\x98\x02en"
             + text(b"on purpose")), element(0x3ca, text(b"urn:actor")),
             element(0x3cc, b"\x40\x01d" + text(b"1") + b"\x01")]
    ends = b"\x01\x01\x01"
    yield "soap_envelope/soap11-fault", envelope + body + fault + b"".join(parts) + ends
    yield "soap_envelope/soap11-fault-code", envelope + body + fault + element(
        0x3c6, text(b"s:Server")) + ends
    yield "soap_envelope/soap11-body", envelope + b"\x56\x08\x01" + body + b"\x01\x01"


def table_seeds():
    """String tables: those of vectors with a session, and damaged ones."""
    for vector in nbfx_vectors():
        strings = [s.encode("utf-8") for s in vector["session"]]
        if strings:
            inside = b"".join(size_octets(len(s)) + s for s in strings)
            yield f"nbfse_string_table/{slug(vector['name'])}", size_octets(len(inside)) + inside
    yield "nbfse_string_table/empty-strings", size_octets(200) + bytes(200)
    yield "nbfse_string_table/no-strings", b"\0\0\0"
    yield "nbfse_string_table/string-beyond-its-table", b"\x03\x05abcde"
    yield "nbfse_string_table/largest-size", b"\xff\xff\xff\xff\x07\x01a"
    yield "nbfse_string_table/not-utf-8", b"\x03\x02\xc3\x28"


def text_seeds():
    for vector in nbfx_vectors():
        if vector["xml"] and not vector["session"]:
            yield f"xml_text_to_nbfx/{slug(vector['name'])}", vector["xml"].encode("utf-8")


def transcript_seeds():
    for vector in framing_vectors():
        lines = "".join(f"0.{at} 1 {'C>S' if sender == '>' else 'S>C'} {octets.hex()}\n"
                        for at, (sender, octets, _) in enumerate(vector["steps"]) if octets)
        if len(lines) < 2000:
            yield f"inspect_transcript/{slug(vector['name'])}", lines.encode("ascii")


# ---- packets ------------------------------------------------------------------------------------

def tcp(from_client, sequence, acknowledged, flags, payload=b"", options=b""):
    ports = (50000, 9000) if from_client else (9000, 50000)
    header = struct.pack(">HHIIBBHHH", *ports, sequence, acknowledged,
                         (5 + len(options) // 4) << 4, flags, 65535, 0, 0)
    return header + options + payload


def ip(version, from_client, content):
    ends = (b"\x7f\0\0\x01", b"\x7f\0\0\x02") if version == 4 else (bytes(15) + b"\x01",
                                                                    bytes(15) + b"\x02")
    ends = b"".join(ends if from_client else reversed(ends))
    if version == 4:
        return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(content), 0, 0x4000, 64, 6, 0) \
            + ends + content
    return struct.pack(">IHBB", 6 << 28, len(content), 6, 64) + ends + content


# What stands before IP, by the order of the target's link types; `v` is IP's ethertype.
LINKS = [
    ("null", lambda v: b"\x02\0\0\0" if v == 4 else b"\x1e\0\0\0"),
    ("ethernet", lambda v: bytes(12) + ethertype(v)),
    ("raw", lambda v: b""),
    ("sll", lambda v: bytes(14) + ethertype(v)),
    ("ipv4", lambda v: b""),
    ("ipv6", lambda v: b""),
    ("sll2", lambda v: ethertype(v) + bytes(18)),
]


def ethertype(version):
    return b"\x08\x00" if version == 4 else b"\x86\xdd"


def segments(conversation):
    """A TCP connection that says this: [(from_client, segment)]."""
    SYN, ACK, FIN, PUSH = 2, 16, 1, 8
    at = {True: 1000, False: 0xffffff00}  # the host's numbers wrap
    out = [(True, tcp(True, at[True], 0, SYN, options=b"\x02\x04\xff\xd7")),
           (False, tcp(False, at[False], at[True] + 1, SYN | ACK))]
    at = {True: at[True] + 1, False: at[False] + 1}
    for client, octets in conversation:
        out.append((client, tcp(client, at[client], at[not client], ACK | PUSH, octets)))
        at[client] = (at[client] + len(octets)) & 0xffffffff
    for client in (True, False):
        out.append((client, tcp(client, at[client], at[not client], ACK | FIN)))
    return out


def packed(link, version, sent, cut=0xffff, front=None):
    """In the form of the target's input."""
    out = bytes([link, 0])
    for client, segment in sent:
        whole = (LINKS[link][1](version) if front is None else front) + ip(version, client, segment)
        kept = whole[:cut]
        out += struct.pack("<HB", len(kept), min(len(whole) - len(kept), 255)) + kept
    return out


def packet_seeds():
    conversations = [(slug(v["name"]), [(s == ">", o) for s, o, _ in v["steps"] if o])
                     for v in framing_vectors() if v["code"] == ""]
    conversations = [c for c in conversations if sum(len(o) for _, o in c[1]) < 1000]
    for index, (name, conversation) in enumerate(conversations):
        link = index % len(LINKS)
        version = 6 if LINKS[link][0] == "ipv6" or link != 4 and index % 2 else 4
        yield (f"inspect_packets/{LINKS[link][0]}-{name}",
               packed(link, version, segments(conversation)))
    sent = segments(turns("none/none-echo"))
    yield "inspect_packets/echo", packed(1, 4, sent)
    yield "inspect_packets/echo-reversed", packed(1, 4, sent[:2] + sent[:1:-1])
    yield "inspect_packets/echo-twice", packed(2, 6, [s for s in sent for _ in (1, 2)])
    yield "inspect_packets/echo-gap", packed(1, 4, sent[:4] + sent[5:])
    yield "inspect_packets/echo-mid-stream", packed(3, 4, sent[3:])
    yield "inspect_packets/echo-cut", packed(1, 4, sent, cut=80)
    yield "inspect_packets/echo-vlan", packed(1, 4, sent,
                                              front=bytes(12) + b"\x81\0\0\x05" + ethertype(4))


# ---- dictionaries -------------------------------------------------------------------------------

def quoted(octets):
    return '"' + "".join(chr(o) if 0x20 <= o < 0x7f and o not in b'"\\' else f"\\x{o:02x}"
                         for o in octets) + '"'


def tokens(source, entries):
    out, seen = banner(source, "#"), set()
    for entry in entries:
        if entry not in seen:
            out += quoted(entry) + "\n"
        seen.add(entry)
    return out


def soap_tokens():
    """Elements and attributes of envelopes as WCF writes them, and texts by their ids."""
    values = {r["name"]: int(r["value"], 16) for r in record_rows()}
    yield (bytes([values["prefix_dictionary_element_s"]]) + size_octets(2)
           + b"\x0b\x01s\x04\x0b\x01a\x06")
    yield b"\x44" + size_octets(0x1a) + b"\xad" + bytes(16)  # the id that client_calls replaces
    yield b"\x44" + size_octets(0x12) + b"\xad" + bytes(16)
    yield b"\x1e\x00\x82"  # mustUnderstand="1"
    for row in read_table("soap/names.table"):
        if row["id"] == "-":
            continue
        number = size_octets(int(row["id"], 16))
        if ":" in row["text"] or "/" in row["text"]:
            yield bytes([values["dictionary_text"]]) + number
        else:
            for letter in "as":
                yield bytes([values[f"prefix_dictionary_element_{letter}"]]) + number


def action_tokens():
    """Actions that the targets' services know, as a string of a session's table."""
    for name in ("Echo", "EchoBytes", "EchoComplex", "WhoAmI", "Fail", "Notify"):
        action = f"http://peers.test/svc/IEcho/{name}".encode("ascii")
        yield size_octets(len(action)) + action
    yield b"net.tcp://localhost:9000/none/echo"


TRANSCRIPT = [b"C>S ", b"S>C ", b"(tls)", b"# S>C FIN", b"# C>S RST", b"# connected", b"\n0.1 1 ",
              b"\n0.2 2 ", b"0001000102", b"0308", b"0c", b"0b", b"07", b"06ffffffff07", b"09", b"0a"]
PACKETS = [b"\x08\x00", b"\x86\xdd", b"\x81\x00", b"\x88\xa8", b"\x45\x00", b"\x60\x00", b"\x40\x06",
           b"\x00\x06", b"\x2c\x00", b"\x33\x00", b"\x50\x02", b"\x50\x12", b"\x50\x18", b"\x50\x11",
           b"\x50\x04", b"\x03\x28", b"\x1e\x00\x00\x00", b"\x02\x00\x00\x00", b"\xff\xff\xff\xff"]
MTOM = [b"MIME-Version: 1.0\r\n", b"Content-Type: ", b"Content-ID: <", b"multipart/related",
        b"Content-Transfer-Encoding: ", b"binary", b"8bit", b"7bit", b"base64", b"\r\n", b"\r\n\r\n",
        b"\r\n--bd\r\n", b"\r\n--bd--\r\n", b"--", b"; type=\"application/xop+xml\"", b";start=\"<",
        b"application/xop+xml", b"; boundary=\"bd\"", b";start-info=\"text/xml\"", b"charset=utf-16LE",
        b"<xop:Include href=\"cid:", b"xmlns:xop=\"http://www.w3.org/2004/08/xop/include\"", b"%2F",
        b"\r\n ", b"=_nettcp_part_1_", b"=_nettcp_part_"]
XML = [b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<!DOCTYPE", b"<?xml version=\"1.0\"?>", b"&amp;",
       b"&lt;", b"&#x0;", b"&#xFFFE;", b"&#65;", b"xmlns=\"\"", b" xmlns:a=\"u\"", b" a:b=\"\"",
       b"xml:lang", b"xml:space", b"</", b"/>", b"\xc3\xa9", b"\xf0\x9f\x98\x80", b"\xef\xbb\xbf",
       b"i:nil=\"true\"", b"i:type=\"x:int\""]
TABLE = [size_octets(n) for n in (127, 128, 2047, 2048, 2049, 0x7fffffff)] + [
    b"\xff\xff\xff\xff\x0f", b"\x80\x00", b"\xc3\xa9", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"]


def outputs():
    out = {
        "fuzz/dict/soap.dict": tokens("proto/soap", soap_tokens()),
        "fuzz/dict/actions.dict": tokens("proto/contracts", action_tokens()),
        "fuzz/dict/inspect_transcript.dict": tokens("proto/framing", TRANSCRIPT),
        "fuzz/dict/inspect_packets.dict": tokens("proto/framing", PACKETS),
        "fuzz/dict/channel_mtom.dict": tokens("proto/channel", MTOM),
        "fuzz/dict/xml_text_to_nbfx.dict": tokens("proto/nbfx", XML),
        "fuzz/dict/nbfse_string_table.dict": tokens("proto/nbfx", TABLE),
    }
    for seeds in (channel_seeds, encoding_seeds, mtom_seeds, text_stream_seeds, proxy_seeds,
                  service_seeds, client_seeds, soap_seeds, table_seeds, text_seeds,
                  transcript_seeds, packet_seeds):
        for name, octets in seeds():
            if octets and len(octets) <= LARGEST:
                out[f"fuzz/seeds/{name}.vector"] = octets
    return out
