#!/usr/bin/env python3
"""Checks that every numbered rule of an op is stated, enforced and tested.

usage: check-rules.py [SOURCE_ROOT]

A rule is stated in an op's description as a list item "- NAME-1: text" in a
.td file of include/sylvite/Dialect. Its number must stand in a source of
lib/Dialect (in a comment at the line that verifies it, or in the message) and
in a negative test, test/Dialect/**/*invalid*.mlir. A number that source or test
name must be stated. Prints what is missing and exits 1.
"""

import pathlib
import re
import sys

STATED = re.compile(r"^\s*[-*] ([A-Z][A-Z0-9_]*-\d+):", re.M)
NAMED = re.compile(r"\b([A-Z][A-Z0-9_]*-\d+)\b")


def collect(root, folder, patterns, expression):
    """Maps each rule that EXPRESSION finds to the files it stands in."""
    rules = {}
    for pattern in patterns:
        for file in sorted((root / folder).rglob(pattern)):
            for rule in expression.findall(file.read_text()):
                rules.setdefault(rule, []).append(file.relative_to(root))
    return rules


def main():
    here = pathlib.Path(__file__).resolve().parent.parent
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here
    stated = collect(root, "include/sylvite/Dialect", ["*.td"], STATED)
    families = {rule.rsplit("-", 1)[0] for rule in stated}
    sources = ["*.cpp", "*.h"]
    verified = collect(root, "lib/Dialect", sources, NAMED)
    verified |= collect(root, "include/sylvite/Dialect", sources, NAMED)
    tested = collect(root, "test/Dialect", ["*invalid*.mlir"], NAMED)

    errors = []
    for rule, files in stated.items():
        if len(files) > 1:
            errors.append(f"{files[1]}: error: rule {rule} is stated twice")
        if rule not in verified:
            errors.append(f"{files[0]}: error: no verifier names rule {rule}")
        if rule not in tested:
            errors.append(f"{files[0]}: error: no negative test names rule {rule}")
    for named in (verified, tested):
        for rule, files in named.items():
            # A name such as SHA-256 is no rule: its family is stated nowhere.
            if rule not in stated and rule.rsplit("-", 1)[0] in families:
                errors.append(f"{files[0]}: error: rule {rule} is stated nowhere")
    print("\n".join(errors), end="\n" if errors else "")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
