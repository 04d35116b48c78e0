#!/usr/bin/env python3
"""serve_test.py BIN: nettcp serve hosts what it says, and is called as it says."""

import re
import shlex

from nettcp_program import Host, check, check_equal, finish, run

SERVICE = "http://peers.test/svc"


def guide_of(host):
    """The lines behind READY."""
    lines = []
    while not lines or (lines[-1] and not lines[-1].startswith("Ctrl+C")):
        lines.append(host.process.stdout.readline().decode())
    return "".join(lines)


def shown_call(guide):
    """The words of the call that the guide shows, without the program's name."""
    shown = guide[guide.index("  nettcp call"):guide.index("Ctrl+C")]
    return shlex.split(shown.replace("\\\n", " "))[1:]


def call(url, contract, operation, content="", *words):
    return run("call", url, "--action", f"{SERVICE}/{contract}/{operation}", "--body",
               f'<{operation} xmlns="{SERVICE}">{content}</{operation}>', *words)


def all_modes():
    host = Host()
    guide = guide_of(host)
    answer = run(*shown_call(guide))
    check("the call that is shown", b"<EchoResult>hi<" in answer.stdout, (guide, answer))
    rows = re.findall(r"^(net\.tcp://\S+) .*?((?: --\w+ \S+)*)$", guide, re.MULTILINE)
    check_equal("the modes", [url.rpartition("/")[2] for url, _ in rows],
                ["none", "none-gzip", "none-deflate", "none-text", "none-mtom"])
    for url, options in rows:
        answer = call(url + "/echo", "IEcho", "Echo", "<text>there</text>", *options.split())
        check(f"{url}{options}", b">there<" in answer.stdout, answer)
        answer = call(url + "/stream", "IStreaming", "Echo", "<text>there</text>",
                      *options.split())
        check(f"{url}{options}: streams", b">there<" in answer.stdout, answer)
        answer = call(url + "/chat", "IChat", "SessionId", "", *options.split())
        check(f"{url}{options}: chat", b">urn:uuid:" in answer.stdout, answer)
    wrong = call(rows[1][0] + "/echo", "IEcho", "Echo", "<text>there</text>")
    check_equal("a mode takes its own encoding only", wrong.returncode, 3)
    probed = run("probe", rows[0][0] + "-streamed/stream")
    check("streamed transfers", b"TransferMode.Streamed" in probed.stdout, probed)
    check_equal("SIGTERM ends it with 0", host.stop()[0], 0)


def one_endpoint():
    host = Host("--path", "/desk", "--encoding", "soap12_utf8")
    guide = guide_of(host)
    words = shown_call(guide)
    check("the call that is shown names the encoding", "soap12_utf8" in words, words)
    check("and is answered", b"<EchoResult>hi<" in run(*words).stdout, words)
    big = call(host.url("/desk"), "IEcho", "Echo", f"<text>{'a' * 70000}</text>", *words[2:4])
    check_equal("large messages pass", big.returncode, 0)
    host.stop()
    host = Host("--path", "/desk", "--default-quotas")
    big = call(host.url("/desk"), "IEcho", "Echo", f"<text>{'a' * 70000}</text>")
    check("WCF's limits, when asked for", big.returncode == 3 and b"MaxReceivedMessageSize"
          in big.stderr, big)
    host.stop()


def refusals():
    for words, said in [(["--modes", "none,nine"], "mode nine is not supported"),
                        (["--modes", "tls"], "mode tls needs --cert"),
                        (["--modes", "none", "--path", "/x"], "one endpoint"),
                        (["--spn", "host/x"], "--spn goes with --security windows"),
                        (["--receive-timeout", "soon"], "is no time"),
                        (["--encoding", "morse"], "morse is no encoding")]:
        ended = run("serve", "--port", "0", *words, timeout=20)
        check(f"serve {words}", ended.returncode == 1 and said in ended.stderr.decode(), ended)


all_modes()
one_endpoint()
refusals()
finish()
