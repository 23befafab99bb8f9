#!/usr/bin/env python3
"""Measures how fast the paper's Transformer generates, in its base configuration.

usage: generation.py --build BUILD_FOLDER [--threads 1,2] [--rounds N]

The model is built by name with random weights and compiled; `generate` is one
call. ONNX Runtime gets the same model from transformer_onnx.py, with caches of
keys and values as well, and is called for each token from Python, which takes
less than a hundredth of a step. All must choose the same tokens, which is checked
before anything is timed; none ends early. A part of bench.py.
"""

import argparse
import ctypes
import json
import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np
import onnxruntime

import machine
import transformer_onnx
from bert_onnx import read_safetensors
from report import Report

LAYERS, HEADS, EPSILON = 6, 8, 1e-5
SOURCE, TOKENS, LONGEST = 32, 64, 128
BEGIN = 1
HEAD = [
    "batch", "threads", "system", "ms a token", "middle half", "wall ms",
    "Sylvite's time / its", "weights GB/s",
]


class Sylvite:
    """`generate` of the compiled library."""

    name = "Sylvite"

    def __init__(self, files, threads):
        self.library = ctypes.CDLL(str(files.library.resolve()))
        self.model, self.context = ctypes.c_void_p(), ctypes.c_void_p()
        self.check(self.library.generation_open(None, ctypes.byref(self.model)))
        self.check(
            self.library.generation_context_create(
                self.model, ctypes.byref(self.context)
            )
        )
        self.library.generation_set_num_threads(threads)
        self.library.generation_describe.restype = ctypes.c_char_p
        (function,) = json.loads(self.library.generation_describe())["functions"]
        self.dims = [dim["name"] for dim in function["dims"]]
        self.inputs = [value["name"] for value in function["inputs"]]
        self.outputs = [value["name"] for value in function["outputs"]]

    def __call__(self, ids, lengths):
        tokens = np.empty((len(ids), TOKENS), np.int64)
        arrays = {
            "source_ids": ids, "source_lengths": lengths, "tokens": tokens,
            "begin_token": np.array(BEGIN, np.int64),
        }
        extents = {"batch": len(ids), "source": SOURCE, "capacity": TOKENS}
        address = lambda name: arrays[name].ctypes.data if name in arrays else None
        pointers = lambda names: (ctypes.c_void_p * len(names))(*map(address, names))
        dims = (ctypes.c_int64 * len(self.dims))(*(extents[dim] for dim in self.dims))
        self.check(
            self.library.generation_invoke(
                self.context, b"generate", dims, pointers(self.inputs),
                pointers(self.outputs),
            )
        )
        return tokens

    def check(self, status):
        if status:
            self.library.generation_last_error.restype = ctypes.c_char_p
            sys.exit(f"bench: {self.library.generation_last_error(self.context)}")

    def close(self):
        self.library.generation_context_destroy(self.context)
        self.library.generation_close(self.model)


class OnnxRuntime:
    """Both models, with all of the session's own optimisations. Arrays stay where
    the session has put them; only tokens are copied."""

    name = "ONNX Runtime"

    def __init__(self, files, threads):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        load = lambda path: onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"]
        )
        self.source, self.step = load(files.source), load(files.step)
        self.wanted = [output.name for output in self.step.get_outputs()]
        self.positions = [self.value(np.array(i, np.int64)) for i in range(TOKENS)]

    @staticmethod
    def value(array):
        return onnxruntime.OrtValue.ortvalue_from_numpy(array)

    def __call__(self, ids, lengths):
        given = {"source_ids": self.value(ids), "source_lengths": self.value(lengths)}
        names = [output.name for output in self.source.get_outputs()]
        feeds = dict(zip(names, self.source.run_with_ort_values(names, given)))
        width = feeds["cross_value_0"].shape()[-1]
        empty = np.zeros((len(ids), HEADS, 0, width), np.float32)
        for layer in range(LAYERS):
            feeds[f"key_{layer}"] = feeds[f"value_{layer}"] = self.value(empty)
        feeds["token"] = self.value(np.full(len(ids), BEGIN, np.int64))
        tokens = []
        for position in self.positions:
            feeds["position"] = position
            results = self.step.run_with_ort_values(self.wanted, feeds)
            for name, value in zip(self.wanted, results):
                feeds["token" if name == "next" else name.removeprefix("next_")] = value
            tokens.append(feeds["token"].numpy())
        return np.stack(tokens, axis=1)

    def close(self):
        self.source = self.step = None


