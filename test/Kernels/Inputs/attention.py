"""Compares attention kernels with NumPy, in double precision.

usage: attention.py FAMILY TARGET TEMPORARY

A family is a list of cases; a case is one graph.attention, whose kernel is
compiled once and run for many sizes. Every result, with Halide's checks and
without, must agree to 2e-6 of the largest value. Prints one line a case and
exits 1 if one is wrong.
"""

import sys

import numpy as np

from host_program import HostProgram

cases = []
# (batch, queries, keys)
SELF = [(b, s, s) for b, s in
        [(1, 1), (2, 3), (1, 16), (3, 17), (2, 37), (1, 100), (1, 128), (2, 130)]]  # fmt: skip
CROSS = [(1, 1, 1), (2, 1, 40), (1, 20, 1), (3, 5, 33), (1, 33, 5), (2, 16, 64)]
SOME = [(1, 1, 1), (2, 37, 37), (3, 7, 40), (2, 40, 7)]


class Sizes:
    """What the formulas of a case may use: extents, and index grids that
    broadcast to [batch, heads, queries, keys]."""

    def __init__(self, b, s, t, heads):
        self.B, self.S, self.T, self.H = b, s, t, heads
        self.b = np.arange(b).reshape(b, 1, 1, 1)
        self.h = np.arange(heads).reshape(1, heads, 1, 1)
        self.i = np.arange(s).reshape(1, 1, s, 1)
        self.j = np.arange(t).reshape(1, 1, 1, t)
        self.end = self.i + t - s


