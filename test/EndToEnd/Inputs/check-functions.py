"""Compares functions of a compiled library with the reference evaluator.

check-functions.py LIBRARY GRAPH TOLERANCE FUNCTION:FILE.npz[,DIM=EXTENT...] ...

LIBRARY is the path without suffix. Outputs are compared as npz.py compares
them: floats relative to the largest one, all else exactly.
"""

import subprocess
import sys
from pathlib import Path

NPZ = Path(__file__).resolve().parents[2] / "Inputs" / "npz.py"


def main():
    library, graph, tolerance, *functions = sys.argv[1:]
    for text in functions:
        name, given = text.split(":", 1)
        inputs, *dims = given.split(",")
        options = [f"--function={name}", f"--inputs={inputs}"]
        options += [f"--dim={dim}" for dim in dims]
        expected, got = f"{library}.{name}.expected.npz", f"{library}.{name}.npz"
        for command in (
            ["sylvite-run", f"--reference={graph}", f"--outputs={expected}"],
            ["sylvite-run", f"{library}.so", f"--outputs={got}"],
        ):
            subprocess.run(command + options, check=True)
        check = [sys.executable, NPZ, "compare", got, expected, tolerance]
        if subprocess.run(check).returncode:
            sys.exit(f"{name} differs")


main()
