# REQUIRES: headers-6.1
# RUN: %python %s %vfio-migrate %vfio-tidy %headers61 %t
"""What a driver's other file does to the structure that it is given: followed,
or a reason to leave the driver as it is. Never a second put."""
import os
import shutil
import subprocess
import sys

migrate, tidy, kernel, work = sys.argv[1:]

HEADER = """#include <linux/vfio.h>

struct oboe {
	struct vfio_device vdev;
	u8 *reed;
	int id;
};

%s
"""
MAIN = """// SPDX-License-Identifier: GPL-2.0
#include <linux/delay.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>
#include "oboe.h"

static const struct vfio_device_ops oboe_ops = {
	.name = "oboe",
};

static int oboe_probe(struct mdev_device *mdev)
{
	struct oboe *ob;
	int ret;

	ob = kzalloc(sizeof(*ob), GFP_KERNEL);
	if (!ob)
		return -ENOMEM;
	vfio_init_group_dev(&ob->vdev, &mdev->dev, &oboe_ops);
%s
	ret = vfio_register_emulated_iommu_dev(&ob->vdev);
	if (ret)
		goto err_free;
	dev_set_drvdata(&mdev->dev, ob);
	return 0;

err_free:
	vfio_uninit_group_dev(&ob->vdev);
	kfree(ob);
	return ret;
}

static void oboe_remove(struct mdev_device *mdev)
{
	struct oboe *ob = dev_get_drvdata(&mdev->dev);

%s
}

struct mdev_driver oboe_driver = {
	.probe = oboe_probe,
	.remove = oboe_remove,
};
"""
PLAIN_REMOVE = """	vfio_unregister_group_dev(&ob->vdev);
	vfio_uninit_group_dev(&ob->vdev);
	kfree(ob);"""
LIB = """// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>
#include "oboe.h"

%s
"""
SETUP = "\tret = oboe_setup(ob);\n\tif (ret)\n\t\treturn ret;\n"
TUNE = "\tret = oboe_tune(ob);\n\tif (ret)\n\t\tgoto err_free;\n"
DESTROY = "void oboe_destroy(struct oboe *ob)\n{\n\tvfio_uninit_group_dev(&ob->vdev);\n\tkfree(ob);\n}"

