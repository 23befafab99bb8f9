"""Attention in all its forms: scores, masks, formulas, grouped heads."""

import re

import numpy as np

from case import Case
from ir import function, number, tensor

FILES = "attention.npz"
SCORE = "^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):"


class Sizes:
    """Types of the notes' tensors; batch and lengths are dynamic."""

    def __init__(self, notes):
        _, self.heads, self.queries, self.features = notes["q"].shape
        self.keys = notes["k"].shape[2]
        self.values = notes["v"].shape[3]
        self.hidden = notes["additive_v"].shape[1]
        self.grouped_heads = notes["q_grouped"].shape[1]
        # Keys that the last query has in front of it.
        self.ahead = self.keys - self.queries

    def query(self, heads=None):
        return tensor("batch", heads or self.heads, "seq", self.features)

    def key(self):
        return tensor("batch", self.heads, "keys", self.features)

    def value(self):
        return tensor("batch", self.heads, "keys", self.values)

    def result(self, heads=None):
        return tensor("batch", heads or self.heads, "seq", self.values)

    def weights(self):
        return tensor("batch", self.heads, "seq", "keys")


def attend(name, sizes, clauses="", *, heads=None, operands={}, captured={}, before="",
           weights=False):  # fmt: skip
    """A function of one attention. `operands` are those that the clauses name,
    in order; what a score region reads besides is captured. With `weights` they
    are the second result."""
    inputs = {"q": sizes.query(heads), "k": sizes.key(), "v": sizes.value()}
    inputs |= {n: t for n, t in operands.items() if f"%{n} =" not in before}
    types = [sizes.query(heads), sizes.key(), sizes.value(), *operands.values()]
    results = {"o": sizes.result(heads)}
    if weights:
        results["weights"] = sizes.weights()
    body = before + (
        f"  {', '.join('%' + n for n in results)} = graph.attention %q, %k, %v {clauses}\n"
        f"      : ({', '.join(types)}) -> ({', '.join(results.values())})\n"
    )
    return function(name, inputs | captured, results, body)


def weights_function(name, sizes, scores, inputs):
    """Weights and context of scores in %s, as plain ops."""
    w, o = sizes.weights(), sizes.result()
    body = scores + (
        f"  %weights = graph.softmax %s axis(3) : {w}\n"
        f"  %o = graph.matmul %weights, %v : ({w}, {sizes.value()}) -> {o}\n"
    )
    inputs = {"q": sizes.query(), "k": sizes.key(), "v": sizes.value()} | inputs
    return function(name, inputs, {"o": o, "weights": w}, body)


def dot_scores(sizes, scale=None):
    """q . k in %s, scaled."""
    w = sizes.weights()
    text = (
        f"  %dot = graph.matmul %q, %k {{transpose_rhs}}\n"
        f"      : ({sizes.query()}, {sizes.key()}) -> {w}\n"
    )
    if scale is None:
        return text.replace("%dot", "%s")
    return text + (
        f"  %scale = graph.constant dense<{number(scale)}> : tensor<f32>\n"
        f"  %s = graph.mul %dot, %scale : ({w}, tensor<f32>) -> {w}\n"
    )


def general_scores(sizes):
    """q_h W_h . k_h: one product more in front."""
    q, D = sizes.query(), sizes.features
    return (
        f"  %qw = graph.matmul %q, %w : ({q}, {tensor(sizes.heads, D, D)}) -> {q}\n"
    ) + dot_scores(sizes).replace("%q,", "%qw,")


def cosine_scores(sizes, temperature):
    q, k = sizes.query(), sizes.key()
    units = (
        f"  %qu = graph.l2_normalize %q axis(3) : {q}\n"
        f"  %ku = graph.l2_normalize %k axis(3) : {k}\n"
    )
    return units + dot_scores(sizes, temperature).replace("%q, %k", "%qu, %ku")


