#!/usr/bin/env python3
"""Compares compiled graphs with the reference data of the notes.

usage: check_notes.py [--build BUILD] FOLDER [--only FILE] [--temporary FOLDER]

FOLDER holds .npz files as the notes have them: keys that begin with `out_` are
expected, all others are inputs, and every size is read from the arrays. A
module beside this script covers files of its pattern FILES; its function cases()
yields the comparisons (see case.py) for one file. All cases of a file and unit
are compiled at once, by sylvitec with --verify-fusion, and run by sylvite-run:
those of the texts, and again those that C++ builds.

A key `out_*` that no case compares is a failure. The last line is
"N passed, N failed".
"""

import argparse
import collections
import importlib
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

from case import compare

# The modules beside this file that know a kind of file.
MODULES = ["attention", "multi_head", "norms", "positions", "recurrent", "transformer"]
SAFETENSORS = {"f4": "F32", "f8": "F64", "i8": "I64"}


def run(command):
    """None, or what the failed command said."""
    try:
        result = subprocess.run(
            [str(word) for word in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        return str(error)
    if result.returncode == 0:
        return None
    said = result.stdout.strip() or f"exit status {result.returncode}"
    return f"{pathlib.Path(command[0]).name}: {said}"


def write_weights(path, arrays):
    header, data = {}, b""
    for name, array in arrays.items():
        array = np.ascontiguousarray(array)
        end = len(data) + array.nbytes
        header[name] = {
            "dtype": SAFETENSORS[array.dtype.str[1:]],
            "shape": array.shape,
            "data_offsets": [len(data), end],
        }
        data += array.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


class Unit:
    """Cases of one module of IR, from texts or from C++."""

    def __init__(self, cases, built, notes, options):
        self.cases, self.built, self.notes = cases, built, notes
        self.options = options

    def tool(self, name):
        return self.options.build / "bin" / name if self.options.build else name

    def write_module(self, folder):
        """The file, or None and what went wrong."""
        path = folder / "module.mlir"
        if model := self.cases[0].model:
            if self.built:
                return model, None
            command = [self.tool("sylvite-translate"), "--build-transformer", model]
            return path, run([*command, "-o", path])
        files = [w for c in self.cases if isinstance(c.weights, list) for w in c.weights]
        arrays = {}
        for case in self.cases:
            arrays |= case.weights if isinstance(case.weights, dict) else {}
        if arrays:
            files.append(folder / "module-weights.safetensors")
            write_weights(files[-1], arrays)
        files = list(dict.fromkeys(str(file) for file in files))
        if self.built:
            graphs = list(dict.fromkeys(case.graph for case in self.cases))
            command = [self.tool("sylvite-notes-graphs"), self.notes, *graphs]
            command += [f"--weights={file}" for file in files]
            wrong = run([*command, "-o", path])
            return path, wrong
        texts = dict.fromkeys(case.text for case in self.cases)
        attributes = f" attributes {{graph.weight_files = {json.dumps(files)}}}"
        module = f"module{attributes if files else ''} {{\n" + "\n".join(texts) + "}\n"
        path.write_text(module)
        return path, None

    def check(self, folder):
        """Yields (case, what is wrong or None, error)."""
        path, wrong = self.write_module(folder)
        library = folder / "notes.so"
        if not wrong:
            command = [self.tool("sylvitec"), path, "-o", folder / "notes"]
            command += ["--emit=so", "--quiet", "--verify-fusion"]
            fused = dict.fromkeys(f for case in self.cases for f in case.fused)
            command += [f"--expect-fused={family}" for family in fused]
            if self.options.target:
                command.append(f"--target={self.options.target}")
            wrong = run(command)
        for case in self.cases:
            if wrong:
                yield case, wrong, np.nan
                wrong = "its module does not compile, see above"
            else:
                yield case, *self.check_case(case, library, folder)

    def check_case(self, case, library, folder):
        given, computed = folder / "inputs.npz", folder / "outputs.npz"
        narrow = {}
        for name, array in case.inputs.items():
            array = np.asarray(array)
            if array.dtype == np.float64:
                array = array.astype(np.float32)
            narrow[name] = array
        np.savez(given, **narrow)
        computed.unlink(missing_ok=True)
        command = [self.tool("sylvite-run"), library]
        command += [f"--function={case.get_function()}"]
        command += [f"--inputs={given}", f"--outputs={computed}"]
        command += [f"--dim={name}={size}" for name, size in case.dims.items()]
        wrong = run(command)
        if wrong:
            return wrong, np.nan
        with np.load(computed) as arrays:
            outputs = {name: arrays[name] for name in arrays.files}
        if case.derive:
            outputs = case.derive(outputs)
        worst, messages = 0.0, []
        with np.load(self.notes) as notes:
            for name, key in case.expected.items():
                if name not in outputs:
                    messages.append(f"there is no output '{name}'")
                    continue
                if key not in notes.files:
                    messages.append(f"the notes have no '{key}'")
                    continue
                wrong, error = compare(outputs[name], notes[key], case.tolerance)
                worst = max(worst, error)
                if wrong:
                    messages.append(f"'{name}' {wrong}")
        return "; ".join(messages) or None, worst


def find_module(file):
    """The module that covers a file, or None."""
    for name in MODULES:
        if (pathlib.Path(__file__).parent / f"{name}.py").exists():
            module = importlib.import_module(name)
            if file.match(module.FILES):
                return module
    return None


def make_units(file, module, options):
    """The units of a file: those of texts first."""
    groups = collections.defaultdict(list)
    for case in module.cases(file):
        if not case.text and not case.graph and not case.model:
            raise ValueError(f"case {case.name} has neither text nor graph")
        if case.text or case.model:
            groups[False, case.unit].append(case)
        if case.graph or case.model:
            groups[True, case.unit].append(case)
    return [
        Unit(cases, built, file, options)
        for (built, _), cases in sorted(groups.items(), key=lambda item: item[0])
    ]


def check_file(file, options, folder):
    """Yields (what was checked, what is wrong or None, error or None)."""
    module = find_module(file)
    with np.load(file) as notes:
        expected = [key for key in notes.files if key.startswith("out_")]
    covered = set()
    if module:
        try:
            units = make_units(file, module, options)
        except (KeyError, ValueError) as error:
            yield f"{file.stem}: cases", str(error), None
            units = []
        for number, unit in enumerate(units):
            place = folder / f"{file.stem}-{number}"
            place.mkdir()
            how = "built" if unit.built else "text"
            for case, wrong, error in unit.check(place):
                covered.update(case.expected.values())
                yield f"{file.stem}: {case.name} ({how})", wrong, error
    for key in expected:
        if key not in covered:
            yield f"{file.stem}: {key}", "is compared by no case", None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notes", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--build", type=pathlib.Path, help="on PATH unless told")
    parser.add_argument("--only", action="append", default=[], metavar="FILE")
    parser.add_argument("--target", help="what to compile for; native unless told")
    parser.add_argument("--temporary", type=pathlib.Path, help="keeps what is written")
    options = parser.parse_args()

    files = sorted(options.notes.glob("*.npz"))
    if options.only:
        files = [file for file in files if file.stem in options.only]
    passed = failed = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.temporary or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            for what, wrong, error in check_file(file, options, folder):
                passed += not wrong
                failed += bool(wrong)
                if wrong:
                    print(f"{what}: FAILED: {wrong}", flush=True)
                else:
                    print(f"{what}: {error:.1e}", flush=True)
    if not passed and not failed:
        print(f"{options.notes}: nothing to compare")
        failed = 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
