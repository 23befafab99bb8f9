#!/usr/bin/env python3
"""Measures attention by length: one op against the ops that it stands for.

usage: attention.py --build BUILD_FOLDER [--lengths 1,16,...] [--heads N]
                    [--seconds S] [--report FILE]

One head of 64 features (or more), f32, one thread, as many keys as queries. Full
attention is compiled as `graph.attention` and as plain ops (products, scale,
softmax), which are not fused: the second compilation begins behind fusion.
Causal attention is compared with full attention. Both run in turns; times are the least of all calls. Plain ops keep the scores in memory: lengths for which these take more
than a gigabyte are left out.

"of peak" counts 4 * 64 operations a score, of causal attention half of the
scores, and is relative to the peak that Limits.h measures beside it.
"""

import argparse
import ctypes
import json
import pathlib
import subprocess
import tempfile

import numpy as np

import machine

FEATURES = 64
MOST_BYTES = 1 << 30


INTRODUCTION = """# The speed of attention

What `make bench-attention REPORT=docs/Attention.md` measured: one head of 64
features, f32, one thread, as many keys as queries; `graph.attention` against the
plain ops that it stands for. How the kernel works, and why, is told in
[Attention](Rationale/Attention.md).

The arena is what a call keeps between kernels. The kernel's own memory, which a
context keeps between calls, has the transposed keys, the values in whole lines
and, for each task, scores and weights of one block.

"""


def tensor(*dims, element="f32"):
    text = "".join(f"{d}x" if isinstance(d, int) else "?x" for d in dims)
    names = ", ".join("_" if isinstance(d, int) else d for d in dims)
    return f"tensor<{text}{element}, #graph.dims<{names}>>"


def function(name, heads, body):
    q, k = (tensor("batch", heads, s, FEATURES) for s in ("seq", "keys"))
    inputs = {"q": q, "k": k, "v": k}
    arguments = ", ".join(f'%{n}: {t} {{graph.name = "{n}"}}' for n, t in inputs.items())
    return (
        f'func.func @{name}({arguments}) -> ({q} {{graph.name = "o"}}) {{\n'
        f"{body}  return %o : {q}\n}}\n"
    )


def write_fused(heads):
    q, k = (tensor("batch", heads, s, FEATURES) for s in ("seq", "keys"))
    body = (
        "  %o = graph.attention %q, %k, %v scale(0.125){}\n"
        f"      : ({q}, {k}, {k}) -> {q}\n"
    )
    return function("full", heads, body.format("")) + function(
        "causal", heads, body.format(" mask(causal)")
    )


def write_plain(heads):
    q, k = (tensor("batch", heads, s, FEATURES) for s in ("seq", "keys"))
    s, e = tensor("batch", heads, "seq", "keys"), "tensor<f32>"
    scores = (
        "  %scale = graph.constant dense<0.125> : tensor<f32>\n"
        f"  %dot = graph.matmul %q, %k {{transpose_rhs}} : ({q}, {k}) -> {s}\n"
        f"  %s = graph.mul %dot, %scale : ({s}, {e}) -> {s}\n"
    )
    end = (
        f"  %p = graph.softmax %{{}} axis(3) : {s}\n"
        f"  %o = graph.matmul %p, %v : ({s}, {k}) -> {q}\n"
    )
    return function("full", heads, scores + end.format("s"))


class Library:
    """One of the two, compiled."""

    def __init__(self, build, folder, name, text, options):
        self.run_tool = build / "bin" / "sylvite-run"
        source = folder / f"{name}.mlir"
        source.write_text(text)
        subprocess.run(
            [build / "bin" / "sylvitec", source, "--emit=so", "--quiet",
             "-o", folder / name, *options],
            check=True,
        )  # fmt: skip
        self.path = folder / f"{name}.so"
        self.name = name
        self.library = ctypes.CDLL(str(self.path))

    def arena(self, function, length):
        count = getattr(self.library, f"{self.name}_{function}_arena_bytes")
        count.restype = ctypes.c_uint64
        return count(*(ctypes.c_int64(n) for n in (1, length, length)))

    def run(self, function, inputs, repeat):
        """(the least time of a call in seconds, the result)"""
        outputs = inputs.with_name("out.npz")
        done = subprocess.run(
            [self.run_tool, self.path, f"--function={function}",
             f"--inputs={inputs}", f"--outputs={outputs}",
             f"--repeat={repeat}", "--threads=1"],
            check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        with np.load(outputs) as arrays:
            return json.loads(done.stdout)["min_ms"] / 1e3, arrays["o"]


def format_bytes(count):
    for unit in ("B", "kB", "MB"):
        if count < 10000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.0f} GB"


def measure(fused, plain, function, length, arguments, folder, peak):
    heads = arguments.heads
    random = np.random.default_rng(length)
    shape = (1, heads, length, FEATURES)
    inputs = folder / "in.npz"
    arrays = {n: random.standard_normal(shape, np.float32) for n in "qkv"}
    flops = 4 * FEATURES * heads * length * length
    if function == "causal":
        flops = flops * (length + 1) // (2 * length)
    with_plain = heads * length * length * 4 <= MOST_BYTES
    with_plain = with_plain and function == "full"
    np.savez(inputs, **arrays)
    repeat = int(np.clip(arguments.seconds * peak / 4 / flops, 1, 2000))
    times, results = {fused: [], plain: []}, {}
    for _ in range(3 if length < 8192 else 1):
        for library in (fused, plain) if with_plain else (fused,):
            time, results[library] = library.run(function, inputs, repeat)
            times[library].append(time)
    best = min(times[fused])
    row = [length, f"{best * 1e6:.1f}", f"{100 * flops / best / peak:.0f} %",
           format_bytes(fused.arena(function, length))]  # fmt: skip
    if function == "causal":
        return best, row
    if not with_plain:
        return best, row + ["", "", format_bytes(plain.arena(function, length))]
    error = np.abs(results[fused] - results[plain]).max()
    assert error < 1e-5, f"{function} at {length} differs by {error}"
    other = min(times[plain])
    return best, row + [f"{other * 1e6:.1f}", f"{best / other:.2f}",
                        format_bytes(plain.arena(function, length))]  # fmt: skip


def write_table(header, rows):
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in [header, *rows]]
    lines.insert(1, "| " + " | ".join("--:" for _ in header) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--lengths", default="1,16,37,128,512,2048,16384")
    parser.add_argument("--heads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=0.3)
    parser.add_argument("--report", type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        fused = Library(arguments.build, folder, "fused", write_fused(arguments.heads), [])
        plain = Library(arguments.build, folder, "plain", write_plain(arguments.heads),
                        ["--start-at=kernels"])  # fmt: skip
        peak = machine.Limits(arguments.build).fma(1, 0.3)
        best, text = {}, ""
        for function in ("full", "causal"):
            rows = []
            for length in map(int, arguments.lengths.split(",")):
                best[function, length], row = measure(
                    fused, plain, function, length, arguments, folder, peak
                )
                if function == "causal":
                    row.append(f"{best['causal', length] / best['full', length]:.2f}")
                rows.append(row)
            header = ["length", "us", "of peak", "arena"]
            header += {"full": ["plain ops us", "ratio", "their arena"],
                       "causal": ["of full"]}[function]  # fmt: skip
            text += f"## {function.capitalize()}\n\n{write_table(header, rows)}\n"
    text = f"Peak: {peak / 1e9:.0f} GFLOP/s of one thread.\n\n" + text
    print(text)
    if arguments.report:
        arguments.report.write_text(INTRODUCTION + text)


main()
