#!/usr/bin/env python3
"""results.py - what a run of kunit.py came to, by suite

  kunit/results.py RESULT NAME [EXPECTED]

RESULT is what "kunit.py run --json" writes or, since kunit.py does not know what modules
say, a log of a kernel with kunit.stats_enabled=2. Prints passed, failed and skipped tests of each suite. Exit status 1 if a test failed, if
none passed, or if the number of passed tests of a suite is not the one that the file
EXPECTED has for it: lines "NAME SUITE COUNT", NAME a configuration of scripts/kunit.
"""
import json
import re
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


def suites_of(path):
    """{suite: {"passed": ..., "failed": ..., "skipped": ...}} of a result."""
    with open(path, encoding="utf-8", errors="replace") as f:
        text = f.read()
    if path.endswith(".json"):
        # a test that crashed or ended in no result has failed
        return {group["name"]: {"passed": misc["passed"], "skipped": misc["skipped"],
                                "failed": misc["failed"] + misc["crashed"] + misc["errors"]}
                for group in json.loads(text)["sub_groups"] for misc in [group["misc"]]}
    # the line of a suite is not indented, those of its tests are; its name comes before it
    suites, name = {}, ""
    for line in text.splitlines():
        line = re.sub(r"^\[[ 0-9.]+\] ", "", line.rstrip())
        subtest = re.match(r" {4}# Subtest: (\w+)$", line)
        totals = re.match(r"# Totals: pass:(\d+) fail:(\d+) skip:(\d+) total:\d+$", line)
        if subtest:
            name = subtest[1]
            suites[name] = {"passed": 0, "failed": 1, "skipped": 0}     # should it not end
        elif totals and name:
            suites[name] = dict(zip(("passed", "failed", "skipped"), map(int, totals.groups())))
    return suites


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__.strip())
    path, name, pins = (sys.argv + [""])[1:4]
    suites = suites_of(path)

    errors = []
    total = {"passed": 0, "failed": 0, "skipped": 0}
    for suite, count in suites.items():
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
