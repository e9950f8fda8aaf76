#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""nolint.py SOURCE FOLDER: the source with a comment of each kind before its kfree()."""
import os
import re
import sys

source, folder = sys.argv[1:]
COMMENTS = {
    "unmatched": "/* NOLINTBEGIN(vfio-mismatched-free) */",
    "block": "/*\n\t * NOLINTNEXTLINE(vfio-mismatched-free): the firmware shares this\n\t */",
    "several": "/*\n\t * NOLINTNEXTLINE(vfio-lifecycle, vfio-mis*)\n\t * as the firmware shares this,\n"
               "\t * which nobody can help\n\t */",
    "all": "/* NOLINTNEXTLINE\n\t * the firmware shares this */",
    "other": "/*\n\t * NOLINTNEXTLINE(vfio-lifecycle)\n\t */",
    "farther": "/*\n\t * NOLINTNEXTLINE(vfio-mismatched-free)\n\t */\n",
}
text = open(source).read()
call = re.search(r"^\tkfree\(\w+\);", text, re.M)
for name, comment in COMMENTS.items():
    os.makedirs(os.path.join(folder, name))
    with open(os.path.join(folder, name, os.path.basename(source)), "w") as file:
        file.write(text[:call.start()] + "\t" + comment + "\n" + text[call.start():])
