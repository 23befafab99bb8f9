#!/usr/bin/env python3
"""Compares the state after each layer, to find where a compiled encoder drifts.

usage: check-states.py export GRAPH.mlir OUT.mlir
       check-states.py compare LIBRARY.so REFERENCES.npz LAYERS.npz

`export` takes a fused graph and makes the state after the embedding and after
every layer an output, layer_0, layer_1, ...: what the embeddings op gives, and
what every second linear op with a norm gives.
"""

import re
import sys

import numpy as np

from library import Library

TOLERANCE = 2e-5  # of states, which are not of unit length; the reference is f32


def export(source, target):
    text = open(source).read()
    states = []
    norms = 0
    for result, body in re.findall(r"^\s*(%\S+) = (graph\.(?:embeddings|linear) .*)$",
                                   text, re.M):
        if body.startswith("graph.embeddings"):
            states.append((result, body))
        elif "norm(layer)" in body:
            norms += 1
            if norms % 2 == 0:
                states.append((result, body))
    types = [body.rsplit("-> ", 1)[1] for _, body in states]
    head = re.search(r"\) -> \((.*)\) attributes", text)
    results = "".join(f', {type} {{graph.name = "layer_{i}"}}'
                      for i, type in enumerate(types))
    text = text[: head.end(1)] + results + text[head.end(1) :]
    end = re.search(r"return (.*) : (.*)$", text, re.M)
    values = ", ".join([end.group(1)] + [value for value, _ in states])
    line = f"return {values} : {', '.join([end.group(2)] + types)}"
    open(target, "w").write(text[: end.start()] + line + text[end.end() :])
    print(f"{len(states)} states")


def compare(path, references, layers):
    library = Library(path)
    expected = np.load(layers)
    out = library.run(input_ids=np.load(references)["ids_0"][None])
    for i in range(len(expected.files)):
        difference = np.abs(out[f"layer_{i}"][0] - expected[f"h{i}"]).max()
        print(f"layer {i}: {difference:.1e}")
        if not difference <= TOLERANCE:
            sys.exit(f"the state after layer {i} differs by more than {TOLERANCE}")
    library.close()


{"export": export, "compare": compare}[sys.argv[1]](*sys.argv[2:])
