"""Counts the graph ops of IR on standard input, one kind a line, by name.

usage: count-ops.py [FUNCTION]
"""

import collections
import re
import sys

text = sys.stdin.read()
if sys.argv[1:]:
    text = re.search(rf"func\.func @{sys.argv[1]}\(.*?\n  }}\n", text, re.S).group()
ops = re.findall(r"^ +(?:%\S+ = )?(graph\.\w+) ", text, re.M)
for name, count in sorted(collections.Counter(ops).items()):
    print(count, name)
