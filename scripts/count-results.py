#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Says how the tests in lit's result file went: "N passed, N failed", last."""
import json
import sys

try:
    with open(sys.argv[1]) as file:
        tests = json.load(file)["tests"]
except (OSError, ValueError, KeyError) as error:
    print("no results: %s" % error)
    tests = []
good = [t for t in tests if t["code"] in ("PASS", "FLAKYPASS", "XFAIL")]
for test in tests:
    if test["code"] == "UNSUPPORTED":
        print("not run, counted as failed: " + test["name"])
print("%d passed, %d failed" % (len(good), len(tests) - len(good)))
sys.exit(0 if tests and len(good) == len(tests) else 1)
