"""Models that are broken in many ways, each of which must be refused.

usage: malformed.py FOLDER

For each case FOLDER/NAME holds a model, and sylvitec is to end with the code 1,
write an error that names the model's file and says what the case tells, and leave
no file behind. Prints a line for each case that does not, and `N refused`.
"""

import concurrent.futures
import dataclasses
import os
import pathlib
import re
import subprocess
import sys

import numpy as np
from onnx import AttributeProto, TensorProto, helper, numpy_helper

F32, I64, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL
HUGE = 1 << 62
LEAST = -(1 << 63)
#: Seconds for a case; none needs one.
LIMIT = 60


@dataclasses.dataclass
class Case:
    name: str
    #: The model, or its bytes.
    model: object
    #: What the first error says, as a regular expression.
    error: str
    #: Files beside the model: a name and contents, or a target of a link.
    files: tuple = ()


def info(name, shape, type=F32):
    return helper.make_tensor_value_info(name, type, shape)


X, Y = info("x", ["batch", 4]), info("y", ["batch", 4])
node = helper.make_node


def model(nodes, inputs=(X,), outputs=(Y,), weights=(), opset=21, functions=()):
    graph = helper.make_graph(nodes, "g", inputs, outputs, weights)
    imports = [helper.make_opsetid("", opset), helper.make_opsetid("com.example", 1),
               helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=imports, ir_version=10,
                             functions=functions)


def weight(name, array, type=np.float32):
    return numpy_helper.from_array(np.asarray(array, type), name)


def integers(name, *values):
    return weight(name, values, np.int64)


def add(tensor):
    """y = x + b, and b is the tensor."""
    return model([node("Add", ["x", "b"], ["y"], name="sum")], weights=[tensor])


