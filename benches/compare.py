#!/usr/bin/env python3
"""Time `proofmark` beside Checkov and zizmor on the same folder, in the same run, in turn.

usage: compare.py [--bin PATH] [--runs N] FOLDER

Each round runs every tool once, so that all meet the same moods of the machine; the figures are the medians of the
rounds, and the ratios are medians of the ratios of each round. Tools that are not installed are left out (both come from
PyPI: `pip install checkov zizmor`). The number of rules on each side is printed, because a tool with fewer rules has
less to do.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

OFFLINE = {**os.environ, "BC_SKIP_MAPPING": "TRUE", "CHECKOV_RUN_SCA_PACKAGE_SCAN": "false", "NO_COLOR": "1"}


def contenders(binary, folder, peers):
    """Commands by name, with a command that lists the rules of each."""
    found = {
        "proofmark": [binary, "scan", folder, "--format", "json", "--no-config", "--pack", "all", "--allow-empty"],
    }
    checkov, zizmor = (shutil.which(name, path=peers) for name in ("checkov", "zizmor"))
    has_workflows = any(".github" in path or "workflows" in path for path, _, _ in os.walk(folder))
    if checkov:
        frameworks = ["terraform", "kubernetes", "dockerfile", "github_actions"]
        found["checkov"] = [checkov, "-d", folder, "--quiet", "--compact", "-o", "json", "--skip-download",
                            "--framework", *frameworks]
    if zizmor and has_workflows:
        found["zizmor"] = [zizmor, "--offline", "--persona", "auditor", "--format", "json", folder]
    return found


def rule_count(name, command):
    """How many rules a tool has, by its own word; None where it does not say."""
    try:
        if name == "proofmark":
            listed = subprocess.run([command[0], "rules", "list"], capture_output=True, text=True, env=OFFLINE).stdout
            return len([line for line in listed.splitlines() if any("/" in cell for cell in line.split()[:3])])
        if name == "checkov":
            listed = subprocess.run([command[0], "--list"], capture_output=True, text=True, env=OFFLINE).stdout
            return len({cell for line in listed.splitlines() for cell in line.replace("|", " ").split()
                        if cell.startswith("CKV")})
    except OSError:
        pass
    return None


def timed(command):
    """Seconds of one run, by the wall."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=OFFLINE, check=False)
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--bin", default="target/release/proofmark")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peers", help="folder that holds the other tools' commands; the PATH by default")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    commands = contenders(os.path.abspath(arguments.bin), os.path.abspath(arguments.folder), arguments.peers)
    if not os.path.exists(arguments.bin):
        sys.exit(f"{arguments.bin} does not exist: run `cargo build --release` first")
    rounds = {name: [] for name in commands}
    for command in commands.values():
        timed(command)  # a warm-up for caches of files and byte code
    for _ in range(arguments.runs):
        for name, command in commands.items():
            rounds[name].append(timed(command))
    figures = {}
    for name, seconds in rounds.items():
        ratios = [theirs / ours for theirs, ours in zip(seconds, rounds["proofmark"])]
        figures[name] = dict(median_s=round(statistics.median(seconds), 4), min_s=round(min(seconds), 4),
                             max_s=round(max(seconds), 4), times_proofmark=round(statistics.median(ratios), 2),
                             rules=rule_count(name, commands[name]))
    if arguments.json:
        print(json.dumps(figures, indent=1))
        return
    print(f"{'tool':10} {'median s':>10} {'min':>8} {'max':>8} {'x proofmark':>12} {'rules':>7}")
    for name, row in figures.items():
        rules = "" if row["rules"] is None else row["rules"]
        print(f"{name:10} {row['median_s']:>10} {row['min_s']:>8} {row['max_s']:>8} {row['times_proofmark']:>12} {rules:>7}")


main()
