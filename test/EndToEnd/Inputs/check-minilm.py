#!/usr/bin/env python3
"""Compares a compiled all-MiniLM-L6-v2 with embeddings of other software.

usage: check-minilm.py LIBRARY.so REFERENCES.npz [TARGET] [--sentences=N]

With N, fewer than the eight sentences: for devices that take long.
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
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    count = next((int(a.split("=")[1]) for a in sys.argv[1:] if a.startswith("--")), 8)
    library, references = Library(arguments[0], *arguments[2:]), np.load(arguments[1])
    for i in range(count):
        out = library.run(input_ids=references[f"ids_{i}"][None])
        embedding = out["sentence_embedding"][0]
        check(f"sentence {i}", embedding, references[f"emb64_{i}"], TOLERANCE)
        # The states are not of unit length, and the reference is f32.
        check(f"states {i}", out["last_hidden_state"][0],
              references[f"hidden_{i}"], 2e-5)
    out = library.run(
        input_ids=references["batch_ids"][:count],
        attention_mask=references["batch_mask"][:count],
    )
    expected = np.stack([references[f"emb64_{i}"] for i in range(count)])
    check("batch", out["sentence_embedding"], expected, TOLERANCE)
    library.close()


main()
