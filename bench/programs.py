"""The programs that take figures, ours and others', and how each is started."""
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


class Program:
    """A benchmark program that answers with figures."""

    rounds = sys.maxsize  # how many it takes part in

    def __init__(self, command):
        listed = subprocess.run([*command, "--list"], check=True, text=True, capture_output=True)
        self.units = dict(line.split("\t") for line in listed.stdout.splitlines())
        self.process = subprocess.Popen(
            [*command, "--serve"], text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def take(self, name):
        """The figure, and what it is by the clock (0: not told)."""
        self.process.stdin.write(name + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"the program for '{name}' ended")
        value, by_clock = answer.split()
        return float(value), float(by_clock)

    def keep(self, wanted):
        """Only the figures whose names are wanted are taken."""
        self.units = {name: unit for name, unit in self.units.items() if wanted(name)}

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Storm:
    """The part of the load test whose clients all come back to a host that was killed."""

    rounds = 3  # seconds each
    units = {"2,000 clients back after a restart": "s"}

    def __init__(self, program):
        self.command = [program, "reconnect"]

    def take(self, _name):
        done = subprocess.run(self.command, text=True, capture_output=True, check=False)
        told = re.search(r"back and answered after the host is: ([0-9.]+) s", done.stdout)
        if done.returncode or not told:
            sys.exit(f"{done.stdout}{done.stderr}\nthe clients did not come back")
        return float(told[1]), float(told[1])

    def close(self):
        pass


class Idle:
    """The part of the load test whose sessions do nothing."""

    rounds = 3  # several seconds each
    parts = {"idle session of a host": ["idle"],
             "idle session of a host over TLS": ["idle", "--tls", "1"]}
    units = {name: "KiB" for name in parts}

    def __init__(self, program):
        self.program = program

    def take(self, name):
        done = subprocess.run([self.program, *self.parts[name]], text=True, capture_output=True,
                              check=False)
        told = re.search(r"three seconds without.*?host, for each session: .*?([0-9]+) malloc'd",
                         done.stdout, re.DOTALL)
        if done.returncode or not told:
            sys.exit(f"{done.stdout}{done.stderr}\nsessions could not be counted")
        return float(told[1]) / 1024, 0.0

    def close(self):
        pass


def here(folder, *names):
    return [Program([os.path.join(folder, name)]) for name in names]


def start_calls(folder, work):
    """Echoes, and others' beside them where they are installed."""
    programs = here(folder, "echo", "sessions")
    for rival in ("grpc", "gsoap"):
        if os.path.exists(os.path.join(folder, rival)):
            programs += here(folder, rival)
        else:
            print(f"BUILT WITHOUT {rival}: no figures of it; `tools/dev setup bench` installs it\n")
    return programs + start_mono(work)


def start_mono(work):
    """Mono's WCF, client and host in one process."""
    built = os.path.join(work, "mono_echo.exe")
    if not shutil.which("mcs") or not shutil.which("mono"):
        print("NO MONO HERE: no figures of its WCF\n")
        return []
    subprocess.run(["mcs", "-nologo", "-warnaserror", "-out:" + built, "-r:System.ServiceModel",
                    "-r:System.Runtime.Serialization", "-r:System.Xml",
                    os.path.join(HERE, "mono", "echo.cs"),
                    os.path.join(HERE, "dotnet", "Stopwatch.cs")], check=True)
    program = Program(["taskset", "-c", str(min(os.sched_getaffinity(0))), "mono", built])
    program.rounds = 5  # its calls wait long
    return [program]


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


def start_documents(folder, work, parts):
    return here(folder, *parts) + start_dotnet(folder, work, parts)


def in_realm(work):
    """What runs a command in a throwaway realm, or nothing where MIT has no KDC here."""
    realm = [os.path.join(HERE, "..", "tests", "interop", "kdc.sh"), "run",
             os.path.join(work, "realm")]
    tried = subprocess.run([*realm, "true"], check=False)
    if tried.returncode == 77:
        print("NO KDC HERE: no figures of Kerberos\n")
        return []
    if tried.returncode:
        sys.exit("the Kerberos realm could not be set up")
    return realm


def start_security(folder, work):
    programs = []
    if os.path.exists(os.path.join(folder, "tls")):
        programs += here(folder, "tls", "tls_echo")
    else:
        print("BUILT WITHOUT OPENSSL: no figures of TLS\n")
    if not os.path.exists(os.path.join(folder, "kerberos")):
        print("BUILT WITHOUT GSS-API: no figures of Kerberos\n")
    elif realm := in_realm(work):
        programs += [Program([*realm, os.path.join(folder, "kerberos")])]
    return programs


def start_payloads(folder, work):
    program = os.path.join(folder, "payload")
    if not os.path.exists(program):
        print("NOT BUILT HERE: no figures of payloads\n")
        return []
    return [Program([*in_realm(work), program])]


def start_load(folder, part):
    program = os.path.join(folder, "..", "load")
    if not os.path.exists(program):
        print("BUILT WITHOUT THE LOAD TEST: no figures of clients that come back or are idle\n")
        return []
    return [part(program)]


# what --only takes, and what it starts
PARTS = {
    "calls": start_calls,
    "bulk": lambda folder, _work: here(folder, "bulk"),
    "payload": start_payloads,
    "nbfx": lambda folder, work: start_documents(folder, work, ["nbfx"]),
    "typed": lambda folder, work: start_documents(folder, work, ["typed"]),
    "security": start_security,
    "storm": lambda folder, _work: start_load(folder, Storm),
    "idle": lambda folder, _work: start_load(folder, Idle),
}


def start(folder, work, only):
    """The programs of one part, or of all."""
    if only:
        return PARTS[only](folder, work)
    together = {**PARTS, "nbfx": lambda *where: start_documents(*where, ["nbfx", "typed"])}
    del together["typed"]
    return [program for part in together.values() for program in part(folder, work)]
