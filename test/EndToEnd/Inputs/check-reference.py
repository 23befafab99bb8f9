#!/usr/bin/env python3
"""Compares a compiled encoder with the outputs of other software.

usage: check-reference.py LIBRARY.so REFERENCE.npz [TARGET]

Case i of the file has the inputs NAME_i and the outputs out_last_hidden_state_i,
zero at padding, and out_mean_pooled_normalized_i, in float64.
"""

import itertools
import sys

import numpy as np

from library import Library

TOLERANCE = 1e-5


def main():
    library, cases = Library(sys.argv[1], *sys.argv[3:]), np.load(sys.argv[2])
    names = ["input_ids", "attention_mask", "token_type_ids"]
    for i in itertools.count():
        if f"input_ids_{i}" not in cases:
            break
        inputs = {n: cases[f"{n}_{i}"] for n in names if f"{n}_{i}" in cases}
        out = library.run(**inputs)
        states = out["last_hidden_state"] * inputs["attention_mask"][..., None]
        pairs = [(states, cases[f"out_last_hidden_state_{i}"]),
                 (out["sentence_embedding"], cases[f"out_mean_pooled_normalized_{i}"])]
        for value, expected in pairs:
            difference = np.abs(value - expected).max()
            print(f"{inputs['input_ids'].shape}: {difference:.1e}")
            if not difference <= TOLERANCE:
                sys.exit(f"case {i} differs by more than {TOLERANCE}")
    if i != 5:
        sys.exit(f"{i} cases, not 5")
    library.close()


main()
