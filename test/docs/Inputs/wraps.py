# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""wraps.py TOOLS: functions that the linker sends to us (vfio_wrap), and whose
original nothing here names: a new LLVM without it would link, and unhook us."""
import glob
import os
import re
import sys

root = sys.argv[1]
wrong, seen = [], 0
for path in sorted(glob.glob(os.path.join(root, "*", "CMakeLists.txt"))):
    folder = os.path.dirname(path)
    sources = ""
    for source in glob.glob(os.path.join(folder, "*.cpp")):
        with open(source) as f:
            sources += f.read()
    with open(path) as f:
        macros = re.findall(r"vfio_wrap\(\S+ \S+ (\w+)", f.read())
    seen += len(macros)
    for macro in macros:
        for name in ("VFIO_WRAP_" + macro, "VFIO_REAL_" + macro):
            if not re.search(r"asm\(%s\)" % name, sources):
                wrong.append("%s: nothing is called %s" % (os.path.relpath(folder, root), name))
print("\n".join(wrong))
if not seen:
    sys.exit("wraps.py: no vfio_wrap in " + root)
sys.exit(bool(wrong))
