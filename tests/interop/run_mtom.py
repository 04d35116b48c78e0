#!/usr/bin/env python3
"""run_mtom.py BIN: Python's email package reads the MTOM messages we write, and writes those we read;
where Mono is installed, .NET's XmlMtomReader and XmlMtomWriter, which it has, do so as well.

Both play the service of interop_client and the client of interop_host. The octets of EchoBytes must
arrive as they left, in a part of their own from 768 on, and as base64 below that. (Mono's WCF cannot
do it: its encoder writes an empty start-info, which its own reader refuses.)
"""

import base64
import email
import email.policy
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote, unquote
from xml.etree import ElementTree

SERVICE = "http://peers.test/svc"
ADDRESSING = "http://www.w3.org/2005/08/addressing"
ENVELOPES = {"application/soap+xml": "http://www.w3.org/2003/05/soap-envelope",
             "text/xml": "http://schemas.xmlsoap.org/soap/envelope/"}
INCLUDE = "{http://www.w3.org/2004/08/xop/include}Include"
THRESHOLD = 768
PATIENCE = 60


class Difference(Exception):
    pass


def must(holds, why):
    if not holds:
        raise Difference(why)


class Envelope:
    """What ElementTree makes of an envelope."""

    def __init__(self, text, parts):
        self.envelope = ElementTree.fromstring(text)
        self.media = next((media for media, ns in ENVELOPES.items()
                           if self.envelope.tag == f"{{{ns}}}Envelope"), None)
        must(self.media, self.envelope.tag)
        self.octets = self.take_octets(parts)

    def text(self, name):
        return next(self.envelope.iter(f"{{{ADDRESSING}}}{name}")).text

    def take_octets(self, parts):
        """Those of the one parameter or result; `parts` is nothing where they are all base64."""
        value = self.envelope.find(f"{{{ENVELOPES[self.media]}}}Body")[0][0]
        if len(value) == 0:
            octets = base64.b64decode(value.text or "", validate=True)
            must(parts is None or len(octets) < THRESHOLD, f"{len(octets)} octets are no part")
            return octets
        must(value[0].tag == INCLUDE and len(value) == 1 and not value.text, "beside an Include")
        part = parts.pop("<" + unquote(value[0].get("href").removeprefix("cid:")) + ">")
        octets = part.get_payload(decode=True)
        must(part["Content-Transfer-Encoding"] == "binary", "a part is not binary")
        must(len(octets) >= THRESHOLD, f"a part of {len(octets)} octets")
        return octets


def envelope_text(media, headers, element, value):
    return (f'<s:Envelope xmlns:s="{ENVELOPES[media]}" xmlns:a="{ADDRESSING}">'
            f'<s:Header>{headers}</s:Header><s:Body>{element.replace("VALUE", value)}</s:Body>'
            "</s:Envelope>")


class Email:
    """MIME by Python's email package."""

    @staticmethod
    def read(octets):
        message = email.message_from_bytes(octets, policy=email.policy.HTTP)
        must(not message.defects, f"defects {message.defects}")
        must(message.get_content_type() == "multipart/related", message.get_content_type())
        must(message.get_param("type") == "application/xop+xml", "the type parameter")
        parts = message.get_payload()
        for part in parts:
            must(not part.defects, f"defects of a part: {part.defects}")
        by_id = {part["Content-ID"]: part for part in parts}
        must(len(by_id) == len(parts), "a Content-ID twice")
        root = by_id.pop(message.get_param("start"))
        must(root.get_content_type() == "application/xop+xml", root.get_content_type())
        text = root.get_payload(decode=True)
        if root.get_content_charset() != "utf-8":  # ElementTree knows no charset utf-16le
            text = text.decode("utf-16").encode()
        read = Envelope(text, by_id)
        must(not by_id, f"parts that nothing includes: {list(by_id)}")
        must(read.media == message.get_param("start-info") == root.get_param("type"),
             "start-info, the type of the root and its envelope differ")
        return read

    @staticmethod
    def write(media, headers, element, octets, charset):
        include = (f'<x:Include xmlns:x="{INCLUDE[1:].split("}")[0]}" '
                   f'href="cid:{quote("octets/1%2@python", safe="@")}"/>')
        text = envelope_text(media, headers, element, f" {include}\n")
        return written(text, media, octets, charset)


