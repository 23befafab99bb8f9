"""Every op that has a rule in lib/Emit/Halide/Expressions, against NumPy.

usage: ops.py make OPS.mlir | ops.py run TEMPORARY

A kernel per type of number, with one output per op. Inputs are the same for
all kernels; each is cast to the type before the op.
"""

import math
import subprocess
import sys

import numpy as np

COUNT = 64
random = np.random.default_rng(3)
INPUTS = {
    # Floats: of both signs, positive, with exact halves.
    "x": (3 * random.standard_normal(COUNT)).astype(np.float32),
    "y": (0.25 + abs(random.standard_normal(COUNT))).astype(np.float32),
    "h": (np.arange(COUNT) / 4 - 8).astype(np.float32),
    # Integers: of both signs, never 0, and small and positive.
    "m": random.integers(-100, 101, COUNT).astype(np.int32),
    "d": np.where(np.arange(COUNT) % 2, 1, -1).astype(np.int32)
    * random.integers(1, 12, COUNT).astype(np.int32),
    "s": random.integers(0, 7, COUNT).astype(np.int32),
}
FLOATS = {"f64": np.float64, "f32": np.float32, "f16": np.float16, "bf16": None}
INTS = {"i64": np.int64, "i32": np.int32, "i8": np.int8}
KERNELS = {}
T, F = np.bool_(True), np.bool_(False)


def bf16(values):
    """Rounded to the nearest bf16, ties to even."""
    bits = np.asarray(values, np.float32).view(np.uint32)
    bits = bits + np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))
    return (bits & np.uint32(0xFFFF0000)).view(np.float32)


def convert(values, type):
    if type == "bf16":
        return bf16(values)
    return np.asarray(values).astype(FLOATS.get(type) or INTS[type])


def op(kernel, name, lines, expected, result, tolerance=0.0):
    """`lines` compute %r of type `result` from %x, %y ..., ops' results %1 ..."""
    KERNELS.setdefault(kernel, []).append((name, lines, expected, result, tolerance))


erf = np.vectorize(math.erf)
UNARY = {
    "arith.negf": ("x", np.negative), "math.absf": ("x", np.abs),
    "math.floor": ("h", np.floor), "math.ceil": ("h", np.ceil),
    "math.trunc": ("h", np.trunc), "math.roundeven": ("h", np.round),
    "math.sqrt": ("y", np.sqrt), "math.rsqrt": ("y", lambda a: 1 / np.sqrt(a)),
    "math.exp": ("x", np.exp), "math.exp2": ("x", np.exp2),
    "math.tanh": ("x", np.tanh),
    "math.log": ("y", np.log), "math.sin": ("x", np.sin),
    "math.cos": ("x", np.cos), "math.erf": ("x", erf),
    "math.log2": ("y", np.log2), "math.log1p": ("y", np.log1p),
    "math.expm1": ("x", np.expm1),
}  # fmt: skip
BINARY = {
    "arith.addf": ("xy", np.add), "arith.subf": ("xy", np.subtract),
    "arith.mulf": ("xy", np.multiply), "arith.divf": ("xy", np.divide),
    "arith.remf": ("xy", np.fmod), "math.powf": ("yx", np.power),
    "arith.minimumf": ("xy", np.minimum), "arith.maximumf": ("xy", np.maximum),
    "arith.minnumf": ("xy", np.fmin), "arith.maxnumf": ("xy", np.fmax),
}  # fmt: skip
ACCURATE = ["sqrt", "exp", "tanh", "log", "sin", "cos", "erf", "powf", "remf", "divf",
            "expm1", "fpowi"]
