"""Small models with operators of ONNX Runtime's own, and inputs for them.

Nothing here needs ONNX Runtime: write_runtime.py runs it on these models, and
check_runtime.py compares with what it gave.
"""

import dataclasses

import numpy as np
from onnx import TensorProto, helper, numpy_helper

BATCH, SEQ, PAST, HEADS, SIZE = 2, 5, 3, 4, 8
HIDDEN = HEADS * SIZE


@dataclasses.dataclass
class Case:
    name: str
    model: object
    #: By name, what a call is given.
    inputs: dict
    #: How many attentions are to be fused.
    attentions: int = 0
    #: Relative to the largest value of a result. Where ONNX Runtime rounds to
    #: bytes, an element at the border between two may fall to either.
    tolerance: float = 1e-4
    #: The same calculation in operators that ONNX Runtime has for a processor,
    #: where it has the model's not.
    reference: object = None


class Builder:
    """A graph of a few nodes. Arrays are constants, or inputs of some axes."""

    def __init__(self, name):
        self.name = name
        self.random = np.random.default_rng(abs(sum(map(ord, name))))
        self.nodes, self.weights, self.infos, self.arrays = [], [], [], {}

    def normal(self, *shape, scale=1.0):
        return (scale * self.random.standard_normal(shape)).astype(np.float32)

    def integers(self, low, high, *shape, dtype=np.int64):
        return self.random.integers(low, high, shape).astype(dtype)

    def weight(self, name, array):
        self.weights.append(numpy_helper.from_array(array, name))
        return name

    def input(self, name, array, axes=()):
        """`axes` names those that are dynamic; None for one that is static."""
        dims = [axis or extent for axis, extent in
                zip(list(axes) + [None] * array.ndim, array.shape)]
        self.infos.append(helper.make_tensor_value_info(
            name, helper.np_dtype_to_tensor_dtype(array.dtype), dims))
        self.arrays[name] = array
        return name

    def node(self, op, inputs, outputs, domain="com.microsoft", **attributes):
        self.nodes.append(helper.make_node(op, inputs, outputs, domain=domain,
                                           **attributes))

    def case(self, outputs, **fields):
        """`outputs` gives the element type and the rank of each."""
        infos = [helper.make_tensor_value_info(
            name, type, [f"{name}{i}" for i in range(rank)])
            for name, (type, rank) in outputs.items()]
        graph = helper.make_graph(self.nodes, self.name, self.infos, infos,
                                  self.weights)
        model = helper.make_model(graph, ir_version=10, opset_imports=[
            helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)])
        return Case(self.name, model, self.arrays, **fields)


F32, I32 = TensorProto.FLOAT, TensorProto.INT32
TOKENS = ("batch", "seq")


# Attention: one product for queries, keys and values.


def attention(name, mask=None, past=False, bias=False, sizes=None, **attributes):
    b = Builder(name)
    sizes = sizes or (HIDDEN, HIDDEN, HIDDEN)
    keys = SEQ + (PAST if past else 0)
    # Four ends and starts are those of two rows where it is known that there are two.
    axes = (None, "seq") if mask == "ends" else TOKENS
    inputs = [b.input("x", b.normal(BATCH, SEQ, 16), axes),
              b.weight("w", b.normal(16, sum(sizes), scale=0.3)),
              b.weight("b", b.normal(sum(sizes), scale=0.3)), "", "", ""]
    if mask == "lengths":
        inputs[3] = b.input("mask", np.array([keys, 3], np.int32), ("batch",))
    elif mask == "ends":
        inputs[3] = b.input("mask", np.array([5, 4, 1, 0], np.int32))
    elif mask == "keys":
        inputs[3] = b.input("mask", np.array([[1] * keys, [1, 0, 1] + [1] * (keys - 3)],
                                             np.int32), ("batch", "total"))
    elif mask == "square":
        kept = b.integers(0, 2, BATCH, SEQ, keys, dtype=np.int32)
        kept[:, :, 0] = 1
        inputs[3] = b.input("mask", kept, ("batch", "seq", "total"))
    outputs = {"y": (F32, 3)}
    if past:
        inputs[4] = b.input("past", b.normal(2, BATCH, HEADS, PAST, SIZE),
                            (None, "batch", None, "past"))
        outputs["present"] = (F32, 5)
    if bias:
        inputs[5] = b.input("bias", b.normal(1, HEADS, SEQ, keys),
                            (None, None, "seq", "total"))
    if sizes != (HIDDEN, HIDDEN, HIDDEN):
        attributes["qkv_hidden_sizes"] = sizes
    while not inputs[-1]:
        inputs.pop()
    b.node("Attention", inputs, list(outputs), num_heads=HEADS, **attributes)
    return b.case(outputs, attentions=1)


