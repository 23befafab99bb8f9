"""Writes a graph that sends numbers through the ops of score regions.

usage: score-region.py > GRAPH.mlir

Every attention of the graph has five queries and two keys. The region gives the
first key the score 0 and the other the number y that one op computes, and the
values are unit vectors, so that the result is sigmoid(-y), sigmoid(y). The
expected y is a formula for NumPy in

    s         the score that comes in, another one for each query: %s : f32
    t         0.75: %t : f32
    a         -5, -2, 1, 4, 7 by query: %a : i32, and %n : i8 with 40 a
    b         3: %b3 : i32, and -3: %bm3 : i32
    i         the query's index: %i : index
"""

# name: (the op, the formula for y)
FLOATS = {
    "addf": ("arith.addf %s, %t : f32", "s + t"),
    "subf": ("arith.subf %s, %t : f32", "s - t"),
    "mulf": ("arith.mulf %s, %t : f32", "s * t"),
    "divf": ("arith.divf %s, %t : f32", "s / t"),
    "remf": ("arith.remf %s, %t : f32", "np.fmod(s, t)"),
    "negf": ("arith.negf %s : f32", "-s"),
    "maximumf": ("arith.maximumf %s, %t : f32", "np.maximum(s, t)"),
    "minimumf": ("arith.minimumf %s, %t : f32", "np.minimum(s, t)"),
    "maxnumf": ("arith.maxnumf %s, %nan : f32", "s"),
    "minnumf": ("arith.minnumf %nan, %s : f32", "s"),
    "absf": ("math.absf %s : f32", "abs(s)"),
    "ceil": ("math.ceil %s : f32", "np.ceil(s)"),
    "cos": ("math.cos %s : f32", "np.cos(s)"),
    "erf": ("math.erf %s : f32", "erf(s)"),
    "exp": ("math.exp %s : f32", "np.exp(s)"),
    "exp2": ("math.exp2 %s : f32", "2 ** s"),
    "expm1": ("math.expm1 %s : f32", "np.expm1(s)"),
    "floor": ("math.floor %s : f32", "np.floor(s)"),
    "fma": ("math.fma %s, %t, %s : f32", "s * t + s"),
    "log": ("math.log %exp : f32", "s"),
    "log1p": ("math.log1p %exp : f32", "np.log1p(np.exp(s))"),
    "log2": ("math.log2 %exp : f32", "np.log2(np.exp(s))"),
    "powf": ("math.powf %exp, %t : f32", "np.exp(s * t)"),
    "roundeven": ("math.roundeven %s : f32", "np.round(s)"),
    "trunc": ("math.trunc %s : f32", "np.trunc(s)"),
    "rsqrt": ("math.rsqrt %exp : f32", "np.exp(-s / 2)"),
    "sin": ("math.sin %s : f32", "np.sin(s)"),
    "sqrt": ("math.sqrt %exp : f32", "np.exp(s / 2)"),
    "tanh": ("math.tanh %s : f32", "np.tanh(s)"),
    "fpowi": ("math.fpowi %s, %b3 : f32, i32", "s ** 3"),
    "select": ("arith.select %positive, %s, %t : f32", "np.where(s > 0, s, t)"),
    "sitofp": ("arith.sitofp %a : i32 to f32", "a"),
    "sitofp_bool": ("arith.sitofp %positive : i1 to f32", "-1.0 * (s > 0)"),
    "uitofp": ("arith.uitofp %n : i8 to f32", "(40 * a) % 256"),
    "uitofp_bool": ("arith.uitofp %positive : i1 to f32", "1.0 * (s > 0)"),
}

INTEGERS = {
    "addi": ("arith.addi %a, %b3 : i32", "a + 3"),
    "subi": ("arith.subi %a, %b3 : i32", "a - 3"),
    "muli": ("arith.muli %a, %b3 : i32", "a * 3"),
    "divsi": ("arith.divsi %a, %b3 : i32", "np.trunc(a / 3)"),
    "divsi_negative": ("arith.divsi %a, %bm3 : i32", "np.trunc(a / -3)"),
    "floordivsi": ("arith.floordivsi %a, %b3 : i32", "np.floor(a / 3)"),
    "floordivsi_negative": ("arith.floordivsi %a, %bm3 : i32", "np.floor(a / -3)"),
    "ceildivsi": ("arith.ceildivsi %a, %b3 : i32", "np.ceil(a / 3)"),
    "ceildivsi_negative": ("arith.ceildivsi %a, %bm3 : i32", "np.ceil(a / -3)"),
    "remsi": ("arith.remsi %a, %b3 : i32", "np.fmod(a, 3)"),
    "maxsi": ("arith.maxsi %a, %b3 : i32", "np.maximum(a, 3)"),
    "minsi": ("arith.minsi %a, %bm3 : i32", "np.minimum(a, -3)"),
    "andi": ("arith.andi %a, %b3 : i32", "a & 3"),
    "ori": ("arith.ori %a, %b3 : i32", "a | 3"),
    "xori": ("arith.xori %a, %b3 : i32", "a ^ 3"),
    "shli": ("arith.shli %a, %b3 : i32", "a << 3"),
    "shrsi": ("arith.shrsi %a, %b3 : i32", "a >> 3"),
    "fptoui": ("arith.fptoui %exp : f32 to i32", "np.trunc(np.exp(s))"),
    "absi": ("math.absi %a : i32", "abs(a)"),
    "fptosi": ("arith.fptosi %s : f32 to i32", "np.trunc(s)"),
    "extsi": ("arith.extsi %positive : i1 to i32", "-1 * (s > 0)"),
    "extui": ("arith.extui %positive : i1 to i32", "1 * (s > 0)"),
}

