#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares what vfio-migrate makes of samples/legacy with what was reviewed.

  goldens.py --migrate PROGRAM --source DIR --kernel DIR --target T [--update]

golden/T/<driver>.diff is the patch of one driver, and golden/T/outcomes.txt says
what became of each, and why. --update writes them instead: then read them.
"""
import argparse
import difflib
import os
import re
import subprocess
import sys


def run(arguments):
    """The patch and the summary over all samples."""
    done = subprocess.run(
        [arguments.migrate, "--kernel=" + arguments.kernel, "--target=" + arguments.target,
         "samples/legacy"], cwd=arguments.source, capture_output=True, text=True)
    if done.returncode not in (0, 2):
        sys.exit("vfio-migrate ended with %d:\n%s" % (done.returncode, done.stderr))
    return done.stdout, done.stderr


def by_driver(patch):
    """The patch in pieces, one for each folder below samples/legacy."""
    pieces = {}
    for part in re.split(r"^(?=diff --git )", patch, flags=re.M)[1:]:
        name = re.match(r"diff --git a/samples/legacy/([^/]+)/", part)
        if not name:
            sys.exit("not below samples/legacy: " + part.splitlines()[0])
        pieces[name[1]] = pieces.get(name[1], "") + part
    return pieces


def outcomes(summary):
    """The lines of the summary that are decisions, without the run's own."""
    keep = re.compile(r"  (converted|already new|refused|not parsed|skipped) "
                      r"|    (refused|bug not carried over): ")
    return "".join(line + "\n" for line in summary.splitlines() if keep.match(line))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("migrate", "source", "kernel", "target"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--update", action="store_true")
    arguments = parser.parse_args()
    folder = os.path.join(arguments.source, "test/rewriter/golden", arguments.target)

    patch, summary = run(arguments)
    made = {name + ".diff": text for name, text in by_driver(patch).items()}
    made["outcomes.txt"] = outcomes(summary)
    known = {}
    if os.path.isdir(folder):
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), newline="") as file:
                known[name] = file.read()
    if made == known:
        return 0
    if not arguments.update:
        for name in sorted(made.keys() | known.keys()):
            sys.stdout.writelines(difflib.unified_diff(
                known.get(name, "").splitlines(True), made.get(name, "").splitlines(True),
                "golden/%s/%s" % (arguments.target, name), "now"))
        print("not as reviewed: scripts/update-goldens.sh, and read what changed")
        return 1
    os.makedirs(folder, exist_ok=True)
    for name in known.keys() - made.keys():
        os.remove(os.path.join(folder, name))
    for name, text in made.items():
        with open(os.path.join(folder, name), "w", newline="") as file:
            file.write(text)
    changed = [n for n in made.keys() | known.keys() if made.get(n) != known.get(n)]
    print("%s: %s" % (arguments.target, " ".join(sorted(changed))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
