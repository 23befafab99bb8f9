#!/usr/bin/env python3
"""Runs lit and sums up: what failed, what could not be run and why, the count.

usage: run-tests.py --lit LIT TEST_FOLDER [further arguments of lit]

TEST_FOLDER is test/ of the build folder. The last line is always
"N passed, N failed", alone. A run without any test is a failure.
"""

import argparse
import collections
import json
import os
import subprocess
import sys

PASSED = {"PASS", "FLAKYPASS", "XFAIL"}
FAILED = {"FAIL", "XPASS", "TIMEOUT", "UNRESOLVED"}


def run_lit(lit, folder, arguments):
    """Runs lit over the suite and returns its list of results."""
    results = os.path.join(folder, "results.json")
    if os.path.exists(results):
        os.remove(results)
    subprocess.run(
        [lit, "-sv", "--output", results, *arguments]
        + [folder, os.path.join(folder, "Unit")]
    )
    if not os.path.exists(results):
        return []
    with open(results) as file:
        return json.load(file)["tests"]


def reason_not_run(test):
    """The line in which lit tells why a test is unsupported."""
    for line in test.get("output", "").splitlines():
        if "require" in line or "unsupported" in line:
            return line.strip()
    return "not supported here"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lit", required=True)
    parser.add_argument("folder")
    options, arguments = parser.parse_known_args()

    tests = run_lit(options.lit, options.folder, arguments)
    passed = [test for test in tests if test["code"] in PASSED]
    failed = [test for test in tests if test["code"] in FAILED]
    not_run = collections.Counter(
        reason_not_run(test) for test in tests if test["code"] == "UNSUPPORTED"
    )
    for reason, count in sorted(not_run.items()):
        print(f"not run: {count} test{'s' * (count > 1)}: {reason}")
    for test in failed:
        print(f"failed: {test['name']}")
    failures = len(failed)
    if not passed and not failed:
        print("failed: no test was found")
        failures = 1
    print(f"{len(passed)} passed, {failures} failed", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
