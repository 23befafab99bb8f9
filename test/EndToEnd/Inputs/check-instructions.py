#!/usr/bin/env python3
"""Looks for instructions that a target does not have.

usage: check-instructions.py TARGET DISASSEMBLY

Prints each once, and fails where there is one. What the levels are is from the
x86-64 psABI; the patterns are of AT&T syntax, without raw bytes.
"""

import re
import sys

# Each level has what the ones before it have.
BEYOND_V4 = r"v\w*bf16|vpdp|vpmadd52|vpermi2b|vpermt2b|vpermb\b|vpmultishift" \
    r"|vp(compress|expand)[bw]\b|vpsh[lr]d|vpopcnt|vpshufbitq|v?gf2p8|v\w+ph\b"
BEYOND_V3 = r"[^#]*(%zmm|%k[0-7]|%[xy]mm(1[6-9]|2\d|3[01])\b)"
BEYOND_V2 = r"v(?!err|erw)|[^#]*%ymm|lzcnt|movbe|andn[lq]|bextr|bls(i|r|msk)|bzhi" \
    r"|mulx|pdep|pext[lq]|rorx|s(ar|hl|hr)x"
# What only AMD's processors have, of what a compiler may use by itself.
OF_AMD = r"extrq|insertq|movnts[sd]"
FORBIDDEN = {
    "x86-64-v2": [BEYOND_V2, BEYOND_V3, BEYOND_V4, OF_AMD],
    "x86-64-v3": [BEYOND_V3, BEYOND_V4, OF_AMD],
    "x86-64-v4": [BEYOND_V4, OF_AMD],
    "sapphirerapids": [OF_AMD],
}


def main():
    target, path = sys.argv[1:]
    pattern = re.compile("|".join(f"(?:{p})" for p in FORBIDDEN[target]))
    found, instructions = {}, 0
    with open(path) as lines:
        for line in lines:
            match = re.match(r"\s*[0-9a-f]+:\s+(\S.*)", line)
            if not match:
                continue
            instructions += 1
            text = match[1].strip()
            if pattern.match(text):
                found.setdefault(text.split()[0], text)
    for text in found.values():
        print(f"{target} has no {text}")
    if not instructions:
        sys.exit(f"{path} holds no instructions")
    sys.exit(bool(found))


main()
