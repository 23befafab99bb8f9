"""Compares the functions of a library with the graphs they were compiled from.

usage: run-corpus.py LIBRARY.so GRAPH.mlir TEMPORARY

Inputs are made up. The graphs are evaluated as they stand, in double precision.
NumPy has no bf16, so that functions of it are not called. Prints the number of
functions that were, after those that differ, and exits 1 if there are any.
"""

import json
import subprocess
import sys

import numpy as np

LIBRARY, GRAPH, TEMPORARY = sys.argv[1:]
DIMS = {"batch": 3, "seq": 13, "keys": 21}
# Relative to the largest number of the result.
TOLERANCES = {"f32": 1e-5, "f16": 2e-3}
random = np.random.default_rng(5)


def make_input(input):
    shape = [DIMS.get(extent, extent) for extent in input["dims"]]
    if input["dtype"] in TOLERANCES:
        dtype = np.float16 if input["dtype"] == "f16" else np.float32
        return random.standard_normal(shape).astype(dtype)
    mask = random.integers(0, 2, shape)
    # Every query sees a key: numbers like -1e9 say nothing of others.
    mask[..., 0] = 1
    return mask.astype(input["dtype"].replace("i", "int"))


def run(*arguments):
    inputs, outputs = f"{TEMPORARY}.in.npz", f"{TEMPORARY}.out.npz"
    command = ["sylvite-run", *arguments, f"--inputs={inputs}", f"--outputs={outputs}"]
    subprocess.run(command, check=True)
    with np.load(outputs) as arrays:
        return arrays["y"].astype(np.float64)


described = subprocess.run(
    ["sylvite-run", LIBRARY, "--describe=json"], check=True, capture_output=True
)
functions = [
    function
    for function in json.loads(described.stdout)["functions"]
    if function["outputs"][0]["dtype"] in TOLERANCES
]
failed = False
for function in functions:
    name, dtype = function["name"], function["outputs"][0]["dtype"]
    arrays = {input["name"]: make_input(input) for input in function["inputs"]}
    np.savez(f"{TEMPORARY}.in.npz", **arrays)
    got = run(LIBRARY, f"--function={name}")
    want = run(f"--reference={GRAPH}", f"--function={name}")
    error = abs(got - want).max() / abs(want).max()
    if not error <= TOLERANCES[dtype]:
        print(f"{name} differs by {error:.1e}")
        failed = True
print(f"{len(functions)} functions")
sys.exit(failed)
