#!/usr/bin/env python3
"""run_captures.py BIN: says captured WCF conversations again, with one side replaced by ours.

Our host hears what dotnet/wcf's client sent and must answer CoreWCF's octets. Our client hears what
CoreWCF's host sent and must send dotnet/wcf's octets. Both with what cannot be the same replaced:
the port (of four digits, as in the captures), message ids, and the text that is counted.

One answer may be made of other records: EchoComplex copies what came, and arrays come as the
elements they stand for. There the decoded conversations are compared. Of compressed envelopes the
octets inside are compared, unpacked by Python's zlib: compressors differ. Of envelopes in pieces and
of streams the content is compared: where they are cut says nothing.
"""

import gzip
import json
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from pathlib import Path

CAPTURES = Path(__file__).resolve().parent.parent / "captures" / "none"
# Mode and case.
CASES = [("none", case) for case in ("echo", "echo3", "bytes", "complex", "oneway", "fault", "slow",
                                     "whoami", "reopen")]
CASES += [("none", "duplex-askback"), ("none", "duplex-say")]
CASES += [("none-gzip", "echo"), ("none-gzip", "bytes"), ("none-gzip", "fault"),
          ("none-text", "echo")]
CASES += [("none", "stream-" + case) for case in ("echo-string", "download-1k", "upload-1k",
                                                  "echo-1k", "upload-named")]
CASES += [("none-streamed", case) for case in ("echo", "oneway", "fault", "reopen",
                                               "stream-download-0", "stream-download-1k",
                                               "stream-upload-0", "stream-upload-1k",
                                               "stream-echo-1k", "stream-upload-named")]
CASES += [("none-streamedrequest", case) for case in ("echo", "stream-download-0",
                                                      "stream-download-1k", "stream-upload-0",
                                                      "stream-upload-1k", "stream-echo-1k")]
COPIED = {"complex"}
PATIENCE = 20
CAPTURED_PORT = b":9000/"
MESSAGE_ID = re.compile(rb"\x44\x1a\xad(.{16})", re.DOTALL)
TEXT_ID = re.compile(rb"<a:MessageID>urn:uuid:([0-9a-f-]{36})</a:MessageID>")
# Where callbacks may be answered to: the address that CoreWCF listened on, and for us the one that
# the caller has used.
REPLY_TO = (b"net.tcp://127.0.0.2:", b"net.tcp://localhost:")
COUNTED_TEXT = re.compile(rb"n[0-9a-f]{32}")


class Difference(Exception):
    pass


def turns(mode, name):
    """One conversation as [direction, octets, seconds waited before], neighbours of one direction
    joined."""
    found = []
    before = 0.0
    for line in (CAPTURES / f"{mode}-{name}.txt").read_text().splitlines():
        match = re.fullmatch(r"(\S+) \d+ (C>S|S>C) ([0-9a-f]+)", line)
        if not match:
            continue
        seconds, direction, octets = float(match[1]), match[2], bytes.fromhex(match[3])
        if found and found[-1][0] == direction:
            found[-1][1] += octets
        else:
            found.append([direction, octets, seconds - before])
        before = seconds
    if not found:
        raise Difference(f"{mode}-{name}.txt holds no octets")
    return found


def free_port():
    """A free port of four digits."""
    for port in range(9001, 9999):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise Difference("no free port of four digits")


def receive(peer, size):
    """Up to `size` octets: fewer when the peer has no more to say."""
    got = b""
    try:
        while len(got) < size:
            part = peer.recv(size - len(got))
            if not part:
                break
            got += part
    except TimeoutError:
        pass
    return got


def must_equal(expected, got, what):
    if expected == got:
        return
    pairs = zip(expected, got)
    at = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(expected), len(got)))
    raise Difference(f"{what}: {len(expected)} octets expected, {len(got)} came, first difference "
                     f"at {at}: expected …{expected[max(0, at - 8):at + 24].hex()}, "
                     f"got …{got[max(0, at - 8):at + 24].hex()}")


# ---- compressed envelopes -----------------------------------------------------------------------

def records(octets):
    """The records in octets of one direction, envelopes unpacked: [(type, content)]."""
    found, at = [], 0
    while at < len(octets):
        size, start = record_size(octets, at)
        content = octets[start:start + size]
        found.append((octets[at], gzip.decompress(content) if octets[at] == 6 else content))
        at = start + size
    return found


def record_size(octets, at):
    """Size and start of a record's content."""
    if octets[at] in (0, 1, 3):
        return {0: 2, 1: 1, 3: 1}[octets[at]], at + 1
    if octets[at] not in (2, 4, 6, 8, 9):
        return 0, at + 1
    size = shift = 0
    while True:
        at += 1
        size |= (octets[at] & 0x7F) << shift
        shift += 7
        if octets[at] < 0x80:
            return size, at + 1


