"""Compares the kernels of plain ops with NumPy, in double precision.

usage: numerics.py FAMILY TEMPORARY [TARGET [BATCH SEQ [FEATURES...]]]

FEATURES are the extents of rows, for the families that have several. Each case
is a graph function; its kernels are formed, scheduled, compiled and run. Errors are absolute below 1 and relative above. Prints one line a result
and exits 1 if one is wrong.
"""

import math
import sys

import numpy as np

from host_program import HostProgram

TARGET = sys.argv[3] if len(sys.argv) > 3 else "x86-64-v3"
BATCH, SEQ, *FEATURES = [int(a) for a in sys.argv[4:]] or [3, 37]
FEATURES = FEATURES or [8, 20, 31, 384]
NAMES = {"batch": BATCH, "seq": SEQ}
random = np.random.default_rng(11)
cases = []


def t(*dims):
    """t("seq", 8, "f32") -> tensor<?x8xf32, #graph.dims<seq, _>>"""
    *dims, element = dims
    extents = "".join("?x" if isinstance(d, str) else f"{d}x" for d in dims)
    names = ", ".join(d if isinstance(d, str) else "_" for d in dims)
    dims = f", #graph.dims<{names}>" if set(names) - set("_, ") else ""
    return f"tensor<{extents}{element}{dims}>"


def shape(*dims):
    return [NAMES.get(d, d) for d in dims]


def normal(*dims, dtype=np.float32):
    return random.standard_normal(shape(*dims)).astype(dtype)


def ints(high, *dims):
    return random.integers(0, high, shape(*dims))


def case(name, inputs, body, expected, error=1e-6, weights={}):
    """A function: inputs are (type, array), `body` ends with `return`."""
    arguments = ", ".join(f"%{i}: {type}" for i, (type, _) in enumerate(inputs))
    results = body.rsplit(" : ", 1)[1].strip()
    text = f"func.func @{name}({arguments}) -> ({results}) {{\n{body}\n}}\n"
    cases.append((name, text, [a for _, a in inputs], expected, error, weights))


def wide(*arrays):
    return [a.astype(np.float64) for a in arrays]


def erf(x):
    return np.vectorize(math.erf)(x)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x, axis):
    most = x.max(axis, keepdims=True)
    e = np.exp(x - np.where(np.isinf(most), 0, most))
    total = e.sum(axis, keepdims=True)
    return np.divide(e, total, out=np.zeros_like(e), where=total > 0)


def weighted_sum(name, type, inputs, lines, values):
    """One kernel for many ops: the sum of their results, with weights that no
    error of one op can hide behind another."""
    body, total, want = "", None, 0
    for i, (line, value) in enumerate(zip(lines, values)):
        weight = round(0.3 + 0.07 * i, 2)
        body += f"""
            %w{i} = graph.constant dense<{weight}> : tensor<f32>
            %f{i} = graph.{line}
            %p{i} = graph.mul %f{i}, %w{i} : ({type}, tensor<f32>) -> {type}"""
        want = want + weight * value
        if total:
            body += f"\n%s{i} = graph.add {total}, %p{i} : ({type}, {type}) -> {type}"
        total = f"%s{i}" if total else f"%p{i}"
    body += f"\nreturn {total} : {type}"
    case(name, inputs, body, [want])


def elementwise():
    x, y = normal("seq", 9), np.abs(normal("seq", 9)) + 0.1
    type = t("seq", 9, "f32")
    (wx, wy) = wide(x, y)
    inner = (2 / np.pi) ** 0.5 * (wx + 0.044715 * wx**3)
    signed = {
        "neg": -wx, "abs": abs(wx), "relu": np.maximum(wx, 0),
        "exp": np.exp(wx), "tanh": np.tanh(wx), "erf": erf(wx),
        "sin": np.sin(wx), "cos": np.cos(wx), "sigmoid": sigmoid(wx),
    }  # fmt: skip
    weighted_sum("signed", type, [(type, x)],
                 [f"{op} %0 : {type}" for op in signed], signed.values())  # fmt: skip
    positive = {
        "log": np.log(wy), "sqrt": np.sqrt(wy), "rsqrt": wy**-0.5,
        "reciprocal": 1 / wy,
    }  # fmt: skip
    weighted_sum("positive", type, [(type, y)],
                 [f"{op} %0 : {type}" for op in positive], positive.values())  # fmt: skip
    weighted_sum(
        "activations", type, [(type, x)],
        [f"silu %0 : {type}", f"gelu %0 : {type}", f"gelu %0 tanh : {type}"],
        [wx * sigmoid(wx), wx / 2 * (1 + erf(wx / 2**0.5)),
         wx / 2 * (1 + np.tanh(inner))])  # fmt: skip

    # Broadcasting, on both sides, with a chain.
    row, column = normal(9), np.abs(normal("seq", 1)) + 0.5
    rows, columns = t(9, "f32"), t("seq", 1, "f32")
    binary = {
        "add": wx + row, "sub": wx - row, "mul": wx * row, "div": wx / row,
        "maximum": np.maximum(wx, row), "minimum": np.minimum(wx, row),
    }  # fmt: skip
    weighted_sum(
        "binary", type, [(type, x), (rows, row)],
        [f"{op} %0, %1 : ({type}, {rows}) -> {type}" for op in binary],
        binary.values())  # fmt: skip
    case("pow", [(type, y), (columns, column)], f"""
        %y = graph.pow %0, %1 : ({type}, {columns}) -> {type}
        return %y : {type}""", [wy ** column.astype(float)], error=4e-6)  # fmt: skip
    case("chain", [(columns, column), (rows, row)], f"""
        %half = graph.constant dense<0.5> : tensor<f32>
        %a = graph.sub %0, %1 : ({columns}, {rows}) -> {type}
        %b = graph.mul %a, %half : ({type}, tensor<f32>) -> {type}
        %c = graph.exp %b : {type}
        return %c : {type}""",
         [np.exp((column.astype(float) - row) / 2)])  # fmt: skip

    # Integers and booleans.
    ids, mask = ints(100, "seq"), ints(2, "seq")
    i64, i1, f32 = t("seq", "i64"), t("seq", "i1"), t("seq", "f32")
    case("mask", [(i64, mask), (i64, ids)], f"""
        %zero = graph.constant dense<0> : tensor<i64>
        %fifty = graph.constant dense<50> : tensor<i64>
        %none = graph.constant dense<0xFF800000> : tensor<f32>
        %nought = graph.constant dense<0.0> : tensor<f32>
        %m = graph.compare ne %0, %zero : ({i64}, tensor<i64>) -> {i1}
        %l = graph.compare lt %1, %fifty : ({i64}, tensor<i64>) -> {i1}
        %n = graph.not %l : {i1}
        %a = graph.and %m, %l : ({i1}, {i1}) -> {i1}
        %o = graph.or %m, %n : ({i1}, {i1}) -> {i1}
        %s = graph.select %m, %nought, %none
            : ({i1}, tensor<f32>, tensor<f32>) -> {f32}
        return %a, %o, %s : {i1}, {i1}, {f32}""",
         [(mask != 0) & (ids < 50), (mask != 0) | (ids >= 50),
          np.where(mask, 0, -np.inf)])  # fmt: skip
    z = (normal("seq") * 10).astype(np.float32)
    case("casts", [(f32, z), (i64, ids)], f"""
        %i = graph.cast %0 : {f32} to {t("seq", "i32")}
        %b = graph.cast %1 : {i64} to {i1}
        %f = graph.cast %b : {i1} to {f32}
        %h = graph.cast %0 : {f32} to {t("seq", "f16")}
        %g = graph.cast %1 : {i64} to {f32}
        %n = graph.add %g, %f : ({f32}, {f32}) -> {f32}
        return %i, %b, %h, %n : {t("seq", "i32")}, {i1}, {t("seq", "f16")}, {f32}""",
         [np.trunc(z), ids != 0, z.astype(np.float16), ids + (ids != 0)],
         error=0)  # fmt: skip
    h = normal("seq", dtype=np.float16)
    f16 = t("seq", "f16")
    case("narrow", [(f16, h)], f"""
        %a = graph.sigmoid %0 : {f16}
        return %a : {f16}""",
         [sigmoid(h.astype(float))], error=5e-4)  # fmt: skip
    d = normal("seq", dtype=np.float64)
    f64 = t("seq", "f64")
    case("double", [(f64, d)], f"""
        %a = graph.mul %0, %0 : ({f64}, {f64}) -> {f64}
        %b = graph.sqrt %a : {f64}
        return %b : {f64}""", [abs(d)], error=1e-15)  # fmt: skip


