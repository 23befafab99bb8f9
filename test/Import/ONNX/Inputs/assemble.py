"""Writes models from their text: FOLDER/NAME.txt becomes FOLDER/NAME.onnx.

usage: assemble.py FOLDER
"""

import pathlib
import sys

import onnx.parser

for path in pathlib.Path(sys.argv[1]).glob("*.txt"):
    model = onnx.parser.parse_model(path.read_text())
    path.with_suffix(".onnx").write_bytes(model.SerializeToString())
