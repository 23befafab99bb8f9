"""Writes small ONNX models, most of them broken in one way.

usage: models.py FOLDER

Each function writes FOLDER/NAME.onnx.
"""

import pathlib
import sys

import numpy as np
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(sys.argv[1])
F32, I64 = TensorProto.FLOAT, TensorProto.INT64


def info(name, shape, type=F32):
    return helper.make_tensor_value_info(name, type, shape)


def model(nodes, inputs, outputs, weights=(), opset=21, **fields):
    graph = helper.make_graph(nodes, "g", inputs, outputs, weights)
    imports = [helper.make_opsetid("", opset), helper.make_opsetid("com.example", 1)]
    return helper.make_model(graph, opset_imports=imports, ir_version=10, **fields)


def save(name, proto):
    data = proto if isinstance(proto, bytes) else proto.SerializeToString()
    (FOLDER / f"{name}.onnx").write_bytes(data)


def weight(name, array):
    return numpy_helper.from_array(np.asarray(array, np.float32), name)


def external(name, shape, location, offset=None, length=None):
    tensor = TensorProto(name=name, data_type=F32, dims=shape,
                         data_location=TensorProto.EXTERNAL)
    for key, value in [("location", location), ("offset", offset), ("length", length)]:
        if value is not None:
            tensor.external_data.add(key=key, value=str(value))
    return tensor


def plain(weights=(), second="b"):
    """y = relu(x + b)."""
    nodes = [helper.make_node("Add", ["x", second], ["s"], name="sum"),
             helper.make_node("Relu", ["s"], ["y"])]
    return model(nodes, [info("x", ["batch", 4])], [info("y", ["batch", 4])], weights)


def main():
    node = helper.make_node
    x, y = info("x", ["batch", 4]), info("y", ["batch", 4])
    good = plain([weight("b", [1, 2, 3, 4])])
    save("good", good)
    save("truncated", good.SerializeToString()[:-20])
    save("text", b"this is no model at all")
    save("empty", b"")
    save("missing", plain())
    save("twice", plain([weight("b", [1] * 4), weight("b", [2] * 4)]))
    save("cycle", model([node("Add", ["x", "b"], ["a"], name="first"),
                         node("Neg", ["a"], ["b"], name="second"),
                         node("Relu", ["a"], ["y"])], [x], [y]))
    # In another order than they run, which is no error.
    save("unsorted", model([node("Relu", ["s"], ["y"]), node("Neg", ["x"], ["s"])],
                           [x], [y]))
    short = weight("b", [1, 2, 3, 4])
    short.raw_data = short.raw_data[:-4]
    save("short", plain([short]))
    odd = weight("b", [1, 2, 3, 4])
    odd.data_type = 99
    save("type", plain([odd]))
    huge = TensorProto(name="b", data_type=F32, dims=[1 << 40, 1 << 40])
    save("huge", plain([huge]))
    negative = TensorProto(name="b", data_type=F32, dims=[-4])
    save("negative", plain([negative]))
    save("mixed", model([node("Add", ["x", "i"], ["y"], name="sum")],
                        [x, info("i", [4], I64)], [y]))
    save("shapes", model([node("Add", ["x", "b"], ["y"], name="sum")], [x], [y],
                         [weight("b", [1, 2, 3])]))
    save("axis", model([node("Softmax", ["x"], ["y"], name="p", axis=7)], [x], [y]))
    save("nothing", model([], [x], [info("z", [4])]))
    save("opset", model([node("Neg", ["x"], ["y"])], [x], [y], opset=99))
    # All that is not supported, in one message.
    save("unsupported", model(
        [node("Foo", ["x"], ["a"], name="one", domain="com.example"),
         node("Neg", ["a"], ["b"]),
         node("Bar", ["x"], ["c"], name="two", domain="com.example"),
         node("Relu", ["x"], ["d"], name="three", slope=2.0),
         node("Sum", ["b", "c", "d"], ["y"])], [x], [y]))
    save("runtime-shape", model([node("Reshape", ["x", "shape"], ["y"], name="r")],
                                [x, info("shape", [2], I64)],
                                [info("y", [4, "batch"])]))
    # External data.
    (FOLDER / "inside.bin").write_bytes(np.arange(8, dtype=np.float32).tobytes())
    (FOLDER.parent / "outside.bin").write_bytes(bytes(64))
    save("external", plain([external("b", [4], "inside.bin", 16, 16)]))
    save("external-end", plain([external("b", [4], "inside.bin", 20)]))
    save("external-length", plain([external("b", [4], "inside.bin", 0, 12)]))
    save("external-up", plain([external("b", [4], "../outside.bin")]))
    save("external-absolute", plain([external("b", [4], "/etc/hostname")]))
    save("external-none", plain([external("b", [4], "nowhere.bin")]))
    save("external-offset", plain([external("b", [4], "inside.bin", "-4")]))
    link = FOLDER / "link.bin"
    link.unlink(missing_ok=True)
    link.symlink_to(FOLDER.parent / "outside.bin")
    save("external-link", plain([external("b", [4], "link.bin")]))
    # A function that calls itself.
    again = helper.make_function("com.example", "Again", ["a"], ["b"],
                                 [node("Again", ["a"], ["b"], domain="com.example")],
                                 [helper.make_opsetid("com.example", 1)])
    save("recursive", model([node("Again", ["x"], ["y"], domain="com.example")],
                            [x], [y], functions=[again]))
    # Functions with attributes, of which one is left to its default.
    scaled = helper.make_function(
        "com.example", "Scaled", ["a"], ["b"],
        [node("LeakyRelu", ["a"], ["b"])], [helper.make_opsetid("", 21)], ["alpha"])
    scaled.node[0].attribute.add(name="alpha", ref_attr_name="alpha", type=1)
    save("function", model([node("Scaled", ["x"], ["y"], name="call",
                                 domain="com.example", alpha=0.25)],
                           [x], [y], functions=[scaled]))
    # One extent under two names.
    save("names", model([node("Add", ["x", "z"], ["y"])],
                        [x, info("z", ["s52", 4])], [y]))
    # Shape arithmetic: [batch, 4] -> [batch, 2, 2], by way of Shape.
    save("shape", model(
        [node("Shape", ["x"], ["shape"]),
         node("Gather", ["shape", "zero"], ["first"], axis=0),
         node("Unsqueeze", ["first", "axes"], ["row"]),
         node("Concat", ["row", "rest"], ["to"], axis=0),
         node("Reshape", ["x", "to"], ["y"])],
        [x], [info("y", ["batch", 2, 2])],
        [numpy_helper.from_array(np.array(0), "zero"),
         numpy_helper.from_array(np.array([0]), "axes"),
         numpy_helper.from_array(np.array([2, -1]), "rest")]))
    # Keys of a cache in front of new ones, and both again; the mask has a name of
    # its own for the sum.
    def cached(name, shape):
        return info(name, ["batch", *shape])
    save("cache", model(
        [node("Concat", ["past", "new"], ["all"], axis=1),
         node("Mul", ["all", "mask"], ["kept"]),
         node("Split", ["kept", "parts"], ["old", "fresh"], axis=1),
         node("Shape", ["past"], ["n"], start=1, end=2),
         node("Shape", ["new"], ["m"], start=1, end=2),
         node("Concat", ["n", "m"], ["parts"], axis=0)],
        [cached("past", ["p", 2]), cached("new", ["s", 2]), cached("mask", ["total", 1])],
        [cached("all", ["total", 2]), cached("old", ["p", 2]), cached("fresh", ["s", 2])]))


main()
