#!/usr/bin/env python3
"""results.py - what a run of kunit.py came to, by suite

  kunit/results.py RESULT.json NAME [EXPECTED]

Prints passed, failed and skipped tests of each suite. Exit status 1 if a test failed, if
none passed, or if the number of passed tests of a suite is not the one that the file
EXPECTED has for it: lines "NAME SUITE COUNT", NAME a configuration of scripts/kunit.
"""
import json
import sys


def expected_counts(path, name):
    """{suite: count} of configuration NAME."""
    counts = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            words = line.split("#")[0].split()
            if words and words[0] == name:
                counts[words[1]] = int(words[2])
    return counts


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__.strip())
    path, name, pins = (sys.argv + [""])[1:4]
    with open(path, encoding="utf-8") as f:
        suites = {group["name"]: group["misc"] for group in json.load(f)["sub_groups"]}

    errors = []
    total = {"passed": 0, "failed": 0, "skipped": 0}
    for suite, misc in suites.items():
        # a test that crashed or ended in no result has failed
        count = {"passed": misc["passed"], "skipped": misc["skipped"],
                 "failed": misc["failed"] + misc["crashed"] + misc["errors"]}
        print(f"{name}: {suite}: " + ", ".join(f"{count[k]} {k}" for k in total))
        for key in total:
            total[key] += count[key]
    print(f"{name}: all: " + ", ".join(f"{n} {k}" for k, n in total.items()))

    if total["failed"]:
        errors.append("tests failed")
    if not total["passed"]:
        errors.append("no test passed")
    if pins:
        expected = expected_counts(pins, name)
        if not expected:
            errors.append(f'kunit/expected has no line for "{name}"')
        for suite in sorted(expected.keys() | suites.keys()):
            want, got = expected.get(suite, 0), suites.get(suite, {}).get("passed", 0)
            if want != got:
                errors.append(f"suite {suite}: {got} tests passed, kunit/expected says {want}; "
                              f'if that is right, make it "{name} {suite} {got}"')
    for error in errors:
        print(f"results.py: error: {error}", file=sys.stderr)
    sys.exit(1 if errors else 0)


main()
