"""Compares the reference evaluator with NumPy, function by function.

usage: against-numpy.py GRAPH.mlir [--data FOLDER] [--evaluate OTHER.mlir]

Above each function of the graph stand comments in Python:

    // let a = 3                     a name for what follows
    // given x = normal(2, a)        the next argument
    // expect y = np.exp(x)          the next result
    func.func @exp(%x: ...) -> ... {

With --evaluate the functions of that file, which a pass has made of the graph's,
are evaluated. What the names below offer is in `names`. A result agrees if shape and kind of
number agree, and each element up to 1e-12 of the largest one (`// within 1e-6`
above a function changes that). Prints what disagrees and exits 1.
"""

import argparse
import math
import pathlib
import re
import subprocess
import sys
import tempfile
import zlib

import numpy as np

FUNCTION = re.compile(r"((?:^ *//.*\n)+)^ *func\.func @(\w+)", re.M)
LINE = re.compile(r"^ *// (let|given|expect|within) (.*(?:\n *//   .*)*)", re.M)


def softmax(scores, axis=-1):
    """Rows of -inf throughout give zeros."""
    largest = scores.max(axis, keepdims=True)
    powers = np.exp(scores - np.where(np.isinf(largest), 0, largest))
    total = powers.sum(axis, keepdims=True)
    return powers / np.where(total == 0, 1, total)


def attend(scores, values, seen=True):
    """The weighted sum of values; `seen` masks scores."""
    return softmax(np.where(seen, scores, -np.inf)) @ values


