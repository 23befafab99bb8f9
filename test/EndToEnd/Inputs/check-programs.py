#!/usr/bin/env python3
"""Gives all programs of a folder to a checker, one after the other.

usage: check-programs.py FOLDER SUFFIX COMMAND...

What ptxas -v tells of registers and stacks is summed up.
"""

import pathlib
import re
import subprocess
import sys


def main():
    folder, suffix, command = sys.argv[1], sys.argv[2], sys.argv[3:]
    programs = sorted(pathlib.Path(folder).glob("*" + suffix))
    if not programs:
        sys.exit(f"{folder} has no *{suffix}")
    registers, stack, spills = 0, 0, 0
    for program in programs:
        result = subprocess.run(
            [*command, str(program)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True,
        )
        if result.returncode:
            sys.exit(f"{program}: {result.stdout}")
        for number in re.findall(r"Used (\d+) registers", result.stdout):
            registers = max(registers, int(number))
        for number in re.findall(r"(\d+) bytes stack frame", result.stdout):
            stack = max(stack, int(number))
        for number in re.findall(r"(\d+) bytes spill", result.stdout):
            spills = max(spills, int(number))
    if registers:
        print(f"at most {registers} registers, at most {stack} bytes of stack, "
              f"{spills} of spills")
    print(f"{len(programs)} programs are right")


main()
