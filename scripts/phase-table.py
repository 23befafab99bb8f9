#!/usr/bin/env python3
"""Writes the table of phases in docs/Pipeline.md from Phases.def.

usage: phase-table.py [SOURCE_ROOT] [--check]

The table stands between two comments of the page. With --check nothing is
written: where the page is not current that is said, and the exit status is 1.
make docs calls this.
"""

import argparse
import pathlib
import re
import sys

PHASE = re.compile(r'^SYLVITE_(PIPELINE_)?PHASE\((\w+), ((?:\s*"[^"]*",?)+)\)', re.M)
BEGIN = "<!-- The table is made by `make docs` from Phases.def. -->\n"
END = "<!-- End of the table. -->\n"


def read_phases(text):
    """Yields (whether it is a pipeline, name, summary, IR after it)."""
    for pipeline, _, strings in PHASE.findall(text):
        yield bool(pipeline), *re.findall(r'"([^"]*)"', strings)


def make_table(text):
    rows = ["| phase | what it does | IR after it | dump | `sylvite-opt` |"]
    rows.append("| --- | --- | --- | --- | --- |")
    for number, (pipeline, name, summary, ir) in enumerate(read_phases(text), 1):
        dump = "" if ir.startswith("none") else f"`{number:02}-{name}.mlir`"
        flag = f"`--sylvite-phase-{name}`" if pipeline else ""
        rows.append(f"| `{name}` | {summary} | {ir} | {dump} | {flag} |")
    return "\n".join(rows) + "\n"


def main():
    here = pathlib.Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root", nargs="?", type=pathlib.Path, default=here)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()

    page = options.root / "docs/Pipeline.md"
    text = page.read_text()
    if BEGIN not in text or END not in text:
        sys.exit("docs/Pipeline.md: error: the comments around the table are gone")
    before, rest = text.split(BEGIN)
    phases = (options.root / "include/sylvite/Phases.def").read_text()
    new = before + BEGIN + "\n" + make_table(phases) + "\n" + END + rest.split(END)[1]
    if new == text:
        return 0
    if options.check:
        print("docs/Pipeline.md: error: not what Phases.def says; run make docs")
        return 1
    page.write_text(new)
    print("wrote docs/Pipeline.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
