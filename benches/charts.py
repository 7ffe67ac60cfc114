#!/usr/bin/env python3
"""Time `proofmark render` beside `helm template` on the same charts, in the same run, in turn.

usage: charts.py [--bin PATH] [--runs N] [--charts N] HELM FOLDER

HELM is Helm's own command, FOLDER holds charts as folders. Both commands are measured as whole processes, from start to
exit. Each round runs both on one chart, so that both meet the same moods of the machine; the time of a chart is the
shortest of its rounds, since whatever else the machine does can only add to it. Charts that one of them refuses are named
and left out.
"""
import argparse
import os
import statistics
import subprocess
import sys
import time

RELEASE = ["--namespace", "default", "--kube-version", "1.34.0"]


def commands(binary, helm, chart):
    return {
        "proofmark": [binary, "render", chart, "--name", "release", *RELEASE],
        "helm": [helm, "template", "release", chart, *RELEASE],
    }


def timed(command):
    """Milliseconds of one run by the wall, and whether it succeeded."""
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return (time.perf_counter() - start) * 1e3, done.returncode == 0


def measured(pair, runs):
    """The shortest time of each command; None where one of them refuses the chart."""
    refusing = [name for name, command in pair.items() if not timed(command)[1]]  # also a warm-up for caches of files
    if refusing:
        print(f"refused by {' and '.join(refusing)}: {pair['proofmark'][2]}")
        return None
    rounds = [{name: timed(command)[0] for name, command in pair.items()} for _ in range(runs)]
    return {name: min(times[name] for times in rounds) for name in pair}


def spread(charts, count):
    """So many of the charts, evenly over the whole list."""
    return [charts[index * len(charts) // count] for index in range(count)] if count < len(charts) else charts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("helm")
    parser.add_argument("folder")
    parser.add_argument("--bin", default="target/release/proofmark")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--charts", type=int, default=sys.maxsize, help="measure so many of the charts")
    arguments = parser.parse_args()
    if not os.path.exists(arguments.bin):
        sys.exit(f"{arguments.bin} does not exist: run `cargo build --release` first")
    binary, helm, folder = (os.path.abspath(path) for path in (arguments.bin, arguments.helm, arguments.folder))
    names = sorted(name for name in os.listdir(folder) if os.path.exists(os.path.join(folder, name, "Chart.yaml")))
    figures = {}
    for name in spread(names, arguments.charts):
        times = measured(commands(binary, helm, os.path.join(folder, name)), arguments.runs)
        if times:
            figures[name] = times
    if not figures:
        sys.exit("no chart that both commands render")
    report(figures)


def report(figures):
    print(f"{len(figures)} charts\n{'command':10} {'median ms':>10} {'min':>8} {'max':>8} {'charts/s':>9}")
    for command in ("proofmark", "helm"):
        times = [row[command] for row in figures.values()]
        rate = len(times) / sum(times) * 1e3
        print(f"{command:10} {statistics.median(times):>10.1f} {min(times):>8.1f} {max(times):>8.1f} {rate:>9.1f}")
    ratios = sorted((row["helm"] / row["proofmark"], name) for name, row in figures.items())
    median = statistics.median(ratio for ratio, _ in ratios)
    print(f"helm / proofmark, chart by chart: median {median:.1f}, from {ratios[0][0]:.1f} to {ratios[-1][0]:.1f}")
    print("nearest:", ", ".join(f"{name} {ratio:.1f}" for ratio, name in ratios[:5]))


main()
