"""Runs the host functions that sylvite-form-kernels makes, one kernel at a time.

A stand-in for a compiled model in tests of the kernels phase: it has kernels
formed and scheduled, reads the IR's text, does views and extents in NumPy, and
calls sylvite-run-kernel for each halide.invoke. Weights are taken from a
dictionary by their names.
"""

import json
import re
import subprocess
import tempfile

import numpy as np

DTYPES = {
    "f64": np.float64,
    "f32": np.float32,
    "f16": np.float16,
    "bf16": np.dtype("V2"),
    "i64": np.int64,
    "i32": np.int32,
    "i16": np.int16,
    "i1": np.bool_,
}


def parse_type(text):
    """tensor<?x8xf32> -> ([None, 8], dtype)"""
    *extents, element = re.fullmatch(r"tensor<(.*)>", text).group(1).split("x")
    return [None if e == "?" else int(e) for e in extents], DTYPES[element]


def round_bf16(array):
    """The nearest bf16, ties to even, as floats; of finite numbers."""
    bits = np.asarray(array, np.float32).view(np.uint32)
    bits = bits + 0x7FFF + (bits >> 16 & 1) & 0xFFFF0000
    return bits.view(np.float32)


def make_words(panels):
    """Words of bf16, two neighbours along the depth each."""
    bits = round_bf16(panels).view(np.uint32) >> 16
    bits = np.pad(bits, [(0, 0), (0, bits.shape[1] % 2), (0, 0)])
    return (bits[:, ::2] | bits[:, 1::2] << 16).view(np.int32)


def quantize(lines, fused=True):
    """Integers within +-127 and a scale for each line along the last axis. Without
    `fused` products are rounded before they become integers."""
    lines = np.asarray(lines, np.float32)
    most = np.maximum(abs(lines).max(-1), np.float32(2.0**-100))
    inverse = (np.float32(127) / most)[..., None]
    products = lines.astype(np.float64) * inverse if fused else lines * inverse
    return np.rint(products).astype(np.int64), most * np.float32(1 / 127)


