"""Compares linear layers with NumPy, in double precision.

usage: linear.py TARGET TEMPORARY [quantized]

With `quantized` the cases are those with weights of integers; else all others.
Every part of the epilogue stands in some case, and every case is run with
numbers of rows below, at and beyond multiples of tiles and blocks. Prints one
line a case and exits 1 if one is wrong.
"""

import math
import sys

import numpy as np

from host_program import HostProgram, quantize, round_bf16

ROWS = [1, 3, 4, 5, 8, 9, 16, 17, 37, 128, 129]
EPS = 1e-3
random = np.random.default_rng(5)

erf = np.vectorize(math.erf)
sigmoid = lambda x: 1 / (1 + np.exp(-x))  # noqa: E731
ACTIVATIONS = {
    "none": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "gelu_erf": lambda x: x / 2 * (1 + erf(x / 2**0.5)),
    "gelu_tanh": lambda x: x / 2
    * (1 + np.tanh((2 / np.pi) ** 0.5 * (x + 0.044715 * x**3))),
    "silu": lambda x: x * sigmoid(x),
    "tanh": np.tanh,
    "sigmoid": sigmoid,
}  # fmt: skip


class Case:
    def __init__(self, name, depth, columns, *, activation="none", bias=True,
                 residual=False, norm=None, shift=True, transposed=True,
                 element="f32", stored=None, infinite=False, computed=False,
                 error=2e-6):  # fmt: skip
        self.name, self.depth, self.columns = name, depth, columns
        self.activation, self.residual, self.norm = activation, residual, norm
        self.transposed, self.element = transposed, element
        self.computed, self.error = computed, error
        # The weight's own type, and whether a row ends in infinity.
        self.stored, self.infinite = stored or element, infinite
        dtype = np.float16 if element == "f16" else np.float32
        self.dtype = dtype
        shape = (columns, depth) if transposed else (depth, columns)
        vector = lambda: random.standard_normal(columns).astype(dtype)  # noqa: E731
        self.weights = {
            "w": (random.standard_normal(shape) / depth**0.5).astype(dtype)
        }
        if self.stored == "bf16":
            self.weights["w"] = round_bf16(self.weights["w"])
        elif self.stored == "f16":
            self.weights["w"] = self.weights["w"].astype(np.float16)
        if bias:
            self.weights["b"] = vector()
        if norm:
            self.weights["g"] = vector()
            if shift:
                self.weights["s"] = vector()

    def text(self):
        e = self.element
        types = {
            "x": f"tensor<?x{self.depth}x{e}, #graph.dims<rows, _>>",
            "y": f"tensor<?x{self.columns}x{e}, #graph.dims<rows, _>>",
        }
        body = ""
        for name, array in self.weights.items():
            extents = "x".join(map(str, array.shape))
            stored = self.stored if name == "w" and self.stored != "i8" else e
            types[name] = f"tensor<{extents}x{stored}>"
            body += f'  %{name} = graph.weight "{name}" : {types[name]}\n'
        used = ["x", "w"]
        if self.computed:
            # A weight that kernels have to pack.
            body += f"  %v = graph.neg %w : {types['w']}\n"
            types["v"], used[1] = types["w"], "v"
        if self.stored == "i8":
            types["q"] = types["w"].replace("f32", "i8")
            types["c"] = f"tensor<{self.columns}xf32>"
            body += (
                f"  %q, %c = graph.quantize %w axis({1 - self.transposed})\n"
                f"      : ({types['w']}) -> ({types['q']}, {types['c']})\n"
            )
            used[1] = "q"
        line = f"  %y = graph.linear %x, %{used[1]}"

        def clause(keyword, name):
            used.append(name)
            return f" {keyword}(%{name})"

        if self.stored == "i8":
            line += clause("quantized", "c")
        if "b" in self.weights:
            line += clause("bias", "b")
        line += f" activation({self.activation})"
        arguments = f"%x: {types['x']}"
        if self.residual:
            types["r"] = types["y"]
            arguments += f", %r: {types['r']}"
            line += clause("residual", "r")
        if self.norm:
            line += f" norm({self.norm})" + clause("scale", "g")
            if "s" in self.weights:
                line += clause("shift", "s")
            line += f" eps({EPS})"
        if self.transposed:
            line += " {transpose_weight}"
        line += f"\n      : ({', '.join(types[u] for u in used)}) -> {types['y']}"
        return (
            f"func.func @{self.name}({arguments}) -> {types['y']} {{\n"
            f"{body}{line}\n  return %y : {types['y']}\n}}\n"
        )

    def make_inputs(self, rows):
        inputs = [random.standard_normal((rows, self.depth))]
        if self.infinite:
            inputs[0][0, -1] = np.inf
        if self.residual:
            inputs.append(random.standard_normal((rows, self.columns)))
        return [i.astype(self.dtype) for i in inputs]

    def multiply_integers(self, target, x, matrix):
        weight, weight_scales = quantize(matrix.T)
        finite = np.isfinite(x).all(1)
        x = np.where(finite[:, None], x, 0)
        # One number stays.
        rows, places = np.arange(len(x)), abs(x).argmax(1)
        singles, others = x[rows, places].astype(np.float64), x.copy()
        others[rows, places] = 0
        # Where there is no FMA, a product is rounded by itself.
        integers, scales = quantize(others, fused=target != "x86-64-v2")
        y = (integers @ weight.T) * scales[:, None].astype(np.float64)
        y = (y + singles[:, None] * weight.T[places]) * weight_scales
        return np.where(finite[:, None], y, np.nan)

    def expected(self, target, x, residual=None):
        w = {name: a.astype(np.float64) for name, a in self.weights.items()}
        matrix = w["w"].T if self.transposed else w["w"]
        if self.stored == "bf16" and target == "zen4":
            # There, rows are rounded as well.
            x = np.where(np.isfinite(x), round_bf16(x), x)
        y = x.astype(np.float64) @ (-matrix if self.computed else matrix)
        if self.stored == "i8":
            y = self.multiply_integers(target, x, matrix)
        y = ACTIVATIONS[self.activation](y + w.get("b", 0))
        if residual is not None:
            y = y + residual
        if self.norm:
            if self.norm == "layer":
                y = y - y.mean(1, keepdims=True)
            y = y / np.sqrt((y**2).mean(1, keepdims=True) + EPS)
            y = y * w["g"] + w.get("s", 0)
        return y


