# REQUIRES: headers-6.1
# RUN: %python %s %vfio-migrate %headers61 %src %t
"""Drivers in which a plain migration would go wrong in a way that no compiler
sees: what must be in the result, what must not, and which are refused."""
import os
import shutil
import subprocess
import sys

migrate, kernel, source, work = sys.argv[1:]

DRIVER = """// SPDX-License-Identifier: GPL-2.0
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct tuba {
	struct vfio_device vdev;
	u8 *valves;
	u8 *horn;
	u32 pitch;
};

static atomic_t tuba_count;

static const struct vfio_device_ops tuba_ops = {
	.name = "tuba",
};

static int tuba_probe(struct mdev_device *mdev)
{
	struct tuba *tb;
	int ret;

	tb = kzalloc(sizeof(*tb), GFP_KERNEL);
	if (!tb)
		return -ENOMEM;
	vfio_init_group_dev(&tb->vdev, &mdev->dev, &tuba_ops);

	tb->valves = kzalloc(64, GFP_KERNEL);
	if (!tb->valves) {
		ret = -ENOMEM;
		goto err_uninit;
	}
	tb->horn = kzalloc(64, GFP_KERNEL);
	if (!tb->horn) {
		ret = -ENOMEM;
		goto err_valves;
	}

	ret = vfio_register_emulated_iommu_dev(&tb->vdev);
	if (ret)
		goto err_horn;
	dev_set_drvdata(&mdev->dev, tb);
	return 0;

err_horn:
	kfree(tb->horn);
err_valves:
	kfree(tb->valves);
err_uninit:
	vfio_uninit_group_dev(&tb->vdev);
	kfree(tb);
	return ret;
}

static void tuba_remove(struct mdev_device *mdev)
{
	struct tuba *tb = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&tb->vdev);
	kfree(tb->horn);
	kfree(tb->valves);
	vfio_uninit_group_dev(&tb->vdev);
	kfree(tb);
}

struct mdev_driver tuba_driver = {
	.probe = tuba_probe,
	.remove = tuba_remove,
};
"""
ALLOC = "tb = kzalloc(sizeof(*tb), GFP_KERNEL);"
TESTED = ALLOC + "\n\tif (!tb)\n\t\treturn -ENOMEM;\n"
INIT = "\tvfio_init_group_dev(&tb->vdev, &mdev->dev, &tuba_ops);\n"
FIRST = "\ttb->valves = kzalloc(64, GFP_KERNEL);\n"
UNINIT = "\tvfio_uninit_group_dev(&tb->vdev);\n\tkfree(tb);\n}"
SET = "\t\tret = -ENOMEM;\n"
FRONT = "\tstruct vfio_device vdev;\n\tu8 *valves;"
BACK = "\tu32 size;\n\tstruct vfio_device vdev;\t/* the device */\n\tu8 *valves;"

LOCK = ("static atomic_t tuba_count;", "static DEFINE_SPINLOCK(tuba_lock);")

# The structure in a slot, which is cleared before a new one is made.
SLOT = [("static atomic_t tuba_count;", "static struct tuba *tuba_only;\n\nstatic void tuba_clear(void)\n{\n\ttuba_clear_body;\n\ttuba_only = NULL;\n}"),
        (UNINIT, "\tvfio_uninit_group_dev(&tb->vdev);\n\ttuba_clear();\n}"), (ALLOC, "tuba_clear();\n\t" + ALLOC),
        ("\tdev_set_drvdata(&mdev->dev, tb);\n", "\ttuba_only = tb;\n"),
        ("struct tuba *tb = dev_get_drvdata(&mdev->dev);", "struct tuba *tb = tuba_only;")]

MOVED = ".init = tuba_init_dev"
# What the device takes of the module's before it is allocated.
TAKE = (ALLOC + "\n\tif (!tb)\n\t\treturn -ENOMEM;\n",
        "if (atomic_dec_if_positive(&tuba_count) < 0)\n\t\treturn -EPERM;\n\n\t" + ALLOC + "\n\tif (!tb) {\n\t\tret = -ENOMEM;\n\t\tgoto err_give;\n\t}\n")
GIVE = ("\tkfree(tb);\n\treturn ret;", "\tkfree(tb);\nerr_give:\n\tatomic_inc(&tuba_count);\n\treturn ret;")
GIVEN = (UNINIT, UNINIT[:-1] + "\tatomic_inc(&tuba_count);\n}")
# What user space sees is probe's, and so is what follows it.
SHOW = ("\ttb->horn = kzalloc", "\tret = device_create_file(&mdev->dev, &tuba_attr);\n\tif (ret)\n\t\tgoto err_valves;\n\ttb->horn = kzalloc")
SHOWN = [("static atomic_t tuba_count;", "static struct device_attribute tuba_attr;"), SHOW,
         (SET + "\t\tgoto err_valves;\n\t}\n\n\tret = vfio_reg", SET + "\t\tgoto err_file;\n\t}\n\n\tret = vfio_reg"),
         ("err_valves:\n", "err_file:\n\tdevice_remove_file(&mdev->dev, &tuba_attr);\nerr_valves:\n"),
         ("\tkfree(tb->valves);\n" + UNINIT, "\tdevice_remove_file(&mdev->dev, &tuba_attr);\n\tkfree(tb->valves);\n" + UNINIT)]
