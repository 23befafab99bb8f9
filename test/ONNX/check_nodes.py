#!/usr/bin/env python3
"""Runs the standard's own node tests against Sylvite.

usage: check_nodes.py [--build BUILD | --tools FOLDER] [--filter REGEX] [--jobs N] [--list]
                      [--expect FILE]

The cases are those that the package onnx generates, and go through the
interface for backends that tools/python has. Prints a table by operator: how
many cases passed, failed, and are unsupported; below it, each case that did not
pass, with the reason. --expect names a file that lists, a line each, the cases
that are to pass: one of them that does not is an error, and one that passes
without being listed is told. Ends with `N passed, N failed, N unsupported`.
"""

import argparse
import collections
import json
import os
import pathlib
import re
import select
import sys
import warnings

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "python"))


def load_cases():
    """The cases by name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from onnx.backend.test.loader import load_model_tests

        return {case.name: case for case in load_model_tests(kind="node")}


def get_operator(case, cases):
    """What a case is about; of an operator written out, the operator."""
    name = re.sub(r"_expanded(_ver\d+|_function.*)?$", "", case.name)
    nodes = cases.get(name, case).model.graph.node
    # A case of several nodes is about the last one.
    return nodes[-1].op_type if nodes else "none"


def run_case(case):
    """How a case went: passed, failed or unsupported, and why."""
    import numpy as np
    from onnx.backend.test.runner import Runner
    from sylvite.model import ModelError
    from sylvite.onnx_backend import SylviteBackend, Unsupported

    def first_line(error):
        lines = str(error).strip().splitlines() or [type(error).__name__]
        # The file's name and the node are the same in all of them.
        text = re.sub(r"^model\.onnx: (node '?\S*'? ?)?\(?[^:]*?\)?: error: ", "",
                      lines[0])
        return re.sub(r"\S*/tmp\S*", "FILE", text)[:160]

    np.seterr(all="ignore")
    try:
        rep = SylviteBackend.prepare(case.model)
        for inputs, expected in case.data_sets:
            results = rep.run(inputs)
            Runner.assert_similar_outputs(expected, results, case.rtol, case.atol)
    except Unsupported as error:
        return "unsupported", first_line(error)
    except AssertionError as error:
        lines = [line for line in str(error).splitlines() if line.strip()]
        return "failed", " ".join(lines[:3])[:160]
    except ModelError as error:
        return "failed", first_line(error)
    except Exception as error:
        return "failed", first_line(error)
    return "passed", ""


def run_all(cases, jobs):
    """Yields name and result of each case. Each runs in a process of its own: a
    compiled model that crashes is a case that failed."""
    waiting, running = list(reversed(cases)), {}
    while waiting or running:
        while waiting and len(running) < jobs:
            case = waiting.pop()
            reader, writer = os.pipe()
            pid = os.fork()
            if not pid:
                os.close(reader)
                with os.fdopen(writer, "w") as pipe:
                    json.dump(run_case(case), pipe)
                os._exit(0)
            os.close(writer)
            running[reader] = (case, pid)
        for reader in select.select(list(running), [], [])[0]:
            case, pid = running.pop(reader)
            with os.fdopen(reader) as pipe:
                text = pipe.read()
            _, status = os.waitpid(pid, 0)
            yield case.name, (tuple(json.loads(text)) if text else
                              ("failed", f"ended with {status}"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build")
    parser.add_argument("--tools", type=pathlib.Path)
    parser.add_argument("--filter", default="")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--list", action="store_true", help="only list cases")
    parser.add_argument("--expect", type=pathlib.Path)
    parser.add_argument("--results", type=pathlib.Path,
                        help="write `NAME STATUS REASON` of each case here")
    options = parser.parse_args()
    tools = options.tools or pathlib.Path(options.build).resolve() / "bin"
    os.environ["SYLVITEC"] = str(tools / "sylvitec")
    expected = None
    if options.expect:
        lines = options.expect.read_text().splitlines()
        expected = {line.strip() for line in lines
                    if line.strip() and not line.startswith("#")}
    cases = load_cases()
    names = sorted(n for n in cases if re.search(options.filter, n))
    if options.list:
        print("\n".join(names))
        return
    results = {}
    for name, result in run_all([cases[n] for n in names], options.jobs):
        results[name] = result
        if sys.stderr.isatty():
            print(f"\r{len(results)}/{len(names)}", end="", file=sys.stderr)
    results = dict(sorted(results.items()))
    table = collections.defaultdict(collections.Counter)
    reasons = collections.defaultdict(collections.Counter)
    for name, (status, reason) in results.items():
        operator = get_operator(cases[name], cases)
        table[operator][status] += 1
        if status == "unsupported":
            reasons[operator][reason] += 1
    print(f"{'operator':28} {'passed':>6} {'failed':>6} {'unsupported':>11}")
    for operator, counts in sorted(table.items()):
        reason = reasons[operator].most_common(1)
        print(f"{operator:28} {counts['passed']:6} {counts['failed']:6} "
              f"{counts['unsupported']:11}  {reason[0][0] if reason else ''}"
              .rstrip())
    print()
    for name, (status, reason) in results.items():
        if status != "passed":
            print(f"{status:11} {name}: {reason}")
    if options.results:
        options.results.write_text("".join(
            f"{name}\t{status}\t{reason}\n"
            for name, (status, reason) in results.items()))
    wrong = 0
    if expected is not None:
        for name in sorted(expected & set(results)):
            if results[name][0] != "passed":
                print(f"error: {name} is expected to pass")
                wrong += 1
        for name, (status, _) in results.items():
            if status == "passed" and name not in expected:
                print(f"note: {name} passes, and is not listed")
    count = collections.Counter(status for status, _ in results.values())
    print(f"{count['passed']} passed, {count['failed']} failed, "
          f"{count['unsupported']} unsupported")
    sys.exit(1 if wrong or not results else 0)


if __name__ == "__main__":
    main()
