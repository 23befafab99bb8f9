#!/usr/bin/env python3
"""Compares the arrays of two .npz files.

usage: compare-npz.py ACTUAL EXPECTED TOLERANCE

They must hold the same names and shapes, and differ in no element by more than
TOLERANCE times the largest magnitude of the expected array. Prints the error of
each array; the exit status is 1 where one is too large.
"""

import sys

import numpy as np


def main(actual, expected, tolerance):
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


main(*sys.argv[1:])
