"""A block of multi-head attention with its weights: self, cross, causal."""

import numpy as np

from case import Case
from ir import function, number, tensor, weight

FILES = "multi_head.npz"


def projection(name, of, begin, size, dims, heads):
    """Lines from [.., E] to heads [batch, heads, sequence, head] in %name: rows
    [begin, begin + size) of the packed weight and bias."""
    E = dims[-1]
    x, w, v = tensor(*dims), tensor(size, E), tensor(size)
    split = tensor(*dims[:2], heads, size // heads)
    out = tensor(dims[0], heads, dims[1], size // heads)
    end = begin + size
    return (
        f"  %{name}_w = graph.slice %in_proj_weight axis(0) [{begin}, {end}]"
        f" : ({tensor(3 * E, E)}) -> {w}\n"
        f"  %{name}_b = graph.slice %in_proj_bias axis(0) [{begin}, {end}]"
        f" : ({tensor(3 * E)}) -> {v}\n"
        f"  %{name}_m = graph.matmul %{of}, %{name}_w {{transpose_rhs}}"
        f" : ({x}, {w}) -> {x}\n"
        f"  %{name}_s = graph.add %{name}_m, %{name}_b : ({x}, {v}) -> {x}\n"
        f"  %{name}_h = graph.reshape %{name}_s : {x} to {split}\n"
        f"  %{name} = graph.transpose %{name}_h perm [0, 2, 1, 3]"
        f" : ({split}) -> {out}\n"
    )


def block(name, notes, arrays, memory, causal):
    """Attention of x to itself, or to the memory."""
    E, H = notes["x"].shape[-1], int(notes["heads"])
    keys = "keys" if memory else "seq"
    x, source = ("batch", "seq", E), ("batch", keys, E)
    inputs = {"x": tensor(*x)}
    if memory:
        inputs["memory"] = tensor(*source)
    D = E // H
    q, k = tensor("batch", H, "seq", D), tensor("batch", H, keys, D)
    joined, out = tensor("batch", "seq", H, D), tensor(*x)
    mask = " mask(causal)" if causal else ""
    of = "memory" if memory else "x"
    body = "".join(weight(n, a) for n, a in arrays.items())
    body += projection("q", "x", 0, E, x, H)
    body += projection("k", of, E, E, source, H)
    body += projection("v", of, 2 * E, E, source, H)
    body += (
        f"  %a = graph.attention %q, %k, %v scale({number(D**-0.5)}){mask}\n"
        f"      : ({q}, {k}, {k}) -> {q}\n"
        f"  %t = graph.transpose %a perm [0, 2, 1, 3] : ({q}) -> {joined}\n"
        f"  %c = graph.reshape %t : {joined} to {out}\n"
        f"  %p = graph.matmul %c, %out_proj_weight {{transpose_rhs}}"
        f" : ({out}, {tensor(E, E)}) -> {out}\n"
        f"  %o = graph.add %p, %out_proj_bias : ({out}, {tensor(E)}) -> {out}\n"
    )
    return function(name, inputs, {"o": out}, body)


def cases(file):
    notes = np.load(file)
    # Values have the weights' names, so that dots go.
    arrays = {
        key.removeprefix("w.").replace(".", "_"): notes[key]
        for key in notes.files
        if key.startswith("w.")
    }
    for name, memory, causal in [
        ("self", False, False),
        ("cross", True, False),
        ("masked", False, True),
    ]:
        inputs = {"x": notes["x"]}
        if memory:
            inputs["memory"] = notes["memory"]
        yield Case(
            name,
            inputs,
            {"o": f"out_{name}"},
            text=block(name, notes, arrays, memory, causal),
            graph=name,
            weights=arrays,
        )