def make_integers(panels, parts):
    """Words of integers that stand far apart along the depth."""
    count, depth, width = panels.shape
    words = -(-depth // parts)
    panels = np.pad(panels, [(0, 0), (0, words * parts - depth), (0, 0)])
    panels = panels.reshape(count, parts, words, width).transpose(0, 2, 3, 1)
    dtype = np.int32 if parts == 4 else np.int16
    return np.ascontiguousarray(panels.astype(np.int8)).view(dtype)


def make_weight(line, weights):
    """The array that a halide.weight stands for."""
    result = parse_type(re.search(r" : (tensor<[^ ]*>)$", line).group(1))
    value = re.search(r"value\(dense<(.*)> : (tensor<[^)]*>)\)", line)
    if value:
        shape, dtype = parse_type(value.group(2))
        array = np.array(json.loads(value.group(1)), dtype)
        array = np.broadcast_to(array, shape)
    else:
        sources = json.loads(re.search(r"weight (\[.*?\])", line).group(1))
        axis = re.search(r"axis\((\d+)\)", line)
        axis = int(axis.group(1)) if axis else 0
        array = np.concatenate([weights[s] for s in sources], axis)
    if " transposed" in line:
        array = array.T
    part = re.search(r"quantized\((\w+)\)", line)
    if part:
        integers, scales = quantize(array.T)
        array = {
            "values": integers.T,
            "scales": scales,
            "offsets": -128 * integers.sum(1)[None],
        }[part.group(1)]
    panels = re.search(r"panels\((\d+)\)", line)
    if panels:
        width = int(panels.group(1))
        array = np.atleast_2d(array)
        depth, columns = array.shape
        count = -(-columns // width)
        padded = np.zeros((depth, count * width), array.dtype)
        padded[:, :columns] = array
        array = padded.reshape(depth, count, width).transpose(1, 0, 2)
    if "words(bf16)" in line:
        array = make_words(array)
    if "words(i8)" in line:
        array = make_integers(array, result[1]().itemsize)
    return np.ascontiguousarray(array.reshape(result[0]), result[1])


class HostProgram:
    """Graph functions as one module with kernels for a target."""

    def __init__(self, functions, target, temporary):
        self.path, self.target = temporary + ".kernels.mlir", target
        with open(temporary + ".mlir", "w") as file:
            file.write(f'module attributes {{sylvite.target = "{target}"}} {{\n')
            file.write(functions + "}\n")
        subprocess.run(
            ["sylvite-opt", "--sylvite-drop-signs", "--sylvite-form-kernels",
             "--sylvite-schedule", "--sylvite-verify-schedules", temporary + ".mlir", "-o", self.path],
            check=True,
        )  # fmt: skip
        with open(self.path) as file:
            self.lines = file.read().splitlines()

    def outputs_of(self, kernel):
        """The names of a kernel's output functions."""
        inside, names = False, {}
        for line in self.lines:
            inside |= f"halide.pipeline @{kernel}(" in line
            func = re.match(r'\s*(%\S+) = halide.func "(\w+)"', line)
            if inside and func:
                names[func.group(1)] = func.group(2)
            output = re.match(r"\s*halide.output (.*) : ", line)
            if inside and output:
                return [names[v] for v in output.group(1).split(", ")]

    def invoke(self, kernel, inputs, outputs):
        """Calls a kernel. `outputs` are shapes."""
        return self.invoke_each(kernel, [(inputs, outputs)])[0]

    def record(self, function, arguments_of_runs, weights={}, kernels=""):
        """Runs a function several times without the one kernel whose name begins
        with `kernels`: gives that kernel, and (inputs, shapes of outputs) of each
        call."""
        calls = []

        def note(kernel, inputs, outputs):
            if not kernel.startswith(kernels):
                return self.invoke(kernel, inputs, outputs)
            calls.append((kernel, inputs, outputs))
            return [np.zeros(shape) for shape in outputs]

        for arguments in arguments_of_runs:
            self.run(function, arguments, weights, note)
        (kernel,) = {kernel for kernel, *_ in calls}
        return kernel, [call[1:] for call in calls]

    def invoke_each(self, kernel, calls, threads=0):
        """Compiles a kernel once for several calls."""
        names = self.outputs_of(kernel)
        with tempfile.TemporaryDirectory() as folder:
            command = ["sylvite-run-kernel", self.path, f"--kernel={kernel}",
                       f"--target={self.target}"]  # fmt: skip
            if threads:
                command.append(f"--threads={threads}")
            for number, (inputs, outputs) in enumerate(calls):
                path = f"{folder}/in{number}.npz"
                np.savez(path, **{f"arg{i}": a for i, a in enumerate(inputs)})
                command += [f"--inputs={path}", f"--outputs={folder}/out{number}.npz"]
                command += [
                    f"--output-shape={name}={'x'.join(map(str, shape))}"
                    for name, shape in zip(names, outputs)
                ]
            subprocess.run(command, check=True)
            results = []
            for number in range(len(calls)):
                arrays = np.load(f"{folder}/out{number}.npz")
                results.append([arrays[name] for name in names])
            return results

    def run(self, function, arguments, weights={}, invoke=None):
        """Runs a function; gives its results. `invoke` calls its kernels."""
        invoke = invoke or self.invoke
        start = next(
            i for i, l in enumerate(self.lines) if f"func.func @{function}(" in l
        )
        names = re.findall(r"(%\w+): tensor<", self.lines[start])
        values = dict(zip(names, arguments))

        def get(text):
            return values[text] if text.startswith("%") else int(text)

        for line in self.lines[start + 1 :]:
            line = line.strip()
            if line.startswith("return"):
                results = re.match(r"return (.*) : ", line).group(1)
                return [values[name] for name in results.split(", ")]
            result, op, rest = re.match(r"(%\S+) = ([\w.]+)(.*)", line).groups()
            used = re.findall(r"%[\w#]+", rest)
            if op == "arith.constant":
                values[result] = int(rest.split()[0])
            elif op == "arith.muli":
                values[result] = get(used[0]) * get(used[1])
            elif op == "arith.addi":
                values[result] = get(used[0]) + get(used[1])
            elif op == "tensor.dim":
                values[result] = get(used[0]).shape[get(used[1])]
            elif op == "tensor.empty":
                dynamic = iter(used)
                shape, _ = parse_type(rest.split(" : ")[1])
                values[result] = [e or get(next(dynamic)) for e in shape]
            elif op == "tensor.collapse_shape":
                array = get(used[0])
                groups = json.loads(re.search(r"\[.*\](?= : )", rest).group())
                shape = [int(np.prod([array.shape[i] for i in g])) for g in groups]
                values[result] = array.reshape(shape)
            elif op == "tensor.expand_shape":
                shape = re.search(r"output_shape \[(.*?)\]", rest).group(1)
                shape = [get(e) for e in shape.split(", ")]
                values[result] = get(used[0]).reshape(shape)
            elif op == "halide.weight":
                values[result] = make_weight(line, weights)
            elif op == "halide.invoke":
                kernel = re.search(r"@(\w+)", rest).group(1)
                ins = re.search(r"ins\((.*?) : ", rest)
                inputs = re.findall(r"%[\w#]+", ins.group(1)) if ins else []
                outs = re.search(r"outs\((.*?) : ", rest).group(1)
                arrays = invoke(
                    kernel,
                    [get(name) for name in inputs],
                    [get(name) for name in outs.split(", ")],
                )
                name = result.split(":")[0]
                values[name] = arrays[0]
                values.update({f"{name}#{i}": a for i, a in enumerate(arrays)})
            else:
                raise ValueError(f"not understood: {line}")
