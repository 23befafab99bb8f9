#!/usr/bin/env python3
"""Writes a safetensors file whose header says what it is told, true or not.

usage: safetensors-header.py OUT BYTES NAME=DTYPE:SHAPE:OFFSETS...

The data is so many zero BYTES. SHAPE and OFFSETS are JSON.
"""

import json
import sys

import safetensors_file


def main(out, size, *tensors):
    header = {}
    for tensor in tensors:
        name, rest = tensor.split("=")
        dtype, shape, offsets = rest.split(":")
        header[name] = {
            "dtype": dtype,
            "shape": json.loads(shape),
            "data_offsets": json.loads(offsets),
        }
    safetensors_file.write(out, header, bytes(int(size)))


main(*sys.argv[1:])