# i8 in 256: results are shown modulo 256, as unsigned numbers.
BYTES = {
    "trunci": ("arith.trunci %a40 : i32 to i8", "40 * a"),
    "wraps": ("arith.addi %n, %n : i8", "80 * a"),
    "divui": ("arith.divui %n, %n3 : i8", "(40 * a) % 256 // 3"),
    "shrui": ("arith.shrui %n, %n3 : i8", "(40 * a) % 256 >> 3"),
    "remui": ("arith.remui %n, %n3 : i8", "(40 * a) % 256 % 3"),
    "maxui": ("arith.maxui %n, %n3 : i8", "np.maximum((40 * a) % 256, 3)"),
    "minui": ("arith.minui %n, %n3 : i8", "np.minimum((40 * a) % 256, 3)"),
}

CONDITIONS = {
    **{
        f"cmpf_{name}": (f"arith.cmpf {name}, %s, %t : f32", f"s {sign} t")
        for name, sign in {"oeq": "==", "une": "!=", "olt": "<", "ule": "<=",
                           "ogt": ">", "uge": ">="}.items()
    },
    "cmpf_ord": ("arith.cmpf ord, %s, %nan : f32", "s != s"),
    "cmpf_uno": ("arith.cmpf uno, %s, %nan : f32", "s == s"),
    "cmpf_ueq": ("arith.cmpf ueq, %s, %nan : f32", "s == s"),
    "cmpf_one": ("arith.cmpf one, %s, %nan : f32", "s != s"),
    **{
        f"cmpi_{name}": (f"arith.cmpi {name}, %a, %b3 : i32", f"a {sign} 3")
        for name, sign in {"eq": "==", "ne": "!=", "slt": "<", "sle": "<=",
                           "sgt": ">", "sge": ">="}.items()
    },
    **{
        f"cmpi_{name}": (f"arith.cmpi {name}, %n, %n3 : i8",
                         f"(40 * a) % 256 {sign} 3")
        for name, sign in {"ult": "<", "ule": "<=", "ugt": ">",
                           "uge": ">="}.items()
    },
    "cmpi_index": ("arith.cmpi slt, %i, %two : index", "i < 2"),
}

TYPE = "tensor<1x1x5x2xf32>"
HEAD = """\
  %{name}_result = graph.attention %q, %k, %v bias(%bias) score {{
  ^bb0(%s: f32, %batch: index, %head: index, %i: index, %j: index):
    %t = arith.constant 0.75 : f32
    %nan = arith.constant 0x7FC00000 : f32
    %zero = arith.constant 0.0 : f32
    %exp = math.exp %s : f32
    %positive = arith.cmpf ogt, %s, %zero : f32
    %b3 = arith.constant 3 : i32
    %bm3 = arith.constant -3 : i32
    %n3 = arith.constant 3 : i8
    %two = arith.constant 2 : index
    %i32 = arith.index_cast %i : index to i32
    %i3 = arith.muli %i32, %b3 : i32
    %five = arith.constant 5 : i32
    %a = arith.subi %i3, %five : i32
    %forty = arith.constant 40 : i32
    %a40 = arith.muli %a, %forty : i32
    %n = arith.trunci %a40 : i32 to i8
    %r = {op}
"""
TAIL = """\
    %first = arith.constant 0 : index
    %isFirst = arith.cmpi eq, %j, %first : index
    %score = arith.select %isFirst, %zero, %y : f32
    graph.yield %score : f32
  }} : (tensor<1x1x5x1xf32>, tensor<1x1x2x1xf32>, tensor<1x1x2x2xf32>,
       tensor<5x1xf32>) -> {type}
"""
# From the op's result to the score y.
TO_SCORE = {
    "f32": "    %y = arith.addf %r, %zero : f32\n",
    "i32": "    %y = arith.sitofp %r : i32 to f32\n",
    "i8": "    %y = arith.uitofp %r : i8 to f32\n",
    "i1": "    %y = arith.uitofp %r : i1 to f32\n",
}


def main():
    results, body = [], ""
    print("// given q = np.zeros((1, 1, 5, 1))")
    print("// given k = np.zeros((1, 1, 2, 1))")
    print("// given v = np.eye(2)[None, None]")
    print("// given bias = np.array([[-1.75], [-0.25], [0], [0.75], [2.5]])")
    print("// let s = bias[:, 0]")
    print("// let t = 0.75")
    print("// let i = np.arange(5)")
    print("// let a = 3 * i - 5")
    groups = [("f32", FLOATS), ("i32", INTEGERS), ("i8", BYTES), ("i1", CONDITIONS)]
    for kind, group in groups:
        for name, (op, formula) in group.items():
            formula = f"({formula}) % 256" if kind == "i8" else f"1.0 * ({formula})"
            print(f"// expect {name}_result = np.stack([sigmoid(-({formula})),")
            print(f"//   sigmoid({formula})], 1)[None, None]")
            body += HEAD.format(name=name, op=op) + TO_SCORE[kind]
            body += TAIL.format(type=TYPE)
            results.append(name)
    print("func.func @score_regions(%q: tensor<1x1x5x1xf32>,")
    print("                         %k: tensor<1x1x2x1xf32>,")
    print("                         %v: tensor<1x1x2x2xf32>,")
    print("                         %bias: tensor<5x1xf32>)")
    print("    -> (" + ", ".join([TYPE] * len(results)) + ") {")
    print(body + "  return " + ", ".join(f"%{name}_result" for name in results))
    print("      : " + ", ".join([TYPE] * len(results)) + "\n}")


main()