def truncated():
    """A model that is cut short anywhere."""
    whole = model(
        [node("Add", ["x", "b"], ["s"], name="sum"), node("Softmax", ["s"], ["y"], axis=1)],
        weights=[weight("b", [1, 2, 3, 4])]).SerializeToString()
    for length in range(1, len(whole), 7):
        yield Case(f"truncated-{length}", whole[:length],
                   "cut short|no ONNX model|has no graph|names no operator set|made by no node|"
                   "no input, no initializer|operator set 0")
    yield Case("length-past-the-end", b"\x3a\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "cut short")
    yield Case("endless-number", b"\x08" + b"\xff" * 20, "cut short")
    yield Case("group", b"\x0b\x0c", "cut short or no protobuf")
    yield Case("field-0", b"\x00\x00", "cut short or no protobuf")


def cycles():
    yield Case("cycle-itself", model([node("Add", ["x", "y"], ["y"], name="self")]), "cycle")
    yield Case("cycle-of-two", model([node("Add", ["x", "b"], ["a"]), node("Neg", ["a"], ["b"]),
                                      node("Neg", ["a"], ["y"])]), "cycle")
    long = [node("Add", ["x", f"t{(i + 1) % 3000}"], [f"t{i}"]) for i in range(3000)]
    yield Case("cycle-of-many", model([*long, node("Neg", ["t0"], ["y"])]), "cycle")
    # By way of what a branch reads.
    branch = helper.make_graph([node("Neg", ["y"], ["z"])], "b", [], [info("z", ["batch", 4])])
    yield Case("cycle-through-branch",
               model([node("If", ["c"], ["y"], then_branch=branch, else_branch=branch)],
                     weights=[weight("c", True, np.bool_)]), "cycle")
    inner = helper.make_graph([node("Add", ["x", "w"], ["z"]), node("Neg", ["z"], ["w"])], "b",
                              [], [info("z", ["batch", 4])])
    yield Case("cycle-in-branch",
               model([node("If", ["c"], ["y"], then_branch=inner, else_branch=inner)],
                     weights=[weight("c", True, np.bool_)]), "cycle")


def types():
    yield Case("types-differ", add(weight("b", [1] * 4, np.int64)), "element types differ")
    yield Case("index-of-floats", model([node("Gather", ["x", "i"], ["y"], axis=1)],
                                        weights=[weight("i", [0, 1, 2, 3])]), "")
    yield Case("condition-of-floats", model([node("Where", ["x", "x", "x"], ["y"])]), "")
    yield Case("shape-of-floats", model([node("Reshape", ["x", "s"], ["y"])],
                                        weights=[weight("s", [4, -1])]), "")
    yield Case("not-of-floats", model([node("Not", ["x"], ["y"])]), "")
    yield Case("product-of-booleans", model(
        [node("MatMul", ["b", "b"], ["y"])], [info("b", [4, 4], BOOL)],
        [info("y", [4, 4], BOOL)]), "")
    yield Case("cast-to-nothing", model([node("Cast", ["x"], ["y"], to=99)]), "element type")
    yield Case("input-type", model([node("Neg", ["x"], ["y"])], [info("x", [4], 77)]), "77")
    other = TensorProto(name="b", data_type=TensorProto.INT8, dims=[4], float_data=[1, 2, 3, 4])
    yield Case("field-of-other-type", add(other), "a field of another type")
    yield Case("type-0", add(TensorProto(name="b", dims=[4])), "element type 0")
    yield Case("type-negative", add(TensorProto(name="b", data_type=-1, dims=[4])),
               "element type")


def attributes():
    """Attributes of another type, doubled, and with values that nobody means."""
    def one(name, op, inputs=("x",), weights=(), error="", outputs=("y",), **values):
        return Case(name, model([node(op, list(inputs), list(outputs), name="n", **values)],
                                weights=weights), error)

    yield one("axis-of-text", "Softmax", axis="one", error="attribute 'axis'")
    yield one("axis-of-floats", "Softmax", axis=1.5, error="attribute 'axis'")
    yield one("perm-of-number", "Transpose", perm=1, error="attribute 'perm'")
    yield one("alpha-of-number", "LeakyRelu", alpha=1, error="attribute 'alpha'")
    yield one("value-of-number", "Constant", inputs=(), value=1, error="attribute 'value'")
    twice = node("Softmax", ["x"], ["y"], axis=1)
    twice.attribute.append(helper.make_attribute("axis", 0))
    yield Case("attribute-twice", model([twice]), "attribute 'axis'.*twice")
    for axis in (HUGE, LEAST, 2, -3):
        for op in ("Softmax", "LayerNormalization", "ArgMax", "Flatten", "Hardmax"):
            if op == "Flatten" and axis == 2:
                continue
            inputs = ("x", "b") if op == "LayerNormalization" else ("x",)
            yield one(f"axis-{op}-{axis}", op, inputs, [weight("b", [1] * 4)], axis=axis,
                      error=f"axis {axis}")
        yield one(f"axis-Concat-{axis}", "Concat", ("x", "x"), axis=axis, error=f"axis {axis}")
        yield one(f"axis-Gather-{axis}", "Gather", ("x", "i"), [integers("i", 0)], axis=axis,
                  error=f"axis {axis}")
        yield one(f"axes-ReduceSum-{axis}", "ReduceSum", ("x", "a"), [integers("a", axis)],
                  error=f"axis {axis}")
    yield one("perm-outside", "Transpose", perm=[0, HUGE])
    yield one("perm-twice", "Transpose", perm=[0, 0])
    yield one("perm-short", "Transpose", perm=[0])
    yield one("split-parts", "Split", num_outputs=HUGE, axis=1)
    yield one("split-sizes", "Split", ("x", "s"), [integers("s", HUGE, 4 - HUGE)],
              outputs=("y", "z"), axis=1)
    yield one("slice-step-0", "Slice", ("x", "s", "e", "a", "t"),
              [integers("s", 0), integers("e", 4), integers("a", 1), integers("t", 0)])
    yield one("unsqueeze", "Unsqueeze", ("x", "a"), [integers("a", HUGE)])
    yield one("squeeze", "Squeeze", ("x", "a"), [integers("a", 1)])
    yield one("tile", "Tile", ("x", "r"), [integers("r", HUGE, HUGE)])
    yield one("tile-negative", "Tile", ("x", "r"), [integers("r", -1, 1)])
    yield one("pad", "Pad", ("x", "p"), [integers("p", 0, HUGE, 0, HUGE)])
    yield one("pad-away", "Pad", ("x", "p"), [integers("p", 0, -9, 0, 0)])
    yield one("pad-short", "Pad", ("x", "p"), [integers("p", 1)])
    yield one("expand", "Expand", ("x", "s"), [integers("s", HUGE, HUGE, 1, 4)])
    yield one("reshape-huge", "Reshape", ("x", "s"), [integers("s", HUGE, HUGE)])
    yield one("reshape-negative", "Reshape", ("x", "s"), [integers("s", -7, 4)])
    yield one("reshape-two", "Reshape", ("x", "s"), [integers("s", -1, -1)])
    yield one("reshape-0", "Reshape", ("x", "s"), [integers("s", 0, 0, 0)])
    yield one("fill", "ConstantOfShape", ("s",), [integers("s", HUGE, HUGE)])
    yield one("fill-negative", "ConstantOfShape", ("s",), [integers("s", -4)])
    yield one("range", "Range", ("a", "b", "c"),
              [weight(n, v, np.int64) for n, v in (("a", LEAST), ("b", HUGE), ("c", 1))])
    yield one("eye", "EyeLike", k=LEAST, dtype=99)
    yield one("one-hot", "OneHot", ("i", "d", "v"),
              [integers("i", 0), weight("d", HUGE, np.int64), weight("v", [0, 1])], axis=HUGE)
    yield one("top-k", "TopK", ("x", "k"), [integers("k", HUGE)], outputs=("y", "i"))
    yield one("top-k-negative", "TopK", ("x", "k"), [integers("k", -1)], outputs=("y", "i"))
    yield one("depth", "DepthToSpace", blocksize=0)
    yield one("gather-outside", "Gather", ("x", "i"), [integers("i", HUGE)], axis=1)
    yield one("gather-nd", "GatherND", ("x", "i"), [integers("i", 1, 2, 3)], batch_dims=HUGE)
    yield one("norm-groups", "GroupNormalization", ("x", "b", "b"), [weight("b", [1] * 4)],
              num_groups=0)
    image = info("x", [1, 4, 8, 8])
    for key, value in (("strides", [0, 0]), ("strides", [HUGE, HUGE]), ("pads", [HUGE] * 4),
                       ("pads", [LEAST] * 4), ("dilations", [HUGE, HUGE]), ("dilations", [0, 0]),
                       ("dilations", [LEAST, LEAST]), ("group", 0), ("group", HUGE),
                       ("group", LEAST), ("kernel_shape", [HUGE, 3]), ("pads", [1])):
        yield Case(f"conv-{key}-{value}".replace(" ", ""), model(
            [node("Conv", ["x", "w"], ["y"], name="n", **{key: value})], [image],
            [info("y", [1, 4, 8, 8])], [weight("w", np.ones((4, 4, 3, 3)))]), "")
    for heads in (0, -1, 3, HUGE, LEAST):
        yield Case(f"heads-{heads}", model(
            [node("MultiHeadAttention", ["x", "x", "x"], ["y"], name="n", num_heads=heads,
                  domain="com.microsoft")], [info("x", ["b", "s", 8])], [info("y", ["b", "s", 8])]),
            "node 'n'")
        yield Case(f"heads-one-product-{heads}", model(
            [node("Attention", ["x", "w", "c"], ["y"], name="n", num_heads=heads,
                  domain="com.microsoft")], [info("x", ["b", "s", 8])],
            [info("y", ["b", "s", 8])], [weight("w", np.ones((8, 24))), weight("c", [1] * 24)]),
            "node 'n'")
        yield Case(f"heads-of-the-standard-{heads}", model(
            [node("Attention", ["x", "x", "x"], ["y"], name="n", q_num_heads=heads,
                  kv_num_heads=heads)], [info("x", ["b", "s", 8])], [info("y", ["b", "s", 8])],
            opset=23), "node 'n'")
    for name, values in (("blocks-0", {"block_size": 0}), ("bits-5", {"bits": 5}),
                         ("rows", {"K": HUGE}), ("columns", {"N": HUGE})):
        fields = {"K": 16, "N": 4, "bits": 4, "block_size": 16} | values
        yield Case(f"bits-matmul-{name}", model(
            [node("MatMulNBits", ["x", "w", "s"], ["y"], name="n", domain="com.microsoft",
                  **fields)], [info("x", ["b", 16])],
            weights=[weight("w", np.ones((4, 1, 8)), np.uint8), weight("s", np.ones((4, 1)))]),
            "node 'n'")
    for size in (0, -1, HUGE):
        yield Case(f"recurrent-{size}", model(
            [node("GRU", ["x", "w", "r"], ["y"], name="n", hidden_size=size)],
            [info("x", [3, 2, 4])], [info("y", [3, 1, 2, 5])],
            [weight("w", np.ones((1, 15, 4))), weight("r", np.ones((1, 15, 5)))]), "node 'n'")
    for steps in (0, -1):
        body = helper.make_graph(
            [node("Identity", ["c"], ["d"]), node("Identity", ["v"], ["w"])], "body",
            [info("i", [], I64), info("c", [], BOOL), info("v", [4])],
            [info("d", [], BOOL), info("w", [4])])
        yield Case(f"loop-{steps}", model(
            [node("Loop", ["n", "", "b"], ["y"], name="n", body=body)],
            weights=[weight("n", steps, np.int64), weight("b", [1] * 4)]), "")
    yield one("einsum", "Einsum", ("x", "x"), equation="ij,jk->" + "i" * 1000)
    yield one("einsum-text", "Einsum", ("x",), equation="\xff(;;")


def extents():
    for name, shape in (("negative", [-1, 4]), ("least", [LEAST, 4]), ("huge", [HUGE, 4]),
                        ("overflow", [1 << 40, 1 << 40]), ("bytes", [1 << 61])):
        yield Case(f"input-{name}", model([node("Neg", ["x"], ["y"])], [info("x", shape)],
                                          [info("y", shape)]), "input 'x'")
    for name, shape in (("negative", [-4]), ("overflow", [1 << 40, 1 << 40]), ("huge", [HUGE]),
                        ("zero-and-overflow", [0, HUGE, HUGE])):
        yield Case(f"weight-{name}", add(TensorProto(name="b", data_type=F32, dims=shape)),
                   "initializer 'b'|node 'sum'")
    value = TensorProto(data_type=F32, dims=[HUGE, HUGE], raw_data=b"1234")
    yield Case("constant-overflow", model([node("Constant", [], ["y"], name="n", value=value)]),
               "node 'n'")
    chain = [node("Concat", [f"t{i}", f"t{i}"], [f"t{i + 1}"], axis=0) for i in range(70)]
    yield Case("doubled", model([node("Identity", ["x"], ["t0"]), *chain,
                                 node("Identity", ["t70"], ["y"])]), "node")
    chain = [node("Tile", [f"t{i}", "r"], [f"t{i + 1}"]) for i in range(20)]
    yield Case("tiled", model([node("Identity", ["x"], ["t0"]), *chain,
                               node("Identity", ["t20"], ["y"])],
                              weights=[integers("r", 100, 100)]), "node")


def data():
    for extra in (-4, -1, 1, 4):
        short = weight("b", [1, 2, 3, 4])
        short.raw_data = (short.raw_data + b"....")[:16 + extra]
        yield Case(f"bytes-{extra}", add(short), "bytes of data")
    yield Case("no-data", add(TensorProto(name="b", data_type=F32, dims=[4])), "0 elements")
    few = TensorProto(name="b", data_type=F32, dims=[4], float_data=[1, 2, 3])
    yield Case("few-floats", add(few), "3 elements of data")

    def external(name, error, files=(("b.bin", bytes(16)),), **entries):
        tensor = TensorProto(name="b", data_type=F32, dims=[4],
                             data_location=TensorProto.EXTERNAL)
        for key, value in entries.items():
            tensor.external_data.add(key=key, value=str(value))
        return Case(f"external-{name}", add(tensor), error, files)

    yield external("nowhere", "without a location")
    yield external("up", "not in the model's folder", location="../b.bin")
    yield external("deeper-and-up", "not in the model's folder", location="a/../../b.bin")
    yield external("absolute", "not in the model's folder", location="/etc/passwd")
    yield external("folder", "not in|leads out|cannot be read", location=".")
    yield external("missing", "cannot be read", location="c.bin")
    yield external("nul", "not in the model's folder", location="b.bin\0c")
    yield external("link", "a link that leads out", location="link",
                   files=(("link", pathlib.Path("../../outside.bin")),))
    yield external("link-folder", "a link that leads out", location="sub/outside.bin",
                   files=(("sub", pathlib.Path("../..")),))
    yield external("link-to-itself", "cannot be read", location="link",
                   files=(("link", pathlib.Path("link")),))
    yield external("empty", "which has only 0", location="b.bin", files=(("b.bin", b""),))
    yield external("end", "which has only 16", location="b.bin", offset=4)
    yield external("far", "which has only 16", location="b.bin", offset=(1 << 64) - 8)
    yield external("too-far", "which is no number", location="b.bin", offset=1 << 64)
    yield external("negative", "which is no number", location="b.bin", offset=-16)
    yield external("length", "its shape and type tell 16", location="b.bin", length=15)
    constant = TensorProto(data_type=F32, dims=[4], data_location=TensorProto.EXTERNAL)
    constant.external_data.add(key="location", value="../b.bin")
    yield Case("external-constant", model(
        [node("Constant", [], ["y"], name="n", value=constant)]), "node 'n'.*folder")


def names():
    both = [weight("b", [1] * 4), weight("b", [2] * 4)]
    yield Case("weight-twice", model([node("Add", ["x", "b"], ["y"])], weights=both), "twice")
    yield Case("input-twice", model([node("Neg", ["x"], ["y"])], [X, X]), "'x' is there twice")
    yield Case("output-twice", model([node("Neg", ["x"], ["y"])], outputs=[Y, Y]),
               "'y'.* name of another")
    yield Case("made-twice", model([node("Neg", ["x"], ["y"]), node("Abs", ["x"], ["y"])]),
               "there already")
    yield Case("made-again", model([node("Neg", ["x"], ["x"])]), "cycle|there already")
    yield Case("makes-weight", model([node("Neg", ["x"], ["b"])], weights=[weight("b", [1] * 4)],
                                     outputs=[info("b", [4])]), "there already")
    yield Case("two-results-alike", model([node("Split", ["x"], ["y", "y"], axis=1)]),
               "there already|twice")
    yield Case("unknown", model([node("Neg", ["z"], ["y"])]), "reads 'z'")
    yield Case("no-operands", model([node("Add", [], ["y"], name="n")]), "node 'n'")
    yield Case("few-operands", model([node("Add", ["x"], ["y"], name="n")]), "node 'n'")
    yield Case("empty-operand", model([node("Add", ["x", ""], ["y"], name="n")]), "node 'n'")
    yield Case("no-result", model([node("Neg", ["x"], [])]), "made by no node")
    yield Case("no-outputs", model([node("Neg", ["x"], ["y"])], outputs=[]), "no output")
    yield Case("no-nodes", model([]), "made by no node")
    branch = helper.make_graph([node("Neg", ["nothing"], ["z"])], "b", [], [info("z", [4])])
    yield Case("unknown-in-branch",
               model([node("If", ["c"], ["y"], then_branch=branch, else_branch=branch)],
                     weights=[weight("c", True, np.bool_)]), "reads 'nothing'")
    yield Case("no-branch", model([node("If", ["c"], ["y"], name="n")],
                                  weights=[weight("c", True, np.bool_)]), "node 'n'")
    two = model([node("Neg", ["x"], ["y"])])
    two.opset_import.append(helper.make_opsetid("", 13))
    yield Case("two-operator-sets", two, "operator set")
    yield Case("no-operator-set", helper.make_model(
        helper.make_graph([node("Neg", ["x"], ["y"])], "g", [X], [Y]), opset_imports=[]),
        "names no operator set")


def function(name, nodes, inputs=("a",), outputs=("b",), opset=21):
    return helper.make_function("com.example", name, list(inputs), list(outputs), nodes,
                                [helper.make_opsetid("", opset),
                                 helper.make_opsetid("com.example", 1)])


def call(name, a="a", b="b"):
    return node(name, [a], [b], domain="com.example")


def nesting():
    top = [node("F", ["x"], ["y"], domain="com.example")]
    yield Case("calls-itself", model(top, functions=[function("F", [call("F")])]),
               "must not call themselves")
    yield Case("call-each-other", model(top, functions=[
        function("F", [call("G")]), function("G", [call("F")])]), "must not call themselves")
    # Each calls the next twice: 2^60 nodes.
    chain = [function(f"F{i}", [call(f"F{i + 1}", "a", "c"), call(f"F{i + 1}", "c", "b")])
             for i in range(60)] + [function("F60", [node("Neg", ["a"], ["b"])])]
    yield Case("calls-that-double", model([node("F0", ["x"], ["y"], domain="com.example")],
                                          functions=chain), "that many are not imported")
    yield Case("function-twice", model(top, functions=[
        function("F", [node("Neg", ["a"], ["b"])]), function("F", [node("Abs", ["a"], ["b"])])]),
        "function .*twice")
    yield Case("function-reads-outside", model(top, functions=[
        function("F", [node("Add", ["a", "x"], ["b"])])]), "reads 'x'")
    yield Case("function-without-result", model(top, functions=[function("F", [])]), "'b'")
    yield Case("function-of-more", model(
        [node("F", ["x", "x"], ["y"], domain="com.example", name="n")],
        functions=[function("F", [node("Neg", ["a"], ["b"])])]), "node 'n'")
    yield Case("function-gives-more", model(
        [node("F", ["x"], ["y", "z"], domain="com.example", name="n")],
        functions=[function("F", [node("Neg", ["a"], ["b"])])],
        outputs=[Y, info("z", [4])]), "'z'|node 'n'")

    def nested(depth):
        graph = helper.make_graph([node("Neg", ["x"], ["z"])], "b", [],
                                  [info("z", ["batch", 4])])
        for _ in range(depth):
            graph = helper.make_graph(
                [node("If", ["c"], ["z"], then_branch=graph, else_branch=graph)], "b", [],
                [info("z", ["batch", 4])])
        return graph

    # As text: each level is built from the one inside.
    def deep(depth):
        inner = nested(0).SerializeToString()
        for _ in range(depth):
            attribute = AttributeProto(name="then_branch", type=AttributeProto.GRAPH)
            text = attribute.SerializeToString() + field(6, inner)
            inner = field(1, field(1, b"c") + field(2, b"z") + field(4, b"If") + field(5, text))
        top = model([], weights=[weight("c", True, np.bool_)])
        return top.SerializeToString() + field(7, inner)

    yield Case("nested-5000", deep(5000), "second graph|cut short|no ONNX model")
    whole = model([], weights=[weight("c", True, np.bool_)])
    whole.ClearField("graph")
    inner = b""
    for _ in range(3000):
        inner = field(1, field(2, b"z") + field(4, b"If")
                      + field(5, field(1, b"then_branch") + b"\xa0\x01\x05" + field(6, inner)))
    yield Case("nested-3000", whole.SerializeToString() + field(7, inner),
               "no ONNX model|nested")


def found():
    """What libFuzzer found to end the importer, or to be accepted."""
    def one(name, op, inputs, error, domain="", **attributes):
        """`inputs` gives element type and axes by name; none where one is left out."""
        names = [name if kind else "" for name, kind in inputs.items()]
        infos = [info(name, shape, type) for name, (type, shape) in
                 ((n, k) for n, k in inputs.items() if k)]
        return Case(f"found-{name}", model(
            [node(op, names, ["y"], name="n", domain=domain, **attributes)], infos,
            opset=24), f"node 'n'.*{error}")

    cube = (F32, [2, 3, 4])
    yield one("no-query", "MultiHeadAttention", {"q": None, "k": cube, "v": cube},
              "operand 0 is missing", "com.microsoft", num_heads=2)
    yield one("flat-keys", "MultiHeadAttention",
              {"q": cube, "k": (F32, [24]), "v": (F32, [24])}, "of rank 1",
              "com.microsoft", num_heads=2)
    yield one("mask", "Attention",
              {"q": (F32, [2, 4, 9, 8]), "k": (F32, [2, 2, 6, 8]), "v": (F32, [2, 2, 6, 8]),
               "m": (BOOL, [2, 4, 4, 6])}, "one is 9 and the other 4|one is 4 and the other 9")
    yield one("flat-past", "Attention",
              {"q": (F32, [2, 4, 9, 8]), "k": (F32, [2, 2, 6, 8]), "v": (F32, [2, 2, 6, 8]),
               "m": None, "p": (F32, [2]), "r": (F32, [2])}, "past of rank 4")
    yield one("directions", "GRU",
              {"x": (F32, [1, 3, 3]), "w": (F32, [1, 9, 3]), "r": (F32, [1, 9, 3]),
               "b": (F32, ["n", 18])}, "bias", hidden_size=3)
    yield one("states", "LSTM",
              {"x": (F32, [1, 2, 4]), "w": (F32, [1, 12, 4]), "r": (F32, [1, 12, 3]),
               "b": None, "l": None, "h": (F32, [1, 2, 3]), "c": (F32, ["n", 2, 3])}, "")
    yield one("scalar-of-channels", "BatchNormalization",
              {"x": cube, "s": (F32, []), "b": (F32, [3]), "m": (F32, [3]), "v": (F32, [3])},
              "one element for each channel")
    yield one("table-without-rows", "EmbedLayerNormalization",
              {"i": (I64, [2, 3]), "t": None, "w": (F32, []), "p": (F32, [5, 4]), "e": None,
               "g": (F32, [4]), "b": (F32, [4])}, "", "com.microsoft")
    yield one("many-heads", "GroupQueryAttention",
              {"q": cube, "k": None, "v": None, "c": None, "d": None,
               "l": (TensorProto.INT32, [2]), "t": (TensorProto.INT32, [])}, "heads",
              "com.microsoft", num_heads=(1 << 63) - 1, kv_num_heads=2)
    yield one("infinity-of-bytes", "IsInf", {"x": (TensorProto.INT8, [4])}, "takes floats")
    yield one("many-taps", "CausalConvWithState",
              {"x": (F32, [1, 4, 8]), "w": (F32, [4, 1, 2**31 - 1])}, "a kernel of")


def field(number, contents):
    """A field of bytes, as protobuf writes it."""
    def varint(value):
        out = b""
        while value > 0x7F:
            out += bytes([0x80 | value & 0x7F])
            value >>= 7
        return out + bytes([value])
    return varint(number << 3 | 2) + varint(len(contents)) + contents


def all_cases():
    for family in (truncated, cycles, types, attributes, extents, data, names, nesting,
                   found):
        yield from family()


def check(folder, case):
    """What is wrong with how a case goes, or none."""
    here = folder / case.name
    here.mkdir(parents=True)
    bytes_ = case.model if isinstance(case.model, bytes) else case.model.SerializeToString()
    (here / "model.onnx").write_bytes(bytes_)
    for name, contents in case.files:
        if isinstance(contents, bytes):
            (here / name).write_bytes(contents)
        else:
            (here / name).symlink_to(contents)
    before = sorted(os.listdir(here))
    try:
        done = subprocess.run(["sylvitec", "model.onnx", "-o", "out", "--quiet"], cwd=here,
                              capture_output=True, text=True, errors="replace", timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return f"ran for more than {LIMIT} s"
    first = next((line for line in done.stderr.splitlines() if "error: " in line), "")
    if done.returncode != 1:
        return f"ended with the code {done.returncode}: {done.stderr[:300]}"
    if not re.match(r"(sylvitec: error: )?model\.onnx[: ]", first):
        return f"the error names no file: {done.stderr[:300]}"
    if not re.search(case.error, first):
        return f"the error does not say {case.error!r}: {first[:300]}"
    if sorted(os.listdir(here)) != before:
        return f"left files: {sorted(os.listdir(here))}"
    return None


def main():
    folder = pathlib.Path(sys.argv[1])
    (folder.parent / "outside.bin").write_bytes(bytes(64))
    cases = list(all_cases())
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for case, wrong in zip(cases, pool.map(lambda c: check(folder, c), cases)):
            if wrong:
                failed += 1
                print(f"{case.name}: {wrong}")
    print(f"{len(cases) - failed} refused, {failed} not as they should be")
    sys.exit(failed != 0)


main()
