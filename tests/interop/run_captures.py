#!/usr/bin/env python3
"""run_captures.py BIN: says captured WCF conversations again, with one side replaced by ours.

Our host hears what dotnet/wcf's client sent and must answer CoreWCF's octets. Our client hears what
CoreWCF's host sent and must send dotnet/wcf's octets. Both with what cannot be the same replaced:
the port (of four digits, as in the captures), message ids, and the text that is counted.

One answer may be made of other records: EchoComplex copies what came, and arrays come as the
elements they stand for. There the decoded conversations are compared.
"""

import json
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

CAPTURES = Path(__file__).resolve().parent.parent / "captures" / "none"
CASES = ["echo", "echo3", "bytes", "complex", "oneway", "fault", "slow", "whoami", "reopen"]
COPIED = {"complex"}
PATIENCE = 20
CAPTURED_PORT = b":9000/"
MESSAGE_ID = re.compile(rb"\x44\x1a\xad(.{16})", re.DOTALL)
COUNTED_TEXT = re.compile(rb"n[0-9a-f]{32}")


class Difference(Exception):
    pass


def turns(name):
    """One conversation as [direction, octets, seconds waited before], neighbours of one direction
    joined."""
    found = []
    before = 0.0
    for line in (CAPTURES / f"none-{name}.txt").read_text().splitlines():
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
        raise Difference(f"none-{name}.txt holds no octets")
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


# ---- our host -----------------------------------------------------------------------------------

def start_host(bin_folder, port):
    host = subprocess.Popen([bin_folder / "interop_host", "--port", str(port)],
                            stdout=subprocess.PIPE, text=True)
    line = host.stdout.readline()
    if not line.startswith("READY "):
        raise Difference(f"the host says {line!r}")
    return host


def say_to_host(port, conversation):
    """What the host answers, turn by turn, as far as it does."""
    answers = []
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.settimeout(PATIENCE)
        for direction, octets, _ in conversation:
            if direction == "C>S":
                peer.sendall(octets)
            else:
                answers.append(receive(peer, len(octets)))
    return answers


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


def check_host(bin_folder, port, name):
    own_port = b":%d/" % port
    conversation = [[direction, octets.replace(CAPTURED_PORT, own_port), waited]
                    for direction, octets, waited in turns(name)]
    expected = [octets for direction, octets, _ in conversation if direction == "S>C"]
    if name in COPIED:
        got = decoded(bin_folder, say_copied_to_host(port, conversation))
        wanted = decoded(bin_folder, b"".join(expected))
        if not wanted or wanted != got:
            raise Difference(f"the answers differ: expected {wanted}, got {got}")
        return
    for number, answer in enumerate(say_to_host(port, conversation)):
        must_equal(expected[number], answer, f"answer {number}")


# ---- our client ---------------------------------------------------------------------------------

def replaced(octets, replacements):
    for captured, own in replacements:
        octets = octets.replace(captured, own)
    return octets


def learn(captured, got, replacements):
    """Notes what our client has chosen anew."""
    for pattern in (MESSAGE_ID, COUNTED_TEXT):
        for match in pattern.finditer(captured):
            group = 1 if pattern.groups else 0
            own = got[match.start(group):match.end(group)]
            pair = (match[group], own)
            valid = pattern is MESSAGE_ID or COUNTED_TEXT.fullmatch(own)
            if valid and len(own) == len(pair[0]) and pair not in replacements:
                replacements.append(pair)


def play_host(listener, conversation, replacements, problems):
    try:
        peer, _ = listener.accept()
        with peer:
            peer.settimeout(PATIENCE)
            for number, (direction, octets, waited) in enumerate(conversation):
                if direction == "S>C":
                    time.sleep(waited if waited > 0.3 else 0)  # where the host took its time
                    peer.sendall(replaced(octets, replacements))
                    continue
                got = receive(peer, len(octets))
                learn(octets, got, replacements)
                must_equal(replaced(octets, replacements), got, f"turn {number}")
    except (Difference, OSError) as problem:
        problems.append(str(problem))


def check_client(bin_folder, name):
    conversation = turns(name)
    with socket.socket() as listener:
        port = free_port()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        listener.settimeout(PATIENCE)
        problems = []
        host = threading.Thread(target=play_host, args=(
            listener, conversation, [(CAPTURED_PORT, b":%d/" % port)], problems))
        host.start()
        client = subprocess.run([bin_folder / "interop_client", "--timeout", "15", "--cases", name,
                                 "--addr", f"net.tcp://localhost:{port}"],
                                stdout=subprocess.PIPE, text=True)
        host.join()
    if problems:
        raise Difference(problems[0])
    if client.returncode != 0:
        raise Difference(client.stdout.strip())


# ---- both ---------------------------------------------------------------------------------------

def run(side, name, check, *arguments):
    try:
        check(*arguments)
        print(f"PASS {side}/{name}", flush=True)
        return 0
    except (Difference, OSError, subprocess.CalledProcessError) as problem:
        print(f"FAIL {side}/{name} {problem}", flush=True)
        return 1


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    bin_folder = Path(sys.argv[1]).resolve()
    port = free_port()
    host = start_host(bin_folder, port)
    failed = 0
    try:
        for name in CASES:
            failed += run("host", name, check_host, bin_folder, port, name)
    finally:
        host.send_signal(signal.SIGTERM)
        ended = host.wait(timeout=PATIENCE)
    if ended != 0:
        print(f"FAIL host ended with {ended}")
        failed += 1
    for name in CASES:
        failed += run("client", name, check_client, bin_folder, name)
    print(f"TOTAL pass={2 * len(CASES) - failed} fail={failed}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
