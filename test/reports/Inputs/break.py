#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""break.py SAMPLES FOLDER: samples with an error of a known kind in each."""
import os
import sys

samples, folder = sys.argv[1:]


def write(name, file, text):
    os.makedirs(os.path.join(folder, name))
    with open(os.path.join(folder, name, file), "w") as out:
        out.write(text)


def sample(path):
    with open(os.path.join(samples, path)) as source:
        return source.read()


UNRELATED = "#include <linux/gone.h>\nstatic long unrelated(void) { return GONE_CONSTANT; }\n"
norelease = sample("buggy/6.1/norelease/norelease.c")
hearth = sample("clean/6.1/hearth/hearth.c")


def behind_includes(text, more):
    end = text.rindex("#include")
    end = text.index("\n", end) + 1
    return text[:end] + more + text[end:]


write("outside", "norelease.c", behind_includes(norelease, UNRELATED))
write("clean", "hearth.c", behind_includes(hearth, UNRELATED))
begin = hearth.index("{", hearth.index("hearth_probe(struct"))
write("probe", "hearth.c", hearth[:begin + 1] + "\n\tint gone = GONE_CONSTANT;\n" + hearth[begin + 1:])
begin = norelease.index("struct norelease {") + len("struct norelease {")
write("structure", "norelease.c", norelease[:begin] + "\n\tgone_t member;" + norelease[begin:])
begin = norelease.index("{", norelease.index("norelease_read(struct"))
write("torn", "norelease.c", norelease[:begin + 1] + "\n\tif (count) {\n" + norelease[begin + 1:])
write("old", "old.c", """#include <linux/module.h>
#include <linux/vfio.h>
static const struct vfio_device_ops old_ops = { .name = "old" };
static int old_probe(struct device *dev)
{
	return vfio_add_group_dev(dev, &old_ops, dev);
}
""")
write("parent", "parent.c", """#include <linux/module.h>
#include <linux/mdev.h>
#include <linux/vfio.h>
static const struct mdev_parent_ops old_ops = { .owner = THIS_MODULE };
static int old_init(struct device *dev)
{
	return mdev_register_device(dev, &old_ops);
}
""")