SYSTEMS = [Sylvite, OnnxRuntime]


class Files:
    """What the systems load, made by name with random weights."""

    def __init__(self, build, work):
        work = work.resolve()
        weights, graph = work / "generation-weights.safetensors", work / "generation.mlir"
        work.mkdir(exist_ok=True)
        tool = lambda name, *words: subprocess.run(
            [str(build / "bin" / name), *map(str, words)], check=True
        )
        tool(
            "sylvite-translate", "--build-transformer", "base", f"--max-length={LONGEST}",
            f"--random-weights={weights}", "--functions=generate", "-o", graph,
        )
        tool("sylvitec", graph, "-o", work / "generation", "--quiet")
        self.library = work / "generation.so"
        tensors = read_safetensors(weights)
        self.source, self.step = (str(work / f"{n}.onnx") for n in ("source", "step"))
        model = lambda: transformer_onnx.Model(tensors, LAYERS, HEADS, EPSILON)
        transformer_onnx.export_source(model(), self.source, LONGEST)
        transformer_onnx.export_step(model(), self.step, LONGEST)
        # Those that a step reads: of the decoder without the keys and values of
        # the source, and of the last layer.
        features = tensors["embedding.weight"].shape[1]
        self.step_bytes = sum(
            tensor.nbytes for name, tensor in tensors.items()
            if name.startswith(("decoder.", "output."))
        ) - LAYERS * 2 * 4 * features * (features + 1)


def measure_batch(files, batch, threads, rounds):
    """Rows of the table: each system's time for a token."""
    ids = np.random.default_rng(batch).integers(2, 37000, (batch, SOURCE))
    lengths = np.full(batch, SOURCE)
    systems = [system(files, threads) for system in SYSTEMS]
    expected = systems[0](ids, lengths)
    for system in systems[1:]:
        if not np.array_equal(system(ids, lengths), expected):
            sys.exit(f"bench: {system.name} generates other tokens")
    seconds = {system.name: [] for system in systems}
    for _ in range(rounds):
        for system in systems:
            wall, processor = time.perf_counter(), time.process_time()
            system(ids, lengths)
            seconds[system.name].append(
                (time.perf_counter() - wall, time.process_time() - processor)
            )
            # Threads that wait for more work get the time to go to sleep.
            time.sleep(0.02)
    for system in systems:
        system.close()
    rows, ours = [], None
    for name, pairs in seconds.items():
        walls, processor = zip(*pairs)
        counted = processor if threads == 1 else walls
        median = statistics.median(counted)
        low, _, high = statistics.quantiles(counted, n=4)
        ours = ours or median
        ms = lambda seconds: f"{seconds / TOKENS * 1e3:.2f}"
        rows.append(
            [
                str(batch), str(threads), name, ms(median), f"{ms(low)} to {ms(high)}",
                ms(statistics.median(walls)), f"{ours / median:.2f}",
                f"{files.step_bytes * TOKENS / median / 1e9:.0f}",
            ]
        )
    return rows


def measure(build, work, limits, threads, rounds, report):
    report.heading("Generation")
    files = Files(build, work)
    report.paragraph(
        "The paper's Transformer, base configuration (6 and 6 layers, 512 features, 8 "
        f"heads, 2048 in between, 37000 tokens), random weights: {TOKENS} tokens for "
        f"sources of {SOURCE}, each the one of largest logit. The time for a token is "
        f"that of everything, the encoder too, divided by {TOKENS}; the weights that "
        f"each step must read are {files.step_bytes / 1e6:.0f} MB. Sylvite's loop is "
        "compiled; ONNX Runtime's is in Python, with caches of keys and values that "
        "stay in its memory. Both choose the same tokens."
    )
    rows = []
    for count in threads:
        rate = limits.read(count, 0.5) / 1e9
        report.paragraph(f"From memory {rate:.0f} GB/s can be read by "
                         f"{count} thread{'s' * (count > 1)}.")
        others = machine.OtherWork()
        for batch in (1, 8):
            rows += measure_batch(files, batch, count, rounds)
        share = others.share()
        if share > machine.BUSY:
            report.paragraph(
                f"**The machine was busy**: other programs used {100 * share:.0f} % of "
                "the processors."
            )
    report.table(HEAD, rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    measure(
        options.build, options.build / "bench", machine.Limits(options.build),
        list(map(int, options.threads.split(","))), options.rounds, Report(),
    )


if __name__ == "__main__":
    main()
