#!/usr/bin/env python3
"""Runs the standard's own node tests against Sylvite.

usage: check_nodes.py [--build BUILD | --tools FOLDER] [--filter REGEX]
                      [--required] [--part I/N] [--jobs N] [--timeout SECONDS]
                      [--list] [--known FILE] [--report FILE]

The cases are those that the package onnx generates, and go through the
interface for backends that tools/python has. Prints each case that does not
pass, with the reason, and then a table by operator: how many cases passed,
failed, and are unsupported. --report writes the same as Markdown. --required
runs only cases that must pass (node_cases.py), --part each Nth of the cases,
beginning with the Ith.

--known names a report of before: a case that does not pass and is not listed
there is an error, and so is one that passes and is listed. What must pass must
do so whatever the report says. Ends with `N passed, N failed, N unsupported`.
"""

import argparse
import json
import os
import pathlib
import re
import resource
import select
import signal
import sys
import time

import case_report
import node_cases

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "python"))

import numpy as np  # noqa: E402
import onnx  # noqa: E402
from onnx.backend.test.runner import Runner  # noqa: E402
from sylvite.onnx_backend import SylviteBackend, Unsupported  # noqa: E402


def first_line(error):
    """The reason in short, without what differs between two runs."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    # The file's name and the node are the same in all of them.
    text = re.sub(r"^model\.onnx: (node '?\S*'? ?)?(\([^:]*?\))?: error: ", "",
                  lines[0])
    text = re.sub(r"^(is|are) not supported: ", "", text)
    return re.sub(r"\S*/tmp\S*", "FILE", text)[:160]


def to_arrays(values):
    """Some cases tell values as tensors of the model's own kind."""
    return [onnx.numpy_helper.to_array(value)
            if isinstance(value, onnx.TensorProto) else value for value in values]


def run_case(case):
    """How a case went: passed, failed or unsupported, and why."""
    np.seterr(all="ignore")
    try:
        rep = SylviteBackend.prepare(case.model)
        for inputs, expected in case.data_sets:
            results = rep.run(to_arrays(inputs))
            Runner.assert_similar_outputs(to_arrays(expected), results, case.rtol,
                                          case.atol)
    except Unsupported as error:
        return "unsupported", first_line(error)
    except AssertionError as error:
        lines = [line for line in str(error).splitlines() if line.strip()]
        return "failed", " ".join(lines[:3])[:160]
    except Exception as error:
        return "failed", first_line(error)
    return "passed", ""


class Run:
    """A case that runs in a process of its own: a compiled model that crashes
    or does not end is a case that failed."""

    def __init__(self, case, timeout):
        self.case, self.timeout = case, timeout
        # On a machine that is busy with other work all takes longer.
        self.end = time.monotonic() + 5 * timeout
        self.reader, writer = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.setpgid(0, 0)
            resource.setrlimit(resource.RLIMIT_CPU, (timeout, timeout + 1))
            os.close(self.reader)
            with os.fdopen(writer, "w") as pipe:
                json.dump(run_case(case), pipe)
            os._exit(0)
        os.close(writer)

    def finish(self):
        """The result; ends the process and what it started if its time is up."""
        if not select.select([self.reader], [], [], 0)[0]:
            os.killpg(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            os.close(self.reader)
            return "failed", f"took more than {5 * self.timeout} seconds"
        with os.fdopen(self.reader) as pipe:
            text = pipe.read()
        _, status = os.waitpid(self.pid, 0)
        if text:
            return tuple(json.loads(text))
        code = os.waitstatus_to_exitcode(status)
        return "failed", (f"crashed: {signal.Signals(-code).name}" if code < 0
                          else f"ended with {code}")


def run_all(cases, jobs, timeout):
    """Yields name and result of each case."""
    waiting, running = list(reversed(cases)), {}
    while waiting or running:
        while waiting and len(running) < jobs:
            run = Run(waiting.pop(), timeout)
            running[run.reader] = run
        next_end = min(run.end for run in running.values())
        ready = select.select(list(running), [], [],
                              max(next_end - time.monotonic(), 0))[0]
        now = time.monotonic()
        for reader, run in list(running.items()):
            if reader in ready or run.end <= now:
                del running[reader]
                yield run.case.name, run.finish()


def check_known(results, cases, known):
    """Prints what is wrong beside what is known, and counts it."""
    errors = []
    for name, (status, reason) in results.items():
        if status == "passed" and name in known:
            errors.append(f"{name} passes, and is listed as one that does not")
        elif status != "passed" and node_cases.is_required(cases[name]):
            errors.append(f"{name} must pass: {reason}")
        elif status != "passed" and name not in known:
            errors.append(f"{name} does not pass, and is not listed: {reason}")
    for error in errors:
        print(f"error: {error}")
    return len(errors)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build")
    parser.add_argument("--tools", type=pathlib.Path)
    parser.add_argument("--filter", default="")
    parser.add_argument("--required", action="store_true")
    parser.add_argument("--part", default="0/1")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--timeout", type=int, default=60,
                        help="seconds of processor time for a case")
    parser.add_argument("--list", action="store_true", help="only list cases")
    parser.add_argument("--known", type=pathlib.Path)
    parser.add_argument("--report", type=pathlib.Path)
    options = parser.parse_args()
    tools = options.tools or pathlib.Path(options.build).resolve() / "bin"
    os.environ["SYLVITEC"] = str(tools / "sylvitec")
    cases = node_cases.load_cases()
    names = sorted(n for n in cases if re.search(options.filter, n))
    if options.required:
        names = [n for n in names if node_cases.is_required(cases[n])]
    first, step = map(int, options.part.split("/"))
    names = names[first::step]
    if options.list:
        print("\n".join(names))
        return
    results = {}
    for name, result in run_all([cases[n] for n in names], options.jobs,
                                options.timeout):
        results[name] = result
        if result[0] != "passed":
            print(f"{result[0]} {name}: {result[1]}", flush=True)
        if sys.stderr.isatty():
            print(f"\r{len(results)}/{len(names)}\r", end="", file=sys.stderr)
    results = dict(sorted(results.items()))
    table = case_report.count(results, cases)
    case_report.print_table(table)
    if options.report:
        options.report.write_text(case_report.format_page(results, table, cases))
    wrong = not results
    if options.known:
        wrong |= check_known(results, cases,
                             case_report.read_listed(options.known)) > 0
    print(case_report.summarize(results))
    sys.exit(wrong)


if __name__ == "__main__":
    main()
