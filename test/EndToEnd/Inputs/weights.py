#!/usr/bin/env python3
"""Writes a safetensors file of random f32 weights, the same in every run.

usage: weights.py OUT NAME=EXTENTS...
"""

import sys

import numpy as np

import safetensors_file

header, data = {}, b""
for number, word in enumerate(sys.argv[2:]):
    name, extents = word.split("=")
    shape = [int(extent) for extent in extents.split("x")]
    values = np.random.default_rng(number).standard_normal(shape, np.float32)
    end = len(data) + values.nbytes
    header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), end]}
    data += values.tobytes()
safetensors_file.write(sys.argv[1], header, data)
