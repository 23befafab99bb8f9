"""The node tests of the package onnx: what they are about, and how one goes."""

import re
import warnings

# Operators of which every case passes, in the domains of the standard.
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
