#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lays out the samples as the reviewed patches leave them.

  converted.py SOURCE TARGET FOLDER

FOLDER/samples/legacy gets the drivers that golden/TARGET has a patch for, and a
Kbuild over all of them.
"""
import glob
import os
import shutil
import subprocess
import sys

source, target, folder = sys.argv[1:]
legacy = os.path.join(folder, "samples", "legacy")
os.makedirs(legacy)
shutil.copy(os.path.join(source, "samples", ".clang-tidy"), os.path.dirname(legacy))
patches = sorted(glob.glob(os.path.join(source, "test/rewriter/golden", target, "*.diff")))
assert patches, "no patches for " + target
for patch in patches:
    name = os.path.basename(patch)[:-len(".diff")]
    shutil.copytree(os.path.join(source, "samples/legacy", name), os.path.join(legacy, name))
    subprocess.run(["patch", "-s", "-p1", "-d", folder, "-i", patch], check=True)
    with open(os.path.join(legacy, "Kbuild"), "a") as kbuild:
        kbuild.write("obj-m += %s/\n" % name)
