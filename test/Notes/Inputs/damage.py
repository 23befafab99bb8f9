"""Copies an .npz file with something wrong in it.

usage: damage.py FILE COPY KEY perturb|zero|unknown|drop

Perturbs one element of an array by 1e-4 of its largest, zeroes the last row,
adds a copy of the array that nobody knows as KEY_unknown, or leaves it out.
"""

import sys

import numpy as np

file, copy, key, how = sys.argv[1:]
with np.load(file) as notes:
    arrays = dict(notes)
array = arrays.pop(key).copy()
if how == "perturb":
    array.flat[array.size // 2] += 1e-4 * np.abs(array).max()
if how == "zero":
    array.reshape(-1, array.shape[-1])[-1] = 0
if how == "unknown":
    arrays[f"{key}_unknown"] = array
if how != "drop":
    arrays[key] = array
np.savez(copy, **arrays)
