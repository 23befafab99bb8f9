"""Writes a BERT sentence encoder as an ONNX model, for the peers.

The nodes are those that PyTorch's exporter writes at opset 17 for this model,
in its order and with dynamic batch and sequence: what the peers' own fusions are
made to recognise. Only the benchmark uses this; Sylvite reads the folder.
"""

import json
import pathlib
import struct

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def read_safetensors(path):
    """The f32 tensors of a safetensors file, by name."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = np.frombuffer(data[begin:end], np.float32).reshape(
            entry["shape"]
        )
    return tensors


class Graph:
    """Nodes and initializers in the order in which they are added."""

    def __init__(self):
        self.nodes, self.initializers = [], []

    def constant(self, name, array):
        self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def number(self, value, dtype=np.float32):
        return self.constant(f"number_{len(self.initializers)}", np.array(value, dtype))

    def add(self, op, *inputs, outputs=1, **attributes):
        names = [f"{op}_{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(op, inputs, names, names[0], **attributes))
        return names[0] if outputs == 1 else names


def dense(graph, x, tensors, path):
    """x W^T + b; the weight is stored transposed, as exporters do."""
    weight = graph.constant(
        path + ".weight_t", np.ascontiguousarray(tensors[path + ".weight"].T)
    )
    bias = graph.constant(path + ".bias", tensors[path + ".bias"])
    return graph.add("Add", bias, graph.add("MatMul", x, weight))


def layer_norm(graph, x, tensors, path, epsilon):
    weight = graph.constant(path + ".weight", tensors[path + ".weight"])
    bias = graph.constant(path + ".bias", tensors[path + ".bias"])
    return graph.add(
        "LayerNormalization", x, weight, bias, axis=-1, epsilon=epsilon
    )


def embeddings(graph, tensors, config):
    path = "embeddings."
    table = lambda name: graph.constant(
        path + name, tensors[f"{path}{name}_embeddings.weight"]
    )
    words = graph.add("Gather", table("word"), "input_ids")
    types = graph.add("Gather", table("token_type"), "token_type_ids")
    shape = graph.add("Shape", "input_ids")
    length = graph.add("Gather", shape, graph.number(1, np.int64), axis=0)
    ids = graph.constant(
        "position_ids", np.arange(config["max_position_embeddings"])[None]
    )
    axis = graph.constant("axis_0", np.array([0], np.int64))
    end = graph.add("Unsqueeze", length, axis)
    columns = graph.constant("axis_1", np.array([1], np.int64))
    step = graph.constant("step", np.array([1], np.int64))
    positions = graph.add("Slice", ids, axis, end, columns, step)
    x = graph.add("Add", words, types)
    x = graph.add("Add", x, graph.add("Gather", table("position"), positions))
    return layer_norm(
        graph, x, tensors, path + "LayerNorm", config["layer_norm_eps"]
    )


def additive_mask(graph):
    """[batch, 1, 1, seq]: 0 for tokens, the lowest float for padding."""
    mask = "attention_mask"
    for axis in (1, 2):
        axes = graph.constant(f"mask_axis_{axis}", np.array([axis], np.int64))
        mask = graph.add("Unsqueeze", mask, axes)
    mask = graph.add("Cast", mask, to=TensorProto.FLOAT)
    padding = graph.add("Sub", graph.number(1), mask)
    return graph.add("Mul", padding, graph.number(np.finfo(np.float32).min))


def attention(graph, x, mask, tensors, path, config):
    heads = config["num_attention_heads"]
    features = config["hidden_size"] // heads
    split = graph.constant(path + ".split", np.array([0, 0, heads, features]))
    merge = graph.constant(path + ".merge", np.array([0, 0, heads * features]))

    def head(name, perm):
        y = dense(graph, x, tensors, f"{path}.self.{name}")
        return graph.add("Transpose", graph.add("Reshape", y, split), perm=perm)

    query, key = head("query", [0, 2, 1, 3]), head("key", [0, 2, 3, 1])
    value = head("value", [0, 2, 1, 3])
    scores = graph.add("MatMul", query, key)
    scores = graph.add("Div", scores, graph.number(np.sqrt(features)))
    weights = graph.add("Softmax", graph.add("Add", scores, mask), axis=-1)
    y = graph.add("Transpose", graph.add("MatMul", weights, value), perm=[0, 2, 1, 3])
    y = dense(graph, graph.add("Reshape", y, merge), tensors, path + ".output.dense")
    return layer_norm(
        graph, graph.add("Add", y, x), tensors, path + ".output.LayerNorm",
        config["layer_norm_eps"],
    )


def feed_forward(graph, x, tensors, path, config):
    y = dense(graph, x, tensors, path + ".intermediate.dense")
    inner = graph.add("Erf", graph.add("Div", y, graph.number(np.sqrt(2))))
    inner = graph.add("Add", inner, graph.number(1))
    y = graph.add("Mul", graph.add("Mul", y, inner), graph.number(0.5))
    y = dense(graph, y, tensors, path + ".output.dense")
    return layer_norm(
        graph, graph.add("Add", y, x), tensors, path + ".output.LayerNorm",
        config["layer_norm_eps"],
    )


def pool(graph, x):
    """The mean over tokens, divided by its length."""
    columns = graph.constant("last_axis", np.array([-1], np.int64))
    mask = graph.add("Unsqueeze", "attention_mask", columns)
    mask = graph.add("Cast", mask, to=TensorProto.FLOAT)
    rows = graph.constant("sequence_axis", np.array([1], np.int64))
    total = graph.add("ReduceSum", graph.add("Mul", x, mask), rows, keepdims=0)
    count = graph.add("ReduceSum", mask, rows, keepdims=0)
    count = graph.add("Max", count, graph.number(1e-9))
    mean = graph.add("Div", total, count)
    norm = graph.add("ReduceL2", mean, axes=[1], keepdims=1)
    norm = graph.add("Max", norm, graph.number(1e-12))
    return graph.add("Div", mean, norm)


def export(folder, path):
    """Writes the model of a Hugging Face FOLDER to PATH (.onnx)."""
    folder = pathlib.Path(folder)
    config = json.loads((folder / "config.json").read_text())
    tensors = read_safetensors(folder / "model.safetensors")
    graph = Graph()
    x = embeddings(graph, tensors, config)
    mask = additive_mask(graph)
    for layer in range(config["num_hidden_layers"]):
        name = f"encoder.layer.{layer}"
        x = attention(graph, x, mask, tensors, name + ".attention", config)
        x = feed_forward(graph, x, tensors, name, config)
    graph.nodes.append(helper.make_node("Identity", [pool(graph, x)], ["sentence_embedding"]))
    ids = lambda name: helper.make_tensor_value_info(
        name, TensorProto.INT64, ["batch", "seq"]
    )
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "bert",
            [ids("input_ids"), ids("attention_mask"), ids("token_type_ids")],
            [
                helper.make_tensor_value_info(
                    "sentence_embedding", TensorProto.FLOAT,
                    ["batch", config["hidden_size"]],
                )
            ],
            graph.initializers,
        ),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
    )
    onnx.checker.check_model(model)
    onnx.save(model, path)
