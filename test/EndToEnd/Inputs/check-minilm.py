#!/usr/bin/env python3
"""Compares a compiled all-MiniLM-L6-v2 with embeddings of other software.

usage: check-minilm.py LIBRARY.so REFERENCES.npz [TARGET]
"""

import sys

import numpy as np

from library import Library

TOLERANCE = 2e-6


def check(name, value, expected, tolerance):
    difference = np.abs(value - expected).max()
    print(f"{name}: {difference:.1e}")
    if not difference <= tolerance:
        sys.exit(f"{name} differs by more than {tolerance}")


def main():
    library, references = Library(sys.argv[1], *sys.argv[3:]), np.load(sys.argv[2])
    for i in range(8):
        out = library.run(input_ids=references[f"ids_{i}"][None])
        embedding = out["sentence_embedding"][0]
        check(f"sentence {i}", embedding, references[f"emb64_{i}"], TOLERANCE)
        # The states are not of unit length, and the reference is f32.
        check(f"states {i}", out["last_hidden_state"][0],
              references[f"hidden_{i}"], 2e-5)
    out = library.run(
        input_ids=references["batch_ids"], attention_mask=references["batch_mask"]
    )
    expected = np.stack([references[f"emb64_{i}"] for i in range(8)])
    check("batch", out["sentence_embedding"], expected, TOLERANCE)
    library.close()


main()
