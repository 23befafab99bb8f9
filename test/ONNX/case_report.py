"""What came of the node tests, as text and as a page of the documentation."""

import collections
import re

import node_cases

STATES = ("passed", "failed", "unsupported")


def count(results, cases):
    """How many cases of each operator went how: {operator: {state: number}}."""
    table = collections.defaultdict(collections.Counter)
    for name, (status, _) in results.items():
        table[node_cases.get_operator(cases[name], cases)][status] += 1
    return dict(sorted(table.items()))


def summarize(results):
    counts = collections.Counter(status for status, _ in results.values())
    return ", ".join(f"{counts[state]} {state}" for state in STATES)


def print_table(table):
    print(f"{'operator':28} {'passed':>6} {'failed':>6} {'unsupported':>11}")
    for operator, counts in table.items():
        print(f"{operator:28} {counts['passed']:6} {counts['failed']:6} "
              f"{counts['unsupported']:11}")


def _escape(text):
    return re.sub(r"([|<>*_`\\\[\]])", r"\\\1", text)


def format_page(results, table, cases):
    """The page docs/ONNX-Cases.md."""
    import onnx

    required = [name for name in results
                if node_cases.is_required(cases[name])]
    passed = sum(results[name][0] == "passed" for name in required)
    lines = [
        "# The node tests of ONNX", "",
        "Written by `make check-onnx REPORT=docs/ONNX-Cases.md`: the cases that the",
        f"package `onnx` {onnx.__version__} generates, run through `tools/python`. A case is",
        "unsupported where the compiler refuses it with a message, and failed where",
        "anything else is not as it should be.", "",
        f"{summarize(results)}, of {len(results)}.", "",
        f"Of the {len(required)} cases that must pass (`is_required` of",
        f"`test/ONNX/node_cases.py`) {passed} did. `make check` runs them and fails if one",
        "does not.", "",
        "## By operator", "",
        "| operator | passed | failed | unsupported |",
        "| --- | ---: | ---: | ---: |",
    ]
    for operator, counts in table.items():
        lines.append(f"| {operator} | " + " | ".join(
            str(counts[state] or "") for state in STATES) + " |")
    for state in STATES[1:]:
        chosen = {n: r for n, (s, r) in results.items() if s == state}
        lines += ["", f"## Cases that {'failed' if state == 'failed' else 'are unsupported'}",
                  ""]
        if not chosen:
            lines.append("None.")
        for name, reason in chosen.items():
            lines.append(f"- `{name}`: {_escape(reason)}")
    return "\n".join(lines) + "\n"


def read_listed(path):
    """The cases that a page lists as failed or unsupported."""
    return set(re.findall(r"^- `(\w+)`: ", path.read_text(), re.M))
