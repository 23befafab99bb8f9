"""Compares the loops of kernels: those that the emission makes with those that
a printed program has written.

usage: compare-stmt.py EMITTED.stmt FOLDER [NAME=NAME...]

FOLDER holds KERNEL.stmt. Names that Halide makes up are numbered through the
process, and differ; others that differ are told.
"""

import re
import sys


def normalise(text):
    for rename in sys.argv[3:]:
        text = re.sub(r"(?<![\w$])%s\b" % re.escape(rename.split("=")[0]),
                      rename.split("=")[1], text)  # fmt: skip
    # k$x is the variable of RDom k.
    text = re.sub(r"\$x\b", "", text)
    # A name that was taken, and the function of a parallel loop.
    text = re.sub(r"\$\d+\b|__\d+(?=_|\b)", "", text)
    # What factors make: i.i_parallel is named by the emission, i.v7 by Halide.
    text = re.sub(r"\b([\w.]*\.)(v\d+|\w+_(?:parallel|unroll|vectorize))\b", r"\1v", text)
    names = {}
    return re.sub(r"\b[tv]\d+\b", lambda m: names.setdefault(m[0], f"t_{len(names)}"), text)


wrong = 0
kernels = re.split(r"^(?=module name=)", open(sys.argv[1]).read(), flags=re.MULTILINE)
for emitted in filter(None, kernels):
    name = re.match(r"module name=(\w+)", emitted)[1]
    printed = open(f"{sys.argv[2]}/{name}.stmt").read()
    pairs = zip(normalise(emitted).splitlines(), normalise(printed).splitlines())
    different = [(a, b) for a, b in pairs if a != b]
    if different or emitted.count("\n") != printed.count("\n"):
        wrong += 1
        print(f"{name}: differs")
        for line in different[0] if different else ():
            print("  " + line)
    else:
        print(f"{name}: the same")
sys.exit(wrong > 0)
