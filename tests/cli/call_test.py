#!/usr/bin/env python3
"""call_test.py BIN: nettcp call on nettcp serve: replies, faults, recordings, exit codes."""

import json
import re
import signal
import socket
import tempfile
import threading
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from nettcp_program import Host, PROGRAM, check, check_equal, finish, objects, run

SERVICE = "http://peers.test/svc"


def body(operation, content):
    return f'<{operation} xmlns="{SERVICE}">{content}</{operation}>'


def call(url, operation, content, *words, stdin=b""):
    return run("call", url, "--action", f"{SERVICE}/IEcho/{operation}",
               "--body", body(operation, content), *words, stdin=stdin)


def replies(host):
    ended = call(host.url(), "Echo", "<text>h\u00e9llo &lt;&amp;&gt; \U0001F600</text>")
    check_equal("a call ends with 0", (ended.returncode, ended.stderr), (0, b""))
    root = ElementTree.fromstring(ended.stdout)
    check_equal("the reply's body", (root.tag, root[0].tag, root[0].text),
                (f"{{{SERVICE}}}EchoResponse", f"{{{SERVICE}}}EchoResult",
                 "h\u00e9llo <&> \U0001F600"))
    check("the reply is indented", b">\n  <EchoResult>" in ended.stdout, ended.stdout)

    three = objects(call(host.url(), "Add", "<a>40</a><b>2</b>", "--json", "--repeat", "3"))
    check_equal("calls are numbered", [o["call"] for o in three], [1, 2, 3])
    check("each has its body as compact XML",
          all("<AddResult>42</AddResult>" in o["xml"] and "\n" not in o["xml"] for o in three),
          three)
    check_equal("action", three[0]["action"], f"{SERVICE}/IEcho/AddResponse")

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "body.xml"
        file.write_text("<?xml version='1.0'?>\n" + body("Echo", "<text>from a file</text>"))
        for given, stdin in ((f"@{file}", b""), ("-", file.read_bytes())):
            ended = run("call", host.url(), "--action", f"{SERVICE}/IEcho/Echo", "--body", given,
                        stdin=stdin)
            check(f"body {given[:1]}", b"<EchoResult>from a file</EchoResult>" in ended.stdout,
                  ended)
        big = "A" * 400_000
        file.write_text(body("EchoBytes", f"<data>{big}</data>"))
        ended = run("call", host.url(), "--action", f"{SERVICE}/IEcho/EchoBytes",
                    "--body", f"@{file}")
        check("large messages pass", big.encode() in ended.stdout, (ended.returncode, ended.stderr))

    once = call(host.url(), "Notify", "<text>cli</text>", "--one-way", "--repeat", "2", "--json")
    check_equal("one-way", [o["sent"] for o in objects(once)], [True, True])
    count = call(host.url(), "NotifyCount", "<text>cli</text>")
    check("one-way messages arrived", b">2<" in count.stdout, count)


def faults(host):
    ended = call(host.url(), "Fail", "<text>on purpose</text><code>42</code>")
    text = ended.stdout.decode()
    check_equal("a fault ends with 2", ended.returncode, 2)
    check("the fault is readable", text.startswith("fault: reason: on purpose\n")
          and "  code: " in text and "on purpose</" in text.split("detail:")[-1], text)
    fault = objects(call(host.url(), "Fail", "<text>x</text><code>42</code>", "--json"))[0]["fault"]
    check_equal("its reasons", fault["reasons"][0]["text"], "reason: x")
    check("its detail", ">42</" in fault["detail"], fault)
    unknown = objects(run("call", host.url(), "--action", "urn:nobody", "--json"))[0]["fault"]
    check_equal("its codes", [code["name"] for code in unknown["codes"]],
                ["Sender", "ActionNotSupported"])


