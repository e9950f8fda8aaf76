#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""off.py SAMPLES FOLDER: a buggy sample whose life cycle stands under a condition, a folder
for each kind of condition."""
import os
import sys

samples, folder = sys.argv[1:]
with open(os.path.join(samples, "buggy/6.1/norelease/norelease.c")) as file:
    TEXT = file.read()
AT = TEXT.index("static int norelease_probe")
INCLUDES = TEXT.rindex("#include")


def write(name, before, after="#endif\n", includes="", text=TEXT):
    at = text.index("static int norelease_probe")
    path = os.path.join(folder, name)
    os.makedirs(path)
    with open(os.path.join(path, "norelease.c"), "w") as file:
        file.write(text[:INCLUDES] + includes + text[INCLUDES:at] + before + text[at:] + after)
    return path


write("plain", "#ifdef HAVE_OWN_BUILD\n")
write("both", "#if defined(HAVE_ONE) && \\\n    defined HAVE_TWO\n")
write("either", "#if defined(HAVE_ONE) || defined(HAVE_TWO)\n")
write("number", "#if (OWN_VERSION >= 3 && !defined(HAVE_NONE)) || HAVE_ONE\n")
write("enabled", "#if IS_ENABLED(CONFIG_OWN_MEDIATED) /* ours */\n")
write("nested", "#ifdef HAVE_ONE\n#if HAVE_TWO\n", "#endif\n#endif\n")
write("otherwise", "#ifndef HAVE_ONE\n#elif defined(HAVE_TWO)\n#else\n")
write("never", "#if 0\n")
write("older", "#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 0, 0)\n",
      includes="#include <linux/version.h>\n")
write("set", "#ifndef CONFIG_MODULES\n")

path = write("taken", "#if defined(OWN_HAS_MDEV)\n", includes='#include "conftest.h"\n')
with open(os.path.join(path, "conftest.h"), "w") as file:
    file.write("#define OWN_HAS_PCI\n# undef OWN_HAS_MDEV\n")

write("breaks", "#ifdef HAVE_OWN_BUILD\n", text=TEXT.replace(
    "struct norelease {\n", "struct norelease {\n#ifdef HAVE_OWN_BUILD\n\tgone_t gone;\n#endif\n", 1))

path = write("parts", "#ifdef HAVE_OWN_BUILD\n")
with open(os.path.join(path, "other.c"), "w") as file:
    file.write("#include <linux/vfio.h>\nint other(struct vfio_device *vdev)\n{\n\treturn !vdev;\n}\n")
with open(os.path.join(path, "Kbuild"), "w") as file:
    file.write("obj-m := parts.o\nparts-y := norelease.o other.o\n")
