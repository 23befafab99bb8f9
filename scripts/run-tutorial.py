#!/usr/bin/env python3
"""Runs the commands of a tutorial and compares what they print.

usage: run-tutorial.py PAGE.md... [--keep FOLDER]

The pages' fenced blocks are taken in order, in one folder that is empty at first:

  ```sh        is run by bash; a command that fails ends the test
  ```output    is what the block before it prints, standard error included; "..."
               stands for any text, also over several lines
  ```LANGUAGE file=NAME   is written to the file NAME

All other blocks are for reading only. Blanks at the ends of lines and empty
lines at the end do not matter. The commands find the tools on PATH, and this
script's Python as python3.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```(\S*) *(.*)$")


def read_blocks(page):
    """Yields (line number, language, arguments, text) of each fenced block."""
    block = None
    for number, line in enumerate(page.read_text().splitlines(), 1):
        fence = FENCE.match(line)
        if fence and block is None:
            block = (number, fence.group(1), fence.group(2), [])
        elif line == "```":
            yield *block[:3], "\n".join(block[3]) + "\n"
            block = None
        elif block is not None:
            block[3].append(line)


def clean(text):
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")


def matches(expected, printed):
    """Whether PRINTED is EXPECTED, in which "..." is any text."""
    parts = [re.escape(part) for part in clean(expected).split("...")]
    return re.fullmatch(".*?".join(parts), clean(printed), re.S) is not None


def environment():
    """This process's variables, its own Python first on PATH."""
    python = os.path.dirname(sys.executable)
    return {**os.environ, "PATH": os.pathsep.join([python, os.environ["PATH"]])}


def run_page(page, folder):
    """The first breach as (line, text), or None."""
    printed, commands = "", 0
    for number, language, arguments, text in read_blocks(page):
        target = re.search(r"file=(\S+)", arguments)
        if target:
            (folder / target.group(1)).write_text(text)
        elif language == "sh":
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", text], cwd=folder, text=True,
                env=environment(), stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )
            printed = done.stdout
            commands += 1
            if done.returncode:
                return number, f"exit code {done.returncode}:\n{printed}"
        elif language == "output" and not matches(text, printed):
            return number, f"the output is not as shown, but:\n{printed}"
    return None if commands else (1, "there is nothing to run")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="+", type=pathlib.Path)
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for page in options.pages:
            breach = run_page(page, folder)
            if breach:
                sys.exit(f"{page}:{breach[0]}: error: {breach[1]}")


if __name__ == "__main__":
    main()
