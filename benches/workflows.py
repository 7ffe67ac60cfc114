#!/usr/bin/env python3
"""Time `proofmark scan` beside zizmor on the same workflows, in the same run, in turn, and on pipelines of many jobs.

usage: workflows.py [--bin PATH] [--runs N] ZIZMOR FOLDER

ZIZMOR is zizmor's own command, FOLDER holds workflows anywhere below it. They are copied under one `.github/workflows`, the
only place where both look without being asked. Each round runs proofmark with all packs and zizmor as a regular and as an
auditor, so that all meet the same moods of the machine; the figures are the medians of the rounds by the wall and by the
processor, and the ratios medians of the ratios of each round. zizmor asks nothing of the network.

Below that, `proofmark` alone on generated pipelines of both systems, of twice as many jobs each time: five steps in a
job, or five lines of script. What a job costs must not grow with their number.
"""
import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

JOBS = (250, 500, 1000, 2000)

STEPS = """\
  job{n}:
    needs: {needs}
    runs-on: ubuntu-latest
    env:
      NAME: value{n}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 20
      - run: |
          npm ci
          npm run build -- --name ${{{{ env.NAME }}}}
      - run: npm test -- --shard={n}
      - if: github.ref == 'refs/heads/main'
        run: |
          curl -sSL https://example.com/{n}/install.sh | bash
          docker build -t app:$GITHUB_SHA . && docker push app:$GITHUB_SHA
"""

SCRIPT = """\
job{n}:
  stage: {stage}
  extends: .base
  script:
    - pip install tox
    - tox -e py{n}
    - docker build -t $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA .
    - curl -sSL https://example.com/{n}/install.sh | bash
    - docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA
  rules:
    - if: $CI_COMMIT_BRANCH == "main"
"""


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def generate(system, folder, count):
    """A pipeline of so many jobs."""
    if system == "github":
        jobs = (STEPS.format(n=n, needs=f"[job{n - 1}]" if n % 3 else "[]") for n in range(count))
        head = "name: generated\non:\n  push:\n    branches: [main]\n  pull_request:\njobs:\n"
        write(os.path.join(folder, ".github/workflows/generated.yml"), head + "".join(jobs))
    else:
        stages = ("build", "test", "deploy")
        jobs = (SCRIPT.format(n=n, stage=stages[n % 3]) for n in range(count))
        head = f"stages: [{', '.join(stages)}]\n.base:\n  image: python:3.12\n  before_script: [pip list]\n"
        write(os.path.join(folder, ".gitlab-ci.yml"), head + "".join(jobs))


def gather(folder, target):
    """Copies the workflows below a folder to where both tools look; how many there are."""
    found = []
    for path, folders, names in os.walk(folder):
        folders.sort()
        found += [os.path.join(path, name) for name in sorted(names) if name.endswith((".yml", ".yaml"))]
    os.makedirs(target)
    count = 0
    for path in found:
        with open(path, encoding="utf-8", errors="replace") as file:
            lines = [line.split(":")[0].strip("'\"") for line in file if line[:1].strip()]
        if "on" in lines and "jobs" in lines:
            name = os.path.relpath(path, folder).replace(os.sep, "-")
            shutil.copyfile(path, os.path.join(target, name))
            count += 1
    return count


def scan(binary, folder):
    return [binary, "scan", folder, "--format", "json", "--no-config", "--pack", "all"]


def measured(command):
    """Seconds of one run: by the wall, and of all processors together."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def in_turn(commands, runs):
    """The times of each command, run by turns; one run before is a warm-up for caches of files."""
    for command in commands.values():
        measured(command)
    rounds = [{name: measured(command) for name, command in commands.items()} for _ in range(runs)]
    return {name: [times[name] for times in rounds] for name in commands}


def beside(binary, zizmor, folder, runs):
    commands = {"proofmark": scan(binary, folder)}
    for persona in ("regular", "auditor"):
        commands[f"zizmor {persona}"] = [zizmor, "--offline", "--persona", persona, "--format", "json", folder]
    times = in_turn(commands, runs)
    print(f"{'command':16} {'wall s':>8} {'cpu s':>8} {'wall, x proofmark':>18} {'cpu, x proofmark':>17}")
    for name, rows in times.items():
        medians = [statistics.median(column) for column in zip(*rows)]
        ratios = [statistics.median(theirs[by] / ours[by] for theirs, ours in zip(rows, times["proofmark"]))
                  for by in (0, 1)]
        print(f"{name:16} {medians[0]:>8.3f} {medians[1]:>8.3f} {ratios[0]:>18.2f} {ratios[1]:>17.2f}")


def many_jobs(binary, folder, runs):
    commands = {}
    for system in ("github", "gitlab"):
        for count in JOBS:
            place = os.path.join(folder, f"{system}-{count}")
            generate(system, place, count)
            commands[system, count] = scan(binary, place)
    print(f"\n{'jobs':16} {'wall s':>8} {'cpu s':>8} {'ms of cpu a job':>18}")
    for (system, count), rows in in_turn(commands, runs).items():
        wall, cpu = (statistics.median(column) for column in zip(*rows))
        print(f"{system:10} {count:>5} {wall:>8.3f} {cpu:>8.3f} {cpu / count * 1e3:>18.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("zizmor")
    parser.add_argument("folder")
    parser.add_argument("--bin", default="target/release/proofmark")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    binary, zizmor, folder = (os.path.abspath(path) for path in (arguments.bin, arguments.zizmor, arguments.folder))
    for command in (binary, zizmor):
        if not os.path.exists(command):
            sys.exit(f"{command} does not exist")
    with tempfile.TemporaryDirectory() as place:
        together = os.path.join(place, "together")
        count = gather(folder, os.path.join(together, ".github", "workflows"))
        if count == 0:
            sys.exit(f"{folder} holds no workflow")
        print(f"{count} workflows")
        beside(binary, zizmor, together, arguments.runs)
        many_jobs(binary, place, arguments.runs)


main()
