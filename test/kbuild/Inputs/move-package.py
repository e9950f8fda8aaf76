#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""move-package.py FOLDER: has the copy FOLDER of a header package name a common part that
is not where it says, but beside it."""
import os
import sys

folder = sys.argv[1]
makefile = os.path.join(folder, "Makefile")
with open(makefile) as file:
    lines = file.read().splitlines()
common = next(l.split()[1] for l in lines if l.startswith("include "))
common = os.path.dirname(common)
with open(makefile, "w") as file:
    file.write("\n".join("include /nowhere/linux-headers-common/Makefile" if l.startswith("include ") else l
                         for l in lines) + "\n")
os.symlink(common, os.path.join(os.path.dirname(folder), "linux-headers-common"))
source = os.path.join(folder, "source")
if os.path.lexists(source):
    os.remove(source)
