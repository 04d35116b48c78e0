#!/usr/bin/env python3
"""run.py BIN [--rounds N] [--only PART] [--json FILE] [--plots DIR]: takes all figures in turns.

BIN is the folder of the benchmark programs. Every program runs all the time; in each round each
measurement is taken once and briefly, so that what disturbs the machine disturbs all alike.
Figures are medians of all rounds, ratios are medians of the ratios of each round.
"""
import argparse
import datetime
import json
import os
import platform
import statistics
import tempfile

import plot
import programs
import wanted


def in_turns(running, rounds):
    """For each figure what it was in each round: pairs of the value and that by the clock."""
    figures = {name: [] for program in running for name in program.units}
    for number in range(rounds):
        for program in running:
            if number < program.rounds:
                for name in program.units:
                    figures[name].append(program.take(name))
    return figures


def add_differences(values, units):
    for name, more, less in wanted.DIFFERENCES:
        if more in values and less in values:
            values[name] = [a - b for a, b in zip(values[more], values[less])]
            units[name] = units[more]


def spread(values):
    """The median, and between what the middle half of the rounds lies."""
    ordered = sorted(values)
    quarter = len(ordered) // 4
    return {"median": statistics.median(ordered), "low": ordered[quarter],
            "high": ordered[-1 - quarter]}


def figures_of(values, clocks, units):
    for name, each in values.items():
        by_clock = clocks.get(name)
        yield {"name": name, "unit": units[name], **spread(each),
               "by_clock": spread(by_clock) if by_clock and all(by_clock) else None}


def ratios_of(values):
    for over, under, relation, limit in wanted.RATIOS:
        if over in values and under in values:
            each = [a / b for a, b in zip(values[over], values[under])]
            yield f"{over} / {under}", each, relation, limit
    for name, limit in wanted.RATES:
        if name in values:
            each = [1e6 / microseconds for microseconds in values[name]]
            yield f"{name}: calls per second of CPU", each, ">=", limit
    for name, limit in wanted.LIMITS:
        if name in values:
            yield name, values[name], "<=", limit


def judged(values):
    for name, each, relation, limit in ratios_of(values):
        found = spread(each)
        met = None
        if relation:
            met = found["median"] <= limit if relation == "<=" else found["median"] >= limit
        yield {"name": name, **found, "relation": relation, "wanted": limit, "met": met}


def machine():
    model = platform.processor()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            model = next((line.split(":", 1)[1].strip() for line in lines
                          if line.startswith("model name")), model)
    return {"processor": model, "cores": len(os.sched_getaffinity(0)),
            "load_before": os.getloadavg()[0]}


def print_run(run):
    print(f"{'figure':48} {'median':>10} {'unit':8} {'middle half of the rounds':26} by the clock")
    for one in run["figures"]:
        clock = f"{one['by_clock']['median']:.4g}" if one["by_clock"] else ""
        middle = f"{one['low']:.4g} to {one['high']:.4g}"
        print(f"{one['name']:48} {one['median']:10.4g} {one['unit']:8} {middle:26} {clock}")
    print(f"\n{'ratio':80} {'median':>10}  {'wanted':>10}")
    for one in run["ratios"]:
        verdict = ""
        if one["relation"]:
            limit = one["relation"] + " " + format(one["wanted"], "g")
            verdict = f"{limit:>10}  {'met' if one['met'] else 'MISSED'}"
        print(f"{one['name']:80} {one['median']:10.4g}  {verdict:20} "
              f"({one['low']:.4g} to {one['high']:.4g})")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("bin")
    arguments.add_argument("--rounds", type=int, default=31)
    arguments.add_argument("--only", choices=programs.PARTS,
                           help="echoes; streams; echoes by size and security; "
                                "binary XML; typed contracts; TLS and Kerberos; clients back again; "
                                "idle ones")
    arguments.add_argument("--json", help="write all figures to this file, too")
    arguments.add_argument("--plots", help="draw them into this folder, too")
    given = arguments.parse_args()

    run = {"date": datetime.date.today().isoformat(), "machine": machine(), "rounds": given.rounds}
    with tempfile.TemporaryDirectory() as work:
        running = programs.start(given.bin, work, given.only)
        taken = in_turns(running, given.rounds)
        for program in running:
            program.close()
    units = {name: unit for program in running for name, unit in program.units.items()}
    values = {name: [value for value, _ in each] for name, each in taken.items()}
    clocks = {name: [clock for _, clock in each] for name, each in taken.items()}
    add_differences(values, units)
    run["figures"] = list(figures_of(values, clocks, units))
    run["ratios"] = list(judged(values))
    print_run(run)
    if given.json:
        with open(given.json, "w", encoding="utf-8") as out:
            json.dump(run, out, indent=1)
    if given.plots:
        plot.draw_all(run, given.plots)


if __name__ == "__main__":
    main()