# name: the edits of DRIVER, what the result has, what it has not
CONVERTED = {
    # The base: everything private moves.
    "plain": ([], [MOVED, "goto err_valves;", ".release = tuba_release_dev"], []),
    # A quota: @init gives it back where it fails, @release in all other cases.
    "quota": ([TAKE, GIVE, GIVEN],
              [MOVED, "\tif (IS_ERR(tb))\n\t\treturn PTR_ERR(tb);\n", "\tkfree(tb->valves);\n\tatomic_inc(&tuba_count);\n\tvfio_free_device(vdev);\n",
               "\tkfree(tb->valves);\nerr_give:\n\tatomic_inc(&tuba_count);\n\treturn ret;\n", "\tvfio_unregister_group_dev(&tb->vdev);\n\tvfio_put_device(&tb->vdev);\n}"], []),
    "quota-of-another": ([TAKE, GIVE, (GIVEN[0], GIVEN[1].replace("tuba_count", "tuba_others")), ("static atomic_t tuba_count;", "static atomic_t tuba_count, tuba_others;")],
                         [MOVED, "\tvfio_put_device(&tb->vdev);\n\tatomic_inc(&tuba_others);\n}", "\t\tgoto err_give;\n"], []),
    "quota-of-a-late-member": ([TAKE, (GIVE[0], GIVE[1].replace("inc(", "add(1, ")), (GIVEN[0], GIVEN[1].replace("inc(", "add(tb->pitch, ").replace("\tvfio_uninit", "\tvfio_uninit")),
                                ("\tkfree(tb->valves);\n\tvfio_uninit_group_dev(&tb->vdev);\n\tkfree(tb);\n\tatomic_add(tb->pitch, &tuba_count);\n",
                                 "\tkfree(tb->valves);\n\tatomic_add(tb->pitch, &tuba_count);\n\tvfio_uninit_group_dev(&tb->vdev);\n\tkfree(tb);\n"),
                                ("\tdev_set_drvdata", "\ttb->pitch = 1;\n\tdev_set_drvdata")],
                               [MOVED, "\tatomic_add(tb->pitch, &tuba_count);\n\tvfio_put_device(&tb->vdev);\n}", "\t\tgoto err_give;\n"], []),
    # A statement that stays keeps what follows it, and no more.
    "kept-from-here": (SHOWN, [MOVED, "\tret = device_create_file(&mdev->dev, &tuba_attr);\n\tif (ret)\n\t\tgoto err_put_vdev;\n\ttb->horn = kzalloc",
                               "\tkfree(tb->horn);\n\tdevice_remove_file(&mdev->dev, &tuba_attr);\n\tvfio_put_device(&tb->vdev);\n}",
                               "\n\tkfree(tb->valves);\n\tvfio_free_device(vdev);\n}"], []),
    "kept-undoes-by-itself": (SHOWN + [("\tif (ret)\n\t\tgoto err_valves;\n\ttb->horn", "\tif (ret) {\n\t\tkfree(tb->valves);\n\t\tvfio_uninit_group_dev(&tb->vdev);\n"
                                        "\t\tkfree(tb);\n\t\treturn ret;\n\t}\n\ttb->horn")], ["\t\tkfree(tb->valves);\n\t\tvfio_put_device(&tb->vdev);\n\t\treturn ret;\n"], [MOVED]),
    # Zeroed memory needs no @init to clear a member of it.
    "cleared-alone": ([(FIRST + "\tif (!tb->valves) {\n" + SET + "\t\tgoto err_uninit;\n\t}\n", ""), ("\ttb->horn = kzalloc(64, GFP_KERNEL);\n\tif (!tb->horn) {\n" + SET + "\t\tgoto err_valves;\n\t}\n", "\ttb->pitch = 0;\n"),
                       ("goto err_horn", "goto err_uninit"), ("err_horn:\n\tkfree(tb->horn);\nerr_valves:\n\tkfree(tb->valves);\n", ""), ("\tkfree(tb->horn);\n\tkfree(tb->valves);\n", "")],
                      ["\ttb->pitch = 0;\n\n\tret = vfio_register"], [MOVED]),
    # What moves names a variable that comes later than the table.
    "later-variable": ([("static int tuba_probe", "static u32 tuba_pitch = 440;\n\nstatic int tuba_probe"), (FIRST, "\ttb->pitch = tuba_pitch;\n" + FIRST)],
                       [MOVED, "static int tuba_init_dev(struct vfio_device *vdev);\nstatic void tuba_release_dev(struct vfio_device *vdev);\n\nstatic const struct vfio_device_ops"], []),
    # Macros of the kernel's call functions of its.
    "spinlock": ([("\tu32 pitch;", "\tu32 pitch;\n\tspinlock_t lock;"), (FIRST, "\tspin_lock_init(&tb->lock);\n" + FIRST)],
                 [MOVED, "\tspin_lock_init(&tb->lock);\n\ttb->valves = kzalloc(64, GFP_KERNEL);\n\tif (!tb->valves)\n\t\treturn -ENOMEM;\n"], []),
    "value-that-names-itself": (
        [("\tint ret;\n", "\tstruct vfio_device_info info = { .argsz = sizeof(info) };\n\tint ret;\n"), (FIRST, "\ttb->pitch = info.argsz;\n" + FIRST)],
        [MOVED, "info = { .argsz = sizeof(info) };\n\tint ret;\n\n\ttb->pitch = info.argsz;\n"], []),
    "chosen-by-branches": (
        [("static int tuba_probe", 'static const struct vfio_device_ops tuba_low_ops = {\n\t.name = "low",\n};\n\nstatic int tuba_probe'),
         (INIT, "\tif (mdev->active)\n\t" + INIT.replace("tuba_ops", "tuba_low_ops") + "\telse\n\t" + INIT)],
        ["\tint ret;\n\tconst struct vfio_device_ops *ops;\n\n\tif (mdev->active)\n\t\tops = &tuba_low_ops;\n\telse\n\t\tops = &tuba_ops;\n\n\ttb = vfio_alloc_device(tuba, vdev, &mdev->dev, ops);"], []),
    # Each table that the device can have gets the release.
    "table-set-later": ([("static int tuba_probe", 'static const struct vfio_device_ops tuba_low_ops = {\n\t.name = "low",\n};\n\nstatic int tuba_probe'),
                         ("\tdev_set_drvdata", "\ttb->vdev.ops = &tuba_low_ops;\n\tdev_set_drvdata")],
                        ['\t.name = "tuba",\n\t.release = vfio_free_device,\n', '\t.name = "low",\n\t.release = vfio_free_device,\n'], [MOVED]),
    "tested-by-null": ([("\tif (!tb->valves) {\n", "\tif (tb->valves == NULL) {\n")], [MOVED, "\tif (!tb->valves)\n\t\treturn -ENOMEM;\n"], ["== NULL"]),
    # A device ends on one side of a condition, as it did.
    "ends-on-one-side": ([("\tvfio_unregister_group_dev(&tb->vdev);\n", "#ifdef CONFIG_MODULES\n\tif (!tb->horn) {\n\t\tvfio_unregister_group_dev(&tb->vdev);\n\t\tkfree(tb->valves);\n"
                           "\t\tvfio_uninit_group_dev(&tb->vdev);\n\t\tkfree(tb);\n\t\treturn;\n\t}\n#endif\n\tvfio_unregister_group_dev(&tb->vdev);\n")],
                         ["\t\tkfree(tb->valves);\n\t\tvfio_put_device(&tb->vdev);\n\t\treturn;\n\t}\n#endif\n"], []),
    # A macro and a return that have nothing left to do.
    "macro-of-its-own": ([("static int tuba_probe", "#define TUBA_NEW(t) \\\n\tkzalloc(sizeof(*(t)), GFP_KERNEL)\n\nstatic int tuba_probe"), (ALLOC, "tb = TUBA_NEW(tb);")], ["vfio_alloc_device("], ["TUBA_NEW"]),
    # A value from before the allocation, in a variable that starts otherwise.
    "value-from-before": (
        [("\tint ret;\n", "\tint ret = 0;\n"),
         (ALLOC, "ret = atomic_inc_return(&tuba_count);\n\t" + ALLOC),
         (FIRST, "\ttb->pitch = ret;\n" + FIRST)], ["tb->pitch = ret;"], [MOVED]),
    "value-by-address": (
        [("\tint ret;\n", "\tu32 pitch = 3;\n\tint ret;\n"),
         (ALLOC, 'device_property_read_u32(&mdev->dev, "pitch", &pitch);\n\t' + ALLOC),
         (FIRST, "\ttb->pitch = pitch;\n" + FIRST)], ["tb->pitch = pitch;"], [MOVED]),
    "code-from-before": (
        [("\tint ret;\n", "\tint ret = 0;\n"), (ALLOC, "ret = -ENOMEM;\n\t" + ALLOC), (SET, "")],
        ["ret = -ENOMEM;"], [MOVED, "return 0;\n\ttb->horn"]),
    "code-from-the-start": (
        [("\tint ret;\n", "\tint ret = -ENOMEM;\n"), ("\t\treturn -ENOMEM;\n", "\t\tgoto out;\n"), (SET, ""),
         ("\tkfree(tb);\n\treturn ret", "\tkfree(tb);\nout:\n\treturn ret")], [MOVED, "return -ENOMEM;"], []),
    # The failure of the allocation, as people write it.
    "if-it-is-there": (
        [("int ret;\n", "int ret = -ENOMEM;\n"), (TESTED, ALLOC + "\n\tif (tb)\n\t\tret = tuba_start(mdev, tb);\n\treturn ret;\n}\n"),
         ("static int tuba_probe(struct mdev_device *mdev)\n{\n\tstruct tuba *tb;\n\tint ret = -ENOMEM;\n\n\t" + ALLOC
          + "\n\tif (tb)\n\t\tret = tuba_start(mdev, tb);\n\treturn ret;\n}\n", "static int tuba_start(struct mdev_device *mdev, struct tuba *tb)\n{\n\tint ret;\n\n"),
         ("static void tuba_remove", "static int tuba_probe(struct mdev_device *mdev)\n{\n\tstruct tuba *tb;\n\tint ret = -ENOMEM;\n\n\t" + ALLOC
          + "\n\tif (tb)\n\t\tret = tuba_start(mdev, tb);\n\treturn ret;\n}\n\nstatic void tuba_remove")],
        ["\tif (!IS_ERR(tb))\n\t\tret = tuba_start(mdev, tb);\n\telse\n\t\tret = PTR_ERR(tb);\n"], []),
    "choice-of-codes": ([("\tif (!tb)\n\t\treturn -ENOMEM;\n", "\tret = tb ? 0 : -ENOMEM;\n\tif (ret)\n\t\treturn ret;\n")],
                        ["\tret = PTR_ERR_OR_ZERO(tb);\n\tif (ret)\n\t\treturn ret;\n"], ["IS_ERR(tb)"]),
    "error-is-told": ([("\t\treturn -ENOMEM;\n", '\t\treturn dev_err_probe(&mdev->dev, -ENOMEM, "no tuba\\n");\n')],
                      ['\t\treturn dev_err_probe(&mdev->dev, PTR_ERR(tb), "no tuba\\n");\n'], []),
    "warned-of": ([("\tif (!tb)\n", "\tif (WARN_ON(!tb))\n")], ["\tif (WARN_ON(IS_ERR(tb)))\n\t\treturn PTR_ERR(tb);\n"], []),
    "allocated-in-the-test": (
        [(TESTED, "if (!(" + ALLOC[:-1] + "))\n\t\treturn -ENOMEM;\n")],
        ["\ttb = vfio_alloc_device(tuba, vdev, &mdev->dev, &tuba_ops);\n\tif (IS_ERR(tb))\n\t\treturn PTR_ERR(tb);\n"], []),
    # kfree() of NULL does nothing, a put of it crashes.
    "slot-that-may-be-empty": (
        SLOT + [("tuba_clear_body", "kfree(tuba_only)")], ["\tif (tuba_only)\n\t\tvfio_put_device(&tuba_only->vdev);\n\ttuba_only = NULL;\n"], []),
    "table-chosen-by-name": (
        [("\tint ret;\n", "\tconst struct vfio_device_ops *ops = &tuba_ops;\n\tint ret;\n"),
         ("static int tuba_probe", 'static const struct vfio_device_ops tuba_low_ops = {\n\t.name = "tuba-low",\n};\n\nstatic int tuba_probe'),
         (INIT, "\tif (dev_name(&mdev->dev)[0] == 'l')\n\t\tops = &tuba_low_ops;\n" + INIT.replace("&tuba_ops", "ops"))],
        ["\t\tops = &tuba_low_ops;\n\n\ttb = vfio_alloc_device(tuba, vdev, &mdev->dev, ops);"], []),
    # More than the path engine follows: compared as it stands.
    "found-in-a-list": (
        [("static atomic_t tuba_count;", "static LIST_HEAD(tubas);"), ("\tu32 pitch;", "\tu32 pitch;\n\tstruct list_head others;"),
         ("#include <linux/vfio.h>", "#include <linux/list.h>\n#include <linux/vfio.h>"),
         ("\tdev_set_drvdata(&mdev->dev, tb);\n", "\tlist_add(&tb->others, &tubas);\n"),
         ("static void tuba_remove(struct mdev_device *mdev)\n{\n\tstruct tuba *tb = dev_get_drvdata(&mdev->dev);\n\n",
          "static struct tuba *tuba_find(struct device *dev)\n{\n\tstruct tuba *tb, *found = NULL;\n\n"
          "\tlist_for_each_entry(tb, &tubas, others)\n\t\tif (tb->vdev.dev == dev)\n\t\t\tfound = tb;\n\treturn found;\n}\n\n"
          "static void tuba_remove(struct mdev_device *mdev)\n{\n\tstruct tuba *tb = tuba_find(&mdev->dev);\n\n\tif (!tb)\n\t\treturn;\n\tlist_del(&tb->others);\n")],
        ["\tvfio_unregister_group_dev(&tb->vdev);\n\tvfio_put_device(&tb->vdev);\n}"], []),
    "there-or-not": (
        [("\tvfio_unregister_group_dev(&tb->vdev);\n\tkfree(tb->horn);\n\tkfree(tb->valves);\n" + UNINIT,
          "\tif (tb) {\n\t\tvfio_unregister_group_dev(&tb->vdev);\n\t\tkfree(tb->horn);\n\t\tkfree(tb->valves);\n"
          "\t\tvfio_uninit_group_dev(&tb->vdev);\n\t}\n\tkfree(tb);\n}")],
        ["\t\tvfio_put_device(&tb->vdev);\n\t}\n}"], ["if (tb)\n"]),
    "one-way-out": (
        [("\tif (!tb)\n\t\treturn -ENOMEM;\n", "\tif (!tb) {\n\t\tret = -ENOMEM;\n\t\tgoto out;\n\t}\n"),
         ("\treturn 0;\n\nerr_horn:\n\tkfree(tb->horn);\nerr_valves:\n\tkfree(tb->valves);\nerr_uninit:\n\tvfio_uninit_group_dev(&tb->vdev);\n\tkfree(tb);\n",
          "out:\n\tif (ret && tb) {\n\t\tkfree(tb->horn);\n\t\tkfree(tb->valves);\n\t\tvfio_uninit_group_dev(&tb->vdev);\n\t\tkfree(tb);\n\t}\n"),
         ("goto err_horn", "goto out"), ("goto err_valves", "goto out"), ("goto err_uninit", "goto out")],
        ["\tif (ret && !IS_ERR_OR_NULL(tb)) {\n", "\t\tvfio_put_device(&tb->vdev);\n\t}\n"], []),
    "devm-frees-early": (
        [(ALLOC, "tb = devm_kzalloc(&mdev->dev, sizeof(*tb), GFP_KERNEL);"),
         ("\tkfree(tb);\n\treturn ret", "\tdevm_kfree(&mdev->dev, tb);\n\treturn ret"), (UNINIT, UNINIT.replace("\tkfree(tb);\n", ""))],
        ["\tvfio_put_device(&tb->vdev);\n\treturn ret;"], ["devm_kfree"]),
    # The table is chosen between the allocation and the init.
    "chosen-table": (
        [("static int tuba_probe", 'static const struct vfio_device_ops tuba_low_ops = {\n\t.name = "low",\n};\n\nstatic int tuba_probe'),
         ("\tint ret;\n", "\tconst struct vfio_device_ops *ops;\n\tint ret;\n"),
         (INIT, "\tops = &tuba_ops;\n\tif (mdev->active)\n\t\tops = &tuba_low_ops;\n" + INIT.replace("&tuba_ops", "ops"))],
        ["\tops = &tuba_ops;\n\tif (mdev->active)\n\t\tops = &tuba_low_ops;\n\n\ttb = vfio_alloc_device(tuba, vdev, &mdev->dev, ops);"], []),
    # It is ended by what holds the last share, later, or by a walk of a list.
    "own-count": (
        [("\tu32 pitch;", "\tu32 pitch;\n\trefcount_t users;"),
         ("static int tuba_probe", "static void tuba_drop(struct tuba *tb)\n{\n\tif (refcount_dec_and_test(&tb->users))\n\t\tkfree(tb);\n}\n\nstatic int tuba_probe"),
         ("\tkfree(tb);\n\treturn ret", "\ttuba_drop(tb);\n\treturn ret"), (UNINIT, UNINIT.replace("kfree(tb)", "tuba_drop(tb)")),
         (FIRST, "\trefcount_set(&tb->users, 1);\n" + FIRST)],
        ["\tif (refcount_dec_and_test(&tb->users))\n\t\tvfio_put_device(&tb->vdev);\n"], []),
    "own-kref": (
        [("\tu32 pitch;", "\tu32 pitch;\n\tstruct kref ref;"),
         ("static int tuba_probe", "static void tuba_last(struct kref *ref)\n{\n\tstruct tuba *tb = container_of(ref, struct tuba, ref);\n\n"
          "\tvfio_uninit_group_dev(&tb->vdev);\n\tkfree(tb);\n}\n\nstatic int tuba_probe"),
         ("\tvfio_uninit_group_dev(&tb->vdev);\n\tkfree(tb);\n\treturn ret", "\tkref_put(&tb->ref, tuba_last);\n\treturn ret"),
         ("\tkfree(tb->horn);\n\tkfree(tb->valves);\n" + UNINIT, "\tkfree(tb->horn);\n\tkfree(tb->valves);\n\tkref_put(&tb->ref, tuba_last);\n}"),
         (FIRST, "\tkref_init(&tb->ref);\n" + FIRST)], ["tb = container_of(ref, struct tuba, ref);\n\n\tvfio_put_device(&tb->vdev);\n}"], []),
    "ended-later": (
        [("\tu32 pitch;", "\tu32 pitch;\n\tstruct work_struct gone;"), ("#include <linux/vfio.h>", "#include <linux/vfio.h>\n#include <linux/workqueue.h>"),
         ("static int tuba_probe", "static void tuba_gone(struct work_struct *work)\n{\n\tstruct tuba *tb = container_of(work, struct tuba, gone);\n\n"
          "\tvfio_uninit_group_dev(&tb->vdev);\n\tkfree(tb);\n}\n\nstatic int tuba_probe"),
         ("\tkfree(tb->horn);\n\tkfree(tb->valves);\n" + UNINIT, "\tkfree(tb->horn);\n\tkfree(tb->valves);\n\tschedule_work(&tb->gone);\n}"),
         (FIRST, "\tINIT_WORK(&tb->gone, tuba_gone);\n" + FIRST)], ["tb = container_of(work, struct tuba, gone);\n\n\tvfio_put_device(&tb->vdev);\n}"], []),
    # A lock that is dropped before is none.
    "unlocked-before": (
        [LOCK, (UNINIT, "\tspin_lock(&tuba_lock);\n\ttb->pitch = 0;\n\tspin_unlock(&tuba_lock);\n" + UNINIT)],
        ["\tspin_unlock(&tuba_lock);\n\tvfio_put_device(&tb->vdev);"], []),
    # What is first in a structure may be the driver's own, and have the device
    # first.
    "device-in-the-first-member": (
        [("struct tuba {", "struct tuba_base {\n\tstruct vfio_device vdev;\n};\n\nstruct tuba {"),
         (FRONT, "\tstruct tuba_base base;\n\tu8 *valves;"), ("&tb->vdev", "&tb->base.vdev"),
         ("static int tuba_probe", "static void tuba_base_init(struct tuba_base *base, struct device *dev)\n{\n"
          "\tvfio_init_group_dev(&base->vdev, dev, &tuba_ops);\n}\n\nstatic int tuba_probe"),
         (INIT.replace("&tb->vdev", "&tb->base.vdev"), "\ttuba_base_init(&tb->base, &mdev->dev);\n")],
        ["vfio_alloc_device(tuba, base.vdev, &mdev->dev, &tuba_ops)"], []),
    # devm had no need to free on the way out.
    "devm-returns-early": (
        [(ALLOC, "tb = devm_kzalloc(&mdev->dev, sizeof(*tb), GFP_KERNEL);"),
         (INIT, "\tif (device_property_present(&mdev->dev, \"off\"))\n\t\treturn -EBUSY;\n" + INIT),
         ("\tkfree(tb);\n", "")], ["\tif (device_property_present(&mdev->dev, \"off\")) {\n\t\tvfio_put_device(&tb->vdev);\n\t\treturn -EBUSY;\n\t}"], []),
    # A value of the set-up that probe needs later.
    "value-for-later": (
        [("\tint ret;\n", "\tint n = -1;\n\tint ret;\n"),
         (FIRST, "\tn = 5;\n\ttb->pitch = n;\n" + FIRST),
         ("\tdev_set_drvdata", '\tdev_info(&mdev->dev, "%d\\n", n);\n\tdev_set_drvdata')],
        ["n = 5;"], [MOVED]),
    # The driver gives one buffer away: release must not free it.
    "later-step-undoes-less": (
        [("static int tuba_probe", "int tuba_give(u8 *horn);\n\nstatic int tuba_probe"),
         ("\tdev_set_drvdata", "\tret = tuba_give(tb->horn);\n\tif (ret) {\n"
          "\t\tvfio_unregister_group_dev(&tb->vdev);\n\t\tgoto err_valves;\n\t}\n\tdev_set_drvdata")],
        ["goto err_valves;\n\t}\n\tdev_set_drvdata"], [MOVED]),
    "second-way-out-of-remove": (
        [("static int tuba_probe", "static void tuba_drop(struct tuba *tb)\n{\n\tkfree(tb->horn);\n\tkfree(tb->valves);\n}\n\nstatic int tuba_probe"),
         ("\tkfree(tb->horn);\n\tkfree(tb->valves);\n\tvfio_uninit_group_dev(&tb->vdev);\n\tkfree(tb);\n}",
          "\tif (!tb->pitch) {\n\t\ttuba_drop(tb);\n\t\tvfio_uninit_group_dev(&tb->vdev);\n\t\tkfree(tb);\n\t\treturn;\n\t}\n"
          "\tkfree(tb->horn);\n\tkfree(tb->valves);\n\tvfio_uninit_group_dev(&tb->vdev);\n\tkfree(tb);\n}")],
        ["tuba_drop(tb);\n\t\tvfio_put_device(&tb->vdev);"], [MOVED]),
    # What this configuration leaves out is not moved half.
    "condition-among-the-set-up": (
        [(FIRST, FIRST + "#ifdef CONFIG_TUBA\n\ttb->pitch = tuba_pitch(tb);\n#endif\n")],
        ["#ifdef CONFIG_TUBA"], [MOVED]),
    "condition-in-remove": (
        [("\tkfree(tb->horn);\n\tkfree(tb->valves);\n\tvfio_uninit_group_dev(&tb->vdev);\n\tkfree(tb);\n}",
          "\tkfree(tb->horn);\n#ifndef CONFIG_TUBA\n\tkfree(tb->valves);\n#endif\n" + UNINIT)],
        ["#ifndef CONFIG_TUBA\n\tkfree(tb->valves);\n#endif"], [MOVED]),
    "label-of-hidden-code": (
        [(FIRST, "#ifdef CONFIG_TUBA\n\tret = tuba_check(tb);\n\tif (ret)\n\t\tgoto err_uninit;\n#endif\n" + FIRST)],
        ["err_uninit:\n\tvfio_put_device(&tb->vdev);"], ["err_put_vdev", MOVED]),
    # Comments go where their code goes, or go with it.
    "comments": (
        [(INIT, "\t/* known to the core from here on */\n" + INIT),
         ("\t\tgoto err_valves;\n", "\t\tgoto err_valves;\t/* no horn */\n"),
         ("err_horn:\n", "err_horn:\n\t/* nobody blows it */\n"),
         ("\tkfree(tb->horn);\n\tkfree(tb->valves);\n\tvfio_uninit_group_dev(&tb->vdev);\n\tkfree(tb);\n}",
          "\t/* brass */\n\tkfree(tb->horn);\n\tkfree(tb->valves);\n" + UNINIT)],
        [MOVED, "\t/* nobody blows it */\n\tkfree(tb->horn);\n"],
        ["known to the core", "/* brass */", "*/\n\n\tret = vfio_register"]),
    "member-comment": ([(FRONT, BACK)], ["struct tuba {\n\tstruct vfio_device vdev;\t/* the device */\n\tu32 size;\n\tu8 *valves;"], []),
    "code-in-a-variable": (
        [("\tint ret;\n", "\tint ret = -ENOMEM;\n"), ("\t\treturn -ENOMEM;\n", "\t\treturn ret;\n")],
        ["\tif (IS_ERR(tb))\n\t\treturn PTR_ERR(tb);\n"], []),
    "array-of-tables": (
        [('static int tuba_probe', 'static const struct vfio_device_ops tuba_soft_ops = {\n\t.name = "soft",\n};\n\n'
          "static const struct vfio_device_ops *const tuba_tables[] = {\n\t&tuba_ops, &tuba_soft_ops,\n};\n\nstatic int tuba_probe"),
         ("&mdev->dev, &tuba_ops);", "&mdev->dev,\n\t\t\t    tuba_tables[mdev->active]);")],
        ["vfio_alloc_device(tuba, vdev, &mdev->dev,", "tuba_tables[mdev->active]);",
         '.name = "soft",\n\t.release = vfio_free_device,'], []),
}
# name: the edits of DRIVER, the identifier
REFUSED = {
    "another-in-a-member": ([("\tu32 pitch;\n};", "\tu32 pitch;\n\tstruct tuba *shadow;\n};"), (UNINIT, "\tif (tb->shadow != tb)\n\t\tkfree(tb->shadow);\n" + UNINIT)], "mixed-allocation"),
    "prepared-under-a-condition": ([(INIT, "\tif (tb->pitch != 3)\n\t" + INIT)], "unpaired-cleanup"),
    "template": ([(INIT, "\t*tb = (struct tuba) { .pitch = 4 };\n" + INIT)], "structure-overwritten"),
    "copied-template": ([("static int tuba_probe", "extern struct tuba tuba_template;\n\nstatic int tuba_probe"),
                         (INIT, "\tmemcpy(tb, &tuba_template, sizeof(*tb));\n" + INIT)], "structure-overwritten"),
    "duplicate": ([("static int tuba_probe", "extern struct tuba tuba_template;\n\nstatic int tuba_probe"),
                   (ALLOC, "tb = kmemdup(&tuba_template, sizeof(*tb), GFP_KERNEL);")], "structure-overwritten"),
    "poison": ([(UNINIT, "\tvfio_uninit_group_dev(&tb->vdev);\n\tmemset(tb, 0x6b, sizeof(*tb));\n\tkfree(tb);\n}")],
               "structure-overwritten"),
    "ones": ([(INIT, "\tmemset(tb, 0xff, sizeof(*tb));\n" + INIT)], "structure-overwritten"),
    "after-readers": ([("\tu32 pitch;", "\tu32 pitch;\n\tstruct rcu_head rcu;"),
                       (UNINIT, UNINIT.replace("kfree(tb)", "kfree_rcu(tb, rcu)"))], "unpaired-cleanup"),
    "offset-used": ([(FRONT, BACK), (TESTED, "BUILD_BUG_ON(offsetof(struct tuba, vdev) != 8);\n\t" + TESTED)],
                    "layout-sensitive"),
    "first-member-by-void": (
        [(FRONT, BACK), ("static int tuba_probe", "static u32 tuba_size(void *data)\n{\n\treturn *(u32 *)data;\n}\n\nstatic int tuba_probe"),
         (FIRST, "\ttb->pitch = tuba_size(tb);\n" + FIRST)], "layout-sensitive"),
    "copied-by-size": (
        [(FRONT, BACK), (FIRST, "\tmemcpy(&ret, tb, sizeof(ret));\n" + FIRST)], "layout-sensitive"),
    "other-view": (
        [("struct tuba {", "struct tuba_view {\n\tu32 size;\n};\n\nstruct tuba {"), (FRONT, BACK),
         (FIRST, "\tret = ((struct tuba_view *)(void *)tb)->size;\n" + FIRST)], "layout-sensitive"),
    "cookie-of-the-first-member": (
        [("struct tuba {", "#include <linux/interrupt.h>\n\nstruct tuba_line {\n\tint hits;\n};\n\nstruct tuba {"),
         (FRONT, FRONT.replace("\tstruct vfio", "\tstruct tuba_line line;\n\tstruct vfio")),
         ("static int tuba_probe", "static irqreturn_t tuba_blown(int irq, void *data)\n{\n\tstruct tuba_line *line = data;\n\n"
          "\tline->hits++;\n\treturn IRQ_HANDLED;\n}\n\nstatic int tuba_probe"),
         (FIRST, '\tret = request_irq(5, tuba_blown, 0, "tuba", tb);\n\tif (ret)\n\t\tgoto err_uninit;\n' + FIRST)],
        "layout-sensitive"),
    "drvdata-of-the-first-member": (
        [("struct tuba {", "struct tuba_line {\n\tint hits;\n};\n\nstruct tuba {"),
         (FRONT, FRONT.replace("\tstruct vfio", "\tstruct tuba_line line;\n\tstruct vfio")),
         ("static int tuba_probe", "static int tuba_hits(struct device *dev)\n{\n\tstruct tuba_line *line = dev_get_drvdata(dev);\n\n"
          "\treturn line->hits;\n}\n\nstatic int tuba_probe"),
         ("\treturn 0;\n", "\treturn tuba_hits(&mdev->dev);\n")], "layout-sensitive"),
    # The last put takes a mutex, kfree() did not; the allocation may wait.
    "freed-under-a-spinlock": (
        [LOCK, (UNINIT, "\tvfio_uninit_group_dev(&tb->vdev);\n\tspin_lock(&tuba_lock);\n\tkfree(tb);\n\tspin_unlock(&tuba_lock);\n}")],
        "atomic-context"),
    "freed-by-a-helper-with-irqs-off": (
        [LOCK, ("static int tuba_probe", "static void tuba_end(struct tuba *tb)\n{\n\tkfree(tb);\n}\n\nstatic int tuba_probe"),
         (UNINIT, "\tvfio_uninit_group_dev(&tb->vdev);\n\tspin_lock_irqsave(&tuba_lock, flags);\n\ttuba_end(tb);\n"
          "\tspin_unlock_irqrestore(&tuba_lock, flags);\n}"),
         ("_get_drvdata(&mdev->dev);\n", "_get_drvdata(&mdev->dev);\n\tunsigned long flags;\n")], "atomic-context"),
    "freed-by-a-timer": (
        [("\tu32 pitch;", "\tu32 pitch;\n\tstruct timer_list rest;"), ("#include <linux/vfio.h>", "#include <linux/timer.h>\n#include <linux/vfio.h>"),
         ("static int tuba_probe", "static void tuba_rest(struct timer_list *t)\n{\n\tkfree(from_timer_of(t));\n}\n\nstatic int tuba_probe"),
         ("from_timer_of(t)", "container_of(t, struct tuba, rest)"), (FIRST, "\ttimer_setup(&tb->rest, tuba_rest, 0);\n" + FIRST),
         (UNINIT, "\tvfio_uninit_group_dev(&tb->vdev);\n\tmod_timer(&tb->rest, jiffies + 1);\n}")], "atomic-context"),
    "not-to-wait": ([("sizeof(*tb), GFP_KERNEL", "sizeof(*tb), GFP_NOWAIT")], "atomic-context"),
    "not-to-wait-by-the-caller": (
        [("static int tuba_probe", "static struct tuba *tuba_new(gfp_t flags)\n{\n\treturn kzalloc(sizeof(struct tuba), flags);\n}\n\nstatic int tuba_probe"),
         (ALLOC, "tb = tuba_new(GFP_ATOMIC);")], "atomic-context"),
    "allocated-in-rcu": (
        [(ALLOC, "rcu_read_lock();\n\t" + ALLOC), ("\tif (!tb)\n", "\trcu_read_unlock();\n\tif (!tb)\n")], "atomic-context"),
    # Memory that core does not give.
    "memory-of-a-zone": ([("sizeof(*tb), GFP_KERNEL", "sizeof(*tb), GFP_KERNEL | GFP_DMA32")], "special-memory"),
    "memory-without-io": ([("sizeof(*tb), GFP_KERNEL", "sizeof(*tb), GFP_NOIO")], "special-memory"),
    "memory-that-is-wiped": ([(UNINIT, UNINIT.replace("kfree(tb)", "kfree_sensitive(tb)"))], "special-memory"),
    "memory-for-the-hardware": (
        [("\tu32 pitch;", "\tu32 pitch;\n\tu8 score[8192];"), ("#include <linux/vfio.h>", "#include <linux/dma-mapping.h>\n#include <linux/vfio.h>"),
         ("static int tuba_probe", "static dma_addr_t tuba_map(struct device *dev, void *what, size_t size)\n{\n"
          "\treturn dma_map_single(dev, what, size, DMA_TO_DEVICE);\n}\n\nstatic int tuba_probe"),
         (FIRST, "\ttb->pitch = tuba_map(&mdev->dev, tb->score, sizeof(tb->score));\n" + FIRST)], "special-memory"),
    "freed-out-of-a-call": (SLOT + [("tuba_clear_body", "kfree(xchg(&tuba_only, NULL))")], "call-in-expression"),
    # The device would live on, too.
    "kept-for-later": (
        [("static atomic_t tuba_count;", "static struct tuba *tuba_spare;"), ("\tkfree(tb);\n\treturn ret;", "\ttuba_spare = tb;\n\treturn ret;"),
         ("struct mdev_driver", "void tuba_exit(void)\n{\n\tkfree(tuba_spare);\n}\n\nstruct mdev_driver")], "structure-outlives-device"),
    "prepared-on-each-turn": (
        [(INIT, "again:\n" + INIT), ("\tret = vfio_register_emulated_iommu_dev(&tb->vdev);\n",
          "\tret = vfio_register_emulated_iommu_dev(&tb->vdev);\n\tif (ret == -EAGAIN) {\n\t\tkfree(tb->horn);\n\t\tkfree(tb->valves);\n"
          "\t\tvfio_uninit_group_dev(&tb->vdev);\n\t\tgoto again;\n\t}\n")], "unpaired-cleanup"),
    "first-member-by-cast": (
        [(FRONT, BACK), ("static int tuba_probe", "static void tuba_set(u32 *size)\n{\n\t*size = 4;\n}\n\nstatic int tuba_probe"),
         (FIRST, "\ttuba_set((void *)tb);\n" + FIRST)], "layout-sensitive"),
}


