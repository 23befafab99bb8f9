#!/usr/bin/env python3
"""Checks that dependencies between the folders point forward only.

usage: check-layers.py [SOURCE_ROOT]

The order of the folders is the list SYLVITE_LAYERS in
cmake/SylviteLayers.cmake. A file of a folder may include headers of its own
folder and of folders before it, except what REFUSED names. Halide.h is for
lib/Emit/Halide alone, HalideRuntime.h for that and lib/Measure. Prints
FILE:LINE: error: ... for each breach and exits 1.
"""

import pathlib
import re
import sys

# folder -> (folders it must not use although they come before it, reason)
REFUSED = {
    "Dialect/Halide": (["Dialect/Graph"], "the dialects know nothing of each other"),
    "Models": (["Dialect/Halide"], "models are graphs, never kernels"),
    "Import": (["Dialect/Halide"], "files become graphs, never kernels"),
    "Fusion": (["Dialect/Halide"], "fusion is about the graph alone"),
    "Reference": (["Dialect/Halide"], "the evaluator runs graphs alone"),
    "Precision": (["Dialect/Halide"], "precision is about the graph alone"),
    "Emit/Halide": (["Dialect/Graph", "Import", "Fusion"], "kernels left the graph"),
    "Emit/Host": (["Fusion", "Emit/Halide"], "the host program only calls kernels"),
}
HALIDE_HEADERS = re.compile(r"^Halide\w*\.h$")
INCLUDE = re.compile(r'^\s*#?\s*include\s+["<]([^">]+)[">]')
SUFFIXES = {".cpp", ".c", ".h", ".td", ".def", ".inc"}


def read_layers(root):
    """The folders in order, from cmake/SylviteLayers.cmake."""
    text = (root / "cmake" / "SylviteLayers.cmake").read_text()
    return re.search(r"set\(SYLVITE_LAYERS([^)]*)\)", text).group(1).split()


def layer_of(path, layers):
    """The folder that PATH (relative to lib/ or include/sylvite/) lies in."""
    for layer in layers:
        if path == layer or path.startswith(layer + "/"):
            return layer
    return None


def check_include(header, layer, layers):
    """Why a file in LAYER may not include HEADER, or None."""
    # What calls kernels needs the layout of their buffers, not the compiler.
    if header == "HalideRuntime.h" and layer == "Measure":
        return None
    if HALIDE_HEADERS.match(header) and layer != "Emit/Halide":
        return f"only lib/Emit/Halide includes {header}"
    if not header.startswith("sylvite/"):
        return None
    used = layer_of(header[len("sylvite/") :], layers)
    if used is None or used == layer:
        return None
    if layers.index(used) > layers.index(layer):
        return f"{layer} comes before {used} in the flow and must not use it"
    refused, reason = REFUSED.get(layer, ([], ""))
    if used in refused:
        return f"{layer} must not use {used}: {reason}"
    return None


def main():
    here = pathlib.Path(__file__).resolve().parent.parent
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here
    layers = read_layers(root)
    breaches = 0
    for base in (root / "include" / "sylvite", root / "lib"):
        for file in sorted(base.rglob("*")):
            layer = layer_of(file.relative_to(base).as_posix(), layers)
            if file.suffix not in SUFFIXES or layer is None:
                continue
            for number, line in enumerate(file.read_text().splitlines(), 1):
                include = INCLUDE.match(line)
                why = include and check_include(include.group(1), layer, layers)
                if why:
                    print(f"{file.relative_to(root)}:{number}: error: {why}")
                    breaches += 1
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
