"""Inputs of the GEMM tests, and the check of what the kernel computed.

usage: gemm.py make ROWS IN.npz | gemm.py check IN.npz OUT.npz
"""

import sys

import numpy as np

K, N, PANEL = 80, 96, 24


def make(rows, path):
    random = np.random.default_rng(7)
    weights = random.standard_normal((K, N)).astype(np.float32)
    panels = weights.reshape(K, N // PANEL, PANEL).transpose(1, 0, 2)
    np.savez(
        path,
        x=random.standard_normal((rows, K)).astype(np.float32) / 16,
        w=np.ascontiguousarray(panels),
        b=random.standard_normal(N).astype(np.float32),
    )


def check(inputs, outputs):
    arrays = {name: a.astype(np.float64) for name, a in np.load(inputs).items()}
    weights = arrays["w"].transpose(1, 0, 2).reshape(K, N)
    linear = arrays["x"] @ weights + arrays["b"]
    expected = linear / (1 + np.exp(-linear))
    error = np.abs(np.load(outputs)["out"] - expected).max()
    print(f"largest error {'is below' if error < 2e-6 else error} 2e-6")


if sys.argv[1] == "make":
    make(int(sys.argv[2]), sys.argv[3])
else:
    check(*sys.argv[2:])
