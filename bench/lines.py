#!/usr/bin/env python3
"""Compares `callagent validate --lines` with a program that reads the same lines into plain serde structs.

Prints seconds, the median ratio to that program, and the maximum memory of a run. Needs Python and cargo.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--megabytes", type=int, default=200, help="how large the file is")
    options.add_argument("--turns", type=int, default=7, help="how often each program runs")
    options.add_argument("--seed", type=int, default=1, help="what the documents are made from")
    options = options.parse_args()

    build = ["cargo", "build", "--quiet", "--locked", "--release"]
    subprocess.run([*build, "--manifest-path", str(HERE / "Cargo.toml")], check=True)
    subprocess.run([*build, "--manifest-path", str(ROOT / "Cargo.toml"), "--bin", "callagent"], check=True)
    bench, callagent = HERE / "target/release/bench", ROOT / "target/release/callagent"
    with tempfile.TemporaryDirectory() as folder:
        file = write_lines(bench, Path(folder), options)
        validate = [callagent, "validate", "--lines", "--quiet", "--format", "concise", file]
        programs = {
            "plain serde structs": [bench, "--read-lines", file],
            "callagent, one thread": [*validate, "--jobs", "1"],
            "callagent, two threads": [*validate, "--jobs", "2"],
        }
        runs = {name: [] for name in programs}
        for _ in range(options.turns):
            for name, command in programs.items():
                runs[name].append(run(command))
        megabytes = file.stat().st_size / 1e6
    show(runs, megabytes)


def write_lines(bench, folder, options):
    """Writes the realistic valid documents repeatedly, one per line."""
    subprocess.run([bench, "--seed", str(options.seed), "--set", "realistic", "--write", folder], check=True)
    documents = [json.loads(line)["text"] for line in open(folder / "realistic-valid.jsonl", encoding="utf-8")]
    lines = "".join(" ".join(text.split("\n")) + "\n" for text in documents).encode()
    file = folder / "lines.jsonl"
    with open(file, "wb") as out:
        for _ in range(-(-options.megabytes * 1_000_000 // len(lines))):
            out.write(lines)
    return file


def run(command):
    """Returns the seconds and the maximum memory in MiB."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - begun, usage.ru_maxrss / 1024


def show(runs, megabytes):
    base = [seconds for seconds, _ in next(iter(runs.values()))]
    print(f"{megabytes:.0f} MB of lines, {len(base)} turns\n")
    print("| program | median seconds | ratio | MB/s | maximum memory |\n| --- | ---: | ---: | ---: | ---: |")
    for name, results in runs.items():
        seconds = statistics.median(seconds for seconds, _ in results)
        ratio = statistics.median(own / other for (own, _), other in zip(results, base))
        memory = max(memory for _, memory in results)
        print(f"| {name} | {seconds:.2f} | {ratio:.2f} | {megabytes / seconds:.0f} | {memory:.0f} MiB |")


if __name__ == "__main__":
    main()
