"""Compares what a Transformer generates with the notes.

usage: generation.py NOTES.npz TOLERANCE LIBRARY.so|--reference=GRAPH.mlir

- generate: all tokens are those of the notes; with an end token, rows end there.
- encode, cross_kv, and step for one token after the other: the logits are those
  of the notes, which come from all tokens at once.
"""

import pathlib
import subprocess
import sys
import tempfile

import numpy as np

notes, tolerance, where = np.load(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
source = {"source_ids": notes["source"], "source_lengths": notes["lengths"]}
greedy = notes["out_greedy"]
steps = greedy.shape[1] - 1


def run(function, dims=(), **inputs):
    with tempfile.TemporaryDirectory() as folder:
        given, computed = (pathlib.Path(folder) / name for name in ("i.npz", "o.npz"))
        np.savez(given, **inputs)
        command = ["sylvite-run", where, f"--function={function}"]
        command += [f"--inputs={given}", f"--outputs={computed}"]
        subprocess.run(command + [f"--dim={dim}" for dim in dims], check=True)
        with np.load(computed) as arrays:
            return {name: arrays[name] for name in arrays.files}


def narrow(array):
    """As a library takes it; the reference evaluator does not mind."""
    return array.astype(np.float32) if array.dtype == np.float64 else array


def generate(end=None):
    inputs = source | {"begin_token": greedy[0, 0]}
    if end is not None:
        inputs["end_token"] = np.int64(end)
    outputs = run("generate", [f"capacity={steps}"], **inputs)
    return outputs["tokens"], outputs["lengths"]


def check_equal(what, actual, expected):
    if not np.array_equal(actual, expected):
        sys.exit(f"{what} is\n{actual}\ninstead of\n{expected}")


def check_generate():
    tokens, lengths = generate()
    check_equal("generate", tokens, greedy[:, 1:])
    check_equal("the lengths", lengths, [steps] * len(greedy))


def check_end():
    """An end token for each of these: never there, where the first row has it
    first, where the last row does."""
    for end in (greedy.max() + 1, greedy[0, 2], greedy[-1, -1]):
        expected, expected_lengths = greedy[:, 1:].copy(), []
        for row in expected:
            places = np.flatnonzero(row == end)
            expected_lengths.append(places[0] if len(places) else steps)
            row[expected_lengths[-1] :] = end
        tokens, lengths = generate(end)
        check_equal(f"with the end token {end}, generate", tokens, expected)
        check_equal(f"with the end token {end}, the lengths", lengths, expected_lengths)


def check_steps():
    target, expected = notes["target_in"], notes["out_logits"]
    memory = narrow(run("encode", **source)["memory"])
    cross = run("cross_kv", memory=memory)
    arrays = {name: narrow(array) for name, array in cross.items()}
    layers, batch, heads, _, features = arrays["cross_keys"].shape
    # More than the tokens need.
    shape = layers, batch, heads, target.shape[1] + 3, features
    cache = np.full(shape, 7, np.float32)
    arrays |= {"self_keys": cache, "self_values": cache}
    arrays["source_lengths"] = notes["lengths"]
    for position in range(target.shape[1]):
        arrays |= {"token": target[:, position], "position": np.int64(position)}
        outputs = {name: narrow(array) for name, array in run("step", **arrays).items()}
        logits = outputs.pop("logits")
        error = np.abs(logits - expected[:, position]).max() / np.abs(expected).max()
        if not error <= tolerance:
            sys.exit(f"the logits of step {position} differ by {error:.1e}")
        arrays |= outputs
    for name in ("self_keys", "self_values"):
        if not (arrays[name][:, :, :, position + 1 :] == 7).all():
            sys.exit(f"{name} has changed behind the tokens")


check_generate()
check_end()
check_steps()
