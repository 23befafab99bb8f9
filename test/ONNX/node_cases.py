"""The node tests of the package onnx: what they are about, and how one goes."""

import re
import warnings

# Operators of which every case must pass (see is_required).
SUPPORTED = frozenset("""
    Attention LinearAttention CausalConvWithState FlexAttention RotaryEmbedding
    Softmax LogSoftmax Hardmax
    LayerNormalization RMSNormalization GroupNormalization InstanceNormalization
    BatchNormalization
    Gelu Swish Sigmoid HardSigmoid HardSwish Relu LeakyRelu PRelu Elu Celu Selu
    ThresholdedRelu Softplus Softsign Mish Shrink Tanh
    MatMul Gemm Einsum MatMulInteger
    Gather GatherElements GatherND ScatterElements ScatterND TensorScatter
    GRU LSTM RNN
    ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd ReduceSumSquare ReduceL1
    ReduceL2 ReduceLogSum ReduceLogSumExp
    Add Sub Mul Div Mod Pow Max Min Sum Mean Neg Abs Reciprocal Floor Ceil Round
    Sqrt Exp Log Erf Sin Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh Sign
    Clip IsNaN IsInf BitwiseAnd BitwiseOr BitwiseXor BitwiseNot BitShift
    Equal Less LessOrEqual Greater GreaterOrEqual And Or Xor Not Where
    Cast CastLike Identity Constant ConstantOfShape Shape Size EyeLike Range
    Reshape Transpose Slice Split Concat Expand Tile Pad Squeeze Unsqueeze Flatten
    Trilu CumSum ArgMax ArgMin TopK OneHot
    QuantizeLinear DequantizeLinear DynamicQuantizeLinear
""".split())


def load_cases():
    """The cases by name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from onnx.backend.test.loader import load_model_tests

        return {case.name: case for case in load_model_tests(kind="node")}


def get_operator(case, cases):
    """What a case is about; of an operator written out, the operator."""
    name = re.sub(r"_expanded(_ver\d+|_function.*)?$", "", case.name)
    nodes = cases.get(name, case).model.graph.node
    # A case of several nodes is about the last one.
    return nodes[-1].op_type if nodes else "none"


# Element types that the graph has none for.
NO_TYPES = frozenset("""
    STRING COMPLEX64 COMPLEX128 FLOAT8E4M3FN FLOAT8E4M3FNUZ FLOAT8E5M2
    FLOAT8E5M2FNUZ FLOAT8E8M0 FLOAT4E2M1
""".split())


def get_operators(case):
    """All operators of a case."""
    found = set()

    def visit(graph):
        for node in graph.node:
            found.add(node.op_type)
            for attribute in node.attribute:
                for inner in [attribute.g, *attribute.graphs]:
                    visit(inner)

    visit(case.model.graph)
    return found


def is_required(case):
    """Must a case pass? One of supported operators alone, on tensors of types
    that there are, and not of a model that is being trained."""
    from onnx import TensorProto

    graph = case.model.graph
    for value in [*graph.input, *graph.output]:
        number = value.type.tensor_type.elem_type
        if not number or TensorProto.DataType.Name(number) in NO_TYPES:
            return False
    trains = any(attribute.name == "training_mode" and attribute.i
                 for node in graph.node for attribute in node.attribute)
    return not trains and get_operators(case) <= SUPPORTED
