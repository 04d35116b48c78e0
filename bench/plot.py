#!/usr/bin/env python3
"""plot.py RUN.json DIR: draws what bench/run.py has measured as SVG files, by Python alone.

A dot is the median, a whisker the middle half of the rounds. Colours suit light and dark pages.
"""
import json
import math
import os
import sys
from xml.sax.saxutils import escape

from wanted import DOCUMENTS, PAYLOADS, SECURED, SESSIONS

OURS, BARE, OTHER, MORE = range(4)  # colours: nettcp, the limit, a rival, another
# name of the file, title, the axis, what one of its unit is in the figures' unit, and groups:
# a heading, and rows of label, figure, colour
PLOTS = [
    ("echo", "One echo, one session: CPU of both sides", "µs, logarithmic", 1, [
        ("", [("nettcp, callbacks", "echo, nettcp callbacks", OURS),
              ("nettcp, coroutines", "echo, nettcp coroutines", OURS),
              ("blocking sockets", "echo, blocking sockets", BARE),
              ("Asio coroutines", "echo, Asio coroutines", BARE),
              ("gRPC C++", "1 session, gRPC C++: CPU", OTHER),
              ("gSOAP over HTTP", "echo, gSOAP over HTTP", OTHER),
              ("Mono WCF", "echo, Mono WCF", OTHER)]),
        ("32 in flight", [("nettcp, callbacks", "32 in flight, nettcp callbacks", OURS),
                          ("nettcp, coroutines", "32 in flight, nettcp coroutines", OURS)]),
        ("open, echo, close", [("pooled", "open + echo + close, pooled", OURS),
                               ("new connections", "open + echo + close, new connections", OURS)]),
    ]),
    ("sessions", "An echo, with many sessions: CPU of both sides", "µs, logarithmic", 1, [
        (number, [("nettcp", f"{number}, nettcp: CPU", OURS),
                  ("Asio coroutines", f"{number}, Asio coroutines: CPU", BARE),
                  ("gRPC C++", f"{number}, gRPC C++: CPU", OTHER)]) for number in SESSIONS]),
    ("payload", "An echo of so many octets each way: CPU of both sides", "µs, logarithmic", 1, [
        (size + how, [("nettcp", f"echo {size}{how}, nettcp", OURS),
                      (rival, f"echo {size}{how}, {rival}", BARE),
                      ("Mono WCF", f"echo {size}{how}, Mono WCF", OTHER)])
        for how, rival in SECURED.items() for size in PAYLOADS]),
    ("streams", "A MiB of a stream: CPU of both sides",
     "µs, logarithmic", 1, [
         (what, [("nettcp", f"{what}, nettcp", OURS),
                 ("Asio coroutines", f"{what}, Asio coroutines", BARE)])
         for what in ("stream up, a MiB", "stream down, a MiB")]),
    ("nbfx", "Binary XML: CPU for a document", "µs, logarithmic", 1000, [
        (f"{document} {what}", [("nettcp", f"{document} {what}", OURS),
                                (".NET", f".NET {document} {what}", OTHER)])
        for document in [*DOCUMENTS, "1 MiB"]
        for what in (("read", "write") if document == "1 MiB" else ("walk", "write"))]
     + [("typed records " + what, [("nettcp", f"typed records {what}", OURS),
                                   (".NET", f".NET typed records {what}", OTHER)])
        for what in ("read", "write")]),
    ("security", "Kerberos frames, and a MiB there and back over TLS: CPU",
     "µs, logarithmic", 1, [
         *((f"{size} frame, sealed and opened",
            [("nettcp", f"kerberos {size} frame, nettcp", OURS),
             ("GSS-API", f"kerberos {size} frame, GSS-API alone", BARE)])
           for size in ("256-octet", "63 KiB")),
         ("1 MiB echo over TLS",
          [("nettcp", "tls echo 1 MiB, nettcp", OURS),
           ("OpenSSL", "tls echo 1 MiB, OpenSSL on the descriptor", BARE),
           ("asio::ssl", "tls echo 1 MiB, asio::ssl", MORE)])]),
]

LEFT, RIGHT, TOP, ROW, WIDTH = 205, 80, 56, 20, 760
STYLE = """
.page { fill: #fff }
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 16px; font-weight: 600 } .group { font-weight: 600 }
.tick { fill: #59636e; font-size: 12px } .grid { stroke: #d1d9e0 }
.c0 { stroke: #0969da; fill: #0969da } .c1 { stroke: #818b98; fill: #818b98 }
.c2 { stroke: #bc4c00; fill: #bc4c00 } .c3 { stroke: #8250df; fill: #8250df }
@media (prefers-color-scheme: dark) {
.page { fill: #0d1117 }
text { fill: #f0f6fc } .tick { fill: #9198a1 } .grid { stroke: #3d444d }
.c0 { stroke: #4493f8; fill: #4493f8 } .c1 { stroke: #9198a1; fill: #9198a1 }
.c2 { stroke: #f0883e; fill: #f0883e } .c3 { stroke: #ab7df8; fill: #ab7df8 }
}"""


def short(number):
    """Three digits that count, never with an exponent where they would do without."""
    return f"{float(f'{number:.3g}'):g}"


