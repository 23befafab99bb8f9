#!/usr/bin/env python3
"""Runs libFuzzer on the importer of ONNX.

usage: run_fuzzer.py [--build BUILD | --tools FOLDER] [--work FOLDER]
                     [--seconds SECONDS]

Begins with the small models among the standard's node tests and those of ONNX
Runtime's operators. WORK, BUILD/fuzz unless told, keeps what is found: models that
reach new code in corpus/, and crash-* or timeout-* where the importer fails. Such
a file is a test case: sylvite-fuzz-onnx FILE runs it alone. Ends with `N models
ran, N failed`.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "test" / "ONNX"), str(ROOT / "test")]
import node_cases  # noqa: E402
import runtime_cases  # noqa: E402
from sanitizers import environment  # noqa: E402

#: Larger models are left out, and not made.
LARGEST = 4096
#: What one model may take: seconds, and memory of the process in MB.
TIME, MEMORY = 20, 3000


def write_seeds(folder):
    folder.mkdir(parents=True, exist_ok=True)
    models = {name: case.model for name, case in node_cases.load_cases().items()}
    models |= {f"runtime-{c.name}": c.model for c in runtime_cases.all_cases()}
    for name, model in models.items():
        data = model.SerializeToString()
        if len(data) <= LARGEST:
            (folder / f"{name}.onnx").write_bytes(data)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build-fuzz")
    parser.add_argument("--tools", type=pathlib.Path)
    parser.add_argument("--work", type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    tools = options.tools or pathlib.Path(options.build).resolve() / "bin"
    work = options.work or pathlib.Path(options.build).resolve() / "fuzz"
    write_seeds(work / "seeds")
    (work / "corpus").mkdir(exist_ok=True)
    before = set(work.iterdir())
    done = subprocess.run(
        [str(tools / "sylvite-fuzz-onnx"), f"-max_total_time={options.seconds}",
         f"-max_len={LARGEST}", f"-timeout={TIME}", f"-rss_limit_mb={MEMORY}",
         "-print_final_stats=1", f"-artifact_prefix={work}/", str(work / "corpus"),
         str(work / "seeds")],
        env=os.environ | environment("address,undefined"), stderr=subprocess.PIPE,
        text=True, errors="replace")
    ran = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    found = sorted(set(work.iterdir()) - before)
    if done.returncode:
        print(done.stderr[-6000:])
    for path in found:
        print(f"failed: {path}")
    print(f"{ran[1] if ran else 0} models ran, {int(done.returncode != 0)} failed")
    sys.exit(done.returncode != 0 or not ran)


main()