def receive_records(peer, count):
    """As many records as that, or fewer when the peer has no more to say; octets as they came."""
    got, at = b"", 0
    for _ in range(count):
        while True:
            try:
                size, start = record_size(got, at)
                if start + size <= len(got):
                    break
            except IndexError:
                pass
            part = receive(peer, 1)
            if not part:
                return got
            got += part
        at = start + size
    return got


def packed(found):
    """The octets of records."""
    octets = b""
    for kind, content in found:
        content = gzip.compress(content) if kind == 6 else content
        octets += bytes([kind])
        if kind in (2, 4, 6, 8, 9):
            size = len(content)
            while size > 0x7F:
                octets += bytes([size & 0x7F | 0x80])
                size >>= 7
            octets += bytes([size])
        octets += content
    return octets


class Octets:
    """Turns that are compared as they are."""
    replace = staticmethod(lambda octets, replacements: replaced(octets, replacements))
    receive = staticmethod(lambda peer, expected: receive(peer, len(expected)))
    flat = staticmethod(lambda octets: octets)


class Unpacked:
    """Turns whose envelopes are compressed."""
    @staticmethod
    def replace(octets, replacements):
        return packed([(kind, replaced(content, replacements))
                       for kind, content in records(octets)])

    @staticmethod
    def receive(peer, expected):
        return receive_records(peer, len(records(expected)))

    @staticmethod
    def flat(octets):
        return b"".join(bytes([kind]) + content for kind, content in records(octets))


# ---- pieces and streams -------------------------------------------------------------------------

def read_size(octets, at):
    """A size and what is behind it."""
    size = shift = 0
    while octets[at] > 0x7F:
        size |= (octets[at] & 0x7F) << shift
        shift += 7
        at += 1
    return size | octets[at] << shift, at + 1


def pieced_records(octets):
    """The records in octets of one direction, envelopes in pieces joined: [(type, content)]. Raises
    IndexError when the last is not whole."""
    found, at = [], 0
    while at < len(octets):
        if octets[at] != 5:
            size, start = record_size(octets, at)
            content, end = octets[start:start + size], start + size
        else:
            content, end, size = b"", at + 1, 1
            while size:
                size, end = read_size(octets, end)
                content += octets[end:end + size]
                end += size
        if end > len(octets):
            raise IndexError("the record is not whole")
        found.append((octets[at], content))
        at = end
    return found


def joined_stream(envelope):
    """An envelope with the records of octets at its end, if there are such, made one."""
    for start in range(len(envelope)):
        content, at, ends = b"", start, 0
        while at < len(envelope) and 0x9E <= envelope[at] <= 0xA3 and not ends:
            width = 1 << (envelope[at] - 0x9E) // 2
            size = int.from_bytes(envelope[at + 1:at + 1 + width], "little")
            ends = envelope[at] & 1
            content += envelope[at + 1 + width:at + 1 + width + size]
            at += 1 + width + size
        if at > start and at <= len(envelope) and envelope[at:].strip(b"\1") == b"":
            return envelope[:start] + b"<stream>" + content + b"\1" * (len(envelope) - at + ends)
    return envelope


class Streams:
    """Turns whose envelopes are in pieces, or hold streams."""
    @staticmethod
    def replace(octets, replacements):
        return replaced(octets, replacements)

    @staticmethod
    def receive(peer, expected):
        got, count = b"", len(pieced_records(expected))
        while True:
            try:
                if len(pieced_records(got)) == count:
                    return got
            except IndexError:
                pass
            part = receive(peer, 1)
            if not part:
                return got
            got += part

    @staticmethod
    def flat(octets):
        return b"".join(bytes([kind]) + (joined_stream(content) if kind in (5, 6) else content)
                        for kind, content in pieced_records(octets))


def form_of(mode, name):
    if "-streamed" in mode or name.startswith("stream-"):
        return Streams
    return Unpacked if mode == "none-gzip" else Octets


def transfer_of(mode):
    """A mode's name without its transfer, and that."""
    base, streamed, request = mode.partition("-streamed")
    return base, (streamed[1:] + request) or "buffered"


# ---- our host -----------------------------------------------------------------------------------

def start_host(bin_folder, port):
    modes = ",".join(sorted({transfer_of(mode)[0] for mode, _ in CASES}))
    host = subprocess.Popen([bin_folder / "interop_host", "--port", str(port), "--modes", modes],
                            stdout=subprocess.PIPE, text=True)
    line = host.stdout.readline()
    if not line.startswith("READY "):
        raise Difference(f"the host says {line!r}")
    return host


def say_to_host(port, conversation, form, replacements):
    """Says the client's turns, and compares what the host answers with what CoreWCF did."""
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.settimeout(PATIENCE)
        for number, (direction, octets, _) in enumerate(conversation):
            if direction == "C>S":
                peer.sendall(form.replace(octets, replacements))
                continue
            got = form.flat(form.receive(peer, octets))
            learn(form.flat(octets), got, replacements)
            must_equal(replaced(form.flat(octets), replacements), got, f"turn {number}")