def additive_scores(sizes):
    """v_h . tanh(q_h Wq_h + k_h Wk_h)."""
    H, S, T, E = sizes.heads, "seq", "keys", sizes.hidden
    w = tensor(H, sizes.features, E)
    left, right = tensor("batch", H, S, E), tensor("batch", H, T, E)
    left1, right1 = tensor("batch", H, S, 1, E), tensor("batch", H, 1, T, E)
    both, va = tensor("batch", H, S, T, E), tensor(H, 1, 1, E)
    return (
        f"  %l = graph.matmul %q, %wq : ({sizes.query()}, {w}) -> {left}\n"
        f"  %r = graph.matmul %k, %wk : ({sizes.key()}, {w}) -> {right}\n"
        f"  %l1 = graph.reshape %l : {left} to {left1}\n"
        f"  %r1 = graph.reshape %r : {right} to {right1}\n"
        f"  %both = graph.add %l1, %r1 : ({left1}, {right1}) -> {both}\n"
        f"  %tanh = graph.tanh %both : {both}\n"
        f"  %va1 = graph.reshape %va : {tensor(H, E)} to {va}\n"
        f"  %parts = graph.mul %tanh, %va1 : ({both}, {va}) -> {both}\n"
        f"  %s = graph.reduce sum %parts axes [4] : ({both}) -> {sizes.weights()}\n"
    )


def soft_cap(cap):
    return f"""score {{
  {SCORE}
    %cap = arith.constant {number(cap)} : f32
    %x = arith.divf %s, %cap : f32
    %t = math.tanh %x : f32
    %y = arith.mulf %t, %cap : f32
    graph.yield %y : f32
  }}"""


def alibi(sizes):
    return f"""score {{
  {SCORE}
    %ahead = arith.constant {sizes.ahead} : index
    %end = arith.addi %i, %ahead : index
    %distance = arith.subi %end, %j : index
    %integer = arith.index_cast %distance : index to i64
    %number = arith.sitofp %integer : i64 to f32
    %slope = tensor.extract %slopes[%h] : {tensor(sizes.heads)}
    %penalty = arith.mulf %slope, %number : f32
    %y = arith.subf %s, %penalty : f32
    graph.yield %y : f32
  }}"""


def no_key_for_two_queries():
    """A bias that hides all keys from queries 0 and 1."""
    integers, logic = tensor("seq", 1, element="i64"), tensor("seq", 1, element="i1")
    return f"""  %query = graph.iota axis(0) : {integers}
  %two = graph.constant dense<2> : tensor<i64>
  %first = graph.compare lt %query, %two : ({integers}, tensor<i64>) -> {logic}
  %none = graph.constant dense<0xFF800000> : tensor<f32>
  %zero = graph.constant dense<0.0> : tensor<f32>
  %bias = graph.select %first, %none, %zero
      : ({logic}, tensor<f32>, tensor<f32>) -> {tensor("seq", 1)}
"""


def mask_of(key):
    """(the algebra, names of its operands) of a key out_mask_*."""
    name = key.removeprefix("out_mask_")
    window, prefix = re.fullmatch(r"(window|prefix)(\d+)_to_end", name), None
    if window and window.group(1) == "prefix":
        window, prefix = None, window
    if window:
        return f"window({window.group(2)})", []
    if prefix:
        return f"prefix({prefix.group(2)}) or causal_to_end", []
    return {
        "padding": ("padding(%lengths)", ["lengths"]),
        "causal_from_start": ("causal", []),
        "causal_to_end": ("causal_to_end", []),
        "document": ("document(%documents)", ["documents"]),
        "causal_and_padding": ("causal_to_end and padding(%lengths)", ["lengths"]),
        "dead_rows": ("padding(%lengths)", ["lengths"]),
    }[name]