def written(envelope, media, octets, charset):
    """An MTOM message by email's generator. That would change line ends within octets, so letters
    stand for the parts while it works."""
    message = EmailMessage(policy=email.policy.HTTP)
    message["MIME-Version"] = "1.0"
    message["Content-Type"] = "multipart/related"
    message.set_param("type", "application/xop+xml")
    message.set_param("start", "<root part/1@python>")
    message.set_param("start-info", media)
    contents = {}

    def add(name, content_type, content):
        part = EmailMessage(policy=email.policy.HTTP)
        part["Content-Type"] = content_type
        part["Content-Transfer-Encoding"] = "binary"
        part["Content-ID"] = f"<{name}>"
        mark = f"MARK{len(contents)}MARK"
        contents[mark.encode()] = content
        part.set_payload(mark)
        message.attach(part)

    add("nobody's@python", "text/plain", b"this part comes first and is no one's")
    add("octets/1%2@python", "application/octet-stream", octets)
    add("root part/1@python", f'application/xop+xml; charset={charset}; type="{media}"',
        envelope.encode(charset))
    message.set_boundary("a boundary of Python's '()+_,-./:=?")
    made = message.as_bytes(policy=email.policy.HTTP)
    for mark, content in contents.items():
        made = made.replace(mark, content)
    return made


