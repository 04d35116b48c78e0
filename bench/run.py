#!/usr/bin/env python3
"""run.py BIN [--rounds N] [--only PART] [--json FILE]: takes all figures in turns, prints ratios.

BIN is the folder of the benchmark programs. Every program runs all the time; in each round each
measurement is taken once and briefly, so that what disturbs the machine disturbs all alike.
Figures are medians of all rounds, ratios are medians of the ratios of each round.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DOCUMENTS = ["echo-req", "echo-rep", "complex-req", "records"]
SESSIONS = ["1 session", "32 sessions", "256 sessions"]

# what, over what, and what we want: "at most" or "at least" so much
RATIOS = [
    ("echo, nettcp coroutines", "echo, Asio coroutines", "<=", 1.25),
    ("echo, nettcp callbacks", "echo, Asio coroutines", "<=", 1.25),
    ("echo, nettcp coroutines", "echo, blocking sockets", None, None),
    ("echo, nettcp callbacks", "echo, blocking sockets", None, None),
    *((f"{n}, nettcp: CPU", f"{n}, Asio coroutines: CPU", None, None) for n in SESSIONS),
    *((f"{n}, gRPC C++: CPU", f"{n}, nettcp: CPU", None, None) for n in SESSIONS),
    ("1 MiB echo, Asio coroutines", "1 MiB echo, nettcp", ">=", 0.6),
    *((f"stream {way}, a MiB, Asio coroutines", f"stream {way}, a MiB, nettcp", None, None)
      for way in ("up", "down")),
    *((f".NET {d} walk", f"{d} walk", ">=", 6) for d in DOCUMENTS),
    *((f".NET {d} walk", f"{d} walk as text", None, None) for d in DOCUMENTS),
    *((f".NET {d} write", f"{d} write", ">=", 3) for d in DOCUMENTS),
    (".NET typed records read", "typed records read", ">=", 6),
    (".NET typed records write", "typed records write", ">=", 4),
    ("1 MiB read", "1 MiB memcpy", "<=", 1.1),
    ("1 MiB write", "1 MiB memcpy", "<=", 1.1),
    ("tls echo 1 MiB, OpenSSL on the descriptor", "tls echo 1 MiB, nettcp", ">=", 0.9),
    ("tls echo 1 MiB, asio::ssl", "tls echo 1 MiB, nettcp", ">=", 1),
    ("tls handshakes, nettcp", "tls handshakes, OpenSSL in memory", None, None),
    ("TLS adds to an echo, nettcp", "TLS adds to an echo, OpenSSL", "<=", 1.15),
    ("TLS adds to an echo, nettcp", "TLS adds to an echo, OpenSSL reading ahead", None, None),
    ("kerberos 63 KiB frame, GSS-API alone", "kerberos 63 KiB frame, nettcp", ">=", 2),
    ("kerberos 256-octet frame, GSS-API alone", "kerberos 256-octet frame, nettcp", ">=", 0.9),
    *(("kerberos handshakes, nettcp", f"kerberos handshakes, {how}", ">=", 0.9)
      for how in ("default credential", "acquiring for each", "one credential")),
]
# what, and of which two figures it is the difference in each round
DIFFERENCES = [
    ("TLS adds to an echo, nettcp", "echo over TLS, nettcp", "echo without TLS, nettcp"),
    ("TLS adds to an echo, OpenSSL", "echo over TLS, OpenSSL",
     "echo without TLS, blocking sockets"),
    ("TLS adds to an echo, OpenSSL reading ahead", "echo over TLS, OpenSSL reading ahead",
     "echo without TLS, blocking sockets"),
]
# Calls a second that one session takes when it has a core for both its sides.
RATES = [("32 in flight, nettcp coroutines", 100_000), ("32 in flight, nettcp callbacks", 100_000),
         ("open + echo + close, pooled", 5_000)]
# figures that are wanted to be at most so much by themselves
LIMITS = [("tls idle session, nettcp", 20)]


class Program:
    """A benchmark program that answers with figures."""

    def __init__(self, command):
        listed = subprocess.run([*command, "--list"], check=True, text=True, capture_output=True)
        self.units = dict(line.split("\t") for line in listed.stdout.splitlines())
        self.process = subprocess.Popen(
            [*command, "--serve"], text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def take(self, name):
        self.process.stdin.write(name + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"the program for '{name}' ended")
        return float(answer)

    def keep(self, wanted):
        """Only the figures whose names are wanted are taken."""
        self.units = {name: unit for name, unit in self.units.items() if wanted(name)}

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def start_dotnet(bin_folder, work, parts):
    """.NET's reader, writer and serializer, or nothing where there is no SDK."""
    folder = os.environ.get("NETTCP_BENCH_DOTNET", os.path.join(work, "dotnet"))
    build = os.path.join(HERE, "..", "tests", "interop", "dotnet", "build.sh")
    # Outside CI's rules: a figure may be missing, a judge may not.
    built = subprocess.run([build, os.path.join(HERE, "dotnet"), folder], check=False,
                           env={**os.environ, "CI": ""})
    if built.returncode == 77:
        print("NO .NET SDK HERE: only our own binary XML figures, no ratios of them\n")
        return []
    if built.returncode:
        sys.exit("the .NET program could not be built")
    documents = os.path.join(work, "documents")
    for name in ("nbfx", "typed"):
        subprocess.run([os.path.join(bin_folder, name), "--export", documents], check=True)
    program = Program(["dotnet", os.path.join(folder, "nbfx_bench.dll"), documents])
    if len(parts) == 1:
        program.keep(lambda name: ("typed" in name) == (parts == ["typed"]))
    return [program]


