#!/usr/bin/env python3
"""Runs a command and prints its time and memory as JSON.

usage: measured.py COMMAND ARGUMENT...

A program of its own because the system counts as a command's memory also what
the process that started it had: the benchmark has more than the compiler.
"""

import json
import resource
import subprocess
import sys
import time

begin = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
seconds = time.perf_counter() - begin
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"seconds": seconds, "peak_bytes": usage.ru_maxrss * 1024}))
sys.exit(done.returncode)