for kernel in FLOATS:
    # Narrow floats are computed in f32 and rounded once.
    wide = np.float64 if kernel == "f64" else np.float32
    last = {"f64": 2**-52, "f32": 2**-23, "f16": 2**-10, "bf16": 2**-7}[kernel]
    for table in (UNARY, BINARY):
        for name, (operands, function) in table.items():
            if kernel == "f64" and name == "math.erf":
                continue  # Halide has it for f32.
            inputs = [convert(INPUTS[i], kernel).astype(wide) for i in operands]
            exact = function(*(i.astype(np.float64) for i in inputs))
            approximate = any(word in name for word in ACCURATE)
            op(kernel, name.split(".")[1],
               f"%r = {name} {', '.join('%' + i for i in operands)} : {kernel}",
               convert(exact, kernel), kernel, 4 * last if approximate else last)  # fmt: skip
    x, y, h = (convert(INPUTS[i], kernel).astype(wide) for i in "xyh")
    op(kernel, "fpowi", f"%r = math.fpowi %y, %s : {kernel}, i32",
       convert(y.astype(np.float64) ** INPUTS["s"], kernel), kernel, 8 * last)  # fmt: skip
    op(kernel, "fma", f"%r = math.fma %x, %y, %h : {kernel}",
       convert(x * y + h, kernel), kernel, 4 * last)  # fmt: skip
    op(kernel, "constant", f"%r = arith.constant -0.75 : {kernel}",
       np.full(COUNT, -0.75), kernel)  # fmt: skip


def floor_div(a, b):
    return a // b


def truncated(a, b):
    return np.trunc(a / b).astype(a.dtype)


def unsigned(function):
    def apply(a, b):
        to = a.dtype.name.replace("int", "uint")
        return function(a.astype(to), b.astype(to)).astype(a.dtype)

    return apply