# name: prototypes, in probe, in remove, the other file (None: not there), the
# identifier (None: converted), a line of the result or of the refusal
CASES = {
    # It ends what it could not set up.
    "ends-when-it-fails": (
        "int oboe_setup(struct oboe *ob);", SETUP, PLAIN_REMOVE,
        "int oboe_setup(struct oboe *ob)\n{\n\tob->reed = NULL;\n\tif (ob->id) {\n\t\tvfio_uninit_group_dev(&ob->vdev);\n"
        "\t\tkfree(ob);\n\t\treturn -EBUSY;\n\t}\n\treturn 0;\n}", None, "\tif (ob->id) {\n\t\tvfio_put_device(&ob->vdev);\n\t\treturn -EBUSY;"),
    # It ends what it could not set up, and so does its caller.
    "ends-twice": (
        "int oboe_setup(struct oboe *ob);", TUNE.replace("tune", "setup"), PLAIN_REMOVE,
        "int oboe_setup(struct oboe *ob)\n{\n\tob->reed = NULL;\n\tif (ob->id) {\n\t\tvfio_uninit_group_dev(&ob->vdev);\n"
        "\t\tkfree(ob);\n\t\treturn -EBUSY;\n\t}\n\treturn 0;\n}", "unpaired-cleanup", "'oboe_setup'"),
    "not-read": ("int oboe_setup(struct oboe *ob);", SETUP, PLAIN_REMOVE, None, "escaping-pointer", "'oboe_setup'"),
    # It only looks.
    "leaves-it": (
        "int oboe_tune(struct oboe *ob);", TUNE, PLAIN_REMOVE,
        "int oboe_tune(struct oboe *ob)\n{\n\tob->id = 440;\n\treturn 0;\n}", None, "vfio_put_device(&ob->vdev);"),
    "ended-while-registered": (
        "void oboe_destroy(struct oboe *ob);", "", "\toboe_destroy(ob);", DESTROY, "unpaired-cleanup", "unregister"),
    "used-after": (
        "void oboe_destroy(struct oboe *ob);", "",
        '\tvfio_unregister_group_dev(&ob->vdev);\n\toboe_destroy(ob);\n\tpr_info("%d\\n", ob->id);', DESTROY,
        "unpaired-cleanup", "is used after 'oboe_destroy'"),
    "ended-for-good": (
        "void oboe_destroy(struct oboe *ob);", "", "\tvfio_unregister_group_dev(&ob->vdev);\n\toboe_destroy(ob);", DESTROY,
        None, "vfio_put_device(&ob->vdev);"),
    # The old code leaks it: where and how it should end is not ours to guess.
    "never-ended": (
        "void oboe_destroy(struct oboe *ob);", "", "\tvfio_unregister_group_dev(&ob->vdev);\n\toboe_destroy(ob);",
        "void oboe_destroy(struct oboe *ob)\n{\n\tob->id = 0;\n}", "unpaired-cleanup", "what vfio-tidy says of the old code in this function, no put alone mends"),
    # The old code leaks it where it fails, and one put mends that.
    "never-ended-where-it-fails": (
        "void oboe_destroy(struct oboe *ob);", "\tmsleep(1);\n\tif (ob->id) {\n\t\toboe_destroy(ob);\n\t\treturn -EBUSY;\n\t}", PLAIN_REMOVE,
        "void oboe_destroy(struct oboe *ob)\n{\n\tob->id = 0;\n}", None,
        "\t\toboe_destroy(ob);\n\t\tvfio_put_device(&ob->vdev);\n\t\treturn -EBUSY;"),
    # One argument decides, and it is the same one everywhere.
    "ends-as-told": (
        "void oboe_destroy(struct oboe *ob, bool all);", "", "\tvfio_unregister_group_dev(&ob->vdev);\n\toboe_destroy(ob, true);",
        DESTROY.replace("*ob)", "*ob, bool all)").replace("\n{\n", "\n{\n\tif (!all)\n\t\treturn;\n"), None, "vfio_put_device(&ob->vdev);"),
    "ends-at-random": (
        "void oboe_destroy(struct oboe *ob);", "", "\tvfio_unregister_group_dev(&ob->vdev);\n\toboe_destroy(ob);",
        DESTROY.replace("\n{\n", "\n{\n\tif (ob->id)\n\t\treturn;\n"), "unpaired-cleanup", "'oboe_destroy'"),
}

shutil.rmtree(work, ignore_errors=True)
for name, (prototypes, probe, remove, lib, identifier, line) in CASES.items():
    folder = os.path.join(work, name)
    os.makedirs(folder)
    files = {"oboe.h": HEADER % prototypes, "main.c": MAIN % (probe, remove)}
    if lib:
        files["lib.c"] = LIB % lib
    for file, text in files.items():
        with open(os.path.join(folder, file), "w") as out:
            out.write(text)
    with open(os.path.join(folder, "Makefile"), "w") as out:
        out.write("obj-m += oboe.o\noboe-y := main.o" + (" lib.o\n" if lib else "\n"))
    done = subprocess.run([migrate, "-i", "--kernel=" + kernel, "--target=6.1", folder],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    now = {}
    for file in files:
        with open(os.path.join(folder, file)) as text:
            now[file] = text.read()
    if identifier:
        assert done.returncode == 2 and now == files, (name, done.stdout)
        assert "refused: %s:" % identifier in done.stdout and line in done.stdout, (name, done.stdout)
        continue
    assert done.returncode == 0, (name, done.stdout)
    both = now["main.c"] + now.get("lib.c", "")
    assert line in both and "uninit_group_dev" not in both, (name, both)
    # "Silent" is what vfio-tidy is, which reads the files together.
    found = subprocess.run([tidy, "-q", "--kernel=" + kernel, folder], stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True)
    assert found.returncode == 0 and "each read by itself" not in done.stdout, (name, found.stdout, done.stdout)
    # One put where there was one free.
    frees = sum(text.count("kfree(ob)") for text in files.values()) + (name == "never-ended-where-it-fails")
    assert both.count("vfio_put_device(") == frees, (name, both)