def qattention(name, mask=False, by_column=False):
    b = Builder(name)
    columns = 3 * HIDDEN if by_column else 1
    scale = np.abs(b.normal(columns, scale=0.01)) + np.float32(0.01)
    zero = np.zeros(columns, np.int8)
    inputs = [b.input("x", b.integers(0, 256, BATCH, SEQ, 16, dtype=np.uint8), TOKENS),
              b.weight("w", b.integers(-128, 128, 16, 3 * HIDDEN, dtype=np.int8)),
              b.weight("b", b.normal(3 * HIDDEN, scale=0.3)),
              b.weight("sx", np.array(0.02, np.float32)),
              b.weight("sw", scale if by_column else scale.reshape(())), "",
              b.weight("zx", np.array(120, np.uint8)),
              b.weight("zw", zero if by_column else zero.reshape(()))]
    if mask:
        inputs[5] = b.input("mask", np.array([SEQ, 3], np.int32), ("batch",))
    b.node("QAttention", inputs, ["y"], num_heads=HEADS)
    return b.case({"y": (F32, 3)}, attentions=1)


# MultiHeadAttention: projections are done.


def multi_head(name, kind="plain", mask=None, past=False, bias=False, **attributes):
    b = Builder(name)
    keys = 7 if kind == "cross" else SEQ
    total = keys + (PAST if past else 0)
    inputs = [""] * 8
    key_axes = ("batch", "keys" if kind == "cross" else "seq")
    inputs[0] = b.input("q", b.normal(BATCH, SEQ, HIDDEN), TOKENS)
    if kind == "heads":
        for i, part in ((1, "k"), (2, "v")):
            inputs[i] = b.input(part, b.normal(BATCH, HEADS, 7, SIZE),
                                ("batch", None, "keys"))
        total = 7
    else:
        for i, part in ((1, "k"), (2, "v")):
            inputs[i] = b.input(part, b.normal(BATCH, keys, HIDDEN), key_axes)
    if bias:
        inputs[3] = b.weight("b", b.normal(3 * HIDDEN, scale=0.3))
    if mask == "lengths":
        inputs[4] = b.input("mask", np.array([keys, 3], np.int32), ("batch",))
    elif mask == "keys":
        inputs[4] = b.input("mask", np.array(
            [[1] * total, [1, 0, 1] + [1] * (total - 3)], np.int32), ("batch", "total"))
    elif mask == "bias":
        inputs[5] = b.input("bias", b.normal(1, 1, SEQ, total), (None, None, "seq", "total"))
    outputs = {"y": (F32, 3)}
    if past:
        for i, part in ((6, "past_k"), (7, "past_v")):
            inputs[i] = b.input(part, b.normal(BATCH, HEADS, PAST, SIZE),
                                ("batch", None, "past"))
        outputs |= {"present_k": (F32, 4), "present_v": (F32, 4)}
    while not inputs[-1]:
        inputs.pop()
    b.node("MultiHeadAttention", inputs, list(outputs), num_heads=HEADS, **attributes)
    return b.case(outputs, attentions=1)


def packed(name, count):
    """Queries, keys and values in one tensor, or keys and values; `count` of them."""
    queries = ["q"] if count == 2 else []
    parts = queries + [f"part{i}" for i in range(count)]

    def build(is_reference):
        b = Builder(name)
        for query in queries:
            b.input(query, b.normal(BATCH, SEQ, HIDDEN), TOKENS)
        b.input("packed", b.normal(BATCH, SEQ, HEADS, count, SIZE), TOKENS)
        if not is_reference:
            b.node("MultiHeadAttention", queries + ["packed"], ["y"], num_heads=HEADS)
            return b.case({"y": (F32, 3)}, attentions=1)
        b.weight("shape", np.array([0, 0, HIDDEN]))
        for i in range(count):
            b.weight(f"place{i}", np.array(i))
            b.node("Gather", ["packed", f"place{i}"], [f"heads{i}"], domain="", axis=3)
            b.node("Reshape", [f"heads{i}", "shape"], [f"part{i}"], domain="")
        b.node("MultiHeadAttention", parts, ["y"], num_heads=HEADS)
        return b.case({"y": (F32, 3)})

    case = build(False)
    case.reference = build(True).model
    return case


