#!/usr/bin/env python3
"""fuzz_test.py BIN: nettcp fuzz and nettcp replay on nettcp serve, and on peers made to fail."""

import signal
import socket
import tempfile
import threading
import time
from pathlib import Path

from nettcp_program import Host, check, check_equal, finish, objects, run

ECHO = ["--action", "http://peers.test/svc/IEcho/Echo", "--body",
        '<Echo xmlns="http://peers.test/svc"><text>hi</text></Echo>']


class Peer:
    """Answers a preamble's end with an acknowledgement and an end record with one, until `breaks`
    says of the octets received that something happens. Those of the fuzzer's are small."""

    def __init__(self, breaks):
        self.breaks = breaks
        self.listen(0)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def url(self):
        return f"net.tcp://127.0.0.1:{self.port}/x"

    def listen(self, port):
        self.listener = socket.create_server(("127.0.0.1", port))

    def crash(self, peer):
        """Is gone, and soon back, as if somebody had started it again."""
        port = self.listener.getsockname()[1]
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        peer.close()
        time.sleep(0.4)
        self.listen(port)

    def accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                time.sleep(0.02)
                continue
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        heard = b""
        acknowledged = False
        with peer:
            while True:
                try:
                    got = peer.recv(65536)
                    if not got:
                        return
                    heard += got
                    preamble, end, rest = heard.partition(b"\x03\x08\x0c")
                    if end and not acknowledged and preamble.startswith(b"\0\1\0\1\2\2"):
                        acknowledged = True
                        peer.sendall(b"\x0b")
                    what = self.breaks(rest if acknowledged else b"")
                    if what == "crash":
                        self.crash(peer)
                        return
                    if what == "hang":
                        time.sleep(20)
                        return
                    if what == "end" or (end and not acknowledged) or rest.endswith(b"\x07"):
                        return
                except OSError:
                    return


def own_host():
    host = Host()
    with tempfile.TemporaryDirectory() as out:
        ended = run("fuzz", host.url(), *ECHO, "--cases", "200", "--seconds", "60", "--seed", "11",
                    "--rate", "1000", "--deadline", "30s", "--out", out, "--json", timeout=200)
        check_equal("nothing is found at our host", (ended.returncode, ended.stderr), (0, b""))
        total = objects(ended)[-1]
        check("some cases were tried", total["cases"] >= 50, total)
        check_equal("findings", total["findings"], 0)
        check_equal("no transcripts", list(Path(out).iterdir()), [])

        record = Path(out) / "call.txt"
        check_equal("a call", run("call", host.url(), *ECHO, "--record", str(record)).returncode, 0)
        ended = run("replay", str(record), host.url(), "--json")
        check_equal("it is sent again", ended.returncode, 0)
        check("and answered again", "preamble_ack, sized_envelope, end" in objects(ended)[0]["answer"],
              ended.stdout)
        check("and the host is well", objects(ended)[1]["well"], ended.stdout)
        ended = run("replay", str(record), host.url("/none-gzip/echo"), "--rewrite-via", "--json")
        check_equal("elsewhere it does not fit", ended.returncode, 3)
        ended = run("fuzz", host.url(), "--from", str(record), "--cases", "40", "--rate", "1000",
                    "--mutate", "records,timing", "--deadline", "30s", "--out", out, timeout=200)
        check_equal("nor with a recorded conversation", ended.returncode, 0)
    host.stop(signal.SIGTERM)


def crashing_peer():
    peer = Peer(lambda rest: "crash" if any(0x0c < octet for octet in rest[:1]) else
                "end" if rest else None)
    with tempfile.TemporaryDirectory() as out:
        ended = run("fuzz", peer.url(), "--seed", "28", "--first", "25", "--cases", "20",
                    "--seconds", "60", "--mutate", "records", "--find", "crash", "--max-findings", "1",
                    "--max-tries", "12", "--deadline", "5s", "--rate", "1000",
                    "--out", out, "--json", timeout=280)
        check_equal("a crash is found", ended.returncode, 1)
        found = objects(ended)[0]
        check_equal("what it is", (found["kind"], found["reproduced"]), ("crash", True))
        check("it was made smaller", found["tries"] > 0 and found["octets"] <= 80, found)
        shown = run("decode", found["file"])
        check("it decodes", b"preamble_ack" in shown.stdout, shown.stdout)
        time.sleep(1)
        ended = run("replay", found["file"], peer.url(), "--deadline", "5s")
        check_equal("its replay does it again", ended.returncode, 1)
        check("and says so", b"accepts no connections any more" in ended.stdout, ended.stdout)
        time.sleep(1)
        again = run("fuzz", peer.url(), "--seed", "28", "--case", str(found["case"]), "--mutate", "records",
                    "--find", "crash", "--max-tries", "0", "--out", out, "--json", timeout=60)
        check_equal("so does the case alone", objects(again)[0].get("case"), found["case"])


def hanging_peer():
    peer = Peer(lambda rest: "hang" if rest[:1] > b"\x07" else "end" if rest else None)
    with tempfile.TemporaryDirectory() as out:
        ended = run("fuzz", peer.url(), "--first", "23", "--cases", "400", "--seconds", "100", "--mutate",
                    "records", "--find", "hang", "--max-findings", "1", "--max-tries", "5", "--deadline", "1s",
                    "--rate", "1000", "--out", out, "--json", timeout=280)
        check_equal("a hang is found", ended.returncode, 1)
        found = objects(ended)[0]
        check_equal("what it is", (found["kind"], found["reproduced"]), ("hang", True))
        check("and why", found["message"].startswith("it does not "), found)


def wrong_use():
    remote = run("fuzz", "net.tcp://192.0.2.1:808/x")
    check_equal("other machines are not touched", remote.returncode, 2)
    check("and it says how to", b"--allow-remote 192.0.2.1" in remote.stderr, remote.stderr)
    check_equal("another name allows nothing",
                run("fuzz", "net.tcp://192.0.2.1:808/x", "--allow-remote", "peer").returncode, 2)
    check_equal("nor does replay touch them",
                run("replay", "-", "net.tcp://192.0.2.1/x", stdin=b"C>S 00").returncode, 2)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"net.tcp://127.0.0.1:{port}/x"
    check_equal("nobody is there", run("fuzz", url).returncode, 3)
    check_equal("no URL", run("fuzz").returncode, 2)
    check_equal("no such mutation", run("fuzz", url, "--mutate", "everything").returncode, 2)
    check_equal("nothing to send", run("replay", "-", url, stdin=b"S>C 0b").returncode, 2)
    check_equal("an upgrade's octets", run("replay", "-", url, stdin=b"C>S(tls) 0b").returncode, 2)
    once = run("fuzz", url, "--cases", "200", "--seed", "5", "--dry-run")
    check_equal("the same seed, the same cases",
                run("fuzz", url, "--cases", "200", "--seed", "5", "--dry-run").stdout, once.stdout)
    check("cases are printed", once.stdout.count(b"# case ") == 200, once.stdout[:200])
    other = run("fuzz", url, "--cases", "200", "--seed", "6", "--dry-run")
    check("another seed, other cases", other.stdout != once.stdout)
    one = run("fuzz", url, "--case", "150", "--seed", "5", "--dry-run").stdout
    check("one of them alone", one and one in once.stdout, one[:200])


for part in (wrong_use, own_host, crashing_peer, hanging_peer):
    began = time.monotonic()
    part()
    print(f"{part.__name__}: {time.monotonic() - began:.1f} s")
finish()