INTEGER = {
    "addi": ("md", np.add), "subi": ("md", np.subtract),
    "muli": ("md", np.multiply), "andi": ("md", np.bitwise_and),
    "ori": ("md", np.bitwise_or), "xori": ("md", np.bitwise_xor),
    "floordivsi": ("md", floor_div), "ceildivsi": ("md", lambda a, b: -(-a // b)),
    "divsi": ("md", truncated), "remsi": ("md", np.fmod),
    "divui": ("md", unsigned(floor_div)), "remui": ("md", unsigned(np.mod)),
    "minsi": ("md", np.minimum), "maxsi": ("md", np.maximum),
    "minui": ("md", unsigned(np.minimum)), "maxui": ("md", unsigned(np.maximum)),
    "shli": ("ms", np.left_shift), "shrsi": ("ms", np.right_shift),
    "shrui": ("ms", unsigned(np.right_shift)),
}  # fmt: skip
for kernel, dtype in INTS.items():
    m, d, s = (convert(INPUTS[i], kernel) for i in "mds")
    for name, (operands, function) in INTEGER.items():
        inputs = [convert(INPUTS[i], kernel) for i in operands]
        op(kernel, name, f"%r = arith.{name} %{operands[0]}, %{operands[1]} : {kernel}",
           function(*inputs), kernel)  # fmt: skip
    op(kernel, "absi", f"%r = math.absi %m : {kernel}", abs(m), kernel)
    smallest = np.iinfo(dtype).min
    op(kernel, "smallest", f"%r = arith.constant {smallest} : {kernel}",
       np.full(COUNT, smallest), kernel)  # fmt: skip
    for divide, expected in {"ceildivsi": -(-m // 3), "floordivsi": m // 3,
                             "divsi": truncated(m, 3), "remsi": np.fmod(m, 3)}.items():  # fmt: skip
        op(kernel, divide + "3",
           f"%1 = arith.constant 3 : {kernel} %r = arith.{divide} %m, %1 : {kernel}",
           expected, kernel)  # fmt: skip
    compare = {"eq": np.equal, "ne": np.not_equal, "slt": np.less, "sle": np.less_equal,
               "sgt": np.greater, "sge": np.greater_equal, "ult": np.less,
               "ule": np.less_equal, "ugt": np.greater, "uge": np.greater_equal}  # fmt: skip
    for predicate, function in compare.items() if kernel == "i32" else ():
        to = dtype.__name__.replace("int", "uint") if predicate[0] == "u" else dtype
        op(kernel, predicate, f"%r = arith.cmpi {predicate}, %m, %d : {kernel}",
           function(m.astype(to), d.astype(to)), "i1")  # fmt: skip

x, y, h, m, d, s = INPUTS.values()
for predicate in ["oeq", "ogt", "oge", "olt", "ole", "one", "ord", "ueq", "ugt", "uge",
                  "ult", "ule", "une", "uno", "true", "false"]:  # fmt: skip
    compare = {"eq": h == 1, "gt": h > 1, "ge": h >= 1, "lt": h < 1, "le": h <= 1,
               "ne": h != 1, "rd": T, "no": F, "ue": T, "se": F}  # fmt: skip
    op("compare", predicate,
       f"%1 = arith.constant 1.0 : f32 %r = arith.cmpf {predicate}, %h, %1 : f32",
       compare[predicate[-2:]] & np.full(COUNT, T), "i1")  # fmt: skip
conditions = """%0 = arith.constant 0 : i32 %1 = arith.cmpi slt, %m, %0 : i32
    %2 = arith.cmpi slt, %d, %0 : i32"""
op("compare", "and", f"{conditions} %r = arith.andi %1, %2 : i1", (m < 0) & (d < 0), "i1")
op("compare", "or", f"{conditions} %r = arith.ori %1, %2 : i1", (m < 0) | (d < 0), "i1")
op("compare", "xor", f"{conditions} %r = arith.xori %1, %2 : i1", (m < 0) ^ (d < 0), "i1")
op("compare", "select", f"{conditions} %r = arith.select %1, %x, %y : f32",
   np.where(m < 0, x, y), "f32")  # fmt: skip
op("compare", "sign", f"{conditions} %r = arith.extsi %1 : i1 to i32", -(m < 0).astype(int), "i32")
op("compare", "bit", f"{conditions} %r = arith.extui %1 : i1 to i32", (m < 0), "i32")
op("compare", "float_sign", f"{conditions} %r = arith.sitofp %1 : i1 to f32", -(m < 0).astype(int), "f32")
op("compare", "float_bit", f"{conditions} %r = arith.uitofp %1 : i1 to f32", (m < 0), "f32")
op("compare", "no", "%r = arith.constant false", np.full(COUNT, F), "i1")

m8, m64 = m.astype(np.int8), m.astype(np.int64)
for name, lines, expected, result in [
    ("extsi", "%r = arith.extsi %m : i32 to i64", m64, "i64"),
    ("extui", "%r = arith.extui %m : i32 to i64", m.view(np.uint32), "i64"),
    ("trunci", "%r = arith.trunci %m : i32 to i8", m8, "i8"),
    ("trunci_i1", "%r = arith.trunci %m : i32 to i1", m & 1, "i1"),
    ("sitofp", "%r = arith.sitofp %m : i32 to f32", m, "f32"),
    ("uitofp", "%r = arith.uitofp %m : i32 to f64", m.view(np.uint32), "f64"),
    ("fptosi", "%r = arith.fptosi %x : f32 to i32", np.trunc(x), "i32"),
    ("fptoui", "%r = arith.fptoui %y : f32 to i16", np.trunc(y), "i16"),
    ("extf", "%r = arith.extf %x : f32 to f64", x, "f64"),
    ("truncf", "%r = arith.truncf %x : f32 to f16", x.astype(np.float16), "f16"),
    ("bitcast", "%r = arith.bitcast %x : f32 to i32", x.view(np.int32), "i32"),
    ("index_cast", "%1 = arith.index_cast %m : i32 to index "
     "%r = arith.index_cast %1 : index to i64", m64, "i64"),
    ("index_castui", "%1 = arith.index_castui %s : i32 to index "
     "%r = arith.index_castui %1 : index to i64", s, "i64"),
    ("infinity", "%r = arith.constant 0xFF800000 : f32", np.full(COUNT, np.float32(-1e30)), "f32"),
    ("half_infinity", "%1 = arith.constant 0x7C00 : f16 %r = arith.extf %1 : f16 to f32",
     np.full(COUNT, 65504), "f32"),
]:  # fmt: skip
    op("cast", name, lines, expected, result)


def prepare(kernel):
    """Loads of the inputs, in the type of the kernel."""
    lines = ""
    for name, array in INPUTS.items():
        is_float = array.dtype == np.float32
        own = "f32" if is_float else "i32"
        type = kernel if kernel in (FLOATS if is_float else INTS) else own
        cast = {True: {"f64": "extf", "f16": "truncf", "bf16": "truncf"},
                False: {"i64": "extsi", "i8": "trunci"}}  # fmt: skip
        cast = cast[is_float].get(type)
        loaded = f"%{name}_" if cast else f"%{name}"
        lines += f"    {loaded} = halide.load %in_{name}[%i] : !halide.buffer<?x{own}>\n"
        if cast:
            lines += f"    %{name} = arith.{cast} {loaded} : {own} to {type}\n"
    return lines


def make(path):
    arguments = ", ".join(
        f'%in_{name}: !halide.buffer<?x{"f32" if a.dtype == np.float32 else "i32"}>'
        f' {{halide.name = "{name}"}}'
        for name, a in INPUTS.items()
    )
    with open(path, "w") as file:
        for kernel, ops in KERNELS.items():
            types, outputs = [], []
            body = ""
            for name, lines, _, result, _ in ops:
                function = f"{kernel}_{name}"
                # .npz files have no bf16.
                stored = "f32" if result == "bf16" else result
                body += f'  %{function} = halide.func "{function}"(i = %i) : {stored} {{\n'
                body += prepare(kernel) + f"    {lines}\n"
                if stored != result:
                    body += f"    %w = arith.extf %r : {result} to {stored}\n"
                body += f"    halide.yield {'%r' if stored == result else '%w'} : {stored}\n  }}\n"
                types.append(f"!halide.buffer<?x{stored}>")
                outputs.append((f"%{function}", f"!halide.func<1x{stored}>"))
            values, funcs = zip(*outputs)
            file.write(f"halide.pipeline @{kernel}({arguments}) -> ({', '.join(types)}) {{\n{body}"
                       f"  halide.output {', '.join(values)} : {', '.join(funcs)}\n}}\n")  # fmt: skip


def check(kernel, arrays):
    wrong = 0
    for name, _, expected, _, tolerance in KERNELS[kernel]:
        have = arrays[f"{kernel}_{name}"].astype(np.float64)
        want = np.broadcast_to(np.asarray(expected).astype(np.float64), have.shape)
        error = (abs(have - want) / np.maximum(1, abs(want))).max()
        if not error <= tolerance:
            at = abs(have - want).argmax()
            print(f"{kernel} {name}: {have[at]} instead of {want[at]} at {at}")
            wrong += 1
    print(f"{kernel}: {len(KERNELS[kernel])} ops, {wrong} wrong")


def run(temporary):
    make(f"{temporary}.mlir")
    np.savez(f"{temporary}.in.npz", **INPUTS)
    for kernel, ops in KERNELS.items():
        shapes = ",".join(f"{kernel}_{name}={COUNT}" for name, *_ in ops)
        subprocess.run(
            ["sylvite-run-kernel", f"{temporary}.mlir", f"--kernel={kernel}",
             "--default-schedule", "--target=x86-64-v3", f"--output-shape={shapes}",
             f"--inputs={temporary}.in.npz", f"--outputs={temporary}.out.npz"],
            check=True)  # fmt: skip
        check(kernel, np.load(f"{temporary}.out.npz"))


{"make": make, "run": run}[sys.argv[1]](*sys.argv[2:])