def group_query(name, past=False, packed=False, rotary=False, groups=2, lengths=None,
                bias=False, batch=BATCH, seq=SEQ, **attributes):
    b = Builder(name)
    size = 16 if rotary else SIZE
    keys = seq + (PAST if past else 0)
    inputs = [""] * 11
    if packed:
        inputs[0] = b.input("qkv", b.normal(batch, seq, (HEADS + 2 * groups) * size), TOKENS)
    else:
        inputs[0] = b.input("q", b.normal(batch, seq, HEADS * size), TOKENS)
        for i, part in ((1, "k"), (2, "v")):
            inputs[i] = b.input(part, b.normal(batch, seq, groups * size), TOKENS)
    if past:
        for i, part in ((3, "past_k"), (4, "past_v")):
            inputs[i] = b.input(part, b.normal(batch, groups, PAST, size),
                                ("batch", None, "past"))
    inputs[5] = b.input("last", np.array(lengths or [keys] * batch, np.int32) - 1, ("batch",))
    inputs[6] = b.input("total_length", np.array(keys, np.int32))
    if rotary:
        angle = np.arange(32)[:, None] / 100.0 ** (np.arange(size // 2) / (size // 2))
        inputs[7] = b.weight("cos", np.cos(angle).astype(np.float32))
        inputs[8] = b.weight("sin", np.sin(angle).astype(np.float32))
    if bias:
        inputs[10] = b.input("bias", b.normal(1, 1, seq, keys), (None, None, "seq", "total"))
    while not inputs[-1]:
        inputs.pop()
    b.node("GroupQueryAttention", inputs, ["y", "present_k", "present_v"], num_heads=HEADS,
           kv_num_heads=groups, do_rotary=int(rotary), **attributes)
    return b.case({"y": (F32, 3), "present_k": (F32, 4), "present_v": (F32, 4)}, attentions=1)


# Norms, activations and what else is fused.


def skip_norm(name, rms=False, bias=False, total=False, row=False):
    b = Builder(name)
    skip = b.normal(1, SEQ, HIDDEN) if row else b.normal(BATCH, SEQ, HIDDEN)
    inputs = [b.input("x", b.normal(BATCH, SEQ, HIDDEN), TOKENS),
              b.input("skip", skip, (None, "seq") if row else TOKENS),
              b.weight("gamma", b.normal(HIDDEN))]
    if not rms:
        inputs.append(b.weight("beta", b.normal(HIDDEN)))
    if bias:
        inputs.append(b.weight("bias", b.normal(HIDDEN)))
    outputs = {"y": (F32, 3)} | ({"sum": (F32, 3)} if total else {})
    names = ["y", "", "", "sum"] if total else ["y"]
    b.node("SkipSimplifiedLayerNormalization" if rms else "SkipLayerNormalization",
           inputs, names, epsilon=1e-5)
    return b.case(outputs)


def embed_norm(name, segments=True, mask=True, positions=False):
    b = Builder(name)
    # ONNX Runtime wants a place for lengths even where there is no mask.
    outputs = {"y": (F32, 3), "lengths": (I32, 1)}
    inputs = [b.input("ids", b.integers(0, 30, BATCH, SEQ, dtype=np.int32), TOKENS), "",
              b.weight("words", b.normal(30, HIDDEN)),
              b.weight("places", b.normal(12, HIDDEN)), "",
              b.weight("gamma", b.normal(HIDDEN)), b.weight("beta", b.normal(HIDDEN)),
              "", ""]
    if segments:
        inputs[1] = b.input("segments", b.integers(0, 2, BATCH, SEQ, dtype=np.int32), TOKENS)
        inputs[4] = b.weight("kinds", b.normal(2, HIDDEN))
    if mask:
        inputs[7] = b.input("mask", np.array([[1] * SEQ, [1, 1, 0, 0, 0]], np.int32), TOKENS)
    if positions:
        inputs[8] = b.input("position", b.integers(0, 12, BATCH, SEQ, dtype=np.int32), TOKENS)
    while not inputs[-1]:
        inputs.pop()
    b.node("EmbedLayerNormalization", inputs, list(outputs), epsilon=1e-5)
    return b.case(outputs)


def activation(name, op, bias=False, **attributes):
    b = Builder(name)
    inputs = [b.input("x", b.normal(BATCH, SEQ, HIDDEN, scale=2), TOKENS)]
    if bias:
        inputs.append(b.weight("b", b.normal(HIDDEN)))
    b.node(op, inputs, ["y"], **attributes)
    return b.case({"y": (F32, 3)})


def rotary(name, flat=True, first=False, **attributes):
    b = Builder(name)
    shape = (BATCH, SEQ, HIDDEN) if flat else (BATCH, HEADS, SEQ, SIZE)
    axes = TOKENS if flat else ("batch", None, "seq")
    pairs = attributes.get("rotary_embedding_dim", SIZE) // 2
    angle = b.normal(20, pairs)
    position = np.array([4]) if first else b.integers(0, 20, BATCH, SEQ)
    b.node("RotaryEmbedding",
           [b.input("x", b.normal(*shape), axes),
            b.input("position", position, () if first else TOKENS),
            b.weight("cos", np.cos(angle)), b.weight("sin", np.sin(angle))],
           ["y"], **attributes)
    return b.case({"y": (F32, 3 if flat else 4)})


def fused_matmul(name, a, b_shape, **attributes):
    b = Builder(name)
    b.node("FusedMatMul", [b.input("a", b.normal(*a)), b.input("b", b.normal(*b_shape))],
           ["y"], **attributes)
    return b.case({"y": (F32, len(a))})


def fused_gemm(name, activation, **attributes):
    b = Builder(name)
    b.node("FusedGemm", [b.input("a", b.normal(6, 16), ("rows",)),
                         b.weight("b", b.normal(HIDDEN, 16)), b.weight("c", b.normal(HIDDEN))],
           ["y"], activation=activation, transB=1, **attributes)
    return b.case({"y": (F32, 2)})


def bits_matmul(name, bits=4, rows=40, zero=None, bias=False):
    b = Builder(name)
    columns, block = 24, 16
    blocks = -(-rows // block)
    inputs = [b.input("x", b.normal(BATCH, SEQ, rows), TOKENS),
              b.weight("w", b.integers(0, 256, columns, blocks, block * bits // 8,
                                       dtype=np.uint8)),
              b.weight("scales", np.abs(b.normal(columns, blocks, scale=0.1))), "", "", ""]
    if zero == "packed":
        inputs[3] = b.weight("zero", b.integers(0, 256, columns, -(-blocks * bits // 8),
                                                dtype=np.uint8))
    elif zero == "floats":
        inputs[3] = b.weight("zero", b.normal(columns, blocks, scale=3) + np.float32(8))
    if bias:
        inputs[5] = b.weight("bias", b.normal(columns))
    while not inputs[-1]:
        inputs.pop()
    b.node("MatMulNBits", inputs, ["y"], K=rows, N=columns, bits=bits, block_size=block)
    return b.case({"y": (F32, 3)})


def dynamic_matmul(name, by_column=False, bias=False):
    b = Builder(name)
    columns = 24 if by_column else 1
    scale = np.abs(b.normal(columns, scale=0.02)) + np.float32(0.01)
    zero = b.integers(-5, 6, columns, dtype=np.int8)
    shape = (columns,) if by_column else ()
    inputs = [b.input("x", b.normal(BATCH, SEQ, 16), TOKENS),
              b.weight("w", b.integers(-128, 128, 16, 24, dtype=np.int8)),
              b.weight("scale", scale.reshape(shape)), b.weight("zero", zero.reshape(shape))]
    if bias:
        inputs.append(b.weight("bias", b.normal(24)))
    b.node("DynamicQuantizeMatMul", inputs, ["y"])
    return b.case({"y": (F32, 3)}, tolerance=1e-2)


def integer_matmul(name, by_column=False, bias=False):
    b = Builder(name)
    columns = 24 if by_column else 1
    scale = np.abs(b.normal(columns, scale=0.02)) + np.float32(0.01)
    shape = (columns,) if by_column else ()
    inputs = [b.input("x", b.integers(0, 256, BATCH, SEQ, 16, dtype=np.uint8), TOKENS),
              b.weight("w", b.integers(-128, 128, 16, 24, dtype=np.int8)),
              b.weight("sx", np.array(0.03, np.float32)),
              b.weight("sw", scale.reshape(shape)),
              b.weight("zx", np.array(131, np.uint8)),
              b.weight("zw", b.integers(-5, 6, columns, dtype=np.int8).reshape(shape))]
    if bias:
        inputs.append(b.weight("bias", b.normal(24)))
    b.node("MatMulIntegerToFloat", inputs, ["y"])
    return b.case({"y": (F32, 3)})


def all_cases():
    return [
        attention("attention"),
        attention("attention-lengths", mask="lengths"),
        attention("attention-ends", mask="ends"),
        attention("attention-keys", mask="keys"),
        attention("attention-square", mask="square"),
        attention("attention-causal", unidirectional=1),
        attention("attention-causal-keys", mask="keys", unidirectional=1),
        attention("attention-bias", bias=True),
        attention("attention-scale", scale=0.3),
        attention("attention-sizes", sizes=(HIDDEN, HIDDEN, 64)),
        attention("attention-past", past=True),
        attention("attention-past-causal", past=True, mask="keys", unidirectional=1),
        qattention("qattention"),
        qattention("qattention-lengths", mask=True),
        qattention("qattention-columns", by_column=True),
        multi_head("multi-head"),
        multi_head("multi-head-bias", bias=True),
        multi_head("multi-head-cross", kind="cross", bias=True),
        multi_head("multi-head-cross-lengths", kind="cross", mask="lengths"),
        multi_head("multi-head-keys", mask="keys"),
        packed("multi-head-packed", 3),
        packed("multi-head-packed-keys", 2),
        multi_head("multi-head-heads", kind="heads"),
        multi_head("multi-head-summand", mask="bias"),
        multi_head("multi-head-causal", unidirectional=1, scale=0.5),
        multi_head("multi-head-past", past=True),
        multi_head("multi-head-past-causal", past=True, unidirectional=1),
        group_query("group-query"),
        group_query("group-query-lengths", lengths=[5, 3]),
        group_query("group-query-one-key-head", groups=1),
        group_query("group-query-packed", packed=True),
        group_query("group-query-past", past=True, batch=1),
        group_query("group-query-past-lengths", past=True, seq=1, lengths=[4, 3]),
        group_query("group-query-window", local_window_size=2),
        group_query("group-query-past-window", past=True, batch=1, local_window_size=3),
        group_query("group-query-soft-cap", softcap=5.0),
        group_query("group-query-rotary", rotary=True),
        group_query("group-query-rotary-past", rotary=True, past=True, seq=1),
        group_query("group-query-rotary-packed", rotary=True, packed=True, rotary_interleaved=1),
        group_query("group-query-bias", bias=True),
        skip_norm("skip-norm"),
        skip_norm("skip-norm-bias", bias=True),
        skip_norm("skip-norm-sum", bias=True, total=True),
        skip_norm("skip-norm-row", row=True),
        skip_norm("skip-rms-norm", rms=True),
        skip_norm("skip-rms-norm-sum", rms=True, bias=True, total=True),
        embed_norm("embed-norm"),
        embed_norm("embed-norm-plain", segments=False, mask=False),
        embed_norm("embed-norm-positions", positions=True),
        activation("gelu", "Gelu"),
        activation("bias-gelu", "BiasGelu", bias=True),
        activation("fast-gelu", "FastGelu"),
        activation("fast-gelu-bias", "FastGelu", bias=True),
        activation("quick-gelu", "QuickGelu"),
        activation("quick-gelu-alpha", "QuickGelu", alpha=1.0),
        rotary("rotary"),
        rotary("rotary-heads", flat=False),
        rotary("rotary-first", first=True),
        rotary("rotary-interleaved", interleaved=1),
        rotary("rotary-part", num_heads=HEADS, rotary_embedding_dim=4),
        fused_matmul("fused-matmul", (2, 5, 8), (2, 7, 8), transB=1, alpha=0.25),
        fused_matmul("fused-matmul-left", (2, 8, 5), (2, 8, 7), transA=1),
        fused_matmul("fused-matmul-batch", (5, 2, 8), (7, 2, 8), transBatchA=1, transBatchB=1,
                     transB=1),
        fused_gemm("fused-gemm", "Relu"),
        fused_gemm("fused-gemm-leaky", "LeakyRelu", activation_alpha=0.2, alpha=0.5, beta=2.0),
        bits_matmul("bits-matmul"),
        bits_matmul("bits-matmul-zero", zero="packed", bias=True),
        bits_matmul("bits-matmul-float-zero", zero="floats"),
        bits_matmul("bits-matmul-8", bits=8, zero="packed"),
        dynamic_matmul("dynamic-matmul"),
        dynamic_matmul("dynamic-matmul-columns", by_column=True, bias=True),
        integer_matmul("integer-matmul"),
        integer_matmul("integer-matmul-columns", by_column=True, bias=True),
    ]
