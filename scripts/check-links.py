#!/usr/bin/env python3
"""Checks the links of Markdown pages to files and to chapters.

usage: check-links.py FILE_OR_FOLDER...

A link to a file must lead to something that is there, counted from the page,
and one with #chapter to a heading of that page. Links with a scheme, such as
https:, are not followed. Prints FILE:LINE: error: ... for each that leads
nowhere, and exits 1 if there is one.
"""

import argparse
import pathlib
import re
import sys

CODE = re.compile(r"^( *)```.*?^ *```|`[^`\n]*`", re.M | re.S)
LINK = re.compile(r"\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#+ +(.*)$", re.M)


def blank(match):
    """The matched text as blanks, so that lines keep their numbers."""
    return re.sub(r"[^\n]", " ", match.group())


def anchors(page):
    """What a link to a chapter of PAGE may say after the #."""
    text = re.sub(r"^ *```.*?^ *```", blank, page.read_text(), flags=re.M | re.S)
    names = (heading.lower().strip() for heading in HEADING.findall(text))
    return {re.sub(r"[^\w\- ]", "", name).replace(" ", "-") for name in names}


def breaches(page):
    """Yields (line, text) of each link of PAGE that leads nowhere."""
    text = CODE.sub(blank, page.read_text())
    for link in LINK.finditer(text):
        path, _, chapter = link.group(1).partition("#")
        if re.match(r"[a-z]+:", path):
            continue
        line = text.count("\n", 0, link.start()) + 1
        target = page.parent / path if path else page
        if not target.exists():
            yield line, f"there is no {path}"
        elif chapter and chapter not in anchors(target):
            yield line, f"{target.name} has no chapter #{chapter}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    found = False
    for path in options.paths:
        for page in sorted(path.rglob("*.md")) if path.is_dir() else [path]:
            for line, text in breaches(page):
                found = True
                print(f"{page}:{line}: error: {text}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
