"""Norms, activations, gated units, softmax."""

import numpy as np

from case import Case
from ir import exact, function, number, tensor, weight

FILES = "norms.npz"


class Text:
    """Texts of functions of x [batch, seq, features]."""

    def __init__(self, notes):
        self.features = notes["x"].shape[-1]
        self.hidden = notes["w1"].shape[1]
        self.x = tensor("batch", "seq", self.features)
        self.h = tensor("batch", "seq", self.hidden)
        self.v = tensor(self.features)
        self.eps = f"eps({number(exact(notes['eps']))})"

    def of_x(self, name, body, **inputs):
        """A function to %y of x's type."""
        return function(name, {"x": self.x} | inputs, {"y": self.x}, body)

    def unary(self, name, op):
        return self.of_x(name, f"  %y = graph.{op} : {self.x}\n")

    def norm(self, name, op, *vectors, residual=False, clauses=""):
        """A norm with vectors, and maybe the residual, as inputs."""
        inputs = {vector: self.v for vector in vectors}
        words = " ".join(f"{v if v not in RENAMED else RENAMED[v]}(%{v})" for v in vectors)
        types = [self.x] + [self.v] * len(vectors)
        if residual:
            inputs = {"residual": self.x} | inputs
            words = "residual(%residual) " + words
            types.insert(1, self.x)
        body = (
            f"  %y = graph.{op} %x {words} {clauses} {self.eps}\n"
            f"      : ({', '.join(types)}) -> {self.x}\n"
        )
        return self.of_x(name, body, **inputs)


# The clauses of inputs whose names are others.
RENAMED = {"weight": "scale", "running_mean": "mean", "running_var": "variance"}


def norm_texts(text):
    stored = ["running_mean", "running_var", "weight", "bias"]
    return {
        "layer_norm": text.norm("layer_norm", "layer_norm", "weight", "bias"),
        "rms_norm": text.norm("rms_norm", "rms_norm", "weight"),
        "residual_layer_norm": text.norm(
            "residual_layer_norm", "layer_norm", "weight", "bias", residual=True
        ),
        "batch_norm_features": text.norm(
            "batch_norm_features", "batch_norm", *stored, clauses="axis(2)"
        ),
        "batch_norm_batch_statistics": text.norm(
            "batch_norm_batch_statistics", "batch_norm", "weight", "bias",
            clauses="axis(2) over [0, 1]",
        ),
        "batch_norm_same_position": text.norm(
            "batch_norm_same_position", "batch_norm", "weight", "bias",
            clauses="axis(2) over [0]",
        ),
    }  # fmt: skip


def pointwise_texts(text):
    x = text.x
    return {
        "gelu_erf": text.unary("gelu_erf", "gelu %x"),
        "gelu_tanh": text.unary("gelu_tanh", "gelu %x tanh"),
        "silu": text.unary("silu", "silu %x"),
        "relu": text.unary("relu", "relu %x"),
        "sigmoid": text.unary("sigmoid", "sigmoid %x"),
        "quick_gelu": text.of_x(
            "quick_gelu",
            f"  %factor = graph.constant dense<1.702> : tensor<f32>\n"
            f"  %z = graph.mul %x, %factor : ({x}, tensor<f32>) -> {x}\n"
            f"  %s = graph.sigmoid %z : {x}\n"
            f"  %y = graph.mul %x, %s : ({x}, {x}) -> {x}\n",
        ),
        "softmax": text.unary("softmax", "softmax %x axis(2)"),
        "log_softmax": text.unary("log_softmax", "log_softmax %x axis(2)"),
        "softmax_axis1": text.unary("softmax_axis1", "softmax %x axis(1)"),
    }


def gated(text, notes, name, activation):
    """activation(h_1) h_2, with the halves of h = x W."""
    half = text.hidden // 2
    part = tensor("batch", "seq", half)
    body = weight("w1", notes["w1"]) + (
        f"  %h = graph.matmul %x, %w1 : ({text.x}, {tensor(*notes['w1'].shape)})"
        f" -> {text.h}\n"
        f"  %a = graph.slice %h axis(2) [0, {half}] : ({text.h}) -> {part}\n"
        f"  %b = graph.slice %h axis(2) [{half}, {2 * half}] : ({text.h}) -> {part}\n"
        f"  %g = graph.{activation} %a : {part}\n"
        f"  %y = graph.mul %g, %b : ({part}, {part}) -> {part}\n"
    )
    return function(name, {"x": text.x}, {"y": part}, body)


def norm_then_linear(text, notes):
    """Everything but x is trained, so that the norm goes into the layer."""
    names = ["running_mean", "running_var", "weight", "bias"]
    w1, b1 = (tensor(*notes[n].shape) for n in ("w1", "b1"))
    body = "".join(weight(n, notes[n]) for n in [*names, "w1", "b1"]) + (
        f"  %n = graph.batch_norm %x mean(%running_mean) variance(%running_var)\n"
        f"      scale(%weight) bias(%bias) axis(2) {text.eps}\n"
        f"      : ({', '.join([text.x] + [text.v] * 4)}) -> {text.x}\n"
        f"  %m = graph.matmul %n, %w1 : ({text.x}, {w1}) -> {text.h}\n"
        f"  %y = graph.add %m, %b1 : ({text.h}, {b1}) -> {text.h}\n"
    )
    return function("batch_norm_then_linear", {"x": text.x}, {"y": text.h}, body)


def cases(file):
    notes = np.load(file)
    text = Text(notes)
    trained = ["running_mean", "running_var", "weight", "bias", "w1", "b1"]
    weights = {name: notes[name] for name in trained}
    for name, function_text in (norm_texts(text) | pointwise_texts(text)).items():
        inputs = ["x", "residual", "weight", "bias", "running_mean", "running_var"]
        used = {n: notes[n] for n in inputs if f"%{n}: " in function_text}
        yield Case(name, used, {"y": f"out_{name}"}, text=function_text, graph=name)
    for name, activation in [("swiglu", "silu"), ("geglu", "gelu")]:
        yield Case(
            name,
            {"x": notes["x"]},
            {"y": f"out_{name}"},
            text=gated(text, notes, name, activation),
            graph=name,
            weights=weights,
        )
    yield Case(
        "batch_norm_then_linear",
        {"x": notes["x"]},
        {"y": "out_batch_norm_then_linear"},
        text=norm_then_linear(text, notes),
        graph="batch_norm_then_linear",
        weights=weights,
    )
