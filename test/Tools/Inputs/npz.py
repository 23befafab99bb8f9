#!/usr/bin/env python3
"""Writes and prints .npz files.

usage: npz.py write OUT NAME=DTYPE:JSON...    arrays of the values told
       npz.py show FILE                       NAME: DTYPE VALUES, a line each
"""

import json
import sys

import numpy as np


def write(out, *words):
    arrays = {}
    for word in words:
        name, rest = word.split("=", 1)
        dtype, values = rest.split(":", 1)
        arrays[name] = np.array(json.loads(values), dtype=dtype)
    np.savez(out, **arrays)


def show(file):
    arrays = np.load(file)
    for name in arrays.files:
        values = json.dumps(arrays[name].tolist(), separators=(",", ":"))
        print(f"{name}: {arrays[name].dtype} {values}")


{"write": write, "show": show}[sys.argv[1]](*sys.argv[2:])
