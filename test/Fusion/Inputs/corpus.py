"""Writes the functions of a folder of .mlir files as one module.

usage: corpus.py FOLDER OUT

OUT.mlir holds the functions, OUT.safetensors their weights, whose names begin
with that of their file. Aliases of types are per file, and are written out; inputs
get their names, and results are called y. Files whose names begin with "not-"
are left out.
"""

import math
import pathlib
import random
import re
import struct
import sys

import safetensors_file

FOLDER, OUT = sys.argv[1:]
header, data, functions = {}, b"", []
random.seed(1)


def add_weight(name, shape):
    """Puts made-up numbers into the file."""
    global data
    count = math.prod(shape)
    values = (random.uniform(-0.5, 0.5) for _ in range(count))
    offsets = [len(data), len(data) + 4 * count]
    header[name] = {"dtype": "F32", "shape": shape, "data_offsets": offsets}
    data += struct.pack(f"<{count}f", *values)


TENSOR = r"tensor<(?:[^<>]|<[^<>]*>)*>"


def name_interface(text):
    """Gives the arguments and the result of a function names for C."""

    def name_argument(match):
        name, type, attributes = match.groups()
        rest = f", {attributes}" if attributes else ""
        return f'%{name}: {type} {{graph.name = "{name}"{rest}}}'

    signature, body = text.split(" {\n", 1)
    signature = re.sub(
        rf"%(\w+): ({TENSOR})(?: \{{([^}}]*)\}})?", name_argument, signature
    )
    signature = re.sub(rf"-> ({TENSOR})$", r'-> (\1 {graph.name = "y"})', signature)
    return f"{signature} {{\n{body}"


for path in sorted(pathlib.Path(FOLDER).glob("*.mlir")):
    if path.name.startswith("not-"):
        continue
    aliases, body = {}, []
    for line in path.read_text().splitlines():
        definition = re.match(r"!(\w+) = (.+)", line)
        if definition:
            aliases[definition[1]] = definition[2]
        elif not line.startswith("//"):
            body.append(line)
    text = re.sub(r"!(\w+)\b", lambda use: aliases[use[1]], "\n".join(body))
    text = text.replace('graph.weight "', f'graph.weight "{path.stem}.')
    for name, shape in re.findall(r'graph.weight "(\S+)" : tensor<([\dx]+)xf32>', text):
        add_weight(name, [int(extent) for extent in shape.split("x")])
    functions.append(name_interface(text.strip()))

files = f'["{pathlib.Path(OUT).name}.safetensors"]'
pathlib.Path(f"{OUT}.mlir").write_text(
    "\n".join([f"module attributes {{graph.weight_files = {files}}} {{", *functions, "}"])
)
safetensors_file.write(f"{OUT}.safetensors", header, data)
