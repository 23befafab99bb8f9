#!/usr/bin/env python3
"""Loads a compiled model and calls it once, and prints both times as JSON.

usage: first_call.py LIBRARY WIDTH BATCH TOKENS

A program of its own, so that nothing of the model is in its memory yet. The
files may be in the system's cache.
"""

import json
import pathlib
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "demo"))
from compiled_model import CompiledModel  # noqa: E402

library, width, batch, tokens = sys.argv[1], *map(int, sys.argv[2:])
ids = np.full((batch, tokens), 1000, np.int64)
mask = np.ones_like(ids)
times = [time.perf_counter()]
model = CompiledModel(library)
times.append(time.perf_counter())
for _ in range(2):
    model.embed(ids, mask, width)
    times.append(time.perf_counter())
opened, first, second = (end - begin for begin, end in zip(times, times[1:]))
print(json.dumps({"open": opened, "first": first, "second": second}))
