#!/usr/bin/env python3
"""probe_test.py BIN: nettcp probe on nettcp serve, and on peers that are something else."""

import signal
import socket
import threading

from nettcp_program import Host, check, check_equal, finish, objects, run

FAULTS = "http://schemas.microsoft.com/ws/2006/05/framing/faults/"


def with_peer(answer):
    """The outcome of probing a peer that reads a little, sends `answer` of it and closes."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            with peer:
                peer.sendall(answer(peer.recv(512)))

    threading.Thread(target=serve, daemon=True).start()
    port = listener.getsockname()[1]
    ended = run("probe", f"net.tcp://127.0.0.1:{port}/x", "--timeout", "5s", "--json")
    listener.close()
    return ended.returncode, objects(ended)[0]


def own_host():
    host = Host()
    ended = run("probe", host.url(), "--json")
    check_equal("an endpoint was found", (ended.returncode, ended.stderr), (0, b""))
    found = objects(ended)[0]
    check_equal("security", [(s["security"], s["accepted"]) for s in found["security"]],
                [("none", True), ("windows", False), ("tls", False)])
    check_equal("why not", found["security"][1].get("fault"), FAULTS + "UpgradeInvalid")
    check("the encoding of NetTcpBinding is among those accepted",
          any(e["accepted"] and e["mode"] == "duplex" and e["encoding"] == "binary_session"
              for e in found["encodings"]), found)
    check("some are not", any(not e["accepted"] for e in found["encodings"]), found)
    check("the advice names the mode", "SecurityMode.None" in found["advice"], found["advice"])
    human = run("probe", host.url()).stdout.decode()
    check("people are told the same", "SecurityMode.None" in human and "accepted" in human, human)

    ended = run("probe", host.url("/nowhere"), "--json")
    check_equal("no endpoint there", ended.returncode, 3)
    check("and it says so", "no endpoint" in objects(ended)[0]["advice"], ended.stdout)
    host.stop(signal.SIGTERM)


def other_peers():
    code, found = with_peer(lambda _: b"HTTP/1.1 400 Bad Request\r\n\r\n")
    check_equal("a web server is no net.tcp host", code, 3)
    check("its answer is told apart", "not net.tcp" in found["security"][0]["answer"], found)
    code, found = with_peer(lambda _: b"")
    check_equal("nobody accepts", code, 3)
    check_equal("closed connections", {s["answer"] for s in found["security"]},
                {"refused: closed without a word"})
    code, found = with_peer(lambda asked: b"\x0a" if b"/negotiate" in asked or b"/ssl-tls" in asked
                            else b"")
    check_equal("an agreement to upgrade", [s["accepted"] for s in found["security"]],
                [False, True, True])
    check("Windows or TLS is advised", "Windows credentials" in found["advice"] and
          "TLS" in found["advice"], found["advice"])
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ended = run("probe", f"net.tcp://127.0.0.1:{port}/x")
    check_equal("nobody listens", ended.returncode, 3)
    check("it is unreachable", b"unreachable" in ended.stderr, ended.stderr)
    check_equal("no address", run("probe", "http://x/").returncode, 1)


def like_corewcf(encodings):
    """Answers as CoreWCF does: its preambles know these encodings when buffered, any if streamed."""

    def answer(asked):
        duplex = asked[3:5] == b"\x01\x02"
        known = {bytes([3, number, 0x0c]) for number in encodings if isinstance(number, int)}
        named = [name for name in encodings if isinstance(name, str)]
        if b"/negotiate" in asked or b"/ssl-tls" in asked:
            return b""
        fits = asked[-3:] in known or any(asked.endswith(name.encode() + b"\x0c") for name in named)
        return b"\x0b" if fits or not duplex else b""

    return answer


def advice_on_encodings():
    for encodings, words in [
            ([8], "TransferMode.Buffered, the default binary encoding."),
            ([8, "+gzip"], "TransferMode.Buffered, the binary encoding with CompressionFormat.GZip."),
            (["msbinsession1+deflate"], "the binary encoding with CompressionFormat.Deflate."),
            ([3], "TransferMode.Buffered, the encoding application/soap+xml; charset=utf-8."),
            ([0, 3], "TransferMode.Buffered, one of the encodings above."),
            ([], "TransferMode.Streamed, an encoding that the host does not check here")]:
        code, found = with_peer(like_corewcf(encodings))
        check_equal(f"an endpoint with {encodings}", code, 0)
        check(f"advice for {encodings}", words in found["advice"], found["advice"])


own_host()
other_peers()
advice_on_encodings()
finish()
