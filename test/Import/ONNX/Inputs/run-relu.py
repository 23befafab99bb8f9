"""Checks y = relu(x + b) of a library: run-relu.py LIBRARY.so B..."""

import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "tools/python"))
from sylvite import Model  # noqa: E402

b = np.array(sys.argv[2:], np.float32)
x = np.linspace(-8, 8, 12, dtype=np.float32).reshape(3, 4)
with Model(sys.argv[1]) as model:
    y = model.run(x=x)["y"]
assert np.array_equal(y, np.maximum(x + b, 0)), y