def start_kerberos(program, work):
    """The program in a throwaway realm, or nothing where it was not built or MIT has no KDC here."""
    if not os.path.exists(program):
        print("BUILT WITHOUT GSS-API: no figures of Kerberos\n")
        return []
    realm = [os.path.join(HERE, "..", "tests", "interop", "kdc.sh"), "run",
             os.path.join(work, "realm")]
    tried = subprocess.run([*realm, "true"], check=False)
    if tried.returncode == 77:
        print("NO KDC HERE: no figures of Kerberos\n")
        return []
    if tried.returncode:
        sys.exit("the Kerberos realm could not be set up")
    return [Program([*realm, program])]


def start_calls(folder):
    """Echoes, and gRPC's beside them where it was installed when the programs were built."""
    names = ["echo", "sessions", "grpc"]
    if not os.path.exists(os.path.join(folder, "grpc")):
        print("BUILT WITHOUT GRPC: no figures of it; `tools/dev setup bench` installs it\n")
        names.remove("grpc")
    return [Program([os.path.join(folder, name)]) for name in names]


def start_tls(folder):
    programs = [os.path.join(folder, name) for name in ("tls", "tls_echo")]
    if not all(map(os.path.exists, programs)):
        print("BUILT WITHOUT OPENSSL: no figures of TLS\n")
        return []
    return [Program([program]) for program in programs]


def in_turns(programs, rounds):
    figures = {name: [] for program in programs for name in program.units}
    for _ in range(rounds):
        for program in programs:
            for name in program.units:
                figures[name].append(program.take(name))
    return figures


def add_differences(figures, units):
    for name, more, less in DIFFERENCES:
        if more in figures and less in figures:
            figures[name] = [a - b for a, b in zip(figures[more], figures[less])]
            units[name] = units[more]


def spread(values):
    ordered = sorted(values)
    quarter = len(ordered) // 4
    return statistics.median(ordered), ordered[quarter], ordered[-1 - quarter]


def print_figures(figures, units):
    print(f"{'figure':44} {'median':>12} {'unit':8} {'middle half of the rounds'}")
    for name, values in figures.items():
        median, low, high = spread(values)
        print(f"{name:44} {median:12.4g} {units[name]:8} {low:.4g} to {high:.4g}")
    print()


def ratios_of(figures):
    for over, under, relation, wanted in RATIOS:
        if over in figures and under in figures:
            each = [a / b for a, b in zip(figures[over], figures[under])]
            yield f"{over} / {under}", spread(each), relation, wanted
    for name, wanted in RATES:
        if name in figures:
            each = [1e6 / microseconds for microseconds in figures[name]]
            yield f"{name}: calls per second of CPU", spread(each), ">=", wanted
    for name, wanted in LIMITS:
        if name in figures:
            yield name, spread(figures[name]), "<=", wanted


def print_ratios(figures):
    print(f"{'ratio':74} {'median':>10}  {'wanted':>10}")
    for name, (median, low, high), relation, wanted in ratios_of(figures):
        verdict = ""
        if relation:
            met = median <= wanted if relation == "<=" else median >= wanted
            verdict = f"{relation + ' ' + format(wanted, 'g'):>10}  {'met' if met else 'MISSED'}"
        print(f"{name:74} {median:10.4g}  {verdict:20} ({low:.4g} to {high:.4g})")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("bin")
    arguments.add_argument("--rounds", type=int, default=31)
    arguments.add_argument("--only", choices=["calls", "bulk", "nbfx", "typed", "security"],
                           help="echoes; large messages and streams; binary XML; typed contracts; "
                                "TLS and Kerberos")
    arguments.add_argument("--json", help="write all figures to this file, too")
    given = arguments.parse_args()

    with tempfile.TemporaryDirectory() as work:
        programs = []
        if given.only in (None, "calls"):
            programs += start_calls(given.bin)
        if given.only in (None, "bulk"):
            programs += [Program([os.path.join(given.bin, "bulk")])]
        parts = [part for part in ("nbfx", "typed") if given.only in (None, part)]
        if parts:
            programs += [Program([os.path.join(given.bin, part)]) for part in parts]
            programs += start_dotnet(given.bin, work, parts)
        if given.only in (None, "security"):
            programs += start_tls(given.bin)
            programs += start_kerberos(os.path.join(given.bin, "kerberos"), work)
        figures = in_turns(programs, given.rounds)
        for program in programs:
            program.close()
    units = {name: unit for program in programs for name, unit in program.units.items()}
    add_differences(figures, units)
    print_figures(figures, units)
    print_ratios(figures)
    if given.json:
        with open(given.json, "w", encoding="utf-8") as out:
            json.dump({"units": units, "figures": figures}, out, indent=1)


if __name__ == "__main__":
    main()
