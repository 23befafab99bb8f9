"""A block of multi-head attention with its weights: self, cross, causal; with
packed weights, and as the definition states it, with weights of each head."""

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


def split_heads(notes, arrays):
    """The weights of each head, [in, out], and their biases, by name."""
    E, H = notes["x"].shape[-1], int(notes["heads"])
    D, split = E // H, {}
    for n, name in enumerate("qkv"):
        for h in range(H):
            rows = slice(n * E + h * D, n * E + (h + 1) * D)
            split[f"{name}{h}_w"] = arrays["in_proj_weight"][rows].T
            split[f"{name}{h}_b"] = arrays["in_proj_bias"][rows]
    return split


def defined(name, notes, arrays, memory, causal):
    """head_i = attention(x W_i^Q, y W_i^K, y W_i^V), of which the concatenation
    is projected."""
    E, H = notes["x"].shape[-1], int(notes["heads"])
    D, keys = E // H, "keys" if memory else "seq"
    x, y = tensor("batch", "seq", E), tensor("batch", keys, E)
    q, k, s = (tensor("batch", *d) for d in [("seq", D), (keys, D), ("seq", keys)])
    w, b, e = tensor(E, D), tensor(D), tensor()
    inputs = {"x": x, "memory": y} if memory else {"x": x}
    body = "".join(weight(n, a) for n, a in split_heads(notes, arrays).items())
    body += f"  %scale = graph.constant dense<{number(D**-0.5)}> : {e}\n"
    if causal:
        i, seen = (tensor("seq", "seq", element=t) for t in ("i64", "i1"))
        body += (
            f"  %row = graph.iota axis(0) : {i}\n"
            f"  %column = graph.iota axis(1) : {i}\n"
            f"  %seen = graph.compare ge %row, %column : ({i}, {i}) -> {seen}\n"
            f"  %none = graph.constant dense<0xFF800000> : {e}\n"
        )

    def project(operand, head, of, given, result):
        p = f"{operand}{head}"
        return (
            f"  %{p}_m = graph.matmul %{of}, %{p}_w : ({given}, {w}) -> {result}\n"
            f"  %{p} = graph.add %{p}_m, %{p}_b : ({result}, {b}) -> {result}\n"
        )

    for h in range(H):
        source = "memory" if memory else "x"
        body += project("q", h, "x", x, q)
        body += project("k", h, source, y, k)
        body += project("v", h, source, y, k)
        body += (
            f"  %product{h} = graph.matmul %q{h}, %k{h} {{transpose_rhs}}"
            f" : ({q}, {k}) -> {s}\n"
            f"  %score{h} = graph.mul %product{h}, %scale : ({s}, {e}) -> {s}\n"
        )
        score = f"score{h}"
        if causal:
            body += (
                f"  %masked{h} = graph.select %seen, %{score}, %none"
                f" : ({seen}, {s}, {e}) -> {s}\n"
            )
            score = f"masked{h}"
        body += (
            f"  %weights{h} = graph.softmax %{score} axis(2) : {s}\n"
            f"  %head{h} = graph.matmul %weights{h}, %v{h} : ({s}, {k}) -> {q}\n"
        )
    heads, types = ", ".join(f"%head{h}" for h in range(H)), ", ".join([q] * H)
    body += (
        f"  %c = graph.concat {heads} axis(2) : ({types}) -> {x}\n"
        f"{weight('out_proj_weight', arrays['out_proj_weight'])}"
        f"{weight('out_proj_bias', arrays['out_proj_bias'])}"
        f"  %p = graph.matmul %c, %out_proj_weight {{transpose_rhs}}"
        f" : ({x}, {tensor(E, E)}) -> {x}\n"
        f"  %o = graph.add %p, %out_proj_bias : ({x}, {tensor(E)}) -> {x}\n"
    )
    return function(name, inputs, {"o": x}, body)


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
        yield Case(
            f"{name}_defined",
            inputs,
            {"o": f"out_{name}"},
            text=defined(f"{name}_defined", notes, arrays, memory, causal),
            graph=f"{name}_defined",
            weights=arrays | split_heads(notes, arrays),
            # One attention of all heads in each of the three functions.
            fused=["heads:3"] if int(notes["heads"]) > 1 else [],
        )
