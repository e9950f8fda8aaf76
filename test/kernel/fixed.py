#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Applies all fixes to a copy of a tree: it must compile then, and say only what
had no fix.

  fixed.py VFIO-TIDY CLANG HEADERS TREE WORK
"""
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import fixes


def main():
    tidy, clang, headers, tree, work = sys.argv[1:]
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(tree, work)

    def run(*options):
        return subprocess.run([tidy, "--kernel=" + headers, *options, work], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True).stdout

    def said():
        exported = work + ".yaml"
        run("--export-fixes=" + exported)
        return fixes.diagnostics(exported)

    before = said()
    if not before[1]:
        sys.exit("fixed: nothing to fix in " + tree)
    run("--fix")
    faults = ["%s: %s [%s]" % (name, message, check)
              for name, check, message in fixes.left_over(before, said())]
    for entry in json.loads(run("--print-database")):
        arguments = [clang, "-fsyntax-only", "-Wno-everything", *entry["arguments"][1:]]
        done = subprocess.run(arguments, cwd=entry["directory"], stderr=subprocess.PIPE, text=True)
        if done.returncode:
            faults.append(done.stderr)
    for fault in faults:
        print("fixed: " + fault)
    print("%d fixes, %d warnings without one" % (sum(before[1].values()), sum(before[0].values())))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