def access():
    x = normal("batch", "seq", 24)
    hidden, ids = t("batch", "seq", 24, "f32"), t("batch", "seq", "i64")
    rows = ints(BATCH, "batch", "seq")
    places = np.minimum(ints(99, "batch", "seq"), SEQ - 1)
    case("gather", [(hidden, x), (ids, rows), (ids, places)], f"""
        %g = graph.gather %0 at(%1, %2) axis(0) : ({hidden}, {ids}, {ids}) -> {hidden}
        return %g : {hidden}""", [x[rows, places]], error=0)  # fmt: skip
    columns = np.array([23, 0, 7, -5, 99])
    five = t("batch", "seq", 5, "f32")
    case("gather_clamped", [(hidden, x), (t(5, "i32"), columns.astype(np.int32))], f"""
        %g = graph.gather %0 at(%1) axis(2) : ({hidden}, {t(5, "i32")}) -> {five}
        return %g : {five}""", [x[:, :, [23, 0, 7, 0, 23]]], error=0)  # fmt: skip
    padded = t("batch", "seq", 30, "f32")
    case("pad", [(hidden, x)], f"""
        %v = graph.constant dense<-2.5> : tensor<f32>
        %p = graph.pad %0, %v low [0, 0, 2] high [0, 0, 4]
            : ({hidden}, tensor<f32>) -> {padded}
        return %p : {padded}""",
         [np.pad(x, [(0, 0), (0, 0), (2, 4)], constant_values=-2.5)],
         error=0)  # fmt: skip
    case("extent", [(hidden, x)], f"""
        %n = graph.extent "2*batch*seq" : tensor<i64>
        %i = graph.iota axis(0) : {t("seq", "i64")}
        %s = graph.sub %n, %i : (tensor<i64>, {t("seq", "i64")}) -> {t("seq", "i64")}
        return %n, %s : tensor<i64>, {t("seq", "i64")}""",
         [np.array(2 * BATCH * SEQ), 2 * BATCH * SEQ - np.arange(SEQ)],
         error=0)  # fmt: skip
    table, update = normal(6, 24), normal(9, 24)
    index = np.array([3, 1, 3, 0, 5, 5, 1, 3, 2])
    types = (t(6, 24, "f32"), t(9, 24, "f32"), t(9, "i64"))
    want = {kind: table.copy() for kind in ["set", "add", "mul", "max", "min"]}
    for i, row in zip(index, update):
        want["set"][i] = row
        want["add"][i] += row
        want["mul"][i] *= row
        want["max"][i] = np.maximum(want["max"][i], row)
        want["min"][i] = np.minimum(want["min"][i], row)
    for kind, value in want.items():
        case(f"scatter_{kind}", list(zip(types, (table, update, index))), f"""
            %s = graph.scatter {kind} %0, %1 at(%2) axis(0)
                : ({", ".join(types)}) -> {types[0]}
            return %s : {types[0]}""", [value])  # fmt: skip
    numbers = np.array([-7, -4, -1, 0, 1, 4, 7, 9])
    eight, floats = t(8, "i64"), t(8, "f32")
    case("integers", [(eight, numbers)], f"""
        %c = graph.constant dense<-3> : tensor<i64>
        %q = graph.div %0, %c : ({eight}, tensor<i64>) -> {eight}
        %m = graph.mod %0, %c : ({eight}, tensor<i64>) -> {eight}
        %x = graph.bitwise xor %0, %c : ({eight}, tensor<i64>) -> {eight}
        %two = graph.constant dense<2> : tensor<i64>
        %l = graph.bitwise shl %0, %two : ({eight}, tensor<i64>) -> {eight}
        %r = graph.bitwise shr %0, %two : ({eight}, tensor<i64>) -> {eight}
        return %q, %m, %x, %l, %r : {eight}, {eight}, {eight}, {eight}, {eight}""",
         [np.trunc(numbers / -3), numbers % -3, numbers ^ -3, numbers << 2,
          (numbers.astype(np.uint64) >> np.uint64(2)).astype(np.int64)],
         error=0)  # fmt: skip
    # Divisors that processors trap at.
    low = np.iinfo(np.int32).min
    nine = t(9, "i32")
    dividend = np.array([7, -7, low, 5, low, 0, 9, -9, 1], np.int32)
    divisor = np.array([0, 2, -1, -1, 1, 3, 4, 4, 0], np.int32)
    case("divisors", [(nine, dividend), (nine, divisor)], f"""
        %q = graph.div %0, %1 : ({nine}, {nine}) -> {nine}
        %m = graph.mod %0, %1 : ({nine}, {nine}) -> {nine}
        return %q, %m : {nine}, {nine}""",
         [np.array([0, -3, low, -5, low, 0, 2, -2, 0]),
          np.array([0, 1, 0, 0, 0, 0, 1, 3, 0])], error=0)  # fmt: skip
    x = np.array([-2.5, -1.5, -0.3, 0, 0.5, 1.5, 2.5, 8.1], np.float32)
    s = np.tanh(x)
    case("floats", [(floats, x), (floats, s)], f"""
        %f = graph.floor %0 : {floats}
        %c = graph.ceil %0 : {floats}
        %r = graph.round %0 : {floats}
        %a = graph.atan %0 : {floats}
        %i = graph.asin %1 : {floats}
        %o = graph.acos %1 : {floats}
        %k = graph.constant dense<-1.25> : tensor<f32>
        %m = graph.mod %0, %k : ({floats}, tensor<f32>) -> {floats}
        %p = graph.reduce product %0 axes [0] : ({floats}) -> tensor<f32>
        return %f, %c, %r, %a, %i, %o, %m, %p : {", ".join([floats] * 7)}, tensor<f32>""",
         [np.floor(x), np.ceil(x), np.rint(x), np.arctan(*wide(x)),
          np.arcsin(*wide(s)), np.arccos(*wide(s)), x % np.float32(-1.25),
          np.array(0.0)])  # fmt: skip


