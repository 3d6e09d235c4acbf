#!/usr/bin/env python3
"""results.py - count the tests of a KUnit run and compare it with kunit/expected

  kunit/results.py RESULT CONFIGURATION [EXPECTED]

RESULT is a file that "kunit.py run --json" wrote or, because kunit.py does not read what
modules print, the log of a kernel. Prints the passed, failed and skipped tests of each suite.
Exit status 1 if a test failed, if no test passed, or if the file EXPECTED does not agree.
"""
import collections
import fnmatch
import json
import re
import sys


def flatten(group, prefix=""):
    """(name, status) of all tests of a group of kunit.py's results."""
    for case in group["test_cases"]:
        yield prefix + case["name"], case["status"]
    for sub in group["sub_groups"]:
        if sub["test_cases"] or sub["sub_groups"]:
            yield from flatten(sub, prefix + sub["name"] + "/")
        else:
            yield prefix + sub["name"], "ERROR"


def from_json(text):
    """{suite: {test: status}}"""
    suites = {}
    for group in json.loads(text)["sub_groups"]:
        suites[group["name"]] = tests = dict(flatten(group))
        # a suite without results, or one that failed as a whole
        if not tests or any(group["misc"][key] for key in ("crashed", "errors")):
            tests["(suite)"] = "ERROR"
    return suites


def from_log(text):
    """The same from the kernel's log; the lines of suites are not indented."""
    suites, suite = {}, ""
    for line in text.splitlines():
        line = re.sub(r"^\[[ 0-9.]+\] ", "", line.rstrip())
        subtest = re.match(r" {4}# Subtest: (\w+)$", line)
        test = re.match(r" {4}(not )?ok \d+ (\S+)(.*# SKIP)?", line)
        end = re.match(r"(not )?ok \d+ (\w+)", line)
        if subtest:
            suite = subtest[1]
            suites[suite] = {"(suite)": "ERROR"}    # until its end is found
        elif test and suite:
            suites[suite][test[2]] = "FAIL" if test[1] else "SKIP" if test[3] else "PASS"
        elif end and end[2] in suites:
            del suites[end[2]]["(suite)"]
            if end[1] and "FAIL" not in suites[end[2]].values():
                suites[end[2]]["(suite)"] = "FAIL"
            suite = ""
    return suites


def is_one_of(name, patterns):
    """Whether one of the patterns has the name, and none with "!"."""
    return (any(fnmatch.fnmatchcase(name, p) for p in patterns if p[0] != "!") and
            not any(fnmatch.fnmatchcase(name, p[1:]) for p in patterns if p[0] == "!"))


def compare(suites, configuration, path):
    """What differs from the file: a list of messages."""
    required, skips, errors = set(), [], []
    with open(path, encoding="utf-8") as f:
        for line in f:
            words = line.split("#")[0].split()
            if words and words[0] == "suite" and is_one_of(configuration, words[2:]):
                required.add(words[1])
            elif words and words[0] == "skip" and is_one_of(configuration, words[1:-1]):
                skips.append(words[-1])
    for suite in sorted(required | suites.keys()):
        tests = suites.get(suite, {})
        if suite not in required:
            errors.append(f"suite {suite} is not in {path}; to expect it: suite {suite} {configuration}")
        elif not tests:
            errors.append(f"suite {suite} did not run")
        for test, status in tests.items():
            name = f"{suite}.{test}"
            if status == "SKIP" and not is_one_of(name, skips or ["!"]):
                errors.append(f"{name} was skipped; to allow it: skip {configuration} {name}")
    return errors


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__.strip())
    path, configuration = sys.argv[1:3]
    with open(path, encoding="utf-8", errors="replace") as f:
        text = f.read()
    suites = from_json(text) if path.endswith(".json") else from_log(text)

    total = collections.Counter()
    for suite, tests in [*suites.items(), ("all", None)]:
        count = collections.Counter(tests.values()) if tests is not None else total
        failed = sum(count.values()) - count["PASS"] - count["SKIP"]
        print(f"{configuration}: {suite}: {count['PASS']} passed, {failed} failed, {count['SKIP']} skipped")
        if tests is not None:
            total += count
    errors = []
    if sum(total.values()) > total["PASS"] + total["SKIP"]:
        errors.append("tests failed")
    if not total["PASS"]:
        errors.append("no test passed")
    if len(sys.argv) == 4:
        errors += compare(suites, configuration, sys.argv[3])
    for error in errors:
        print(f"results.py: error: {error}", file=sys.stderr)
    sys.exit(1 if errors else 0)


main()
