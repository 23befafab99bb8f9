"""Runs a command with its standard error stream at a terminal.

usage: terminal.py COMMAND...

Prints what the terminal got, with control characters as Python writes them.
"""

import os
import pty
import subprocess
import sys

main, terminal = pty.openpty()
process = subprocess.Popen(sys.argv[1:], stderr=terminal)
os.close(terminal)
text = b""
try:
    while block := os.read(main, 4096):
        text += block
except OSError:
    pass  # how Linux tells the end of a terminal
for line in text.split(b"\r\x1b[K"):
    print(repr(line.decode()))
sys.exit(process.wait())
