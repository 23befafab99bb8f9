"""Counts the graph ops of IR on standard input, one kind a line, by name."""

import collections
import re
import sys

ops = re.findall(r"^ +(?:%\S+ = )?(graph\.\w+) ", sys.stdin.read(), re.M)
for name, count in sorted(collections.Counter(ops).items()):
    print(count, name)
