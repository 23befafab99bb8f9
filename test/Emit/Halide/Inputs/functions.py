"""Compares elementary functions with Python's over the whole range of f32.

usage: functions.py make IN.npz
       functions.py check IN.npz OUT.npz EXP

`check` prints what the largest error of each function is not above. That of erf
is absolute, those of exp and tanh are relative, of exp where its result is a
normal number (and EXP the limit).
"""

import math
import sys

import numpy as np

COUNT = 500_000


def make(path):
    # Numbers of all magnitudes, and those that matter more densely.
    bits = np.linspace(0, 0x7F7FFFFF, COUNT // 4, dtype=np.uint32)
    x = np.concatenate([bits.view(np.float32), np.linspace(0, 100, COUNT // 4)])
    np.savez(path, x=np.concatenate([x, -x]).astype(np.float32))


def check(inputs, outputs, limit):
    x = np.load(inputs)["x"].astype(np.float64)
    results = {n: y.astype(np.float64) for n, y in np.load(outputs).items()}

    def report(name, error, limit):
        worst = error.max()
        print(name, "is", "within" if worst <= limit else f"{worst} beyond", limit)

    def relative(name, want):
        error = np.abs(results[name] - want)
        return np.divide(error, np.abs(want), out=error, where=want != 0)

    report("erf", np.abs(results["erf"] - np.vectorize(math.erf)(x)), 2e-7)
    report("tanh", relative("tanh", np.tanh(x)), 6e-7)
    normal = (x > -86.9) & (x < 88.72)
    report("exp", relative("exp", np.exp(np.minimum(x, 88.73)))[normal], float(limit))
    far = {
        "erf": np.all(results["erf"][np.abs(x) > 3.92] == np.sign(x)[np.abs(x) > 3.92]),
        "exp": np.all(results["exp"][x < -87.34] == 0)
        and np.all(results["exp"][x > 89] > 3.4e38),
    }
    print("far out", *(f"{n} is {'right' if far[n] else 'wrong'}" for n in far))


globals()[sys.argv[1]](*sys.argv[2:])
