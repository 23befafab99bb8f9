#!/usr/bin/env python3
"""Compiles models that exporters wrote and compares results and fusions.

usage: check_exports.py [--build BUILD | --tools FOLDER] [--filter REGEX] [--jobs N] FOLDER

FOLDER has an index.json, which lists models by name with how many attentions a
perfect optimizer finds, and for each a folder with model.onnx and reference.npz:
inputs in_NAME_i and results out_NAME_i. Each model must compile, agree to 1e-4
relative to the largest value of a result, and have that number of fused
dot-product attentions. Prints a line a model, and at the end `N passed, N failed`.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import sys
import tempfile

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "python"))
from compiled import compile_model  # noqa: E402
from sylvite import Model, ModelError  # noqa: E402

TOLERANCE = 1e-4


def compare(path, reference):
    """The largest difference, relative to the largest value of its result."""
    worst = 0.0
    with Model(path, threads=1) as model:
        info = model.get_function()
        for i in range(1000):
            inputs = {p["name"]: reference.get(f"in_{p['name']}_{i}")
                      for p in info["inputs"]}
            if any(array is None for array in inputs.values()):
                break
            results = model.run_arrays(inputs)
            for name, value in results.items():
                expected = reference.get(f"out_{name}_{i}")
                if expected is None:
                    continue
                if value.shape != expected.shape:
                    raise ModelError(f"{name} has the shape {value.shape}, "
                                     f"expected {expected.shape}")
                size = max(np.abs(expected).max(initial=0), 1e-30)
                difference = np.abs(value.astype(np.float64) - expected)
                if not np.isfinite(difference).all():
                    raise ModelError(f"{name} has values that are not finite")
                worst = max(worst, difference.max(initial=0) / size)
        if i == 0:
            raise ModelError("no reference has the model's inputs")
    return worst


def check(tools, root, entry):
    """What is wrong with a model, or none, and a note."""
    folder = root / entry["name"]
    try:
        with tempfile.TemporaryDirectory() as scratch:
            library, fused = compile_model(tools, folder / "model.onnx", scratch)
            with np.load(folder / "reference.npz") as file:
                reference = dict(file)
            worst = compare(library, reference)
    except ModelError as error:
        return str(error), ""
    note = f"differs by {worst:.1e}, {fused} attentions"
    if not worst <= TOLERANCE:
        return f"differs by {worst:.1e}", note
    if fused != entry["attention_layers"]:
        return f"{fused} attentions fused, not {entry['attention_layers']}", note
    return None, note


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build")
    parser.add_argument("--tools", type=pathlib.Path)
    parser.add_argument("--filter", default="")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    tools = options.tools or pathlib.Path(options.build).resolve() / "bin"
    entries = [e for e in json.loads((options.folder / "index.json").read_text())
               if re.search(options.filter, e["name"])]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        checks = [pool.submit(check, tools, options.folder, e) for e in entries]
        for entry, result in zip(entries, checks):
            wrong, note = result.result()
            failed += wrong is not None
            print(f"{'FAIL' if wrong else 'pass'}  {entry['name']}: "
                  f"{wrong or note}", flush=True)
    print(f"{len(entries) - failed} passed, {failed} failed")
    sys.exit(1 if failed or not entries else 0)


main()
