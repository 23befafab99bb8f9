"""Checks a trace against the description of the library.

usage: profile.py DESCRIPTION.json TRACE.json FUNCTION RUNS
"""

import json
import sys

description, trace = (json.load(open(name)) for name in sys.argv[1:3])
(target,) = description["targets"]
events = trace["traceEvents"]
expected = [call["kernel"] for call in target["calls"][sys.argv[3]]] * int(sys.argv[4])
print("the kernels in their order:", [event["name"] for event in events] == expected)
ends = [event["ts"] + event["dur"] for event in events]
print("all take time:", all(event["dur"] > 0 for event in events))
print(
    "one after the other:",
    all(event["ts"] > end - 1e-3 for event, end in zip(events[1:], ends)),
)