class Mono:
    """MIME by .NET's reader and writer, one process for each message."""

    def __init__(self, folder):
        here = Path(__file__).resolve().parent
        peers = Path(os.environ.get("NETTCP_PEERS", folder.parent / "peers")) / "mono"
        subprocess.run(["bash", here / "mono/build.sh", peers], check=True, timeout=2 * PATIENCE)
        self.filter = ["mono", str(peers / "mtom_filter.exe")]

    def through(self, octets, *arguments):
        done = subprocess.run(self.filter + list(arguments), input=octets, timeout=PATIENCE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        must(done.returncode == 0, done.stderr.decode())
        return done.stdout

    def read(self, octets):
        return Envelope(self.through(octets, "read"), None)

    def write(self, media, headers, element, octets, charset):
        text = envelope_text(media, headers, element, base64.b64encode(octets).decode())
        return self.through(text.encode(), "write", charset, media)


# Framing, as much as is needed.

def exactly(peer, size):
    octets = b""
    while len(octets) < size:
        more = peer.recv(size - len(octets))
        must(more, "the stream ended")
        octets += more
    return octets


def number(peer):
    value, shift = 0, 0
    while True:
        octet = exactly(peer, 1)[0]
        value |= (octet & 0x7f) << shift
        shift += 7
        if octet < 0x80:
            return value


def sized(octets):
    size, head = len(octets), b""
    while size >= 0x80:
        head += bytes([size & 0x7f | 0x80])
        size >>= 7
    return head + bytes([size]) + octets


def record(peer):
    """The type of the next record, and what it holds."""
    kind = exactly(peer, 1)[0]
    if kind in (0x02, 0x04, 0x06, 0x08):
        return kind, exactly(peer, number(peer))
    return kind, exactly(peer, {0x00: 2, 0x01: 1, 0x03: 1}.get(kind, 0))


# The two roles.

class Service(threading.Thread):
    """Answers EchoBytes on every connection, until closed."""

    def __init__(self, mime, charset):
        super().__init__(daemon=True)
        self.mime = mime
        self.charset = charset
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.sizes = []
        self.failure = None

    def run(self):
        try:
            while True:
                peer = self.listener.accept()[0]
                peer.settimeout(PATIENCE)
                with peer:
                    self.serve(peer)
        except OSError:
            pass  # closed
        except Exception as why:  # pylint: disable=broad-except
            self.failure = why

    def serve(self, peer):
        while True:
            kind, held = record(peer)
            if kind == 0x04:
                kept = email.message_from_string("Content-Type: " + held.decode())
                must(kept.get_param("type") == "application/xop+xml", held)
            elif kind == 0x0c:
                peer.sendall(b"\x0b")
            elif kind == 0x07:
                peer.sendall(b"\x07")
                return
            elif kind == 0x06:
                self.answer(peer, held)
            else:
                must(kind < 0x04, f"record {kind:#x}")

    def answer(self, peer, octets):
        asked = self.mime.read(octets)
        self.sizes.append(len(asked.octets))
        headers = (f"<a:Action>{SERVICE}/IEcho/EchoBytesResponse</a:Action>"
                   f"<a:RelatesTo>{asked.text('MessageID')}</a:RelatesTo>")
        element = (f'<EchoBytesResponse xmlns="{SERVICE}"><EchoBytesResult>VALUE'
                   "</EchoBytesResult></EchoBytesResponse>")
        peer.sendall(b"\x06" + sized(self.mime.write(asked.media, headers, element, asked.octets,
                                                     self.charset)))


def our_client(folder, mime, mode, charset):
    service = Service(mime, charset)
    service.start()
    command = [str(folder / "interop_client"), "--addr", f"net.tcp://127.0.0.1:{service.port}",
               "--mode", mode, "--cases", "bytes,bytes-big", "--groups", "echo"]
    done = subprocess.run(command, stdout=subprocess.PIPE, timeout=2 * PATIENCE, check=False)
    service.listener.close()
    if service.failure:
        raise service.failure
    must(done.returncode == 0 and re.search(rb"^TOTAL pass=2 fail=0$", done.stdout, re.M),
         done.stdout.decode())
    must(min(service.sizes) < THRESHOLD <= max(service.sizes), f"sizes {service.sizes}")


def our_host(folder, mime, mode, media, charset):
    with tempfile.TemporaryFile() as log, subprocess.Popen(
            [str(folder / "interop_host"), "--ip", "127.0.0.1", "--port", "0", "--modes", mode],
            stdout=subprocess.PIPE, stderr=log) as host:
        try:
            port = int(re.search(rb"READY .*?:(\d+)", host.stdout.readline())[1])
            call(port, mime, mode, media, charset)
            host.send_signal(signal.SIGTERM)
            must(host.wait(PATIENCE) == 0, f"our host ended with {host.returncode}")
        finally:
            host.kill()


def call(port, mime, mode, media, charset):
    via = f"net.tcp://127.0.0.1:{port}/{mode}/echo"
    named = f'multipart/related; type="application/xop+xml"; start-info="{media}"'
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as host:
        host.sendall(b"\x00\x01\x00\x01\x02\x02" + sized(via.encode()) + b"\x04" +
                     sized(named.encode()) + b"\x0c")
        must(record(host)[0] == 0x0b, "no ack")
        for size in (0, 1, THRESHOLD - 1, THRESHOLD, THRESHOLD + 1, 60_000):
            octets = (b"\r\n--a boundary of Python's '()+_,-./:=?"[:-1] +
                      bytes(range(256)) * (size // 256 + 1))[:size]
            headers = (f"<a:Action s:mustUnderstand='1'>{SERVICE}/IEcho/EchoBytes</a:Action>"
                       f"<a:MessageID>urn:of-size:{size}</a:MessageID><a:To>{via}</a:To>")
            element = f'<EchoBytes xmlns="{SERVICE}"><data>VALUE</data></EchoBytes>'
            host.sendall(b"\x06" + sized(mime.write(media, headers, element, octets, charset)))
            kind, held = record(host)
            must(kind == 0x06, f"record {kind:#x} for an answer")
            must(f"xml;charset={charset}".lower().encode() in held.lower().replace(b"16le", b"16"),
                 "an answer in another character set")
            answer = mime.read(held)
            must(answer.text("RelatesTo") == f"urn:of-size:{size}", "the wrong answer")
            must(answer.octets == octets, f"{size} octets came back as others")
        host.sendall(b"\x07")
        must(record(host)[0] == 0x07, "no End")


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(sys.argv[1])
    soap11, soap12 = "text/xml", "application/soap+xml"
    checks = [("Python, our client, SOAP 1.2", our_client, Email, "none-mtom", "utf-8"),
              ("Python, our client, SOAP 1.1, answered in UTF-16", our_client, Email,
               "none-mtom11", "utf-16"),
              ("Python, our host, SOAP 1.2", our_host, Email, "none-mtom", soap12, "utf-8"),
              ("Python, our host, SOAP 1.1", our_host, Email, "none-mtom11", soap11, "utf-8"),
              ("Python, our host, UTF-16", our_host, Email, "none-mtom", soap12, "utf-16")]
    if shutil.which("mono") and shutil.which("mcs"):
        mono = Mono(folder)
        checks += [("Mono, our client", our_client, mono, "none-mtom", "utf-8"),
                   ("Mono, our host, UTF-16", our_host, mono, "none-mtom", soap12, "utf-16")]
    else:
        print("PEER MISSING: mono, the second judge", file=sys.stderr)
        if os.environ.get("CI") == "true":
            return 1
    failed = 0
    for name, check, *arguments in checks:
        begun = time.monotonic()
        try:
            check(folder, *arguments)
            print(f"PASS {name} {1000 * (time.monotonic() - begun):.0f}ms")
        except Exception as why:  # pylint: disable=broad-except
            failed += 1
            print(f"FAIL {name} {type(why).__name__}: {why}")
    print(f"TOTAL pass={len(checks) - failed} fail={failed}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
