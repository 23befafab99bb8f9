#!/usr/bin/env python3
"""Checks what every file and every pass of the tree has to follow.

usage: check-tree.py [SOURCE_ROOT]

- No path of one machine stands in a tracked file.
- Libraries read no environment, declare no command-line option and never end
  the process.
- Sources carry the licence line, and C++ files open with what they are about
  (\\file).
- A pass `def FuseFooPass : Pass<"sylvite-fuse-foo"...>` lies in FuseFoo.cpp,
  whose DEBUG_TYPE is the flag, and is tested in fuse-foo.mlir.

Prints FILE:LINE: error: ... for each breach and exits 1.
"""

import pathlib
import re
import subprocess
import sys

MACHINE_PATH = re.compile(r"(?<![\w.%}/-])/(?:home|root|work|tmp|Users|mnt)/\w")
SOURCES = {".cpp", ".c", ".h", ".td"}
LICENCE = "SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception"
# expression -> why it may not stand in lib/ and include/
REFUSED_IN_LIBRARIES = {
    r"\b(?:std::)?getenv\s*\(": "a library does not read the environment",
    r"(?<![\w.>:])(?:std::|::)?_?(?:exit|abort|quick_exit)\s*\(":
        "a library never ends the process",
    r"\bcl::(?:opt|list)\s*<": "options are declared in tools/",
}
PASS = re.compile(r'^def (\w+)Pass\s*:\s*\w*Pass<\s*"([^"]+)"', re.M)


def tracked_files(root):
    """What git tracks, or every file where the tree is no repository."""
    if (root / ".git").exists():
        listing = subprocess.run(
            ["git", "-C", str(root), "ls-files"], capture_output=True, text=True
        )
        names = listing.stdout.splitlines()
        return [root / name for name in names if (root / name).is_file()]
    return sorted(file for file in root.rglob("*") if file.is_file())


def without_comment(line):
    """LINE up to a // comment; enough for the calls looked for here."""
    return line.split("//")[0]


def check_file(file, name):
    """Yields the breaches (line, text) of one file; NAME is relative to the root."""
    try:
        lines = file.read_text().splitlines()
    except UnicodeDecodeError:
        return
    in_library = name.startswith(("lib/", "include/"))
    for number, line in enumerate(lines, 1):
        if name != "scripts/check-tree.py" and MACHINE_PATH.search(line):
            yield number, "a path of one machine"
        if not in_library or file.suffix not in SOURCES:
            continue
        for expression, why in REFUSED_IN_LIBRARIES.items():
            if re.search(expression, without_comment(line)):
                yield number, why
    if file.suffix in SOURCES and name.startswith(("lib/", "include/", "tools/")):
        if not any(LICENCE in line for line in lines[:12]):
            yield 1, f"no licence line: {LICENCE}"
        is_c = file.suffix == ".c" or lines and lines[0].startswith("/*")
        if file.suffix != ".td" and not is_c and not any(line == r"/// \file" for line in lines[:20]):
            yield 1, r"no \file comment tells what the file is about"


def dash_case(name):
    """FuseQKVLinear -> fuse-qkv-linear."""
    return re.sub(
        r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name
    ).lower()


def check_pass(name, flag, files, root):
    """Yields what the pass NAME with the command-line FLAG lacks."""
    if flag != "sylvite-" + dash_case(name):
        yield f"the flag of {name}Pass should be sylvite-{dash_case(name)}"
    sources = [file for file in files if file.name == name + ".cpp"]
    if not sources:
        yield f"no file {name}.cpp holds {name}Pass"
    elif not any(
        f'#define DEBUG_TYPE "{flag}"' in file.read_text() for file in sources
    ):
        yield f"DEBUG_TYPE in {name}.cpp is not the flag {flag}"
    test = flag.removeprefix("sylvite-") + ".mlir"
    tests = [file for file in files if file.name == test]
    tests = [file for file in tests if root / "test" in file.parents]
    if not any(flag in file.read_text() for file in tests):
        yield f"no lit test {test} runs -{flag}"


def main():
    here = pathlib.Path(__file__).resolve().parent.parent
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here
    files = tracked_files(root)
    breaches = []
    for file in files:
        name = file.relative_to(root).as_posix()
        for number, why in check_file(file, name):
            breaches.append(f"{name}:{number}: error: {why}")
        if file.suffix == ".td":
            for name_of_pass, flag in PASS.findall(file.read_text()):
                for why in check_pass(name_of_pass, flag, files, root):
                    breaches.append(f"{name}: error: {why}")
    print("\n".join(breaches), end="\n" if breaches else "")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