def say_copied_to_host(port, conversation):
    """The same where answers may have other sizes: what it answers in all."""
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.settimeout(PATIENCE)
        for direction, octets, _ in conversation:
            if direction == "C>S":
                peer.sendall(octets)
        peer.shutdown(socket.SHUT_WR)
        return receive(peer, 1 << 20)


def decoded(bin_folder, octets):
    """Envelopes from a host as text."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as transcript:
        transcript.write(f"0.000000 1 S>C {octets.hex()}\n")
        transcript.flush()
        lines = subprocess.run([bin_folder / "nettcp", "decode", "--json", transcript.name],
                               stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()
    found = [json.loads(line).get("xml") for line in lines]
    return [xml for xml in found if xml]


def check_host(bin_folder, port, mode, name):
    own_port = [(CAPTURED_PORT, b":%d/" % port)]
    conversation = turns(mode, name)
    if name in COPIED:
        conversation = [[direction, replaced(octets, own_port), waited]
                        for direction, octets, waited in conversation]
        got = decoded(bin_folder, say_copied_to_host(port, conversation))
        expected = [octets for direction, octets, _ in conversation if direction == "S>C"]
        wanted = decoded(bin_folder, b"".join(expected))
        if not wanted or wanted != got:
            raise Difference(f"the answers differ: expected {wanted}, got {got}")
        return
    say_to_host(port, conversation, form_of(mode, name), own_port + [REPLY_TO])


# ---- our client ---------------------------------------------------------------------------------

def replaced(octets, replacements):
    for captured, own in replacements:
        octets = octets.replace(captured, own)
    return octets


def learn(captured, got, replacements):
    """Notes what our side has chosen anew."""
    for pattern in (MESSAGE_ID, TEXT_ID, COUNTED_TEXT):
        for match in pattern.finditer(captured):
            group = 1 if pattern.groups else 0
            own = got[match.start(group):match.end(group)]
            pair = (match[group], own)
            valid = pattern is not COUNTED_TEXT or COUNTED_TEXT.fullmatch(own)
            if valid and len(own) == len(pair[0]) and pair not in replacements:
                replacements.append(pair)


def play_host(listener, conversation, form, replacements, problems):
    try:
        peer, _ = listener.accept()
        with peer:
            peer.settimeout(PATIENCE)
            for number, (direction, octets, waited) in enumerate(conversation):
                if direction == "S>C":
                    time.sleep(waited if waited > 0.3 else 0)  # where the host took its time
                    peer.sendall(form.replace(octets, replacements))
                    continue
                got = form.flat(form.receive(peer, octets))
                learn(form.flat(octets), got, replacements)
                must_equal(replaced(form.flat(octets), replacements), got, f"turn {number}")
    except (Difference, OSError, EOFError, zlib.error) as problem:
        problems.append(str(problem))


def check_client(bin_folder, mode, name):
    conversation = turns(mode, name)
    with socket.socket() as listener:
        port = free_port()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        listener.settimeout(PATIENCE)
        problems = []
        host = threading.Thread(target=play_host, args=(
            listener, conversation, form_of(mode, name), [(CAPTURED_PORT, b":%d/" % port)],
            problems))
        host.start()
        group = {"duplex": "chat", "stream": "stream"}.get(name.split("-")[0], "echo")
        base, transfer = transfer_of(mode)
        client = subprocess.run([bin_folder / "interop_client", "--timeout", "15", "--cases", name,
                                 "--groups", group, "--mode", base, "--transfer", transfer,
                                 "--addr", f"net.tcp://localhost:{port}"],
                                stdout=subprocess.PIPE, text=True)
        host.join()
    if problems:
        raise Difference(problems[0])
    if client.returncode != 0:
        raise Difference(client.stdout.strip())


# ---- both ---------------------------------------------------------------------------------------

def run(side, mode, name, check, *arguments):
    try:
        check(*arguments, mode, name)
        print(f"PASS {side}/{mode}/{name}", flush=True)
        return 0
    except (Difference, OSError, EOFError, zlib.error, subprocess.CalledProcessError) as problem:
        print(f"FAIL {side}/{mode}/{name} {problem}", flush=True)
        return 1


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    bin_folder = Path(sys.argv[1]).resolve()
    port = free_port()
    host = start_host(bin_folder, port)
    failed = 0
    try:
        for mode, name in CASES:
            failed += run("host", mode, name, check_host, bin_folder, port)
    finally:
        host.send_signal(signal.SIGTERM)
        ended = host.wait(timeout=PATIENCE)
    if ended != 0:
        print(f"FAIL host ended with {ended}")
        failed += 1
    for mode, name in CASES:
        failed += run("client", mode, name, check_client, bin_folder)
    print(f"TOTAL pass={2 * len(CASES) - failed} fail={failed}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
