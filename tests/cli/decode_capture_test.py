"""`nettcp decode` on captures and on an interface."""

import os
import re
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from nettcp_program import CAPTURES, PROGRAM, check, check_equal, finish, objects, run

PCAP = CAPTURES / "pcap"

without = run("decode", str(PCAP / "mono-mono.pcap"))
if b"without libpcap" in without.stderr:
    print("************ SKIPPED: nettcp was built without libpcap ************")
    sys.exit(1 if os.environ.get("CI") == "true" else 77)


def records(ended):
    return [(o["conn"], o["dir"], o["record"], o.get("value"), o.get("xml"))
            for o in objects(ended)]


# Files, by their first octets, pcap and pcapng, from a file and from standard input.
for name in ("mono-mono.pcap", "wwsapi-mono.pcapng", "own-any.pcapng"):
    path = PCAP / name
    ended = run("decode", "--json", str(path))
    check_equal(f"{name} exit code", ended.returncode, 0)
    check_equal(f"{name} stderr", ended.stderr, b"")
    found = records(ended)
    kinds = [record for _, _, record, _, _ in found]
    check(f"{name} begins with a preamble", kinds[:2] == ["version", "mode"], kinds)
    check(f"{name} is XML", all(xml for _, _, record, _, xml in found if "envelope" in record), found)
    check(f"{name} ends well", kinds.count("end") >= 1 and "error" not in kinds, kinds)
    piped = run("decode", "--json", "-", stdin=path.read_bytes())
    check_equal(f"{name} on standard input", piped.stdout, ended.stdout)

shown = run("decode", str(PCAP / "mono-mono.pcap"))
check("connections are introduced",
      shown.stdout.startswith(b"# connection 1: client 127.0.0.1:58284, service 127.0.0.1:21083\n"),
      shown.stdout)
check("envelopes are laid out", b"\n        <" in shown.stdout, shown.stdout[:300])

# Ports.
whole = run("decode", "--json", str(PCAP / "mono-mono.pcap")).stdout
check_equal("its port", run("decode", "--json", "--port", "21083",
                            str(PCAP / "mono-mono.pcap")).stdout, whole)
check_equal("two ports", run("decode", "--json", "--port", "1", "--port", "21083",
                             str(PCAP / "mono-mono.pcap")).stdout, whole)
none = run("decode", "--port", "808", str(PCAP / "mono-mono.pcap"))
check_equal("another port", (none.returncode, none.stdout),
            (0, b"no net.tcp conversation in 27 TCP segments\n"))

# Damage.
octets = (PCAP / "mono-mono.pcap").read_bytes()
cut = run("decode", "--json", "-", stdin=octets[:-10])
check_equal("a capture that is cut off", cut.returncode, 4)
check("why", b"truncated" in cut.stderr, cut.stderr)
check_equal("a header without packets", run("decode", "-", stdin=octets[:24]).returncode, 0)
check_equal("half a header", run("decode", "-", stdin=octets[:20]).returncode, 1)
unknown = octets[:20] + struct.pack("<I", 105) + octets[24:]
wifi = run("decode", "-", stdin=unknown)
check("a link type that is not read", wifi.returncode == 1 and b"802.11" in wifi.stderr, wifi.stderr)

# Words that do not go together.
for words in ([], ["--live", "lo", "x.txt"], ["--count", "3", "x.txt"], ["--live", "lo", "--port", "x"],
              ["--live", "lo", "--duration", "soon"], ["--live", "no-such-interface"]):
    ended = run("decode", *words)
    check_equal(f"decode {words}", (ended.returncode, ended.stdout), (1, b""))


def read_port(host):
    for line in host.stdout:
        found = re.match(rb"READY net\.tcp://127\.0\.0\.1:(\d+)", line)
        if found:
            return found.group(1).decode()
    raise RuntimeError("the host did not get ready")


def live(folder, *more, ended_by=None):
    """Listens while calls are made, and says what was found."""
    host = subprocess.Popen([PROGRAM, "serve", "--port", "0"], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL)
    try:
        port = read_port(host)
        complaints = open(Path(folder) / "stderr", "w+b")
        listener = subprocess.Popen([PROGRAM, "decode", "--json", "--live", "lo", "--port", port,
                                     *more], stdout=subprocess.PIPE, stderr=complaints)
        output = []
        reader = threading.Thread(target=lambda: output.append(listener.stdout.read()))
        reader.start()
        for _ in range(300):
            said = (Path(folder) / "stderr").read_bytes()
            if b"listening on lo" in said or listener.poll() is not None:
                break
            time.sleep(0.1)
        if listener.poll() is not None:
            reader.join()
            return None, said, b""
        call = run("call", f"net.tcp://127.0.0.1:{port}/none/echo", "--action",
                   "http://peers.test/svc/IEcho/Echo", "--body",
                   '<Echo xmlns="http://peers.test/svc"><text>overheard</text></Echo>')
        check_equal("the call", call.returncode, 0)
        if ended_by is not None:
            time.sleep(1)
            listener.send_signal(ended_by)
        listener.wait(timeout=60)
        reader.join()
        return listener.returncode, (Path(folder) / "stderr").read_bytes(), output[0]
    finally:
        host.terminate()
        host.wait()


with tempfile.TemporaryDirectory() as folder:
    code, said, output = live(folder, "--duration", "5s")
    if code is None:
        print(f"************ SKIPPED: nobody may listen on lo here: {said} ************")
        if os.environ.get("CI") == "true":
            sys.exit(1)
    else:
        check("listening for a time", code == 0 and b"overheard" in output, (code, said, output))
        check("both ends", output.count(b'"record":"end"') == 2, output)
        code, said, output = live(folder, ended_by=signal.SIGINT)
        check("listening until interrupted", code == 0 and b"overheard" in output, (code, said))
        code, said, output = live(folder, "--count", "10")
        check("listening to so many segments", code in (0, 4) and b'"version"' in output,
              (code, said))

finish()
