"""What the tests of the command line stand on: running it, and saying what differs."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CAPTURES = ROOT / "tests" / "captures"
PROGRAM = str(Path(sys.argv[1]) / "nettcp") if len(sys.argv) > 1 else "nettcp"

failures = []


def run(*words, stdin=b"", timeout=60):
    """Runs nettcp; output stays octets."""
    return subprocess.run([PROGRAM, *words], input=stdin, capture_output=True, timeout=timeout,
                          check=False)


def objects(ended):
    """The lines of JSON on its standard output."""
    return [json.loads(line) for line in ended.stdout.decode("utf-8").split("\n") if line]


def check(claim, holds, shown=""):
    if not holds:
        failures.append(claim)
        print(f"FAIL {claim}: {shown}"[:600])


def check_equal(claim, got, wanted):
    check(claim, got == wanted, f"got {got!r}, expected {wanted!r}")


class Host:
    """nettcp serve on a free port."""

    def __init__(self, *words):
        self.process = subprocess.Popen([PROGRAM, "serve", "--port", "0", *words],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.ready = self.process.stdout.readline().decode()
        match = re.fullmatch(r"READY (net\.tcp://127\.0\.0\.1:\d+) modes=[\w,-]+\n", self.ready)
        check("serve says READY", match, self.ready)
        self.address = match[1] if match else "net.tcp://127.0.0.1:1"

    def url(self, path="/none/echo"):
        return self.address + path

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        output, errors = self.process.communicate(timeout=30)
        return self.process.returncode, output, errors


def finish():
    print(f"failures={len(failures)}")
    sys.exit(1 if failures else 0)
