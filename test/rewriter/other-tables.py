# REQUIRES: headers-6.1
# RUN: %python %s %vfio-migrate %headers61 %t
"""An ops table that stands in another file than the init, or is an element of an
array there."""
import os
import shutil
import subprocess
import sys

migrate, kernel, work = sys.argv[1:]
HEADER = """#include <linux/vfio.h>

struct lute {
	struct vfio_device vdev;
	u8 *strings;
};

%s"""
START = """// SPDX-License-Identifier: GPL-2.0
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>
#include "lute.h"

"""
TABLE = "%sconst struct vfio_device_ops lute_%s = {\n\t.name = \"lute-%s\",\n};\n\n"
PROBE = """static int lute_probe(struct mdev_device *mdev)
{
	struct lute *l;
	int ret;

	l = kzalloc(sizeof(*l), GFP_KERNEL);
	if (!l)
		return -ENOMEM;
%s	ret = vfio_register_emulated_iommu_dev(&l->vdev);
	if (ret)
		goto %s;
	dev_set_drvdata(&mdev->dev, l);
	return 0;

%s	kfree(l);
	return ret;
}

static void lute_remove(struct mdev_device *mdev)
{
	struct lute *l = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&l->vdev);
%s	kfree(l);
}

struct mdev_driver lute_driver = {
	.probe = lute_probe,
	.remove = lute_remove,
};
"""
SETUP = """int lute_setup(struct lute *l, struct device *dev)
{
	l->strings = kzalloc(16, GFP_KERNEL);
	if (!l->strings)
		return -ENOMEM;
	vfio_init_group_dev(&l->vdev, dev, &lute_ops);
	return 0;
}

void lute_teardown(struct lute *l)
{
	vfio_uninit_group_dev(&l->vdev);
	kfree(l->strings);
}
"""
CHOSEN = "\tvfio_init_group_dev(&l->vdev, &mdev->dev, lute_tables[mdev->dev.id & 1]);\n"
TABLES = TABLE % ("static ", "low", "low") + TABLE % ("static ", "high", "high")
ARRAY = "const struct vfio_device_ops *%slute_tables[] = {\n\t&lute_low,\n\t&lute_high,\n};\n"
PLAIN = PROBE % (CHOSEN, "free", "free:\n\tvfio_uninit_group_dev(&l->vdev);\n", "\tvfio_uninit_group_dev(&l->vdev);\n")

# name: (what the header declares, main.c, lib.c, what the result has; none where it is refused)
CASES = {
    "init-elsewhere": (
        "extern const struct vfio_device_ops lute_ops;\nint lute_setup(struct lute *l, struct device *dev);\nvoid lute_teardown(struct lute *l);\n",
        TABLE % ("", "ops", "plain") + PROBE % ("\tret = lute_setup(l, &mdev->dev);\n\tif (ret)\n\t\tgoto free;\n", "teardown",
                                                "teardown:\n\tlute_teardown(l);\nfree:\n", "\tlute_teardown(l);\n"), SETUP,
        ["\tl = vfio_alloc_device(lute, vdev, &mdev->dev, &lute_ops);\n", "\treturn lute_setup(l, &mdev->dev);\n", "\t.release = lute_release_dev,\n"]),
    "array-elsewhere": (
        "extern const struct vfio_device_ops *const lute_tables[2];\n", PLAIN, TABLES + ARRAY % "const ",
        ["\tl = vfio_alloc_device(lute, vdev, &mdev->dev,\n\t\t\t      lute_tables[mdev->dev.id & 1]);\n",
         "\t.name = \"lute-low\",\n\t.release = vfio_free_device,\n", "\t.name = \"lute-high\",\n\t.release = vfio_free_device,\n"]),
    # Who can write to it can have it lead anywhere.
    "writable-array": ("extern const struct vfio_device_ops *lute_tables[2];\n", PLAIN, TABLES + ARRAY % "", None),
    "no-array": ("extern const struct vfio_device_ops *const lute_tables[2];\n", PLAIN, TABLES, None),
}

shutil.rmtree(work, ignore_errors=True)
for name, (declared, main, lib, has) in CASES.items():
    folder = os.path.join(work, name)
    os.makedirs(folder)
    files = {"lute.h": HEADER % declared, "main.c": START + main, "lib.c": START + lib}
    for file, text in files.items():
        with open(os.path.join(folder, file), "w") as out:
            out.write(text)
    done = subprocess.run([migrate, "-i", "--kernel=" + kernel, "--target=6.1", folder],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    now = {}
    for file in files:
        with open(os.path.join(folder, file)) as text:
            now[file] = text.read()
    if not has:
        assert done.returncode == 2 and now == files and "refused: unknown-ops:" in done.stdout, (name, done.stdout)
        continue
    assert done.returncode == 0, (name, done.stdout)
    both = now["main.c"] + now["lib.c"]
    for line in has:
        assert line in both, "%s: lacks %r:\n%s" % (name, line, both)
    assert "uninit_group_dev" not in both and both.count("vfio_put_device(") == 2, (name, both)