CASES = [
    Case("plain", 33, 192),
    Case("relu", 20, 100, activation="relu", bias=False, residual=True),
    Case("gelu_erf", 31, 72, activation="gelu_erf", transposed=False),
    Case("gelu_tanh", 7, 30, activation="gelu_tanh", residual=True),
    Case("layer", 20, 192, residual=True, norm="layer"),
    Case("silu", 13, 77, activation="silu", residual=True, norm="layer", shift=False),
    Case("rms", 20, 5, activation="tanh", norm="rms", shift=False),
    Case("sigmoid", 1, 1, activation="sigmoid", norm="rms"),
    Case("single", 40, 1),
    # Errors of a sum grow with the root of its length.
    Case("deep", 3000, 70, bias=False, error=1e-5),
    Case("computed", 33, 70, computed=True),
    Case("narrow", 24, 96, activation="gelu_erf", residual=True, norm="layer",
         element="f16", error=4e-3),
    Case("bf16", 32, 192, stored="bf16"),
    Case("bf16_odd", 33, 100, stored="bf16", transposed=False, residual=True),
    Case("bf16_infinite", 7, 24, stored="bf16", infinite=True),
    Case("bf16_one", 1, 1, stored="bf16", bias=False),
    Case("bf16_norm", 31, 200, stored="bf16", activation="gelu_erf",
         residual=True, norm="layer"),
    Case("bf16_deep", 3000, 70, stored="bf16", error=1e-5),
    Case("f16_weight", 33, 100, stored="f16", activation="gelu_tanh"),
    Case("f16_norm", 20, 192, stored="f16", residual=True, norm="rms"),
    Case("i8", 128, 192, stored="i8"),
    Case("i8_odd", 33, 100, stored="i8", transposed=False, residual=True),
    Case("i8_infinite", 7, 24, stored="i8", infinite=True),
    Case("i8_one", 1, 1, stored="i8", bias=False),
    Case("i8_two", 130, 30, stored="i8", activation="gelu_tanh"),
    Case("i8_norm", 31, 200, stored="i8", activation="gelu_erf", residual=True,
         norm="layer"),
    Case("i8_deep", 3000, 70, stored="i8"),
]  # fmt: skip


def main(target, temporary, kind=""):
    wanted = [case for case in CASES if (case.stored == "i8") == bool(kind)]
    # Their rows pass through a kernel of their own, each time.
    counts = [1, 4, 9, 37, 129] if kind else ROWS
    functions = "".join(case.text() for case in wanted)
    program = HostProgram(functions, target, temporary)
    failed = 0
    for case in wanted:
        inputs = [case.make_inputs(rows) for rows in counts]
        kernel, calls = program.record(case.name, inputs, case.weights, "linear")
        results = program.invoke_each(kernel, calls)
        worst = 0
        for arrays, (result,) in zip(inputs, results):
            want = case.expected(target, *arrays)
            assert result.shape == want.shape
            with np.errstate(invalid="ignore"):
                error = np.abs(result - want) / np.maximum(1, np.abs(want))
            error[result == want] = 0
            error[np.isnan(want) & ~np.isfinite(result)] = 0
            worst = np.maximum(worst, error.max())
        # Written so that a NaN is wrong.
        right = worst <= case.error
        failed += not right
        print(case.name, f"{worst:.1e}", "right" if right else "WRONG")
    return 1 if failed else 0


sys.exit(main(*sys.argv[1:]))
