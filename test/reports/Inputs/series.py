#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""series.py SAMPLES FOLDER: a git tree with a driver, and five commits on top of the tag
"base", each with a tag "change-N"."""
import os
import shutil
import subprocess
import sys

samples, folder = sys.argv[1:]
THYME = """#include <linux/err.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/vfio.h>

struct thyme {
	struct vfio_device vdev;
};

static const struct vfio_device_ops thyme_ops = {
	.name = "thyme",
	.release = vfio_free_device,
};

static void thyme_end(struct thyme *s)
{
	vfio_unregister_group_dev(&s->vdev);
}

%(probe)s
static void thyme_remove(struct mdev_device *mdev)
{
	struct thyme *s = dev_get_drvdata(&mdev->dev);

	thyme_end(s);
	vfio_put_device(&s->vdev);
}
%(moved)s
static struct mdev_driver thyme_driver = {
	.device_api = "pci",
	.max_instances = 1,
	.probe = thyme_probe,
	.remove = thyme_remove,
	.driver = { .name = "thyme", .owner = THIS_MODULE, .mod_name = KBUILD_MODNAME },
};
module_driver(thyme_driver, mdev_register_driver, mdev_unregister_driver);
MODULE_LICENSE("GPL");
"""
PROBE = """static int thyme_probe(struct mdev_device *mdev)
{
	struct thyme *s;
	int ret;

	s = vfio_alloc_device(thyme, vdev, &mdev->dev, &thyme_ops);
	if (IS_ERR(s))
		return PTR_ERR(s);
	ret = vfio_register_emulated_iommu_dev(&s->vdev);
	if (ret) {
		vfio_put_device(&s->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, s);
	return 0;
}
"""


def git(*arguments):
    subprocess.run(["git", "-C", folder, "-c", "user.name=test", "-c", "user.email=test@example.com",
                    *arguments], check=True, stdout=subprocess.DEVNULL)


def write(text):
    with open(os.path.join(folder, "thyme.c"), "w") as file:
        file.write(text)


def commit(message, tag):
    git("add", "-A")
    git("commit", "-q", "-m", message)
    git("tag", tag)


os.makedirs(folder)
git("init", "-q")
shutil.copy(os.path.join(samples, "buggy/6.1/norelease/norelease.c"), folder)
with open(os.path.join(folder, ".clang-tidy"), "w") as file:
    file.write("Checks: ''\n")
text = THYME % {"probe": PROBE, "moved": ""}
write(text)
commit("base", "base")
text = text.replace("struct thyme {", "/* a comment */\nstruct thyme {", 1)
write(text)
commit("thyme: a comment", "change-1")
text = text.replace("\t\tvfio_put_device(&s->vdev);\n\t\treturn ret;", "\t\treturn ret;")
write(text)
commit("thyme: a bug in a changed function", "change-2")
text = text.replace("\tvfio_unregister_group_dev(&s->vdev);\n}",
                    "\tvfio_unregister_group_dev(&s->vdev);\n\tvfio_put_device(&s->vdev);\n}")
write(text)
commit("thyme: a bug in an unchanged caller", "change-3")
probe = PROBE.replace("\t\tvfio_put_device(&s->vdev);\n\t\treturn ret;", "\t\treturn ret;")
text = text.replace(probe, "").replace("static struct mdev_driver", probe + "\nstatic struct mdev_driver")
write(text)
commit("thyme: the probe function moves", "change-4")
with open(os.path.join(folder, "norelease.c")) as file:
    norelease = file.read()
with open(os.path.join(folder, "norelease.c"), "w") as file:
    file.write(norelease.replace('\t.name = "norelease",\n', '\t.name = "norelease",\n\t.release = vfio_free_device,\n', 1))
commit("norelease: mends an old finding", "change-5")
