#!/usr/bin/env python3
"""Writes a BERT as ONNX Runtime's optimizer leaves it.

usage: write_optimized.py EXPORTS [FOLDER]

Needs the package onnxruntime, which .venv-bench has. EXPORTS is a folder of
exported models as check_exports.py takes it, of which one is optimized: each
attention, norm and activation becomes one operator of ONNX Runtime's own. FOLDER,
Inputs/optimized beside this script, is laid out alike; the reference results are
those of EXPORTS.
"""

import json
import pathlib
import shutil
import sys

from onnxruntime.transformers import optimizer

HERE = pathlib.Path(__file__).resolve().parent
#: The only one of the exports in which the optimizer finds all there is.
MODEL, HEADS, HIDDEN = "bert_eager_ts17", 2, 32


def main():
    exports = pathlib.Path(sys.argv[1])
    folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else HERE / "Inputs/optimized"
    (folder / MODEL).mkdir(parents=True, exist_ok=True)
    optimized = optimizer.optimize_model(str(exports / MODEL / "model.onnx"), "bert",
                                         num_heads=HEADS, hidden_size=HIDDEN, opt_level=1)
    optimized.save_model_to_file(str(folder / MODEL / "model.onnx"))
    shutil.copy(exports / MODEL / "reference.npz", folder / MODEL)
    index = json.loads((exports / "index.json").read_text())
    entries = [entry for entry in index if entry["name"] == MODEL]
    fields = ("name", "architecture", "exporter", "opset", "attention_layers")
    entries = [{field: entry[field] for field in fields} for entry in entries]
    (folder / "index.json").write_text(json.dumps(entries, indent=1) + "\n")


main()
