#!/usr/bin/env python3
"""Checks that every example in the docs of ops and passes parses.

usage: check-examples.py [--opt SYLVITE_OPT] FOLDER...

An example is a fenced block marked `mlir` in a page of the folders; those of
ops and passes stand in the references that generate-docs.py makes. Each is
given to sylvite-opt by itself. What is no whole example, such as one type,
stands in a fence without a mark. Prints FILE:LINE: error: ... and exits 1 where
one does not parse.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import textwrap

FENCE = re.compile(r"^( *)```mlir\n(.*?)^ *```", re.M | re.S)


def examples(folders):
    """Yields (file, line, text) of every example."""
    for file in sorted(file for folder in folders for file in folder.rglob("*.md")):
        text = file.read_text()
        for block in FENCE.finditer(text):
            line = text.count("\n", 0, block.start()) + 2
            yield file, line, textwrap.dedent(block.group(2))


def parse(opt, text):
    """What sylvite-opt says about TEXT, or None where it parses."""
    done = subprocess.run([opt, "-"], input=text, capture_output=True, text=True)
    return None if done.returncode == 0 else done.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--opt", default="sylvite-opt")
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    options = parser.parse_args()

    checked = failed = 0
    for file, line, text in examples(options.folders):
        checked += 1
        message = parse(options.opt, text)
        if message:
            failed += 1
            print(f"{file}:{line}: error: no valid IR")
            print(textwrap.indent(message.strip(), "  "))
    print(f"{checked} examples, {failed} do not parse")
    return 1 if failed or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
