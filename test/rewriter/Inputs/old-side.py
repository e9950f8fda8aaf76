#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Says whether a tree that --keep-old has made holds the old texts.

  old-side.py BEFORE AFTER

Of each changed source, what a kernel of 5.15 sees must be the old text, but for
the include of linux/version.h and what old kernels do not mind: a member that
has moved, lines of a kernel-doc comment, an include of the kernel's. Prints the
files that changed.
"""
import collections
import os
import re
import sys

HARMLESS = re.compile(r"(#include <linux/(version|completion)\.h>| \* @(dev|ops): .*|)$")


def old_side(text):
    """The lines that a kernel of 5.15 keeps."""
    lines, keep = [], [True]
    text = text.replace(" && \\\n\t", " && ")
    for line in text.splitlines():
        condition = re.match(r"#if (LINUX_VERSION_CODE .*6, \d, 0\).*)", line)
        if condition:
            keep.append(">=" not in condition.group(1))
        elif len(keep) > 1 and line == "#else":
            keep[-1] = not keep[-1]
        elif len(keep) > 1 and line == "#endif":
            keep.pop()
        elif all(keep):
            lines.append(line)
    return lines


def differences(before, after):
    """What is lost, and what came that is not harmless."""
    was, now = collections.Counter(before), collections.Counter(after)
    return ([line for line in (was - now) if line.strip()],
            [line for line in (now - was) if not HARMLESS.match(line)])


def main():
    before, after = sys.argv[1:]
    changed, status = 0, 0
    for folder, _, names in sorted(os.walk(after)):
        for name in sorted(names):
            path = os.path.join(folder, name)
            with open(path) as file:
                new = file.read()
            with open(os.path.join(before, os.path.relpath(path, after))) as file:
                old = file.read()
            if old == new:
                continue
            changed += 1
            lost, came = differences(old.splitlines(), old_side(new))
            for line in lost:
                status = print("%s: lost: %s" % (path, line)) or 1
            for line in came:
                status = print("%s: came: %s" % (path, line)) or 1
            print("changed", os.path.relpath(path, after))
    print("%d files changed" % changed)
    sys.exit(status)


if __name__ == "__main__":
    main()
