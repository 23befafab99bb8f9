#!/usr/bin/env python3
"""Compares operators of ONNX Runtime's own with what ONNX Runtime gives.

usage: check_runtime.py [--build BUILD | --tools FOLDER] [--filter REGEX]
                        [--part I/N] [--jobs N]

The models are those of runtime_cases.py, the results those of runtime.npz, which
write_runtime.py made; --part runs each Nth of them. Prints a line a case, and at
the end `N passed, N failed`.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import sys
import tempfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tools" / "python"))
from compiled import compile_model  # noqa: E402
from runtime_cases import all_cases  # noqa: E402
from sylvite import Model, ModelError  # noqa: E402


def check(tools, case, expected):
    """What is wrong with a case, or none, and a note."""
    try:
        with tempfile.TemporaryDirectory() as scratch:
            path = pathlib.Path(scratch) / "model.onnx"
            path.write_bytes(case.model.SerializeToString())
            library, fused = compile_model(tools, path, scratch)
            with Model(library, threads=1) as model:
                inputs = {p["name"]: case.inputs[p["name"]]
                          for p in model.get_function()["inputs"]}
                results = model.run_arrays(inputs)
    except ModelError as error:
        return str(error), ""
    if not expected:
        return "runtime.npz has no results", ""
    worst = 0.0
    for name, array in expected.items():
        if results[name].shape != array.shape:
            return f"{name} has the shape {results[name].shape}, not {array.shape}", ""
        difference = np.abs(results[name].astype(np.float64) - array)
        # An element that is not finite makes the maximum so.
        worst = max(worst, np.nan_to_num(difference, nan=np.inf).max(initial=0)
                    / max(np.abs(array).max(initial=0), 1e-30))
    note = f"differs by {worst:.1e}, {fused} attentions"
    if not worst <= case.tolerance:
        return f"differs by {worst:.1e}", note
    if fused != case.attentions:
        return f"{fused} attentions fused, not {case.attentions}", note
    return None, note


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build")
    parser.add_argument("--tools", type=pathlib.Path)
    parser.add_argument("--filter", default="")
    parser.add_argument("--part", default="0/1")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    tools = options.tools or pathlib.Path(options.build).resolve() / "bin"
    expected = {}
    with np.load(HERE / "runtime.npz") as file:
        for key in file.files:
            case, name = key.split("/")
            expected.setdefault(case, {})[name] = file[key]
    cases = [case for case in all_cases() if re.search(options.filter, case.name)]
    first, step = map(int, options.part.split("/"))
    cases = cases[first::step]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        checks = [pool.submit(check, tools, c, expected.get(c.name)) for c in cases]
        for case, result in zip(cases, checks):
            wrong, note = result.result()
            failed += wrong is not None
            print(f"{'FAIL' if wrong else 'pass'}  {case.name}: {wrong or note}",
                  flush=True)
    print(f"{len(cases) - failed} passed, {failed} failed")
    sys.exit(1 if failed or not cases else 0)


main()
