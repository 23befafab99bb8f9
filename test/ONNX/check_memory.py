#!/usr/bin/env python3
"""Compiles a model of large weights and looks at the compiler's memory.

usage: check_memory.py [--build BUILD | --tools FOLDER] [--size MB] [--limit MB]
                       [--embedded] FOLDER

The model, in FOLDER, has SIZE of weights, as external data or, with --embedded, in
the model's own file. Both it and the result, as large, are removed in the end. Prints the largest resident set, which holds mapped files as
well, and fails where it is more than LIMIT, or where the compiled model does not
calculate what the model says.
"""

import argparse
import multiprocessing
import os
import pathlib
import shutil
import subprocess
import sys

import numpy as np
from onnx import TensorProto, helper

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools/python"))
from sylvite import Model  # noqa: E402

#: Features; a weight of WIDTH rows and columns has 16 MB.
WIDTH = 2048
MB = 2**20


def get_factors(index, rows, columns):
    """Weights are columns by rows, so that results are known without the weights."""
    column = 1 + np.arange(rows) % 7 / 8
    row = np.roll(np.arange(columns), 37 * index) / (columns * WIDTH)
    return column.astype(np.float32), row.astype(np.float32)


def list_weights(size):
    """The rows and columns of each weight of the model, by name."""
    rows = size * MB // 4 // (4 * WIDTH)
    layers = size * MB // 2 // (4 * WIDTH * WIDTH)
    return ({"table": (rows, WIDTH)} | {f"w{i}": (WIDTH, WIDTH) for i in range(layers)}
            | {"head": (WIDTH, rows)})


def write_model(folder, size, embedded):
    """As a language model has it: a table, layers y = relu(x w), and a product with
    a wide weight, of which the first and the last have a quarter of all."""
    shapes = list_weights(size)
    weights = []
    with open(folder / "weights.bin", "wb") as data:
        for i, (name, shape) in enumerate(shapes.items()):
            column, row = get_factors(i, *shape)
            weight = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape)
            rows = (np.float32(factor) * row for factor in column)
            if embedded:
                weight.raw_data = b"".join(values.tobytes() for values in rows)
            else:
                weight.data_location = TensorProto.EXTERNAL
                for key, value in [("location", "weights.bin"), ("offset", data.tell()),
                                   ("length", 4 * shape[0] * shape[1])]:
                    weight.external_data.add(key=key, value=str(value))
                data.writelines(values.tobytes() for values in rows)
            weights.append(weight)
    layers = len(weights) - 2
    nodes = [helper.make_node("Gather", ["table", "ids"], ["x0"])]
    for i in range(layers):
        nodes += [helper.make_node("MatMul", [f"x{i}", f"w{i}"], [f"p{i}"]),
                  helper.make_node("Relu", [f"p{i}"], [f"x{i + 1}"])]
    nodes.append(helper.make_node("MatMul", [f"x{layers}", "head"], ["y"]))
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", shapes["head"][1]])],
        weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)],
                              ir_version=10)
    (folder / "model.onnx").write_bytes(model.SerializeToString())


def measure(command):
    """The largest resident set of a program in MB."""
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} ended with the code {process.returncode}")
    return usage.ru_maxrss / 1024


def check_result(library, size):
    """Compares two rows of the table on their way through the layers."""
    shapes = list(list_weights(size).values())
    ids = np.array([5, shapes[0][0] - 1])
    column, row = get_factors(0, *shapes[0])
    expected = np.outer(column[ids], row).astype(np.float64)
    for i, shape in list(enumerate(shapes))[1:]:
        column, row = get_factors(i, *shape)
        expected = np.outer(expected @ column, row)
    with Model(library) as model:
        result = model.run(ids=ids)["y"]
    worst = np.abs(result - expected).max() / np.abs(expected).max()
    print(f"the result differs by {worst:.1e}")
    return worst < 1e-4


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build")
    parser.add_argument("--tools", type=pathlib.Path)
    parser.add_argument("--size", type=int, default=1024)
    parser.add_argument("--limit", type=int, default=600)
    parser.add_argument("--embedded", action="store_true")
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    tools = options.tools or pathlib.Path(options.build).resolve() / "bin"
    folder = options.folder / "model"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        # A program begins with the largest resident set of who starts it.
        writer = multiprocessing.Process(
            target=write_model,
            args=(folder, options.size, options.embedded))
        writer.start()
        writer.join()
        if writer.exitcode:
            sys.exit("the model cannot be written")
        phases = {"import": ["--stop-after=import", "-o", str(folder / "graph.mlir")],
                  "all": ["-o", str(folder / "out"), "--quiet", "--emit=so"]}
        failed = False
        for phase, arguments in phases.items():
            used = measure([str(tools / "sylvitec"), str(folder / "model.onnx"), *arguments])
            failed |= used > options.limit
            print(f"{phase}: {used:.0f} MB for {options.size} MB of weights, "
                  f"{options.limit} allowed", flush=True)
        failed |= not check_result(folder / "out.so", options.size)
    finally:
        shutil.rmtree(folder)
    sys.exit(failed)


main()