class Case:
    def __init__(self, name, **options):
        self.name = name
        self.heads, self.key_heads = 2, None
        self.features, self.value_features = 8, None
        self.layout, self.packed = "bhsd", False
        self.similarity, self.hidden, self.scale = "dot", 6, 0.3
        # The mask's text and `seen(sizes, operands)`; the operands are
        # (type, make(sizes, random)).
        self.mask, self.seen, self.mask_operands = None, None, []
        # The bias' dimensions and shape(sizes).
        self.bias, self.bias_shape = None, None
        # The region's text, `apply(scores, sizes, tables)`, and tables that it
        # reads: (type, make(sizes, random)).
        self.score, self.apply, self.tables = None, None, []
        self.element, self.error = "f32", 2e-6
        # Are both products of bf16?
        self.narrow = False
        self.magnitude = 1
        # Do keys that no query sees, and the last one, hold NaN and infinity?
        # (With this the layout is bhsd.) What sees them is not compared.
        self.poison = False
        # Are the weights a second result?
        self.weights = False
        self.sizes = SOME
        self.static = False
        # Run again with so many threads.
        self.threads = 0
        self.__dict__.update(options)
        self.key_heads = self.key_heads or self.heads
        self.value_features = self.value_features or self.features
        self.random = np.random.default_rng(sum(map(ord, name)))
        cases.append(self)

    # ===--- The graph ---------------------------------------------------=== #

    def tensor(self, *dims, element=None):
        """dims are names or numbers."""
        extents = {}
        if self.static:
            extents = dict(zip(("batch", "seq", "keys"), self.sizes[0]))
        dims = [extents.get(d, d) for d in dims]
        text = "".join(f"{d}x" if isinstance(d, int) else "?x" for d in dims)
        names = ", ".join("_" if isinstance(d, int) else d for d in dims)
        named = any(isinstance(d, str) for d in dims)
        dims = f", #graph.dims<{names}>" if named else ""
        return f"tensor<{text}{element or self.element}{dims}>"

    def heads_type(self, sequence, heads, features):
        if self.layout == "bhsd":
            return self.tensor("batch", heads, sequence, features)
        return self.tensor("batch", sequence, heads, features)

    def graph(self):
        H, G, D, E = self.heads, self.key_heads, self.features, self.value_features
        types = [self.heads_type("seq", H, D), self.heads_type("keys", G, D),
                 self.heads_type("keys", G, E)]  # fmt: skip
        arguments, lines, values = [], [], ["%q", "%k", "%v"]
        if self.packed:
            # One tensor holds all three; queries and keys are one sequence.
            widths = [H * D, G * D, G * E]
            begin, all_ = 0, self.tensor("batch", "seq", sum(widths))
            arguments.append(("%x", all_))
            for i, (value, width) in enumerate(zip(values, widths)):
                count, features = (H, D) if i == 0 else (G, [D, E][i == 2])
                part = self.tensor("batch", "seq", width)
                split = self.tensor("batch", "seq", count, features)
                lines += [
                    f"{value}0 = graph.slice %x axis(2) [{begin}, {begin + width}]"
                    f" : ({all_}) -> {part}",
                    f"{value}1 = graph.reshape {value}0 : {part} to {split}",
                ]  # fmt: skip
                types[i] = split
                values[i] = value + "1"
                if self.layout == "bhsd":
                    types[i] = self.tensor("batch", count, "seq", features)
                    values[i] = value
                    lines.append(f"{value} = graph.transpose {value}1 perm "
                                 f"[0, 2, 1, 3] : ({split}) -> {types[i]}")  # fmt: skip
                begin += width
        else:
            arguments += list(zip(values, types))
        operands, text = list(types), f"{', '.join(values)}"
        if self.similarity != "dot":
            text += f" similarity({self.similarity})"
        matrices = []
        if self.similarity == "general":
            matrices = [self.tensor(D, D)]
        if self.similarity == "additive":
            matrices = [self.tensor(D, self.hidden)] * 2 + [self.tensor(self.hidden)]
        if matrices:
            names = [f"%w{i}" for i in range(len(matrices))]
            arguments += zip(names, matrices)
            operands += matrices
            text += f" with({', '.join(names)})"
        text += f" scale({self.scale}) layout({self.layout})"
        if self.narrow:
            text += " product(bf16)"
        if self.mask:
            text += f" mask({self.mask})"
            for i, (dims, element, _) in enumerate(self.mask_operands):
                type = self.tensor(*dims, element=element)
                arguments.append((f"%m{i}", type))
                operands.append(type)
        if self.bias:
            type = self.tensor(*self.bias)
            arguments.append(("%bias", type))
            operands.append(type)
            text += " bias(%bias)"
        for i, (dims, element, _) in enumerate(self.tables):
            arguments.append((f"%t{i}", self.tensor(*dims, element=element)))
        if self.score:
            text += f" score {{\n^bb0(%s: {self.element}, %b: index, %h: index, "
            text += f"%i: index, %j: index):\n{self.score}\n}}\n"
        results = {"%o": self.heads_type("seq", H, E)}
        if self.weights:
            results["%p"] = self.tensor("batch", H, "seq", "keys")
        names, types = ", ".join(results), ", ".join(results.values())
        lines.append(f"{names} = graph.attention {text} : ({', '.join(operands)}) -> ({types})")
        lines.append(f"return {names} : {types}")
        arguments = ", ".join(f"{n}: {t}" for n, t in arguments)
        body = "\n".join(lines)
        return f"func.func @{self.name}({arguments}) -> ({types}) {{\n{body}\n}}\n"

    # ===--- The numbers -------------------------------------------------=== #

    def normal(self, *shape):
        dtype = {"f32": np.float32, "f16": np.float16, "f64": np.float64}
        numbers = self.random.standard_normal(shape) * self.magnitude
        return numbers.astype(dtype[self.element])

    def run(self, size):
        """Arguments and results for one size."""
        B, S, T = size
        H, G, D, E = self.heads, self.key_heads, self.features, self.value_features
        sizes = Sizes(B, S, T, H)
        q, k = self.normal(B, H, S, D), self.normal(B, G, T, D)
        v = self.normal(B, G, T, E)
        arrays = [q, k, v]
        if self.packed:
            flat = [a.swapaxes(1, 2).reshape(B, S, -1) for a in arrays]
            arguments = [np.concatenate(flat, 2)]
        elif self.layout == "bshd":
            arguments = [np.ascontiguousarray(a.swapaxes(1, 2)) for a in arrays]
        else:
            arguments = list(arrays)
        q, k, v = (a.astype(np.float64) for a in arrays)
        k, v = (a.repeat(H // G, axis=1) for a in (k, v))

        def argument(array):
            arguments.append(array)
            return array.astype(np.float64) if array.dtype.kind == "f" else array

        if self.similarity == "dot":
            scores = q @ k.swapaxes(2, 3)
        elif self.similarity == "cosine":
            norms = np.linalg.norm(q, axis=3)[..., None] * np.linalg.norm(k, axis=3)[:, :, None]
            scores = np.divide(q @ k.swapaxes(2, 3), norms,
                               out=np.zeros((B, H, S, T)), where=norms > 0)  # fmt: skip
        elif self.similarity == "general":
            scores = (q @ argument(self.normal(D, D))) @ k.swapaxes(2, 3)
        else:
            left = q @ argument(self.normal(D, self.hidden))
            right = k @ argument(self.normal(D, self.hidden))
            both = left[:, :, :, None] + right[:, :, None]
            scores = np.tanh(both) @ argument(self.normal(self.hidden))
        scores = scores * self.scale
        operands = [argument(make(sizes, self.random)) for *_, make in self.mask_operands]
        if self.bias:
            scores = scores + argument(self.normal(*self.bias_shape(sizes)))
        tables = [argument(make(sizes, self.random)) for *_, make in self.tables]
        if self.score:
            scores = self.apply(scores, sizes, tables)
        seen = np.ones(scores.shape, bool)
        if self.mask:
            seen = np.broadcast_to(self.seen(sizes, operands), scores.shape)
            scores = np.where(seen, scores, -np.inf)
        most = scores.max(3, keepdims=True)
        powers = np.exp(scores - np.where(np.isinf(most), 0, most))
        total = powers.sum(3, keepdims=True)
        weights = powers / np.where(total == 0, 1, total)
        out = weights @ v
        if self.poison:
            bad = ~seen.any(axis=(1, 2))
            bad[:, -1] = True
            arguments[1], arguments[2] = arguments[1].copy(), arguments[2].copy()
            arguments[1].swapaxes(1, 2)[bad] = self.random.choice([np.nan, np.inf, -np.inf])
            arguments[2].swapaxes(1, 2)[bad] = self.random.choice([np.nan, np.inf, -np.inf])
            sees = (seen & bad[:, None, None]).any(axis=3, keepdims=True)
            out, weights = np.where(sees, np.nan, out), np.where(sees, np.nan, weights)
        out = out.swapaxes(1, 2) if self.layout == "bshd" else out
        return arguments, [out, weights] if self.weights else [out]


# ===----------------------------------------------------------------------=== #
# Families
# ===----------------------------------------------------------------------=== #


def shapes():
    """Feature counts, layouts, packed and apart, static and dynamic."""
    for features in (8, 16, 24, 64):
        Case(f"features{features}", features=features, layout="bshd", packed=True, sizes=SELF)
    Case("minilm", heads=12, features=32, scale=32**-0.5, layout="bshd", packed=True,
         sizes=SELF + [(33, 5, 5), (1, 512, 512)], threads=3)  # fmt: skip
    Case("transposed", features=16, packed=True, sizes=SELF)
    Case("cross", features=20, value_features=12, sizes=CROSS)
    Case("odd", heads=3, features=5, value_features=7, layout="bshd", sizes=CROSS)
    Case("wide_values", features=8, value_features=128, layout="bshd", sizes=CROSS)
    Case("grouped", heads=6, key_heads=2, features=16, value_features=8, sizes=CROSS)
    Case("static", heads=3, features=16, static=True, sizes=[(2, 19, 23)])
    Case("large", features=16, magnitude=8, scale=1.0, error=2e-5)


def keep_operand(sizes, random):
    keep = random.integers(0, 3, (sizes.B, sizes.T))
    keep[-1, sizes.T // 2 :] = 0
    return keep


def no_keep(sizes, random):
    """The first batch has no key at all."""
    keep = random.integers(0, 2, (sizes.B, sizes.T)).astype(bool)
    keep[0] = False
    return keep


def lengths(sizes, random):
    lengths = random.integers(0, sizes.T + 2, sizes.B)
    lengths[0] = [0, 1 << 40][sizes.S % 2]
    return lengths


KEEP = (("batch", "keys"), "i64", keep_operand)
NO_KEEP = (("batch", "keys"), "i1", no_keep)
LENGTHS = (("batch",), "i64", lengths)
DOCUMENTS = (("batch", "keys"), "i32",
             lambda z, random: np.sort(random.integers(0, 3, (z.B, z.T)).astype(np.int32)))  # fmt: skip


def at_keys(operand):
    """An operand [batch, keys] as one that broadcasts to scores."""
    return operand[:, None, None, :]


def at_queries(operand, sizes):
    """What an operand [batch, keys] has at each query's own place."""
    place = np.maximum(sizes.end[0, 0, :, 0], 0)
    return operand[:, place][:, None, :, None]


def masks():
    keep = lambda z, m: at_keys(m[0]) != 0
    causal = lambda z: z.j <= z.i
    to_end = lambda z: z.j <= z.end
    window = lambda z, n: (z.j <= z.end) & (z.j > z.end - n)
    shown = lambda z, l: z.j < l[:, None, None, None]
    sizes = SOME + [(1, 130, 130), (1, 16, 70), (1, 70, 16)]
    Case("keep", mask="keep(%m0)", seen=keep, mask_operands=[KEEP], sizes=sizes)
    Case("no_keep", mask="keep(%m0)", seen=keep, mask_operands=[NO_KEEP], layout="bshd")
    Case("padding", mask="padding(%m0)", seen=lambda z, m: shown(z, m[0]),
         mask_operands=[LENGTHS], sizes=sizes)  # fmt: skip
    Case("causal", mask="causal", seen=lambda z, m: causal(z), sizes=sizes)
    Case("causal_to_end", mask="causal_to_end", seen=lambda z, m: to_end(z), sizes=sizes)
    Case("window", mask="window(20)", seen=lambda z, m: window(z, 20), sizes=sizes)
    Case("window1", mask="window(1)", seen=lambda z, m: window(z, 1), layout="bshd")
    Case("prefix", mask="prefix(5)", seen=lambda z, m: z.j < 5)
    Case("prefix_or_causal", mask="prefix(5) or causal",
         seen=lambda z, m: (z.j < 5) | causal(z), sizes=sizes)  # fmt: skip
    Case("causal_and_keep", mask="causal and keep(%m0)", layout="bshd",
         seen=lambda z, m: causal(z) & keep(z, m), mask_operands=[KEEP], sizes=sizes)  # fmt: skip
    Case("document", mask="document(%m0)", mask_operands=[DOCUMENTS],
         seen=lambda z, m: (z.end >= 0) & (at_queries(m[0], z) == at_keys(m[0])))  # fmt: skip
    Case("everything", heads=4, key_heads=2, layout="bshd",
         mask="padding(%m0) and (causal_to_end and keep(%m1) or window(3) "
              "and document(%m2) or prefix(2))",
         seen=lambda z, m: shown(z, m[0]) & (
             to_end(z) & (at_keys(m[1]) != 0)
             | window(z, 3) & (z.end >= 0) & (at_queries(m[2], z) == at_keys(m[2]))
             | (z.j < 2)),
         mask_operands=[LENGTHS, KEEP, DOCUMENTS])  # fmt: skip


def poison():
    """NaN and infinity in keys and values that are not seen stay there."""
    sizes = SOME + [(1, 70, 70), (2, 16, 70)]
    options = dict(poison=True, sizes=sizes, features=20)
    Case("padding", mask="padding(%m0)", mask_operands=[LENGTHS],
         seen=lambda z, m: z.j < m[0][:, None, None, None], **options)  # fmt: skip
    Case("keep", mask="keep(%m0)", mask_operands=[KEEP], weights=True,
         seen=lambda z, m: at_keys(m[0]) != 0, **options)  # fmt: skip
    Case("causal", mask="causal", seen=lambda z, m: z.j <= z.i, **options)
    Case("window", mask="window(20)", weights=True,
         seen=lambda z, m: (z.j <= z.end) & (z.j > z.end - 20), **options)  # fmt: skip
    Case("window_and_padding", mask="window(20) and padding(%m0)", mask_operands=[LENGTHS],
         seen=lambda z, m: (z.j <= z.end) & (z.j > z.end - 20) & (z.j < m[0][:, None, None, None]),
         **options)  # fmt: skip
    Case("document", mask="document(%m0)", mask_operands=[DOCUMENTS], **options,
         seen=lambda z, m: (z.end >= 0) & (at_queries(m[0], z) == at_keys(m[0])))  # fmt: skip
    Case("causal_document_cosine", similarity="cosine", mask="causal_to_end and document(%m0)",
         mask_operands=[DOCUMENTS], **options,
         seen=lambda z, m: (z.j <= z.end) & (z.end >= 0) & (at_queries(m[0], z) == at_keys(m[0])))  # fmt: skip


def long():
    """More keys than the scores of a block have room for, and single queries."""
    sizes = [(1, 9, 2100), (2, 1, 1030), (1, 700, 700)]
    padding = dict(mask_operands=[LENGTHS], features=16, sizes=sizes, threads=3)
    shown = lambda z, m: z.j < m[0][:, None, None, None]
    Case("full", features=16, sizes=sizes, layout="bshd", threads=3)
    Case("padded", mask="padding(%m0)", seen=shown, **padding)
    Case("causal", mask="causal_to_end and padding(%m0)", **padding,
         seen=lambda z, m: (z.j <= z.end) & shown(z, m))  # fmt: skip
    Case("window", mask="window(100)", features=16, sizes=sizes,
         seen=lambda z, m: (z.j <= z.end) & (z.j > z.end - 100))  # fmt: skip
    Case("documents", mask="document(%m0) and keep(%m1)", features=8, sizes=sizes,
         mask_operands=[DOCUMENTS, KEEP],
         seen=lambda z, m: (z.end >= 0) & (at_queries(m[0], z) == at_keys(m[0])) & (at_keys(m[1]) != 0))  # fmt: skip
    Case("static_window", mask="window(20)", features=16, sizes=[(2, 60, 90)], static=True,
         seen=lambda z, m: (z.j <= z.end) & (z.j > z.end - 20))  # fmt: skip
    decode = dict(static=True, heads=6, key_heads=2)
    Case("decode", features=24, value_features=20, sizes=[(2, 1, 5000)], mask="padding(%m0)",
         seen=shown, mask_operands=[LENGTHS], layout="bshd", **decode)  # fmt: skip
    Case("decode_cosine", features=64, sizes=[(1, 1, 37)], similarity="cosine", scale=4.0,
         bias=("keys",), bias_shape=lambda z: (z.T,), **decode)  # fmt: skip
    Case("decode_general", features=6, sizes=[(3, 1, 300)], similarity="general", error=4e-6, **decode)
    Case("decode_additive", features=6, sizes=[(1, 1, 90)], similarity="additive", **decode)
    Case("two_queries", features=16, sizes=[(1, 2, 90)], mask="causal_to_end",
         seen=lambda z, m: z.j <= z.end, static=True)  # fmt: skip
    Case("decode_double", element="f64", error=1e-12, features=16, sizes=[(1, 1, 2100)], static=True)


SOFT_CAP = """
    %cap = arith.constant 2.0 : f32
    %x = arith.divf %s, %cap : f32
    %y = math.tanh %x : f32
    %z = arith.mulf %y, %cap : f32
    graph.yield %z : f32"""
ALIBI = """
    %distance = arith.subi %i, %j : index
    %integer = arith.index_cast %distance : index to i64
    %number = arith.sitofp %integer : i64 to f32
    %slope = tensor.extract %t0[%h] : tensor<2xf32>
    %penalty = arith.mulf %slope, %number : f32
    %y = arith.subf %s, %penalty : f32
    graph.yield %y : f32"""
# T5's relative bias, two-way: 8 buckets a side, from distance 4 on of growing
# size, 128 and more in the last one. Logarithms are f64, because a bucket begins
# where one is whole.
T5 = """
    %one = arith.constant 1 : index
    %zero = arith.constant 0 : index
    %exact = arith.constant 4 : index
    %last = arith.constant 7 : index
    %side = arith.constant 8 : index
    %ahead = arith.subi %j, %i : index
    %back = arith.subi %i, %j : index
    %n = arith.maxsi %ahead, %back : index
    %n1 = arith.maxsi %n, %one : index
    %integer = arith.index_cast %n1 : index to i64
    %number = arith.sitofp %integer : i64 to f64
    %quarter = arith.constant 0.25 : f64
    %ratio = arith.mulf %number, %quarter : f64
    %log = math.log2 %ratio : f64
    %factor = arith.constant 0.8 : f64
    %little = arith.constant 1.0e-9 : f64
    %steps = math.fma %log, %factor, %little : f64
    %whole = arith.fptosi %steps : f64 to i64
    %step = arith.index_cast %whole : i64 to index
    %far = arith.addi %step, %exact : index
    %most = arith.minsi %far, %last : index
    %near = arith.cmpi slt, %n, %exact : index
    %own = arith.select %near, %n, %most : index
    %later = arith.cmpi sgt, %ahead, %zero : index
    %other = arith.select %later, %side, %zero : index
    %bucket = arith.addi %own, %other : index
    %bias = tensor.extract %t0[%bucket, %h] : tensor<16x2xf32>
    %y = arith.addf %s, %bias : f32
    graph.yield %y : f32"""
# A table by distance, cut off: what a relative bias is that was tabulated.
BY_DISTANCE = """
    %most = arith.constant 9 : index
    %least = arith.constant -9 : index
    %ahead = arith.subi %j, %i : index
    %low = arith.maxsi %ahead, %least : index
    %cut = arith.minsi %low, %most : index
    %place = arith.addi %cut, %most : index
    %bias = tensor.extract %t0[%h, %place] : tensor<2x19xf32>
    %y = arith.addf %s, %bias : f32
    graph.yield %y : f32"""
# Anything: blocks of four, a power, a logarithm, comparisons of floats.
MADE_UP = """
    %four = arith.constant 4 : index
    %u = arith.floordivsi %i, %four : index
    %w = arith.floordivsi %j, %four : index
    %apart = arith.subi %u, %w : index
    %integer = arith.index_cast %apart : index to i64
    %distance = math.absi %integer : i64
    %number = arith.sitofp %distance : i64 to f32
    %log = math.log1p %number : f32
    %half = arith.constant -0.5 : f32
    %decay = arith.mulf %log, %half : f32
    %power = math.exp2 %decay : f32
    %scaled = arith.mulf %s, %power : f32
    %top = arith.constant 1.0 : f32
    %high = arith.cmpf ogt, %scaled, %top : f32
    %root = math.sqrt %scaled : f32
    %y = arith.select %high, %root, %scaled : f32
    graph.yield %y : f32"""
OWN = """
    %far = tensor.extract %t0[%b, %j] : {0}
    %zero = arith.constant 0 : i64
    %is = arith.cmpi sgt, %far, %zero : i64
    %half = arith.constant 0.5 : f32
    %less = arith.mulf %s, %half : f32
    %y = arith.select %is, %s, %less : f32
    graph.yield %y : f32"""


def t5_bucket(ahead):
    """By comparing whole numbers."""
    n = abs(ahead)
    own = np.minimum(n, 4)
    for k in range(1, 4):
        # n^4 4^k >= 4^4 128^k: log(n/4) / log(128/4) * 4 >= k.
        own = own + (n.astype(object) ** 4 * 4**k >= 4**4 * 128**k)
    return own.astype(int) + np.where(ahead > 0, 8, 0)


def made_up(s, z, t):
    power = 2 ** (-0.5 * np.log1p(abs(z.i // 4 - z.j // 4)))
    scaled = s * power
    return np.where(scaled > 1, np.sqrt(np.maximum(scaled, 0)), scaled)


def scores():
    """Biases, formulas and similarities."""
    keep = dict(mask="keep(%m0)", mask_operands=[KEEP], seen=lambda z, m: at_keys(m[0]) != 0)
    Case("bias", bias=("batch", 2, "seq", "keys"), bias_shape=lambda z: (z.B, 2, z.S, z.T))
    Case("bias_of_heads", bias=(2, 1, "keys"), bias_shape=lambda z: (2, 1, z.T), **keep)
    Case("bias_of_queries", bias=("seq", 1), bias_shape=lambda z: (z.S, 1),
         mask="causal", seen=lambda z, m: z.j <= z.i, layout="bshd")  # fmt: skip
    Case("soft_cap", score=SOFT_CAP, magnitude=2, apply=lambda s, z, t: 2 * np.tanh(s / 2))
    Case("alibi", score=ALIBI, layout="bshd",
         tables=[((2,), "f32", lambda z, random: np.float32([0.5, 0.25]))],
         apply=lambda s, z, t: s - t[0][z.h] * (z.i - z.j), **keep)  # fmt: skip
    Case("t5", score=T5, tables=[((16, 2), "f32", lambda z, random: 3 * random.standard_normal((16, 2)).astype("f"))],
         apply=lambda s, z, t: s + t[0][t5_bucket(z.j - z.i), z.h], sizes=SOME + [(1, 150, 150)])  # fmt: skip
    Case("by_distance", score=BY_DISTANCE, layout="bshd", mask="causal_to_end", seen=lambda z, m: z.j <= z.end,
         tables=[((2, 19), "f32", lambda z, random: random.standard_normal((2, 19)).astype("f"))],
         apply=lambda s, z, t: s + t[0][z.h, np.clip(z.j - z.i, -9, 9) + 9])  # fmt: skip
    Case("made_up", score=MADE_UP, apply=made_up, features=12)
    far = Case("own", apply=lambda s, z, t: np.where(at_keys(t[0]) > 0, s, s / 2), tables=[KEEP],
               bias=(1,), bias_shape=lambda z: (1,))  # fmt: skip
    far.score = OWN.format(far.tensor("batch", "keys", element="i64"))
    Case("cosine", similarity="cosine", scale=5.0, features=12)
    Case("general", similarity="general", features=12, error=4e-6, **keep)
    Case("additive", similarity="additive", features=12, hidden=10, scale=1.0, layout="bshd", **keep)
    Case("additive_bias", similarity="additive", hidden=16, scale=0.5, heads=4, key_heads=2,
         bias=("seq", "keys"), bias_shape=lambda z: (z.S, z.T))  # fmt: skip


def weights():
    """The weights as a second result."""
    Case("plain", features=16, weights=True, sizes=SELF, threads=3)
    Case("cross", features=20, value_features=12, weights=True, sizes=CROSS, layout="bshd")
    Case("grouped", heads=6, key_heads=2, features=16, weights=True, sizes=CROSS,
         mask="causal_to_end and padding(%m0)", mask_operands=[LENGTHS],
         seen=lambda z, m: (z.j <= z.end) & (z.j < m[0][:, None, None, None]))  # fmt: skip
    Case("static", heads=3, features=16, static=True, sizes=[(2, 19, 23)], weights=True)
    Case("half", element="f16", features=16, error=2e-3, weights=True)
    Case("additive", similarity="additive", features=12, hidden=10, scale=1.0, weights=True,
         bias=("batch", 2, "seq", "keys"), bias_shape=lambda z: (z.B, 2, z.S, z.T))  # fmt: skip


def narrow():
    """Products of bf16: what two words multiply, with and without whole vectors
    of them, whatever hides keys. Each number is rounded to 8 bits."""
    options = dict(narrow=True, error=1.5e-2)
    keep = dict(mask="keep(%m0)", mask_operands=[KEEP], seen=lambda z, m: at_keys(m[0]) != 0)
    sizes = SOME + [(1, 130, 130), (1, 16, 70), (1, 600, 600)]
    window = lambda z: (z.j <= z.end) & (z.j > z.end - 20)
    Case("minilm", heads=12, features=32, scale=32**-0.5, layout="bshd", packed=True,
         sizes=SELF, threads=3, mask="keep(%m0)", seen=keep["seen"],
         mask_operands=[(("batch", "seq"), "i64", keep_operand)], **options)  # fmt: skip
    Case("features64", features=64, scale=0.125, sizes=sizes, **options)
    Case("features20", features=20, value_features=12, sizes=CROSS, **options)
    Case("static", heads=3, features=16, static=True, sizes=[(2, 19, 23)], **options)
    Case("causal", features=32, scale=0.2, mask="causal", seen=lambda z, m: z.j <= z.i,
         heads=4, key_heads=2, sizes=sizes, **options)  # fmt: skip
    Case("window_and_padding", mask="window(20) and padding(%m0)", mask_operands=[LENGTHS],
         seen=lambda z, m: window(z) & (z.j < m[0][:, None, None, None]), sizes=SOME,
         poison=True, features=20, **options)  # fmt: skip
    Case("document", mask="document(%m0)", mask_operands=[DOCUMENTS], features=16,
         poison=True, seen=lambda z, m: (z.end >= 0) & (at_queries(m[0], z) == at_keys(m[0])),
         **options)  # fmt: skip
    Case("cosine", similarity="cosine", scale=5.0, features=12,
         bias=("batch", 2, "seq", "keys"), bias_shape=lambda z: (z.B, 2, z.S, z.T), **options)  # fmt: skip
    Case("general", similarity="general", features=12, scale=0.1, **keep, **options)
    # No pairs of features, no vectors of values: products of f32.
    Case("odd", features=5, value_features=8, narrow=True)
    Case("odd_values", features=8, value_features=7, narrow=True)


def elements():
    """Other element types; computed in f32 or f64."""
    Case("half", element="f16", features=16, error=2e-3)
    Case("double", element="f64", features=16, error=1e-12, layout="bshd", sizes=SELF,
         mask="causal and keep(%m0)", mask_operands=[KEEP],
         seen=lambda z, m: (z.j <= z.i) & (at_keys(m[0]) != 0))  # fmt: skip


def some():
    """One case of each kind, for another target."""
    keep = dict(mask="causal and keep(%m0)", mask_operands=[KEEP],
                seen=lambda z, m: (z.j <= z.i) & (at_keys(m[0]) != 0))  # fmt: skip
    Case("minilm", heads=12, features=32, scale=32**-0.5, layout="bshd", packed=True, sizes=SELF)
    Case("odd", heads=3, features=20, value_features=7, sizes=CROSS)
    Case("masked", heads=4, key_heads=2, features=64, **keep)
    Case("general", similarity="general", features=12, error=4e-6, **keep)
    Case("causal", features=32, mask="causal", seen=lambda z, m: z.j <= z.i)
    Case("window", mask="window(20)", layout="bshd",
         seen=lambda z, m: (z.j <= z.end) & (z.j > z.end - 20))  # fmt: skip


# ===----------------------------------------------------------------------=== #


def run_kernels(case, program, runs):
    """The results of all runs on one thread, and on the case's. Each kernel is
    compiled once; one takes what those in front of it gave."""
    done, kernels = {}, ["attention"]
    if case.weights:
        kernels = ["attention_weights", "attention_values"]
    for name in kernels:
        calls = []

        def invoke(kernel, inputs, outputs):
            if kernel in done:
                return done[kernel][len(calls)]
            if kernel.startswith(name):
                calls.append((kernel, inputs, outputs))
            return [np.zeros(shape) for shape in outputs]

        for arguments, _ in runs:
            program.run(case.name, arguments, {}, invoke)
        (kernel,) = {kernel for kernel, *_ in calls}
        calls = [call[1:] for call in calls]
        done[kernel] = program.invoke_each(kernel, calls, threads=1)
        if case.threads:
            # The same bits, whatever the threads.
            for one, several in zip(done[kernel], program.invoke_each(kernel, calls, threads=case.threads)):
                assert (one[0] == several[0]).all(), f"depends on threads: {kernel}"
    results = list(zip(*done.values()))
    # The kernel of the weights comes first, its result last.
    return [[array for (array,) in reversed(given)] for given in results]


def check(case, program):
    """The worst error of a case, in parts of what is allowed."""
    runs = [case.run(size) for size in case.sizes]
    worst = 0
    for (_, wanted), given in zip(runs, run_kernels(case, program, runs)):
        for want, result in zip(wanted, given):
            result = result.astype(np.float64)
            assert result.shape == want.shape, (result.shape, want.shape)
            known = ~np.isnan(want)
            result, want = result[known], want[known]
            if not want.size:
                continue
            # Not NaN: it would pass a comparison by max.
            error = np.abs(result - want) / (case.error * max(1, np.abs(want).max()))
            worst = max(worst, error.max() if np.isfinite(error).all() else np.inf)
            # A query that sees nothing gives zero and nothing else.
            if (result[want == 0] != 0).any():
                worst = np.inf
    return worst


def main(family, target, temporary):
    globals()[family]()
    functions = "".join(case.graph() for case in cases)
    program = HostProgram(functions, target, temporary)
    failed = 0
    for case in cases:
        error = check(case, program)
        failed += error > 1
        print(case.name, "right" if error <= 1 else f"WRONG: {error} times what is allowed")
    return 1 if failed else 0


sys.exit(main(*sys.argv[1:]))
