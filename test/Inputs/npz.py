#!/usr/bin/env python3
"""Writes, prints and compares .npz files.

usage: npz.py write OUT NAME=DTYPE:JSON...             arrays of the values told
       npz.py random OUT NAME=DTYPE:EXTENTS[:LIMIT]... the same in every run
       npz.py show FILE                                NAME: DTYPE VALUES
       npz.py compare ACTUAL EXPECTED TOLERANCE

DTYPE is NumPy's name. Of random arrays, x=f4:2x5x8 has normally distributed
values, and ids=i8:2x5:23 integers from 0 to 22.

Compared files must hold the same names and shapes, and differ in no element by
more than TOLERANCE times the largest magnitude of the expected array. The error
of each array is printed; the exit status is 1 where one is too large.
"""

import json
import sys

import numpy as np


def write(out, *words):
    arrays = {}
    for word in words:
        name, rest = word.split("=", 1)
        dtype, values = rest.split(":", 1)
        arrays[name] = np.array(json.loads(values), dtype=dtype)
    np.savez(out, **arrays)


def make_random(seed, dtype, extents, limit=None):
    generator = np.random.default_rng(seed)
    shape = tuple(int(extent) for extent in extents.split("x"))
    if limit:
        return generator.integers(int(limit), size=shape).astype(dtype)
    return generator.standard_normal(shape).astype(dtype)


def random(out, *words):
    named = (word.split("=") for word in words)
    arrays = {n: make_random(i, *t.split(":")) for i, (n, t) in enumerate(named)}
    np.savez(out, **arrays)


def show(file):
    arrays = np.load(file)
    for name in arrays.files:
        values = json.dumps(arrays[name].tolist(), separators=(",", ":"))
        print(f"{name}: {arrays[name].dtype} {values}")


def compare(actual, expected, tolerance):
    actual, expected = np.load(actual), np.load(expected)
    if sorted(actual.files) != sorted(expected.files):
        sys.exit(f"error: {sorted(actual.files)} instead of {sorted(expected.files)}")
    wrong = 0
    for name in sorted(expected.files):
        got, want = actual[name].astype(float), expected[name].astype(float)
        if got.shape != want.shape:
            print(f"{name}: error: shape {got.shape} instead of {want.shape}")
            wrong += 1
            continue
        # Not so for NaN, which is wrong too.
        error = np.abs(got - want).max() / np.abs(want).max()
        right = error <= float(tolerance)
        wrong += not right
        print(f"{name}: {'right' if right else 'error: wrong'}, {error:.1e}")
    sys.exit(1 if wrong else 0)


COMMANDS = {"write": write, "random": random, "show": show, "compare": compare}
COMMANDS[sys.argv[1]](*sys.argv[2:])