class Drawing:
    """Rows from the top to the bottom, over a logarithmic axis."""

    def __init__(self, title, axis, lowest, highest):
        self.first = math.floor(math.log10(lowest))
        self.last = max(math.ceil(math.log10(highest)), self.first + 1)
        self.parts = [self.text(16, 26, title, "title")]
        self.axis = axis
        self.y = TOP

    @staticmethod
    def text(x, y, what, kind="", anchor="start"):
        return (f'<text x="{x:.1f}" y="{y}" class="{kind}" text-anchor="{anchor}">'
                f"{escape(what)}</text>")

    def x(self, value):
        along = (math.log10(value) - self.first) / (self.last - self.first)
        return LEFT + along * (WIDTH - LEFT - RIGHT)

    def group(self, heading):
        if heading:
            self.parts.append(self.text(16, self.y + 6, heading, "group"))
            self.y += ROW

    def row(self, label, found, colour):
        y = self.y
        low, middle, high = (self.x(found[which]) for which in ("low", "median", "high"))
        self.parts.append(self.text(LEFT - 12, y + 5, label, "", "end"))
        self.parts.append(f'<g class="c{colour}"><line x1="{low:.1f}" y1="{y}" x2="{high:.1f}" '
                          f'y2="{y}" stroke-width="3"/>')
        self.parts += [f'<line x1="{end:.1f}" y1="{y - 5}" x2="{end:.1f}" y2="{y + 5}"/>'
                       for end in (low, high)]
        self.parts.append(f'<circle cx="{middle:.1f}" cy="{y}" r="4.5"/></g>')
        self.parts.append(self.text(max(high, middle) + 10, y + 5, short(found["median"])))
        self.y += ROW

    def finish(self):
        bottom = self.y
        grid = []
        for power in range(self.first, self.last + 1):
            for digit in (1, 2, 5):
                value = digit * 10.0 ** power
                if power == self.last and digit > 1:
                    break
                x = self.x(value)
                grid.append(f'<line class="grid" x1="{x:.1f}" y1="{TOP - 14}" x2="{x:.1f}" '
                            f'y2="{bottom}" stroke-width="{1 if digit == 1 else 0.4}"/>')
                if digit == 1 or self.last - self.first < 3:
                    grid.append(self.text(x, bottom + 18, f"{value:g}", "tick", "middle"))
        axis = self.text((LEFT + WIDTH - RIGHT) / 2, bottom + 38, self.axis, "tick", "middle")
        height = bottom + 52
        return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
                f'width="{WIDTH}" height="{height}" role="img"><style>{STYLE}</style>\n'
                '<rect class="page" width="100%" height="100%"/>\n'
                + "\n".join([*grid, *self.parts, axis]) + "\n</svg>\n")


def draw(figures, title, axis, unit, groups):
    """The drawing, or nothing if none of its figures were taken."""
    present = []
    for heading, rows in groups:
        found = [(label, {which: figures[name][which] / unit
                          for which in ("low", "median", "high")}, colour)
                 for label, name, colour in rows if name in figures]
        if found:
            present.append((heading, found))
    every = [found for _, rows in present for _, found, _ in rows]
    if not every:
        return None
    drawing = Drawing(title, axis, min(f["low"] for f in every), max(f["high"] for f in every))
    for heading, rows in present:
        drawing.group(heading)
        for label, found, colour in rows:
            drawing.row(label, found, colour)
        drawing.y += ROW // 2
    return drawing.finish()


def draw_all(run, folder):
    """Draws what was measured in a run; leaves drawings alone of which nothing was measured.

    Beside them goes figures.md, a table of the run."""
    os.makedirs(folder, exist_ok=True)
    figures = {one["name"]: one for one in run["figures"]}
    for name, *what in PLOTS:
        drawn = draw(figures, *what)
        if drawn:
            with open(os.path.join(folder, name + ".svg"), "w", encoding="utf-8") as out:
                out.write(drawn)
    with open(os.path.join(folder, "figures.md"), "w", encoding="utf-8") as out:
        out.writelines(line + "\n" for line in tables(run))


def tables(run):
    """Ratios and figures of a run as Markdown."""
    machine = run["machine"]
    yield "# Figures of one run\n"
    yield (f"{run['date']}, {machine['processor']}, {machine['cores']} cores, "
           f"{run['rounds']} rounds, {machine['load_before']:.1f} processes waiting or running before it. "
           "Medians, and the middle half of the rounds.\n")
    yield "| ratio or limit | wanted | found | middle half |\n|---|---|---|---|"
    for one in run["ratios"]:
        limit = f"{one['relation']} {one['wanted']:g}" if one["relation"] else ""
        found = short(one["median"])
        found = f"**{found}**" if one["met"] is False else found
        yield (f"| {one['name']} | {limit} | {found} | {short(one['low'])} to {short(one['high'])} |")
    yield "\n| figure, by CPU time where it is a time | median | middle half | by the clock |"
    yield "|---|---|---|---|"
    for one in run["figures"]:
        clock = f"{short(one['by_clock']['median'])} {one['unit']}" if one["by_clock"] else ""
        yield (f"| {one['name']} | {short(one['median'])} {one['unit']} "
               f"| {short(one['low'])} to {short(one['high'])} | {clock} |")


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: plot.py RUN.json DIR")
    with open(sys.argv[1], encoding="utf-8") as run:
        draw_all(json.load(run), sys.argv[2])


if __name__ == "__main__":
    main()
