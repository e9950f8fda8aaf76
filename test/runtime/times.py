#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Says how long the runs of a build folder took: times.py BUILD."""
import glob
import json
import os
import sys

total, boots = 0.0, 0
for path in sorted(glob.glob(os.path.join(sys.argv[1], "runtime", "times", "*.json"))):
    with open(path) as f:
        run = json.load(f)
    print("runtime %-14s %2d boots, %4.1f to %4.1f s to the first case, %3.0f s in guests, "
          "%3.0f s in all" % (run["name"], len(run["boots"]), min(run["ready"]),
                              max(run["ready"]), sum(run["boots"]), run["total"]))
    total += run["total"]
    boots += len(run["boots"])
if boots:
    print("runtime: %d boots, %.0f s if run one after the other" % (boots, total))