def recording(host):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "talk.txt"
        ended = call(host.url(), "Echo", "<text>watched</text>", "-v", "--record", str(file))
        seen = ended.stderr.decode()
        names = ["preamble_end", "preamble_ack", "sized_envelope", "watched", "end"]
        check("-v shows both directions", all(name in seen for name in names)
              and "S>C" in seen and "C>S" in seen, seen)
        decoded = run("decode", "--json", str(file))
        records = [(o["dir"], o["record"]) for o in objects(decoded)]
        check_equal("--record can be decoded", decoded.returncode, 0)
        check_equal("the whole conversation is there", records,
                    [("C>S", r) for r in ("version", "mode", "via", "known_encoding",
                                          "preamble_end")]
                    + [("S>C", "preamble_ack"), ("C>S", "sized_envelope"),
                       ("S>C", "sized_envelope"), ("C>S", "end"), ("S>C", "end")])
        lines = call(host.url(), "Echo", "<text>x</text>", "-v", "--json")
        shown = [json.loads(line)["record"] for line in lines.stderr.decode().splitlines()]
        check_equal("-v --json", shown.count("sized_envelope"), 2)
        unwritable = call(host.url(), "Echo", "", "--record", folder + "/none/talk.txt")
        check_equal("--record where nothing can be written", unwritable.returncode, 1)


def failures(host):
    check_equal("no such command", run("frobnicate").returncode, 1)
    check_equal("no command", run().returncode, 1)
    check_equal("no action", run("call", host.url()).returncode, 1)
    check_equal("no address", call("http://localhost/", "Echo", "").returncode, 1)
    check_equal("no XML", run("call", host.url(), "--action", "a", "--body", "<a>").returncode, 1)
    check_equal("no such file", run("call", host.url(), "--action", "a", "--body",
                                    "@/nonexistent").returncode, 1)
    check_equal("no time", call(host.url(), "Echo", "", "--timeout", "soon").returncode, 1)
    check_equal("no such port", run("serve", "--port", "70000").returncode, 1)
    taken = run("serve", "--port", host.address.rpartition(":")[2])
    check("a port that is taken", taken.returncode == 1 and taken.stderr, taken)

    nobody = call("net.tcp://127.0.0.1:1/x", "Echo", "")
    check("nobody there: exit code 3 and words", nobody.returncode == 3
          and b"127.0.0.1:1" in nobody.stderr, nobody)
    refused = call(host.url("/elsewhere"), "Echo", "")
    check("no such endpoint", refused.returncode == 3 and b"ndpoint" in refused.stderr, refused)
    began = time.monotonic()
    late = call(host.url(), "Sleep", "<milliseconds>20000</milliseconds>", "--timeout", "700ms", "--json")
    took = time.monotonic() - began
    check_equal("a timeout ends with 3", late.returncode, 3)
    check("in time", 0.6 < took < 5, took)
    check("the failure as JSON", "message" in objects(late)[0]["error"], late)
    with socket.create_server(("127.0.0.1", 0)) as odd:
        def answer():
            connection, _ = odd.accept()
            with connection:
                connection.recv(100)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                try:
                    connection.recv(100)  # its preamble is all that the client ever says
                except ConnectionResetError:
                    pass
        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        web = call(f"net.tcp://127.0.0.1:{odd.getsockname()[1]}/x", "Echo", "", "--timeout", "10s")
        check("a peer that speaks something else", web.returncode == 3 and web.stderr, web)
        thread.join(10)


def addresses(host):
    # The service looks at To; the connection goes where Via says.
    via = host.url()
    ended = call("net.tcp://elsewhere.test" + via[via.rindex(":"):], "Echo", "<text>v</text>",
                 "--via", via)
    check("--via", ended.returncode == 0 and b">v<" in ended.stdout, ended)
    wrong = call(via, "Echo", "<text>v</text>", "--to", via + "-not")
    check("--to", wrong.returncode == 2, wrong)


def version_and_help():
    check("--version", re.match(rb"nettcp \d+\.\d+\.\d+\n", run("--version").stdout))
    for command in ("call", "serve", "probe", "decode", "xml"):
        shown = run(command, "--help")
        check(f"{command} --help", shown.returncode == 0 and b"Examples:" in shown.stdout
              and b"Exit codes:" in shown.stdout, shown)


version_and_help()
host = Host()
try:
    replies(host)
    faults(host)
    recording(host)
    failures(host)
    addresses(host)
finally:
    ended = host.stop()
check_equal("SIGTERM ends serve with 0", ended[0], 0)
quiet = Host("-v", "--path", "/other")
check_equal("--path", call(quiet.url("/other"), "Echo", "").returncode, 0)
code, _, log = quiet.stop(signal.SIGINT)
check("SIGINT ends serve with 0, -v logs sessions", code == 0 and b"opened" in log, (code, log))
finish()