def variant(name, edits):
    text = DRIVER
    for old, new in edits:
        assert old in text, (name, old)
        text = text.replace(old, new)
    return text


def run(name, text, *options):
    folder = os.path.join(work, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    path = os.path.join(folder, "tuba.c")
    with open(path, "w", newline="") as file:
        file.write(text)
    done = subprocess.run([migrate, "-i", "--kernel=" + kernel, "--target=6.1", *options, folder],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with open(path, newline="") as file:
        return done, file.read()


for name, (edits, has, has_not) in CONVERTED.items():
    done, text = run(name, variant(name, edits))
    assert done.returncode == 0, (name, done.stdout)
    for line in has:
        assert line in text, "%s: lacks %r:\n%s" % (name, line, text)
    for line in has_not + ["uninit_group_dev"]:
        assert line not in text, "%s: has %r:\n%s" % (name, line, text)

for name, (edits, identifier) in REFUSED.items():
    before = variant(name, edits)
    done, text = run(name, before)
    assert done.returncode == 2 and text == before, (name, done.stdout)
    assert "refused: %s:" % identifier in done.stdout, (name, done.stdout)

# The line ends of the file are kept, and nothing else is different for them.
plain = run("plain", DRIVER)[1]
done, text = run("line-ends", DRIVER.replace("\n", "\r\n"))
assert done.returncode == 0 and text == plain.replace("\n", "\r\n"), (done.stdout, text)
