#!/usr/bin/env python3
"""proxy_test.py BIN: nettcp call and probe through a SOCKS5 server that is not ours, microsocks.

Ends with 77 where microsocks is not installed (tools/dev setup test).
"""

import contextlib
import shutil
import socket
import subprocess
import sys
import time

from nettcp_program import Host, check, check_equal, finish, run

ACTION = "http://peers.test/svc/IEcho/Echo"
BODY = '<Echo xmlns="http://peers.test/svc"><text>by proxy</text></Echo>'


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def microsocks(*words):
    """A proxy on a port of 127.0.0.1; yields the port."""
    port = free_port()
    process = subprocess.Popen(["microsocks", "-i", "127.0.0.1", "-p", str(port), *words],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def call(url, proxy, *words):
    return run("call", url, "--action", ACTION, "--body", BODY, "--proxy", proxy, "--timeout",
               "20s", *words)


def answered(claim, ended):
    check(claim, ended.returncode == 0 and b"by proxy" in ended.stdout,
          (ended.returncode, ended.stdout, ended.stderr))


def refused(claim, ended, words, code=3):
    check(claim, ended.returncode == code and words.encode() in ended.stderr,
          (ended.returncode, ended.stdout, ended.stderr))


def main():
    if shutil.which("microsocks") is None:
        print("SKIPPED: microsocks is not installed; tools/dev setup test")
        sys.exit(77)
    host = Host()
    with microsocks() as port:
        proxy = f"socks5://127.0.0.1:{port}"
        answered("an address", call(host.url(), proxy))
        answered("several calls", call(host.url(), proxy, "--repeat", "3"))
        answered("a name, which the proxy looks up",
                 call(host.url().replace("127.0.0.1", "localhost"), proxy))
        answered("credentials that nobody wants",
                 call(host.url(), f"socks5://me:pw@127.0.0.1:{port}"))
        closed = f"net.tcp://127.0.0.1:{free_port()}/none/echo"
        ended = run("probe", host.url(), "--proxy", proxy)
        check("probe", ended.returncode == 0 and b"SecurityMode.None" in ended.stdout, ended)
        refused("probe of a service that is not there", run("probe", closed, "--proxy", proxy),
                "unreachable: the proxy does not connect to the service: connection refused")
        refused("a service that is not there", call(closed, proxy),
                "the proxy does not connect to the service")
        refused("and why", call(closed, proxy), "connection refused")
    with microsocks("-u", "me", "-P", "p w") as port:
        answered("user and password", call(host.url(), f"socks5://me:p%20w@127.0.0.1:{port}"))
        refused("a wrong password", call(host.url(), f"socks5://me:no@127.0.0.1:{port}"),
                "user name and password are not accepted")
        refused("no password", call(host.url(), f"socks5://127.0.0.1:{port}"),
                "it wants authentication")
    refused("no proxy", call(host.url(), f"socks5://127.0.0.1:{free_port()}"),
            "no connection to the proxy")
    address = host.address.removeprefix("net.tcp://")
    refused("a service instead of a proxy", call(host.url(), f"socks5://{address}"),
            "the proxy does not speak SOCKS version 5")
    refused("no URI", call(host.url(), "http://127.0.0.1"), "--proxy", 1)
    check_equal("serve ends well", host.stop()[0], 0)
    finish()


if __name__ == "__main__":
    main()
