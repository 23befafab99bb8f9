"""Compares kernels with the notes' reference data.

usage: notes.py GRAPH.mlir TEMPORARY --data FOLDER --target NAME [--within 1e-6]

GRAPH is a file of test/Reference, whose comments tell the inputs and expected
results of each function; here its kernels are formed, scheduled, compiled and
run. Prints what disagrees by more than `within` of a result's largest number,
and exits 1.
"""

import argparse
import importlib.util
import pathlib
import re
import sys

import numpy as np

from host_program import HostProgram

here = pathlib.Path(__file__).parent
spec = importlib.util.spec_from_file_location(
    "against_numpy", here / "../../Reference/Inputs/against-numpy.py"
)
against_numpy = importlib.util.module_from_spec(spec)
spec.loader.exec_module(against_numpy)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("graph", type=pathlib.Path)
    parser.add_argument("temporary")
    parser.add_argument("--data", required=True)
    parser.add_argument("--target", required=True)
    parser.add_argument("--within", type=float, default=1e-6)
    options = parser.parse_args()
    graph = options.graph.read_text()

    program = HostProgram(graph, options.target, options.temporary)

    checked = failed = 0
    for block in against_numpy.FUNCTION.finditer(graph):
        comments, function = block.groups()
        known = against_numpy.names(function, options.data)
        inputs, expected = [], []
        for kind, text in against_numpy.LINE.findall(comments):
            if kind == "within":
                continue
            name, expression = re.sub(r"\n *//", " ", text).split("=", 1)
            known[name.strip()] = value = eval(expression, known)
            if kind == "given":
                value = np.asarray(value)
                narrow = np.float32 if value.dtype.kind == "f" else value.dtype
                inputs.append(value.astype(narrow))
            elif kind == "expect":
                expected.append(value)
        for want, result in zip(expected, program.run(function, inputs), strict=True):
            checked += 1
            wrong = against_numpy.disagreement(want, result, options.within)
            if wrong:
                failed += 1
                print(f"@{function} {wrong}")
    print(f"{checked} results, {failed} of them wrong")
    return 1 if failed or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
