#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs each check of checks/Checks.def alone, and all but it.

  each-check.py ROOT SOURCE COMMAND [options] -- flags for clang

COMMAND is a clang-tidy that knows our checks; SOURCE has a mistake for each of
them. A check that is on must say something, one that is off nothing.
"""
import importlib.util
import os
import re
import subprocess
import sys


def names(root):
    """The checks, from the reader that the documentation is made with."""
    path = os.path.join(root, "scripts", "gen-docs.py")
    spec = importlib.util.spec_from_file_location("gen_docs", path)
    gen_docs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(gen_docs)
    return {"vfio-" + check.name for check in gen_docs.read_checks(root)}


class Door:
    def __init__(self, source, arguments):
        split = arguments.index("--")
        self.command, self.source, self.flags = arguments[:split], source, arguments[split:]

    def run(self, *options):
        done = subprocess.run([*self.command, *options, self.source, *self.flags],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        if done.returncode or " error: " in done.stdout:
            sys.exit("%s: exit status %d\n%s" % (" ".join(options), done.returncode, done.stdout))
        return done.stdout

    def said(self, checks):
        """The checks that warn."""
        lines = [l for l in self.run("--checks=" + checks).splitlines() if " warning: " in l]
        return {name for line in lines for name in re.search(r"\[([^\]]*)\]$", line)[1].split(",")}


def main():
    root, source, *arguments = sys.argv[1:]
    known, door = names(root), Door(source, arguments)
    faults = []

    def expect(checks, wanted):
        said = door.said(checks)
        if said != wanted:
            faults.append("--checks=%s: silent are %s, speak without leave %s"
                          % (checks, sorted(wanted - said) or "none", sorted(said - wanted) or "none"))

    listed = set(re.findall(r"^ +(vfio-\S+)$", door.run("--checks=-*,vfio-*", "--list-checks"), re.M))
    if listed != known:
        faults.append("--list-checks: %s" % sorted(listed ^ known))
    expect("-*,vfio-*", known)
    for name in sorted(known):
        expect("-*," + name, {name})
        expect("-*,vfio-*,-" + name, known - {name})
    for fault in faults:
        print("each-check: " + fault)
    print("%d checks, on and off" % len(known))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
