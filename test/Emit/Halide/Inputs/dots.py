"""Makes words of four bytes or two bf16, and checks their products.

usage: dots.py make IN.npz
       dots.py check IN.npz OUT.npz
"""

import sys

import numpy as np


def make(path):
    random = np.random.default_rng(3)
    # As bf16, numbers of a middling size, so that no sum overflows; the lowest
    # byte of each is any.
    halves = random.standard_normal((2, 2000)).astype(np.float32).view(np.uint32)
    x, w = (halves >> 16).astype(np.uint16).view(np.int32)
    np.savez(path, x=x, w=w)


def check(inputs, outputs):
    words = np.load(inputs)
    results = np.load(outputs)
    x, w = words["x"], words["w"]
    a = x.view(np.uint8).reshape(-1, 4).astype(np.int64)
    b = w.view(np.int8).reshape(-1, 4).astype(np.int64)
    want = np.arange(len(x)) + (a * b).sum(1)
    print("bytes", "are equal" if np.all(results["bytes"] == want) else "differ")

    def floats(words):
        halves = words.view(np.uint16).reshape(-1, 2).astype(np.uint32)
        return (halves << 16).view(np.float32).astype(np.float64)

    error = np.abs(results["floats"] - 1 - (floats(x) * floats(w)).sum(1)).max()
    print("floats are", "within" if error <= 1e-6 else f"{error} beyond", 1e-6)


globals()[sys.argv[1]](*sys.argv[2:])
