#!/usr/bin/env python3
"""Writes positions at [2, 5], up to 16384, and x [2, 3, 5, 20].

usage: far-positions.py OUT
"""

import sys

import numpy as np

at = np.array([[0, 1, 2, 3, 4], [16384, 16383, 511, 12345, 9999]])
x = np.random.default_rng(1).standard_normal((2, 3, 5, 20), np.float32)
np.savez(sys.argv[1], at=at, x=x)
