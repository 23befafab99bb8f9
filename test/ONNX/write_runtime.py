#!/usr/bin/env python3
"""Writes what ONNX Runtime gives for the models of runtime_cases.py.

usage: write_runtime.py [FILE.npz]

Needs the package onnxruntime, which .venv-bench has. The file, runtime.npz
beside this script, holds CASE/RESULT arrays; a case that ONNX Runtime refuses is
an error.
"""

import pathlib
import sys
import zipfile

import numpy as np
import onnxruntime
from runtime_cases import all_cases

HERE = pathlib.Path(__file__).resolve().parent


def run(case):
    session = onnxruntime.InferenceSession(
        (case.reference or case.model).SerializeToString(), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, case.inputs)))


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else HERE / "runtime.npz"
    onnxruntime.set_default_logger_severity(3)
    failed = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for case in all_cases():
            try:
                results = run(case)
            except Exception as error:
                print(f"{case.name}: {str(error).splitlines()[0]}")
                failed += 1
                continue
            for name, array in results.items():
                # A date of its own makes equal results equal files.
                entry = zipfile.ZipInfo(f"{case.name}/{name}.npy")
                entry.compress_type = zipfile.ZIP_DEFLATED
                with file.open(entry, "w") as stream:
                    np.lib.format.write_array(stream, array)
    sys.exit(1 if failed else 0)


main()
