#!/usr/bin/env python3
"""Compares the times of validators in other languages and this workspace's reader on the same documents.

Needs Python, Node.js with npm, and Cargo. Missing tools are reported and left out. Packages are installed below this
folder, in the versions pinned by requirements.txt and package-lock.json.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
DATA, INSTALLED = HERE / "data", HERE / "installed"
MODULE = HERE.parents[1] / "bindings/wasm/callagent.wasm"
PACKAGE, WHEELS = HERE.parents[1] / "bindings/python/Cargo.toml", HERE / "installed/wheels"
FILTER = ["callagent: check", "callagent: read", "garde", "Value + jsonschema"]


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--turns", type=int, default=5, help="the number of turns per language")
    options.add_argument("--rounds", type=int, default=5, help="the number of rounds per turn")
    options.add_argument("--seed", type=int, default=1, help="the seed of the documents")
    options = options.parse_args()

    manifest = ["--manifest-path", str(HERE.parent / "Cargo.toml")]
    subprocess.run(["cargo", "build", "--quiet", "--locked", "--release", *manifest], check=True)
    rust = ["cargo", "run", "--quiet", "--locked", "--release", *manifest, "--", "--seed", str(options.seed)]
    subprocess.run([*rust, "--write", str(DATA)], check=True)
    languages = {"rust": lambda: in_rust(rust, options.rounds)}
    for name, prepare in {"node": node, "python": python}.items():
        command, problem = prepare()
        if problem:
            print(f"skipped: {name} ({problem})")
        else:
            command = [*command, str(DATA), str(options.rounds)]
            languages[name] = lambda command=command: json.loads(output(command))

    table = {}
    for _ in range(options.turns):
        turn = [row for measure in languages.values() for row in measure()]
        for result in turn:
            rows = table.setdefault(result["set"], {})
            for row in result["rows"]:
                entry = rows.setdefault(row["name"], {**row, "rounds": [], "ratios": [], "own_ratios": []})
                entry["rounds"] += row["rounds"]
        for entries in table.values():
            base, own = None, {}
            for name, entry in entries.items():
                median = statistics.median(entry["rounds"][-options.rounds :])
                # The first row of all, and of the language: its plain parser.
                base = base or median
                entry["ratios"].append(median / base)
                entry["own_ratios"].append(median / own.setdefault(name.split(":")[0], median))
    for name, entries in table.items():
        show(name, entries)
    if "node" in languages:
        print(f"\n## Node.js, start\n\n{output(['node', str(HERE / 'in_node.mjs'), '--start'])}")
        print(f"{MODULE.name}: {MODULE.stat().st_size / 1000:.0f} kB")
    if "python" in languages:
        print(f"\n## Python, start\n\n{output([INSTALLED / 'bin/python', HERE / 'in_python.py', '--start'])}")
        for wheel in WHEELS.iterdir():
            print(f"{wheel.name}: {wheel.stat().st_size / 1000:.0f} kB")


def in_rust(rust, rounds):
    report = HERE / "data" / "rust.json"
    filters = [part for name in FILTER for part in ("--filter", name)]
    output([*rust, *filters, "--rounds", str(rounds), "--json", str(report)])
    for measured in json.loads(report.read_text())["sets"]:
        name = f"{measured['set']}-{'valid' if measured['valid'] else 'invalid'}"
        with (DATA / f"{name}.jsonl").open() as lines:
            texts = [json.loads(line)["text"] for line in lines]
        same = (len(texts), sum(len(text.encode()) for text in texts))
        assert same == (measured["documents"], measured["bytes"]), "the files are those of another seed"
        rows = [
            {"name": f"rust: {row['contestant']}", **{key: row[key] for key in ("gives", "wrong_verdicts")}, "rounds": row["rounds_ns"]}
            for row in measured["rows"]
        ]
        yield {"set": name, "rows": rows}


def node():
    if not (shutil.which("node") and shutil.which("npm")):
        return None, "node or npm is not installed"
    installed = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=HERE, capture_output=True, text=True
    )
    if installed.returncode != 0:
        return None, f"npm ci failed: {installed.stderr.strip().splitlines()[-1:]}"
    built = subprocess.run(["cargo", "xtask", "wasm"], cwd=MODULE.parent, capture_output=True, text=True)
    problem = None if built.returncode == 0 and MODULE.exists() else f"the module is not built: {built.stderr.strip()}"
    return ["node", str(HERE / "in_node.mjs")], problem


def python():
    interpreter = INSTALLED / "bin" / "python"
    pip = [str(interpreter), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    commands = [
        [sys.executable, "-m", "venv", str(INSTALLED)],
        [*pip, "--requirement", str(HERE / "requirements.txt")],
        [str(INSTALLED / "bin" / "maturin"), "build", "--quiet", "--release", "--locked", "--manifest-path", str(PACKAGE), "--interpreter", str(interpreter), "--out", str(WHEELS)],
        [*pip, "--no-index", "--no-deps", "--force-reinstall", "--find-links", str(WHEELS), "callagent"],
    ]
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            return None, f"{' '.join(command[1:4])} failed: {done.stderr.strip().splitlines()[-1:]}"
    return [str(interpreter), str(HERE / "in_python.py")], None


def output(command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ).stdout


def show(name, entries):
    size, kind = name.split("-")
    print(f"\n## {size}, {kind}\n")
    print("| validator | gives | ratio | ratio in its language | ns/document, median | minimum | wrong verdicts |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for entry in entries.values():
        ratio, own = statistics.median(entry["ratios"]), statistics.median(entry["own_ratios"])
        cells = [
            entry["name"],
            entry["gives"],
            f"{ratio:.2f}",
            f"{own:.2f}",
            f"{statistics.median(entry['rounds']):.0f}",
            f"{min(entry['rounds']):.0f}",
            str(entry["wrong_verdicts"] or "–"),
        ]
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
