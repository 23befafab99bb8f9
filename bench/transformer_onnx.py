"""Writes the paper's Transformer as two ONNX models, for the peers.

`source.onnx` is all that a source needs once: the encoder, and the keys and
values that the decoder's layers take of it. `step.onnx` is one token of each
sentence: keys and values of the tokens before go in, and come out with one more,
as exporters of decoders do it; the next token is that of the largest logit. Only
the benchmark uses this; Sylvite builds the model itself.
"""

import numpy as np
import onnx
from bert_onnx import Graph, dense, layer_norm
from onnx import TensorProto, helper


class Model:
    """The weights and sizes of a model, and one graph under construction."""

    def __init__(self, tensors, layers, heads, epsilon):
        self.tensors, self.layers, self.heads = tensors, layers, heads
        self.features = tensors["embedding.weight"].shape[1]
        self.epsilon = epsilon
        self.graph = Graph()

    def add(self, op, *inputs, **attributes):
        return self.graph.add(op, *inputs, **attributes)

    def ints(self, *values):
        return self.graph.constant(
            f"ints_{len(self.graph.initializers)}", np.array(values, np.int64)
        )

    def dense(self, x, path):
        return dense(self.graph, x, self.tensors, path)

    def norm(self, x, path):
        return layer_norm(self.graph, x, self.tensors, path, self.epsilon)

    def embed(self, tokens, positions):
        """The factor is that of the table, which exporters fold as well."""
        table = self.tensors["embedding.weight"] * np.sqrt(self.features)
        table = self.graph.constant("table", table.astype(np.float32))
        return self.add("Add", self.add("Gather", table, tokens), positions)

    def positions(self, longest):
        """Sines at even channels, cosines at odd ones."""
        channels = np.arange(self.features)
        angles = np.arange(longest)[:, None] / 1e4 ** (
            (channels - channels % 2) / self.features
        )
        values = np.where(channels % 2, np.cos(angles), np.sin(angles))
        return self.graph.constant("positions", values.astype(np.float32))

    def project(self, x, path, begin, end):
        """Parts of the packed projection to queries, keys and values."""
        rows = slice(begin * self.features, end * self.features)
        weight = self.tensors[path + ".in_proj_weight"][rows].T
        bias = self.tensors[path + ".in_proj_bias"][rows]
        name = f"{path}.{begin}"
        weight = self.graph.constant(name + ".weight", np.ascontiguousarray(weight))
        product = self.add("MatMul", x, weight)
        y = self.add("Add", product, self.graph.constant(name + ".bias", bias))
        if end - begin == 1:
            return [y]
        sizes = self.ints(*[self.features] * (end - begin))
        return self.graph.add("Split", y, sizes, outputs=end - begin, axis=-1)

    def attend(self, queries, keys, values, mask):
        """KEYS are [batch, heads, features, keys]."""
        scale = np.sqrt(self.features // self.heads)
        scores = self.add("MatMul", queries, keys)
        scores = self.add("Div", scores, self.graph.number(scale))
        if mask:
            scores = self.add("Add", scores, mask)
        return self.add("MatMul", self.add("Softmax", scores, axis=-1), values)

    def feed_forward(self, x, path):
        return self.dense(self.add("Relu", self.dense(x, path + ".linear1")), path + ".linear2")

    def residual(self, x, y, path):
        return self.norm(self.add("Add", x, y), path)

    def save(self, path, inputs, outputs):
        """OUTPUTS are values by their names: the next tokens, and arrays."""
        results = []
        for name, value in outputs.items():
            self.graph.nodes.append(helper.make_node("Identity", [value], [name]))
            element, rank = (
                (TensorProto.INT64, 1) if name == "next" else (TensorProto.FLOAT, 4)
            )
            dims = [f"{name}_{axis}" for axis in range(rank)]
            results.append(helper.make_tensor_value_info(name, element, dims))
        model = helper.make_model(
            helper.make_graph(
                self.graph.nodes,
                "transformer",
                [helper.make_tensor_value_info(*item) for item in inputs],
                results,
                self.graph.initializers,
            ),
            opset_imports=[helper.make_opsetid("", 17)],
            ir_version=8,
        )
        onnx.checker.check_model(model)
        onnx.save(model, path)


def heads(model, x, perm):
    """[batch, rows, heads, features] in the order of PERM."""
    shape = model.ints(0, 0, model.heads, model.features // model.heads)
    return model.add("Transpose", model.add("Reshape", x, shape), perm=perm)


def export_source(model, path, longest):
    mask = model.add("Unsqueeze", "source_lengths", model.ints(1, 2, 3))
    shape = model.add("Shape", "source_ids")
    length = model.add("Gather", shape, model.graph.number(1, np.int64), axis=0)
    places = model.add("Range", model.graph.number(0, np.int64), length,
                       model.graph.number(1, np.int64))
    mask = model.add("Where", model.add("Less", places, mask), model.graph.number(0),
                     model.graph.number(np.finfo(np.float32).min))
    end = model.add("Unsqueeze", length, model.ints(0))
    positions = model.add("Slice", model.positions(longest), model.ints(0), end,
                          model.ints(0))
    x = model.embed("source_ids", positions)
    merge = model.ints(0, 0, model.features)
    for layer in range(model.layers):
        name = f"encoder.layers.{layer}"
        attention = name + ".self_attn"
        q, k, v = model.project(x, attention, 0, 3)
        y = model.attend(
            heads(model, q, [0, 2, 1, 3]), heads(model, k, [0, 2, 3, 1]),
            heads(model, v, [0, 2, 1, 3]), mask,
        )
        y = model.add("Reshape", model.add("Transpose", y, perm=[0, 2, 1, 3]), merge)
        x = model.residual(x, model.dense(y, attention + ".out_proj"), name + ".norm1")
        x = model.residual(x, model.feed_forward(x, name), name + ".norm2")
    memory = model.norm(x, "encoder.norm")
    outputs = {"mask": mask}
    for layer in range(model.layers):
        k, v = model.project(memory, f"decoder.layers.{layer}.multihead_attn", 1, 3)
        outputs[f"cross_key_{layer}"] = heads(model, k, [0, 2, 3, 1])
        outputs[f"cross_value_{layer}"] = heads(model, v, [0, 2, 1, 3])
    ids = ("source_ids", TensorProto.INT64, ["batch", "source"])
    model.save(path, [ids, ("source_lengths", TensorProto.INT64, ["batch"])], outputs)


def export_step(model, path, longest):
    width = model.features // model.heads
    positions = model.add("Gather", model.positions(longest), "position")
    x = model.embed("token", positions)
    split, merge = model.ints(0, model.heads, 1, width), model.ints(0, model.features)
    cache = ["batch", model.heads, "past", width]
    inputs = [
        ("token", TensorProto.INT64, ["batch"]),
        ("position", TensorProto.INT64, []),
        ("mask", TensorProto.FLOAT, ["batch", 1, 1, "source"]),
    ]
    outputs = {}
    for layer in range(model.layers):
        name = f"decoder.layers.{layer}"
        attention = name + ".self_attn"
        q, k, v = (model.add("Reshape", part, split)
                   for part in model.project(x, attention, 0, 3))
        keys = model.add("Concat", f"key_{layer}", k, axis=2)
        values = model.add("Concat", f"value_{layer}", v, axis=2)
        y = model.attend(q, model.add("Transpose", keys, perm=[0, 1, 3, 2]), values, None)
        y = model.dense(model.add("Reshape", y, merge), attention + ".out_proj")
        x = model.residual(x, y, name + ".norm1")
        attention = name + ".multihead_attn"
        (q,) = model.project(x, attention, 0, 1)
        y = model.attend(
            model.add("Reshape", q, split), f"cross_key_{layer}", f"cross_value_{layer}",
            "mask",
        )
        y = model.dense(model.add("Reshape", y, merge), attention + ".out_proj")
        x = model.residual(x, y, name + ".norm2")
        x = model.residual(x, model.feed_forward(x, name), name + ".norm3")
        source = ["batch", model.heads, "source", width]
        inputs += [
            (f"cross_key_{layer}", TensorProto.FLOAT, source[:2] + [width, "source"]),
            (f"cross_value_{layer}", TensorProto.FLOAT, source),
            (f"key_{layer}", TensorProto.FLOAT, cache),
            (f"value_{layer}", TensorProto.FLOAT, cache),
        ]
        outputs[f"next_key_{layer}"] = keys
        outputs[f"next_value_{layer}"] = values
    logits = model.dense(model.norm(x, "decoder.norm"), "output")
    outputs["next"] = model.add("ArgMax", logits, axis=-1, keepdims=0)
    model.save(path, inputs, outputs)
