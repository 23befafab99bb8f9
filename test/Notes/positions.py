"""Positional encodings: sinusoidal, made up, rotary, relative bias.

Each comes with a length that is static, bounded (a table of constants) and
unbounded (calculated in kernels)."""

import math

import numpy as np

from case import Case
from ir import function, number, tensor

FILES = "positions.npz"
# A bound that is not the length itself.
SLACK = 7


def bounded(text, most):
    """The same function with a maximum of `seq`."""
    attributes = f" attributes {{graph.dim_max = {{seq = {most} : i64}}}} {{\n"
    head, brace, body = text.partition(" {\n")
    assert brace and head.startswith("func.func")
    return head + attributes + body


def encoding(name, formula, length, size, kind):
    """The encoding added to x; %x is zero."""
    S = length if kind == "static" else "seq"
    t = tensor(S, size)
    body = (
        f"  %p = graph.positional_encoding {formula} : () -> {t}\n"
        f"  %y = graph.add %x, %p : ({t}, {t}) -> {t}\n"
    )
    text = function(f"{name}_{kind}", {"x": t}, {"y": t}, body)
    return bounded(text, length + SLACK) if kind == "bounded" else text


# tanh(0.1 p) cos(p / (1 + i)) + 1 / (1 + p + i)
MADE_UP = """formula {
  ^bb0(%p: index, %i: index):
    %pi = arith.index_cast %p : index to i64
    %ii = arith.index_cast %i : index to i64
    %pf = arith.sitofp %pi : i64 to f32
    %if = arith.sitofp %ii : i64 to f32
    %tenth = arith.constant 0.1 : f32
    %one = arith.constant 1.0 : f32
    %a = arith.mulf %pf, %tenth : f32
    %t = math.tanh %a : f32
    %d = arith.addf %if, %one : f32
    %q = arith.divf %pf, %d : f32
    %c = math.cos %q : f32
    %tc = arith.mulf %t, %c : f32
    %s = arith.addf %d, %pf : f32
    %r = arith.divf %one, %s : f32
    %v = arith.addf %tc, %r : f32
    graph.yield %v : f32
  }"""


def rotary(name, word, heads, length, size, kind):
    S = length if kind == "static" else "seq"
    t = tensor("batch", heads, S, size)
    body = f"  %y = graph.rotary_embedding %x axis(2) {word} : ({t}) -> {t}\n"
    text = function(f"{name}_{kind}", {"x": t}, {"y": t}, body)
    return bounded(text, length + SLACK) if kind == "bounded" else text


def t5_bias(name, table, causal):
    """The bias [heads, seq, seq] from a table [buckets, heads], over positions
    that are given. Logarithms are f64: a bucket begins where one is whole."""
    buckets, heads = table
    side = buckets if causal else buckets // 2
    exact = side // 2
    factor = (side - exact) / math.log(128 / exact)
    I, L = tensor("seq", "seq", element="i64"), tensor("seq", "seq", element="i1")
    F = tensor("seq", "seq", element="f64")
    P, row = tensor("seq", element="i64"), tensor("seq", 1, element="i64")
    i64, f64 = "tensor<i64>", "tensor<f64>"
    looked, result = tensor("seq", "seq", heads), tensor(heads, "seq", "seq")

    def constant(name, value):
        return f"  %{name} = graph.constant dense<{value}> : tensor<i64>\n"

    text = constant("zero", 0) + constant("exact", exact) + constant("last", side - 1)
    text += (
        f"  %i = graph.reshape %p : {P} to {row}\n"
        f"  %ahead = graph.sub %p, %i : ({P}, {row}) -> {I}\n"
        f"  %back = graph.neg %ahead : {I}\n"
    )
    if causal:
        text += f"  %n = graph.maximum %back, %zero : ({I}, {i64}) -> {I}\n"
    else:
        text += f"  %n = graph.abs %back : {I}\n"
    text += (
        f"  %one = graph.constant dense<1> : tensor<i64>\n"
        f"  %n1 = graph.maximum %n, %one : ({I}, {i64}) -> {I}\n"
        f"  %nf = graph.cast %n1 : {I} to {F}\n"
        f"  %scale = graph.constant dense<{number(1 / exact)}> : tensor<f64>\n"
        f"  %ratio = graph.mul %nf, %scale : ({F}, {f64}) -> {F}\n"
        f"  %log = graph.log %ratio : {F}\n"
        f"  %factor = graph.constant dense<{number(factor)}> : tensor<f64>\n"
        f"  %steps = graph.mul %log, %factor : ({F}, {f64}) -> {F}\n"
        # A whole number may have come out a little less.
        f"  %little = graph.constant dense<1.0e-9> : tensor<f64>\n"
        f"  %more = graph.add %steps, %little : ({F}, {f64}) -> {F}\n"
        f"  %whole = graph.cast %more : {F} to {I}\n"
        f"  %far = graph.add %whole, %exact : ({I}, {i64}) -> {I}\n"
        f"  %most = graph.minimum %far, %last : ({I}, {i64}) -> {I}\n"
        f"  %near = graph.compare lt %n, %exact : ({I}, {i64}) -> {L}\n"
        f"  %own = graph.select %near, %n, %most : ({L}, {I}, {I}) -> {I}\n"
    )
    if causal:
        text += f"  %bucket = graph.add %own, %zero : ({I}, {i64}) -> {I}\n"
    else:
        text += constant("other", side) + (
            f"  %later = graph.compare gt %ahead, %zero : ({I}, {i64}) -> {L}\n"
            f"  %side = graph.select %later, %other, %zero"
            f" : ({L}, {i64}, {i64}) -> {I}\n"
            f"  %bucket = graph.add %own, %side : ({I}, {I}) -> {I}\n"
        )
    text += (
        f"  %rows = graph.embedding %table, %bucket"
        f" : ({tensor(*table)}, {I}) -> {looked}\n"
        f"  %y = graph.transpose %rows perm [2, 0, 1] : ({looked}) -> {result}\n"
    )
    return function(name, {"p": P, "table": tensor(*table)}, {"y": result}, text)


def cases(file):
    notes = np.load(file)
    length, size = int(notes["length"]), int(notes["size"])
    zero = {"x": np.zeros((length, size), np.float32)}
    for name, formula in [("sinusoidal", ""), ("made_up", MADE_UP)]:
        for kind in ["static", "bounded", "unbounded"]:
            text = encoding(name, formula, length, size, kind)
            case = f"{name}_{kind}"
            yield Case(case, zero, {"y": f"out_{name}"}, text=text, graph=case)
    _, heads, length, size = notes["x"].shape
    for name, word in [("rotary_half", ""), ("rotary_interleaved", "interleaved")]:
        for kind in ["static", "bounded", "unbounded"]:
            text = rotary(name, word, heads, length, size, kind)
            case = f"{name}_{kind}"
            inputs = {"x": notes["x"]}
            yield Case(case, inputs, {"y": f"out_{name}"}, text=text, graph=case)
    for name, causal in [("t5_bias", False), ("t5_bias_causal", True)]:
        yield Case(
            name,
            {"p": np.arange(notes[f"out_{name}"].shape[1]), "table": notes["t5_table"]},
            {"y": f"out_{name}"},
            text=t5_bias(name, notes["t5_table"].shape, causal),
            graph=name,
        )