def heads(x, count):
    """[batch, sequence, features] to [batch, heads, sequence, features]."""
    batch, sequence, features = x.shape
    return x.reshape(batch, sequence, count, features // count).swapaxes(1, 2)


def unheads(x):
    return x.swapaxes(1, 2).reshape(x.shape[0], x.shape[2], -1)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def recurrent(cell, x, w, u, b=0, c=0, h=None, s=None, lengths=None, reverse=False,
              reset_after=False, gate=sigmoid, f=np.tanh, g=np.tanh):  # fmt: skip
    """States of all steps [batch, time, hidden], the last state, the last cell, of
    one direction. Weights are [in, out]."""
    batch, time, _ = x.shape
    hidden = len(u)
    h = np.zeros((batch, hidden)) if h is None else h
    s = np.zeros((batch, hidden)) if s is None else s
    lengths = np.full(batch, time) if lengths is None else lengths
    states = np.zeros((batch, time, hidden))
    split = lambda a: np.split(a, a.shape[-1] // hidden, -1)
    for t in range(time)[:: -1 if reverse else 1]:
        own, old = x[:, t] @ w + b, h @ u + c
        if cell == "rnn":
            new, cells = f(own + old), s
        elif cell == "gru":
            (xr, xz, xn), (hr, hz, hn) = split(own), split(old)
            r, z = gate(xr + hr), gate(xz + hz)
            again = (r * h) @ u[:, -hidden:] + (c + np.zeros(3 * hidden))[-hidden:]
            n = f(xn + (r * hn if reset_after else again))
            new, cells = (1 - z) * n + z * h, s
        else:
            i, forget, n, o = split(own + old)
            cells = gate(forget) * s + gate(i) * f(n)
            new = gate(o) * g(cells)
        live = (t < lengths)[:, None]
        states[:, t] = np.where(live, new, 0)
        h, s = np.where(live, new, h), np.where(live, cells, s)
    return states, h, s


def both(cell, x, w, u, b=None, c=None, h=None, s=None, **options):
    """The same of both directions side by side."""
    half = lambda a, i: None if a is None else np.split(a, 2, -1)[i]
    bias = lambda a, i: 0 if a is None else half(a, i)
    one = [recurrent(cell, x, half(w, i), half(u, i), bias(b, i), bias(c, i),
                     half(h, i), half(s, i), reverse=i == 1, **options)
           for i in range(2)]  # fmt: skip
    return [np.concatenate(pair, -1) for pair in zip(*one)]


def names(function, data):
    """What the comments of one function can use."""
    random = np.random.default_rng(zlib.crc32(function.encode()))
    load = lambda name: np.load(pathlib.Path(data) / "notes" / f"{name}.npz")
    return {
        "np": np,
        "inf": np.inf,
        "pi": math.pi,
        "normal": lambda *shape: random.normal(size=shape),
        "positive": lambda *shape: random.uniform(0.1, 3, size=shape),
        "integers": lambda low, high, *shape: random.integers(low, high, shape),
        "booleans": lambda *shape: random.integers(0, 2, shape).astype(bool),
        "erf": np.vectorize(math.erf),
        "sigmoid": sigmoid,
        "recurrent": recurrent,
        "both": both,
        "softmax": softmax,
        "attend": attend,
        "heads": heads,
        "unheads": unheads,
        "notes": load,
    }


def evaluate(graph, function, inputs, folder):
    """The function's results in order."""
    given, computed = folder / "inputs.npz", folder / "outputs.npz"
    np.savez(given, **{f"arg{i}": np.asarray(x) for i, x in enumerate(inputs)})
    command = ["sylvite-run", "--reference", graph, "--function", function]
    command += ["--inputs", given, "--outputs", computed]
    subprocess.run(command, check=True)
    with np.load(computed) as arrays:
        return [arrays[f"result{i}"] for i in range(len(arrays.files))]


def disagreement(expected, computed, within):
    """What is wrong with a result, or None."""
    expected = np.asarray(expected)
    if expected.shape != computed.shape:
        return f"has shape {computed.shape}, expected {expected.shape}"
    if expected.dtype.kind.replace("u", "i") != computed.dtype.kind:
        return f"has type {computed.dtype}, expected {expected.dtype}"
    if expected.dtype.kind != "f":
        return None if (expected == computed).all() else f"is {computed}"
    finite = np.isfinite(expected)
    same = (expected == computed) | (np.isnan(expected) & np.isnan(computed))
    if not same[~finite].all():
        return "differs where NumPy gives no finite number"
    if not finite.any():
        return None
    largest = abs(expected[finite]).max()
    error = abs(expected[finite] - computed[finite]).max()
    if not error <= within * max(largest, 1e-300):
        return f"differs by {error:.3g}, its largest number is {largest:.3g}"
    return None


def check(graph, function, comments, data, folder):
    """Yields what disagrees in one function."""
    known = names(function, data)
    inputs, expected, within = [], [], 1e-12
    for kind, text in LINE.findall(comments):
        text = re.sub(r"\n *//", " ", text)
        if kind == "within":
            within = float(text)
            continue
        name, expression = text.split("=", 1)
        known[name.strip()] = value = eval(expression, known)
        if kind == "given":
            inputs.append(value)
        elif kind == "expect":
            expected.append((name.strip(), value))
    computed = evaluate(graph, function, inputs, folder)
    if not expected or len(expected) != len(computed):
        yield f"{len(expected)} results are expected, {len(computed)} are there"
        return
    for (name, value), result in zip(expected, computed):
        wrong = disagreement(value, result, within)
        if wrong:
            yield f"{name} {wrong}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("graph")
    parser.add_argument("--data", default="")
    parser.add_argument("--evaluate", help="the same functions in another form")
    options = parser.parse_args()
    text = pathlib.Path(options.graph).read_text()

    checked = failed = 0
    np.seterr(all="ignore")
    with tempfile.TemporaryDirectory() as folder:
        for block in FUNCTION.finditer(text):
            comments, function = block.groups()
            line = text.count("\n", 0, block.start(2)) + 1
            checked += 1
            graph = options.evaluate or options.graph
            for wrong in check(graph, function, comments, options.data,
                               pathlib.Path(folder)):
                failed += 1
                print(f"{options.graph}:{line}: error: @{function}: {wrong}")
    # A function without comments would be tested by nobody.
    if not checked or checked != text.count("func.func @"):
        print(f"{options.graph}: error: a function has no comments")
        failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