def special():
    """Infinities, NaN, what is one value all along, numbers of 64 bits."""
    six, bools = t(6, "f32"), t(6, "i1")
    x = np.array([1, np.nan, np.inf, 0, -np.inf, -9e29], np.float32)
    y = np.array([1, 200, 88, 0, -200, 7], np.float32)
    case("infinite", [(six, x), (six, y)], f"""
        %inf = graph.constant dense<0x7F800000> : tensor<f32>
        %none = graph.constant dense<0xFF800000> : tensor<f32>
        %a = graph.compare ne %0, %0 : ({six}, {six}) -> {bools}
        %n = graph.neg %0 : {six}
        %b = graph.compare eq %n, %none : ({six}, tensor<f32>) -> {bools}
        %c = graph.compare ne %0, %none : ({six}, tensor<f32>) -> {bools}
        %large = graph.constant dense<1.0e37> : tensor<f32>
        %e = graph.mul %1, %large : ({six}, tensor<f32>) -> {six}
        %d = graph.compare eq %inf, %e : (tensor<f32>, {six}) -> {bools}
        return %a, %b, %c, %d : {", ".join([bools] * 4)}""",
         [np.isnan(x), x == np.inf, [1, 1, 1, 1, 0, 1], y > 40],
         error=0)  # fmt: skip
    # Within kernels -1e30 stands for -inf.
    where = np.array([1, 0, 1, 0, 1, 0], bool)
    half = x[[0, 3, 0, 3, 0, 3]].astype(np.float16)
    case("returned", [(bools, where), (six, y), (t(6, "f16"), half)], f"""
        %none = graph.constant dense<0xFF800000> : tensor<f32>
        %less = graph.constant dense<0xFC00> : tensor<f16>
        %a = graph.select %0, %1, %none : ({bools}, {six}, tensor<f32>) -> {six}
        %b = graph.broadcast %none : tensor<f32> to {six}
        %c = graph.select %0, %less, %2
            : ({bools}, tensor<f16>, {t(6, "f16")}) -> {t(6, "f16")}
        return %a, %b, %c : {six}, {six}, {t(6, "f16")}""",
         [np.where(where, y, -np.inf), np.full(6, -np.inf),
          np.where(where, -np.inf, half)], error=0)  # fmt: skip
    # A double that is close to the middle of two floats of 16 bits.
    d = np.array([1 + 2**-11, 1 + 2**-11 + 2**-40, 1 + 3 * 2**-11 - 2**-40,
                  -1 - 2**-11 - 2**-40, 65519.99999999, 100, 2.0**-25,
                  2.0**-25 + 2.0**-60])  # fmt: skip
    case("rounded_once", [(t(8, "f64"), d)], f"""
        %h = graph.cast %0 : {t(8, "f64")} to {t(8, "f16")}
        return %h : {t(8, "f16")}""", [d.astype(np.float16)], error=0)  # fmt: skip
    # Reductions of what does not change along their axes.
    row = normal("seq", 1)
    column, all = t("seq", 1, "f32"), t("seq", 37, "f32")
    ones = t(4, 6, "f32")
    case("unchanging", [(column, row)], f"""
        %b = graph.broadcast %0 : {column} to {all}
        %s = graph.reduce sum %b axes [1] : ({all}) -> {t("seq", "f32")}
        %two = graph.constant dense<2.0> : {ones}
        %r = graph.reduce sum %two axes [1] : ({ones}) -> {t(4, "f32")}
        %c = graph.reduce sum %two axes [0] : ({ones}) -> {t(6, "f32")}
        %m = graph.reduce max %two axes [0, 1] : ({ones}) -> tensor<f32>
        return %s, %r, %c, %m
            : {t("seq", "f32")}, {t(4, "f32")}, {t(6, "f32")}, tensor<f32>""",
         [37 * row[:, 0].astype(float), np.full(4, 12), np.full(6, 8), 2])  # fmt: skip