def score_cases(notes, sizes, qkv):
    """Similarities: as one op, as one with two results, and as plain ops that
    give the weights too."""
    H, D, E = sizes.heads, sizes.features, sizes.hidden
    scale = D**-0.5
    temperature = float(notes["cosine_temperature"])
    general = {"w": tensor(H, D, D)}
    additive = {"wq": tensor(H, D, E), "wk": tensor(H, D, E), "va": tensor(H, E)}
    arrays = {
        "dot": {},
        "scaled": {},
        "cosine": {},
        "general": {"w": notes["w_general"]},
        "additive": {
            "wq": notes["additive_wq"],
            "wk": notes["additive_wk"],
            "va": notes["additive_v"],
        },
    }
    fused = {
        "dot": "",
        "scaled": f"scale({number(scale)})",
        "cosine": f"similarity(cosine) scale({number(temperature)})",
    }
    plain = {
        "dot": (dot_scores(sizes), {}),
        "scaled": (dot_scores(sizes, scale), {}),
        "cosine": (cosine_scores(sizes, temperature), {}),
        "general": (general_scores(sizes), general),
        "additive": (additive_scores(sizes), additive),
    }
    for name, clauses in fused.items():
        text = attend(name, sizes, clauses)
        yield Case(name, qkv, {"o": f"out_{name}"}, text=text, graph=name)
        case = f"both_{name}"
        yield Case(
            case,
            qkv,
            {"o": f"out_{name}", "weights": f"out_weights_{name}"},
            text=attend(case, sizes, clauses, weights=True),
            graph=case,
        )
    for name, (scores, inputs) in plain.items():
        case = f"weights_{name}"
        yield Case(
            case,
            qkv | arrays[name],
            {"o": f"out_{name}", "weights": f"out_weights_{name}"},
            text=weights_function(case, sizes, scores, inputs),
            graph=case,
        )


def mask_cases(notes, sizes, qkv):
    scale = number(sizes.features**-0.5)
    types = {
        "lengths": tensor("batch", element="i64"),
        "documents": tensor("batch", "keys", element="i64"),
    }
    for key in notes.files:
        if not key.startswith("out_mask_"):
            continue
        mask, names = mask_of(key)
        clauses, before = f"scale({scale}) mask({mask})", ""
        operands = {n: types[n] for n in names}
        if key == "out_mask_dead_rows":
            clauses, before = f"{clauses} bias(%bias)", no_key_for_two_queries()
            operands["bias"] = tensor("seq", 1)
        name = key.removeprefix("out_")
        yield Case(
            name,
            qkv | {n: notes[n] for n in names},
            {"o": key},
            text=attend(name, sizes, clauses, operands=operands, before=before),
            graph=name,
        )


def cases(file):
    notes = np.load(file)
    sizes = Sizes(notes)
    qkv = {name: notes[name] for name in "qkv"}
    scale = sizes.features**-0.5
    scaled = f"scale({number(scale)})"
    yield from score_cases(notes, sizes, qkv)
    yield from mask_cases(notes, sizes, qkv)
    yield Case(
        "alibi_causal",
        qkv | {"slopes": notes["alibi_slopes"]},
        {"o": "out_alibi_causal"},
        text=attend("alibi_causal", sizes, f"{scaled} mask(causal_to_end) {alibi(sizes)}",
                    captured={"slopes": tensor(sizes.heads)}),
        graph="alibi_causal",
    )  # fmt: skip
    yield Case(
        "softcap",
        qkv,
        {"o": "out_softcap"},
        text=attend("softcap", sizes, f"{scaled} {soft_cap(notes['softcap'])}"),
        graph="softcap",
    )
    yield Case(
        "bias",
        qkv | {"bias": notes["bias"]},
        {"o": "out_bias"},
        text=attend("bias", sizes, f"{scaled} bias(%bias)",
                    operands={"bias": tensor(sizes.heads, "seq", "keys")}),
        graph="bias",
    )  # fmt: skip
    yield Case(
        "grouped",
        qkv | {"q": notes["q_grouped"]},
        {"o": "out_grouped"},
        text=attend("grouped", sizes, scaled, heads=sizes.grouped_heads),
        graph="grouped",
    )
    yield Case(
        "large",
        qkv,
        {"o": "out_large"},
        text=attend("large", sizes, f"scale({number(300 * scale)})"),
        graph="large",
    )
