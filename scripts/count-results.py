#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Says how the tests in lit's result file went: "N passed, N failed", last. A test
that could not run counts as failed; with --quick it is only named.

    count-results.py [--quick] FILE
"""
import json
import sys

quick = sys.argv[1] == "--quick"
try:
    with open(sys.argv[-1]) as file:
        tests = json.load(file)["tests"]
except (OSError, ValueError, KeyError) as error:
    print("no results: %s" % error)
    tests = []
good = [t for t in tests if t["code"] in ("PASS", "FLAKYPASS", "XFAIL")]
left_out = [t for t in tests if t["code"] == "UNSUPPORTED"]
for test in left_out:
    print("not run%s: %s" % ("" if quick else ", counted as failed", test["name"]))
if quick:
    tests = [t for t in tests if t not in left_out]
print("%d passed, %d failed" % (len(good), len(tests) - len(good)))
sys.exit(0 if tests and len(good) == len(tests) else 1)