def unsigned():
    """Numbers of 64 bits without a sign; results in two halves, which doubles
    hold."""
    big = np.iinfo(np.uint64).max
    a = np.array([0, 7, 2**63, big, big, 2**63 + 5, 12345678901234567890, 9],
                 np.uint64)  # fmt: skip
    b = np.array([3, 2, 3, 2**63 + 1, 1, big, 10, 0], np.uint64)
    u64, i64, i1 = t(8, "ui64"), t(8, "i64"), t(8, "i1")
    body, results, expected = "", [], []

    def result(name, value):
        nonlocal body
        body += f"""
            %{name}l = graph.bitwise and %{name}, %mask : ({u64}, tensor<ui64>) -> {u64}
            %{name}h = graph.bitwise shr %{name}, %half : ({u64}, tensor<ui64>) -> {u64}
            %{name}x = graph.cast %{name}l : {u64} to {i64}
            %{name}y = graph.cast %{name}h : {u64} to {i64}"""
        results.extend([(f"%{name}x", i64), (f"%{name}y", i64)])
        expected.extend([value & 0xFFFFFFFF, value >> 32])

    none = b == 0
    safe = np.where(none, 1, b).astype(np.uint64)
    for op, value in [("div", np.where(none, 0, a // safe)),
                      ("mod", np.where(none, 0, a % safe)),
                      ("maximum", np.maximum(a, b)),
                      ("minimum", np.minimum(a, b))]:
        body += f"\n%{op} = graph.{op} %0, %1 : ({u64}, {u64}) -> {u64}"
        result(op, value.astype(np.uint64))
    for op, value in [("lt", a < b), ("le", a <= b), ("gt", a > b), ("ge", a >= b)]:
        body += f"\n%{op} = graph.compare {op} %0, %1 : ({u64}, {u64}) -> {i1}"
        results.append((f"%{op}", i1))
        expected.append(value)
    for type, dtype in [("f32", np.float32), ("f64", np.float64)]:
        body += f"""
            %{type} = graph.cast %0 : {u64} to {t(8, type)}
            %b{type} = graph.cast %{type} : {t(8, type)} to {u64}"""
        results.append((f"%{type}", t(8, type)))
        expected.append(a.astype(dtype))
    body += f"""
        %top = graph.reduce max %0 axes [0] : ({u64}) -> tensor<ui64>
        %t = graph.cast %top : tensor<ui64> to tensor<i64>
        %at = graph.argmax %0 axis(0) : ({u64}) -> tensor<i64>
        %back = graph.cast %2 : {t(8, "f64")} to {u64}"""
    floats = np.array([0, 1.5, 2.0**63, 2.0**63 + 2048, 3e18, 1.2e19, 2, 4.0])
    result("back", floats.astype(np.uint64))
    results.extend([("%t", "tensor<i64>"), ("%at", "tensor<i64>")])
    expected.extend([-1, 3])
    names, types = zip(*results)
    case("whole", [(u64, a.view(np.int64)), (u64, b.view(np.int64)),
                   (t(8, "f64"), floats)], f"""
        %mask = graph.constant dense<4294967295> : tensor<ui64>
        %half = graph.constant dense<32> : tensor<ui64>
        {body}
        return {", ".join(names)} : {", ".join(types)}""", expected, error=0)


def movement():
    x = normal("batch", "seq", 24)
    hidden = t("batch", "seq", 24, "f32")
    split, heads = t("batch", "seq", 4, 6, "f32"), t("batch", 4, "seq", 6, "f32")
    h = x.reshape(BATCH, SEQ, 4, 6).transpose(0, 2, 1, 3)
    case("heads", [(hidden, x)], f"""
        %r = graph.reshape %0 : {hidden} to {split}
        %t = graph.transpose %r perm [0, 2, 1, 3] : ({split}) -> {heads}
        return %t : {heads}""", [h], error=0)  # fmt: skip
    case("merge", [(heads, h)], f"""
        %t = graph.transpose %0 perm [0, 2, 1, 3] : ({heads}) -> {split}
        %r = graph.reshape %t : {split} to {hidden}
        return %r : {hidden}""", [x], error=0)  # fmt: skip
    third = t("batch", "seq", 8, "f32")
    part = t("batch", "seq", 2, 4, "f32")
    case("packed", [(hidden, x)], f"""
        %s = graph.slice %0 axis(2) [8, 16] : ({hidden}) -> {third}
        %r = graph.reshape %s : {third} to {part}
        %t = graph.transpose %r perm [2, 0, 1, 3]
            : ({part}) -> {t(2, "batch", "seq", 4, "f32")}
        return %t : {t(2, "batch", "seq", 4, "f32")}""",
         [x[:, :, 8:16].reshape(BATCH, SEQ, 2, 4).transpose(2, 0, 1, 3)],
         error=0)  # fmt: skip
    first = t("batch", 1, 24, "f32")
    vector = t("batch", 24, "f32")
    case("first", [(hidden, x)], f"""
        %s = graph.slice %0 axis(1) [0, 1] : ({hidden}) -> {first}
        %v = graph.reshape %s : {first} to {vector}
        return %v : {vector}""", [x[:, 0]], error=0)  # fmt: skip
    y = normal("batch", "seq", 5)
    other, both = t("batch", "seq", 5, "f32"), t("batch", "seq", 53, "f32")
    case("concat", [(hidden, x), (other, y)], f"""
        %c = graph.concat %0, %1, %0 axis(2)
            : ({hidden}, {other}, {hidden}) -> {both}
        return %c : {both}""", [np.concatenate([x, y, x], 2)], error=0)  # fmt: skip
    front, rest, three = normal("batch", 24), normal("seq", 24), normal(3, 24)
    ends, middle = t("batch", 24, "f32"), t("seq", 24, "f32")
    joined = t("(2*batch+seq+3)", 24, "f32")
    case("concat_dynamic", [(ends, front), (middle, rest)], f"""
        %w = graph.weight "three" : {t(3, 24, "f32")}
        %c = graph.concat %0, %w, %1, %0 axis(0)
            : ({ends}, {t(3, 24, "f32")}, {middle}, {ends}) -> {joined}
        return %c : {joined}""",
         [np.concatenate([front, three, rest, front])],
         error=0, weights={"three": three})  # fmt: skip
    row = normal(24)
    case("broadcast", [(hidden, x), (t(24, "f32"), row)], f"""
        %b = graph.broadcast %1 : {t(24, "f32")} to {hidden}
        return %b : {hidden}""",
         [np.broadcast_to(row, x.shape)], error=0)  # fmt: skip
    ids = ints(100, "batch", "seq")
    indices, positions = t("batch", "seq", "i64"), t("seq", "i64")
    rows = t("seq", 24, "f32")
    words, places = normal(100, 24), normal(64, 24)
    case("embedding", [(indices, ids)], f"""
        %w = graph.weight "words" : {t(100, 24, "f32")}
        %p = graph.weight "places" : {t(64, 24, "f32")}
        %i = graph.iota axis(0) : {positions}
        %a = graph.embedding %w, %0 : ({t(100, 24, "f32")}, {indices}) -> {hidden}
        %b = graph.embedding %p, %i : ({t(64, 24, "f32")}, {positions}) -> {rows}
        %c = graph.add %a, %b : ({hidden}, {rows}) -> {hidden}
        return %c, %i : {hidden}, {positions}""",
         [words[ids] + places[:SEQ], np.arange(SEQ)], error=0,
         weights={"words": words, "places": places})  # fmt: skip
    # An index outside of its table reads the first or the last row.
    wrong = np.array([-1, 0, 99, 100, 1 << 31])
    case("outside", [(t(5, "i64"), wrong)], f"""
        %w = graph.weight "words" : {t(100, 24, "f32")}
        %a = graph.embedding %w, %0
            : ({t(100, 24, "f32")}, {t(5, "i64")}) -> {t(5, 24, "f32")}
        %s = graph.slice %a axis(0) [0, 4] : ({t(5, 24, "f32")}) -> {t(4, 24, "f32")}
        return %s : {t(4, 24, "f32")}""",
         [words[[0, 0, 99, 99]]], error=0, weights={"words": words})  # fmt: skip
    case("results", [(vector, x[:, 0])], f"""
        %c = graph.constant dense<0.5> : tensor<f32>
        %v = graph.constant dense<[1.0, 2.0]> : tensor<2xf32>
        %e = graph.neg %0 : {vector}
        return %0, %e, %e, %c, %v : {vector}, {vector}, {vector}, tensor<f32>, tensor<2xf32>""",
         [x[:, 0], -x[:, 0], -x[:, 0], np.array(0.5), np.array([1.0, 2.0])],
         error=0)  # fmt: skip


def reduction():
    x = normal("batch", "seq", 24)
    (wx,) = wide(x)
    hidden, column = t("batch", "seq", 24, "f32"), t("batch", "seq", 1, "f32")
    case("mean_of_squares", [(hidden, x)], f"""
        %s = graph.mul %0, %0 : ({hidden}, {hidden}) -> {hidden}
        %m = graph.reduce mean %s axes [2] keepdims : ({hidden}) -> {column}
        return %m : {column}""", [(wx**2).mean(2, keepdims=True)])  # fmt: skip
    for kind in ("sum", "mean", "max", "min"):
        case(f"{kind}_apart", [(hidden, x)], f"""
            %m = graph.reduce {kind} %0 axes [0, 2] : ({hidden}) -> {t("seq", "f32")}
            return %m : {t("seq", "f32")}""",
             [getattr(wx, kind)((0, 2))], error=4e-6)  # fmt: skip
    ids = ints(100, "batch", "seq") - 50
    i64 = t("batch", "seq", "i64")
    case("integers", [(i64, ids)], f"""
        %s = graph.reduce sum %0 axes [0, 1] : ({i64}) -> tensor<i64>
        %m = graph.reduce max %0 axes [1] : ({i64}) -> {t("batch", "i64")}
        %n = graph.reduce min %0 axes [0] : ({i64}) -> {t("seq", "i64")}
        %c = graph.cumsum %0 axis(1) : {i64}
        %d = graph.cumsum %0 axis(0) : {i64}
        return %s, %m, %n, %c, %d : tensor<i64>, {t("batch", "i64")}, {t("seq", "i64")}, {i64}, {i64}""",
         [ids.sum(), ids.max(1), ids.min(0), ids.cumsum(1), ids.cumsum(0)],
         error=0)  # fmt: skip
    # Large scores, a row without any key and one with a single one.
    s = normal("batch", 2, "seq", "seq") * np.float32(40)
    s[0, 1, 3] = -np.inf
    s[1, 0, 2, 1:] = -np.inf
    scores = t("batch", 2, "seq", "seq", "f32")
    case("softmax", [(scores, s)], f"""
        %y = graph.softmax %0 axis(3) : {scores}
        return %y : {scores}""", [softmax(s.astype(float), 3)])  # fmt: skip
    # The same masks, by kernels.
    mask = ints(2, "batch", "seq")
    mask[1] = 0
    some = np.where(mask[:, None, None, :], np.maximum(s, -50), -np.inf)
    case("masked_softmax", [(scores, np.maximum(s, -50)), (i64, mask)], f"""
        %zero = graph.constant dense<0> : tensor<i64>
        %none = graph.constant dense<0xFF800000> : tensor<f32>
        %nought = graph.constant dense<0.0> : tensor<f32>
        %m = graph.compare ne %1, %zero
            : ({i64}, tensor<i64>) -> {t("batch", "seq", "i1")}
        %k = graph.reshape %m
            : {t("batch", "seq", "i1")} to {t("batch", 1, 1, "seq", "i1")}
        %b = graph.select %k, %nought, %none
            : ({t("batch", 1, 1, "seq", "i1")}, tensor<f32>, tensor<f32>)
            -> {t("batch", 1, 1, "seq", "f32")}
        %s = graph.add %0, %b
            : ({scores}, {t("batch", 1, 1, "seq", "f32")}) -> {scores}
        %y = graph.softmax %s axis(3) : {scores}
        return %y : {scores}""", [softmax(some.astype(float), 3)])  # fmt: skip
    case("softmax_middle", [(hidden, x)], f"""
        %y = graph.softmax %0 axis(1) : {hidden}
        return %y : {hidden}""", [softmax(wx, 1)])  # fmt: skip
    case("log_softmax", [(hidden, x * 5)], f"""
        %y = graph.log_softmax %0 axis(2) : {hidden}
        return %y : {hidden}""", [np.log(softmax(wx * 5, 2))], error=4e-6)  # fmt: skip
    z = x.copy()
    z[1, 4] = 0
    norm = np.linalg.norm(z.astype(float), axis=2, keepdims=True)
    case("l2_normalize", [(hidden, z)], f"""
        %y = graph.l2_normalize %0 axis(2) : {hidden}
        return %y : {hidden}""", [z / np.maximum(norm, 1e-12)])  # fmt: skip


def layer_norm(x, eps):
    mean = x.mean(-1, keepdims=True)
    return (x - mean) / np.sqrt(((x - mean) ** 2).mean(-1, keepdims=True) + eps)


def rms_norm(x, eps):
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + eps)


def norm():
    for n in FEATURES:
        x, r = normal("batch", "seq", n), normal("batch", "seq", n)
        g, b = normal(n), normal(n)
        (wx, wr, wg, wb) = wide(x + r, r, g, b)
        rows, vector = t("batch", "seq", n, "f32"), t(n, "f32")
        weights = {"g": g, "b": b}
        case(f"layer_norm_{n}", [(rows, x), (rows, r)], f"""
            %g = graph.weight "g" : {vector}
            %b = graph.weight "b" : {vector}
            %y = graph.layer_norm %0 residual(%1) scale(%g) bias(%b) eps(1.0e-12)
                : ({rows}, {rows}, {vector}, {vector}) -> {rows}
            return %y : {rows}""",
             [layer_norm(wx, 1e-12) * wg + wb], error=4e-6, weights=weights)  # fmt: skip
        case(f"rms_norm_{n}", [(rows, r)], f"""
            %g = graph.weight "g" : {vector}
            %y = graph.rms_norm %0 scale(%g) eps(1.0e-6)
                : ({rows}, {vector}) -> {rows}
            return %y : {rows}""",
             [rms_norm(wr, 1e-6) * wg], error=1e-6, weights=weights)  # fmt: skip
    n = FEATURES[-1]
    x, g = normal("seq", n), normal(n)
    rows, vector = t("seq", n, "f32"), t(n, "f32")
    # Far from zero, where a variance by the mean of squares has no digits left.
    far = x + np.float32(100)
    case("far", [(rows, far)], f"""
        %y = graph.layer_norm %0 : ({rows}) -> {rows}
        return %y : {rows}""",
         [layer_norm(far.astype(float), 1e-5)], error=3e-5)  # fmt: skip
    for element, error in (("f16", 2e-3), ("bf16", 2e-2)):
        narrow, few = t("seq", n, element), t(n, element)
        case(f"narrow_{element}", [(rows, x), (vector, g)], f"""
            %x = graph.cast %0 : {rows} to {narrow}
            %g = graph.cast %1 : {vector} to {few}
            %n = graph.layer_norm %x residual(%x) scale(%g) bias(%g)
                : ({narrow}, {narrow}, {few}, {few}) -> {narrow}
            %y = graph.cast %n : {narrow} to {rows}
            return %y : {rows}""",
             [layer_norm(2 * x.astype(float), 1e-5) * g + g], error=error)  # fmt: skip
    d = normal("seq", n, dtype=np.float64)
    f64 = t("seq", n, "f64")
    case("double", [(f64, d)], f"""
        %y = graph.layer_norm %0 : ({f64}) -> {f64}
        return %y : {f64}""", [layer_norm(d, 1e-5)], error=1e-14)  # fmt: skip


def embeddings():
    ids, kinds = ints(100, "batch", "seq"), ints(2, "batch", "seq")
    i64 = t("batch", "seq", "i64")
    for n in FEATURES:
        words, places, types = normal(100, n), normal(200, n), normal(2, n)
        g, b = normal(n), normal(n)
        rows, vector = t("batch", "seq", n, "f32"), t(n, "f32")
        weights = {"words": words, "places": places, "types": types, "g": g, "b": b}
        (ww, wp, wt, wg, wb) = wide(words, places, types, g, b)
        # Positions behind a padding row, as a tensor of ones times anything.
        total = ww[ids] + wp[2 : 2 + SEQ] + wt[kinds]
        head = f"""
            %w = graph.weight "words" : {t(100, n, "f32")}
            %a = graph.weight "places" : {t(200, n, "f32")}
            %p = graph.slice %a axis(0) [2, 200] : ({t(200, n, "f32")}) -> {t(198, n, "f32")}
            %k = graph.weight "types" : {t(2, n, "f32")}
            %g = graph.weight "g" : {vector}
            %b = graph.weight "b" : {vector}
            %i = graph.iota axis(1) : {t(1, "seq", "i64")}
            %j = graph.broadcast %i : {t(1, "seq", "i64")} to {i64}"""
        ins = f"{t(100, n, 'f32')}, {t(198, n, 'f32')}, {t(2, n, 'f32')}, {i64}, {i64}, {i64}"
        case(f"norm_{n}", [(i64, ids), (i64, kinds)], head + f"""
            %y = graph.embeddings tables(%w, %p, %k) indices(%0, %j, %1)
                norm(layer) scale(%g) bias(%b) eps(1.0e-12)
                : ({ins}, {vector}, {vector}) -> {rows}
            return %y : {rows}""",
             [layer_norm(total, 1e-12) * wg + wb], error=4e-6, weights=weights)  # fmt: skip
        case(f"sum_{n}", [(i64, ids), (i64, kinds)], head + f"""
            %y = graph.embeddings tables(%w, %p, %k) indices(%0, %j, %1)
                : ({ins}) -> {rows}
            return %y : {rows}""", [total], weights=weights)  # fmt: skip
    # Narrow tables, indices that are a constant, a wrong index.
    n = FEATURES[-1]
    h, g = normal(9, n, dtype=np.float16), normal(n, dtype=np.float16)
    table, rows = t(9, n, "f16"), t(3, n, "f16")
    case("narrow", [], f"""
        %w = graph.weight "h" : {table}
        %g = graph.weight "g" : {t(n, "f16")}
        %i = graph.constant dense<[4, -1, 9]> : tensor<3xi32>
        %y = graph.embeddings tables(%w) indices(%i) norm(rms) scale(%g)
            : ({table}, tensor<3xi32>, {t(n, "f16")}) -> {rows}
        return %y : {rows}""",
         [rms_norm(h[[4, 0, 8]].astype(float), 1e-5) * g], error=2e-3,
         weights={"h": h, "g": g})  # fmt: skip


def pooled(kind, x, mask):
    keep = mask[:, :, None] != 0
    some = keep.any(1)
    if kind == "cls":
        return x[:, 0]
    if kind == "max":
        return np.where(some, np.where(keep, x, -np.inf).max(1), 0)
    return np.where(keep, x, 0).sum(1) / np.maximum(keep.sum(1), 1)


def pool():
    mask = ints(2, "batch", "seq")
    mask[0] = 1
    mask[-1] = 0 if BATCH > 1 else 1
    i64 = t("batch", "seq", "i64")
    for n in FEATURES:
        x = normal("batch", "seq", n)
        (wx,) = wide(x)
        hidden, vector = t("batch", "seq", n, "f32"), t("batch", n, "f32")
        for kind in ("mean", "max", "cls"):
            y = pooled(kind, wx, mask)
            y = y / np.maximum(np.linalg.norm(y, axis=1, keepdims=True), 1e-12)
            case(f"{kind}_{n}", [(hidden, x), (i64, mask)], f"""
                %y = graph.pool {kind} %0 mask(%1) normalize
                    : ({hidden}, {i64}) -> {vector}
                return %y : {vector}""", [y], error=4e-7)  # fmt: skip
    # Nothing but the pooling; a mask that is read through a comparison; narrow.
    n = FEATURES[-1]
    i1, zero = t("batch", "seq", "i1"), np.zeros_like(mask)
    case("plain", [(hidden, x), (i64, mask)], f"""
        %zero = graph.constant dense<0> : tensor<i64>
        %m = graph.compare ne %1, %zero : ({i64}, tensor<i64>) -> {i1}
        %a = graph.pool mean %0 : ({hidden}) -> {vector}
        %b = graph.pool max %0 : ({hidden}) -> {vector}
        %c = graph.pool mean %0 mask(%m) : ({hidden}, {i1}) -> {vector}
        return %a, %b, %c : {vector}, {vector}, {vector}""",
         [pooled("mean", wx, zero + 1), pooled("max", wx, zero + 1),
          pooled("mean", wx, mask)])  # fmt: skip
    h = x.astype(np.float16)
    narrow, few = t("batch", "seq", n, "f16"), t("batch", n, "f16")
    case("narrow", [(narrow, h), (i64, mask)], f"""
        %y = graph.pool mean %0 mask(%1) normalize : ({narrow}, {i64}) -> {few}
        %z = graph.pool cls %0 normalize : ({narrow}) -> {few}
        return %y, %z : {few}, {few}""",
         [y / np.maximum(np.linalg.norm(y, axis=1, keepdims=True), 1e-12)
          for y in (pooled(k, h.astype(float), mask) for k in ("mean", "cls"))],
         error=5e-4)  # fmt: skip


def lines():
    """Reductions and softmax, along rows and across them, at many extents."""
    for n in FEATURES:
        x = normal("batch", "seq", n) * np.float32(3)
        (wx,) = wide(x)
        hidden = t("batch", "seq", n, "f32")
        columns = t("batch", n, "f32")
        case(f"softmax_{n}", [(hidden, x)], f"""
            %a = graph.softmax %0 axis(2) : {hidden}
            %b = graph.softmax %0 axis(1) : {hidden}
            return %a, %b : {hidden}, {hidden}""",
             [softmax(wx, 2), softmax(wx, 1)])  # fmt: skip
        case(f"normalize_{n}", [(hidden, x)], f"""
            %a = graph.l2_normalize %0 axis(2) : {hidden}
            %b = graph.l2_normalize %0 axis(0) : {hidden}
            return %a, %b : {hidden}, {hidden}""",
             [wx / np.sqrt((wx**2).sum(a, keepdims=True)) for a in (2, 0)])  # fmt: skip
        case(f"reduce_{n}", [(hidden, x)], f"""
            %a = graph.reduce mean %0 axes [2] : ({hidden}) -> {t("batch", "seq", "f32")}
            %b = graph.reduce mean %0 axes [1] : ({hidden}) -> {columns}
            %c = graph.reduce max %0 axes [0] : ({hidden}) -> {t("seq", n, "f32")}
            %d = graph.reduce mean %0 axes [0, 1, 2] : ({hidden}) -> tensor<f32>
            return %a, %b, %c, %d : {t("batch", "seq", "f32")}, {columns}, {t("seq", n, "f32")}, tensor<f32>""",
             [wx.mean(2), wx.mean(1), wx.max(0), wx.mean()])  # fmt: skip
    scores = t("batch", 2, "seq", "seq", "f32")
    s = normal("batch", 2, "seq", "seq") * np.float32(20)
    case("scores", [(scores, s)], f"""
        %y = graph.softmax %0 axis(3) : {scores}
        %l = graph.log_softmax %0 axis(3) : {scores}
        return %y, %l : {scores}, {scores}""",
         [softmax(s.astype(float), 3), np.log(softmax(s.astype(float), 3) + 1e-300)],
         error=4e-6)  # fmt: skip
    ids, h = ints(100, "batch", "seq"), normal("batch", "seq", dtype=np.float16)
    i64, i1, f16 = [t("batch", "seq", e) for e in ("i64", "i1", "f16")]
    some, all_ = t("batch", "i1"), t("seq", "i1")
    case("others", [(i64, ids), (f16, h)], f"""
        %n = graph.constant dense<50> : tensor<i64>
        %m = graph.compare lt %0, %n : ({i64}, tensor<i64>) -> {i1}
        %a = graph.reduce max %m axes [1] : ({i1}) -> {some}
        %b = graph.reduce min %m axes [0] : ({i1}) -> {all_}
        %c = graph.reduce sum %0 axes [1] : ({i64}) -> {t("batch", "i64")}
        %d = graph.cumsum %0 axis(1) : {i64}
        %e = graph.cumsum %0 axis(0) : {i64}
        return %a, %b, %c, %d, %e : {some}, {all_}, {t("batch", "i64")}, {i64}, {i64}""",
         [(ids < 50).any(1), (ids < 50).all(0), ids.sum(1), ids.cumsum(1),
          ids.cumsum(0)], error=0)  # fmt: skip
    case("narrow", [(f16, h)], f"""
        %a = graph.reduce sum %0 axes [1] : ({f16}) -> {t("batch", "f16")}
        %b = graph.softmax %0 axis(1) : {f16}
        return %a, %b : {t("batch", "f16")}, {f16}""",
         [h.astype(float).sum(1), softmax(h.astype(float), 1)], error=1e-3)  # fmt: skip


def matmul():
    x, w = normal("batch", "seq", 24) / 5, normal(40, 24)
    hidden, wide_ = t("batch", "seq", 24, "f32"), t("batch", "seq", 40, "f32")
    weight = t(40, 24, "f32")
    (wx, ww) = wide(x, w)
    case("weight", [(hidden, x)], f"""
        %w = graph.weight "w" : {weight}
        %y = graph.matmul %0, %w {{transpose_rhs}} : ({hidden}, {weight}) -> {wide_}
        return %y : {wide_}""", [wx @ ww.T], error=4e-6, weights={"w": w})  # fmt: skip
    split, heads = t("batch", "seq", 4, 6, "f32"), t("batch", 4, "seq", 6, "f32")
    scores = t("batch", 4, "seq", "seq", "f32")
    h = wx.reshape(BATCH, SEQ, 4, 6).transpose(0, 2, 1, 3)
    case("scores", [(hidden, x)], f"""
        %r = graph.reshape %0 : {hidden} to {split}
        %h = graph.transpose %r perm [0, 2, 1, 3] : ({split}) -> {heads}
        %s = graph.matmul %h, %h {{transpose_rhs}} : ({heads}, {heads}) -> {scores}
        %c = graph.matmul %s, %h : ({scores}, {heads}) -> {heads}
        return %s, %c : {scores}, {heads}""",
         [h @ h.swapaxes(2, 3), h @ h.swapaxes(2, 3) @ h], error=4e-6)  # fmt: skip
    y = normal(1, "seq", 7)
    other = t(1, "seq", 7, "f32")
    result = t("batch", 24, 7, "f32")
    case("transposed", [(hidden, x), (other, y)], f"""
        %y = graph.matmul %0, %1 {{transpose_lhs}} : ({hidden}, {other}) -> {result}
        return %y : {result}""", [wx.swapaxes(1, 2) @ y], error=4e-6)  # fmt: skip
    # Dimensions of one step between others.
    a, b = normal(1, "seq", 3, 5, 9), normal(1, 1, 3, 9, 1)
    units = [t(1, "seq", 3, 5, 9, "f32"), t(1, 1, 3, 9, 1, "f32"),
             t(1, "seq", 3, 5, 1, "f32")]  # fmt: skip
    case("units", [(units[0], a), (units[1], b)], f"""
        %y = graph.matmul %0, %1 : ({units[0]}, {units[1]}) -> {units[2]}
        return %y : {units[2]}""",
         [a.astype(float) @ b], error=4e-6)  # fmt: skip
    a, b = normal(9, 30, dtype=np.float16), normal(30, 5, dtype=np.float16)
    f16 = [t(9, 30, "f16"), t(30, 5, "f16"), t(9, 5, "f16")]
    case("narrow", [(f16[0], a), (f16[1], b)], f"""
        %y = graph.matmul %0, %1 : ({f16[0]}, {f16[1]}) -> {f16[2]}
        return %y : {f16[2]}""",
         [a.astype(float) @ b.astype(float)], error=1e-2)  # fmt: skip


def main(family, temporary):
    globals()[family]()
    functions = "".join(text for _, text, *_ in cases)
    program = HostProgram(functions, TARGET, temporary)
    failed = 0
    for name, _, inputs, expected, limit, weights in cases:
        results = program.run(name, inputs, weights)
        assert len(results) == len(expected)
        for i, (result, want) in enumerate(zip(results, expected)):
            want = np.asarray(want, np.float64)
            with np.errstate(invalid="ignore"):
                error = np.abs(result.astype(np.float64) - want)
                error /= np.maximum(1, np.abs(want))
            error = np.where(result == want, 0, error)
            right = result.shape == want.shape and error.max() <= limit
            failed += not right
            print(name, i, "right" if right else f"WRONG by {error.max()}")
    return 1 if failed else 0


sys.exit(main(*sys.argv[1:3]))
