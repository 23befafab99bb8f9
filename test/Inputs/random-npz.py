#!/usr/bin/env python3
"""Writes arrays of random values to an .npz file, the same in every run.

usage: random-npz.py OUT NAME=DTYPE:EXTENTS[:LIMIT]...

For example x=f4:2x5x8 has normally distributed values, and ids=i8:2x5:23
integers from 0 to 22. DTYPE is NumPy's name.
"""

import sys

import numpy as np


def make(seed, dtype, extents, limit=None):
    random = np.random.default_rng(seed)
    shape = tuple(int(extent) for extent in extents.split("x"))
    if limit:
        return random.integers(int(limit), size=shape).astype(dtype)
    return random.standard_normal(shape).astype(dtype)


def main(out, *arrays):
    named = (array.split("=") for array in arrays)
    np.savez(out, **{n: make(i, *t.split(":")) for i, (n, t) in enumerate(named)})


main(*sys.argv[1:])
