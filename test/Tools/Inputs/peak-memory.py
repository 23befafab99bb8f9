#!/usr/bin/env python3
"""Runs a command and prints the most memory that it held.

usage: peak-memory.py COMMAND ARGUMENTS...

Prints one number, in MB of 10^6 bytes, and exits as the command did. What the
command prints is dropped.
"""

import resource
import subprocess
import sys

code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
print(peak // 10**6)
sys.exit(code)
