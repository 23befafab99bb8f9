#!/usr/bin/env python3
"""Writes how many operands and results each operator of ONNX has, as C++.

usage: onnx-arity.py FILE

One entry an operator and version, of what the package onnx knows, by name and
version:

    {"Clip", 11, 0x1, 3, 1},

the version since which it is so, a bit for each operand that must be there, the
largest number of operands, and that of results. Other domains than the standard's
stand in front of the name, with a colon.
"""

import pathlib
import sys

import onnx.defs

#: Stands for any number.
MANY = 0x7FFFFFFF


def get_entry(schema):
    kinds = onnx.defs.OpSchema.FormalParameterOption
    required = 0
    for i, operand in enumerate(schema.inputs):
        if operand.option == kinds.Single or (
                operand.option == kinds.Variadic and operand.min_arity > 0):
            required |= 1 << i
    name = f"{schema.domain}:{schema.name}" if schema.domain else schema.name
    return (name, schema.since_version, required,
            min(schema.max_input, MANY), min(schema.max_output, MANY))


def main():
    entries = sorted(map(get_entry, onnx.defs.get_all_schemas_with_history()))
    lines = [f'{{"{name}", {since}, {required:#x}, {operands}, {results}}},\n'
             for name, since, required, operands, results in entries]
    pathlib.Path(sys.argv[1]).write_text("".join(lines))


main()
