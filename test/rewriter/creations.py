# REQUIRES: headers-6.1
# RUN: %python %s %vfio-migrate %headers61 %src %t
"""A function that creates the structure: what its callers are told when it
fails, ways out that lack a put, and drivers that somebody has begun."""
import os
import sys

migrate, kernel, source, work = sys.argv[1:]
sys.path.insert(0, source + "/test/rewriter/Inputs")
from bell import BELL, convert

ALLOC = "b = kzalloc(sizeof(*b), GFP_KERNEL);\n"
TESTED = "\t" + ALLOC + "\tif (!b)\n\t\treturn -ENOMEM;\n"
INIT = "vfio_init_group_dev(&b->vdev, %s, &bell_ops);\n"
HERE = "\t" + INIT % "&mdev->dev"
THERE = INIT % "dev"
PROBE = "static int bell_probe"
HELPER = "static struct bell *bell_new(struct device *dev)\n{\n\tstruct bell *b;\n\n%s}\n\n" + PROBE
TOLD = "\tb = bell_new(&mdev->dev);\n\tif (!b)\n\t\treturn -ENOMEM;\n"
# A caller that makes something else of NULL: it goes on to get NULL.
OTHER = "\tb = bell_new(&mdev->dev);\n\tif (!b)\n\t\treturn -ENODEV;\n"


def helper(body, caller=TOLD):
    return [(PROBE, HELPER % body), (TESTED + HERE, caller)]


NEW = [(TESTED + HERE, "\tb = vfio_alloc_device(bell, vdev, &mdev->dev, &bell_ops);\n\tif (IS_ERR(b))\n\t\treturn PTR_ERR(b);\n"),
       ('\t.name = "bell",\n', '\t.name = "bell",\n\t.release = vfio_free_device,\n')]
END = "\tvfio_uninit_group_dev(&b->vdev);\n\tkfree(b);\n"
# Who drops the last use has the lock then.
DROP = [("\tu32 pitch;\n", "\tu32 pitch;\n\trefcount_t users;\n"), (END + "}", "\tbell_drop(b);\n}"),
        (PROBE, "static DEFINE_SPINLOCK(bell_lock);\n\nstatic void bell_drop(struct bell *b)\n{\n"
                "\tif (!refcount_dec_and_lock(&b->users, &bell_lock))\n\t\treturn;\n%s}\n\n" + PROBE)]
ONLY = [(PROBE, "static struct bell *only;\n\n" + PROBE), (TESTED + HERE, "%s\tonly = kzalloc(sizeof(*only), GFP_KERNEL);\n"
        "\tif (!only)\n\t\treturn -ENOMEM;\n\tvfio_init_group_dev(&only->vdev, &mdev->dev, &bell_ops);\n\tb = only;\n"),
        (END + "\treturn ret;\n", END + "\tonly = NULL;\n\treturn ret;\n"), (END + "}", END + "\tonly = NULL;\n}")]


def drop(lines):
    return DROP[:2] + [(PROBE, DROP[2][1] % lines)]


def chosen(declared, before, question):
    return [(PROBE, 'static const struct vfio_device_ops bell_low_ops = {\n\t.name = "bell-low",\n};\n\n' + PROBE), ("\tint ret;\n", declared),
            (HERE, before + "\tif (" + question + ") {\n\t" + HERE.replace("bell_ops", "bell_low_ops") + "\t\tb->pitch = 220;\n\t} else {\n"
             "\t\tdev_warn(&mdev->dev, \"high\\n\");\n\t" + HERE + "\t}\n")]


LOW = 'static const struct vfio_device_ops bell_low_ops = {\n\t.name = "bell-low",\n};\n\n'
BY_CALL = [(PROBE, LOW + "static int bell_tune(struct bell *b, struct mdev_device *mdev)\n{\n\tint node;\n\n\tnode = dev_to_node(&mdev->dev);\n"
            "\tif (node < 0)\n\t\treturn node;\n\tb->pitch = node;\n\treturn 0;\n}\n\n" + PROBE),
           (HERE, "\tif (mdev->dev.id & 1) {\n\t\tret = bell_tune(b, mdev);\n\t\tif (!ret) {\n\t\t" + HERE.replace("bell_ops", "bell_low_ops") +
            "\t\t\tb->pitch++;\n\t\t} else {\n\t\t\tdev_warn(&mdev->dev, \"high\\n\");\n\t\t" + HERE + "\t\t}\n\t} else {\n\t" + HERE + "\t}\n")]
COUNTS = [(PROBE, LOW + "static int bells;\n\nstatic int bell_next(void)\n{\n\treturn ++bells;\n}\n\n" + PROBE),
          ("\tint ret;\n", "\tconst struct vfio_device_ops *ops;\n\tint ret;\n"),
          (HERE, "\tops = bell_next() & 1 ? &bell_low_ops : &bell_ops;\n" + HERE.replace("&bell_ops", "ops"))]


def only(before=""):
    return [(old, new % before if old == TESTED + HERE else new) for old, new in ONLY]


TAIL = [("\tret = vfio_register_emulated_iommu_dev(&b->vdev);\n\tif (ret)\n\t\tgoto err_free;\n\tdev_set_drvdata(&mdev->dev, b);\n"
         "\treturn 0;\n\nerr_free:\n\tvfio_uninit_group_dev(&b->vdev);\n\tkfree(b);\n\treturn ret;\n",
         "\tdev_set_drvdata(&mdev->dev, b);\n\treturn vfio_register_emulated_iommu_dev(&b->vdev);\n")]

# A way out of a block that runs once.
ONCE = [("\tint ret;\n", "\tint ret = -ENOMEM;\n"), ("\tdev_info(&mdev->dev, \"a bell\\n\");\n\n", ""),
        (TESTED + HERE, "\tdo {\n\t\t" + ALLOC + "\t\tif (!b)\n\t\t\tbreak;\n\t" + HERE),
        ("\tret = vfio_register_emulated_iommu_dev(&b->vdev);\n\tif (ret)\n\t\tgoto err_free;\n\tdev_set_drvdata(&mdev->dev, b);\n"
         "\treturn 0;\n\nerr_free:\n" + END + "\treturn ret;\n",
         "\t\tret = vfio_register_emulated_iommu_dev(&b->vdev);\n\t\tif (!ret) {\n\t\t\tdev_set_drvdata(&mdev->dev, b);\n\t\t\tbreak;\n\t\t}\n"
         "\t\tvfio_uninit_group_dev(&b->vdev);\n\t\tkfree(b);\n\t} while (0);\n\treturn ret;\n")]
ROPE = "\tif (!b->rope) {\n\t\tkfree(b->clapper);\n\t\treturn -ENOMEM;\n\t}\n"
FORGOTTEN = [("\tu8 *clapper;\n", "\tu8 *clapper;\n\tu8 *rope;\n"),
             ("\tdev_info(&mdev->dev, \"a bell\\n\");\n", "\tb->clapper = kzalloc(8, GFP_KERNEL);\n\tif (!b->clapper) {\n\t\tret = -ENOMEM;\n\t\tgoto err_free;\n\t}\n"
              "\tb->rope = kzalloc(8, GFP_KERNEL);\n\tif (!b->rope) {\n\t\tkfree(b->clapper);\n\t\treturn -ENOMEM;\n\t}\n"),
             ("\tif (ret)\n\t\tgoto err_free;\n\tdev_set", "\tif (ret)\n\t\tgoto err_rope;\n\tdev_set"),
             ("err_free:\n", "err_rope:\n\tkfree(b->rope);\n\tkfree(b->clapper);\nerr_free:\n"), (END + "}", "\tkfree(b->rope);\n\tkfree(b->clapper);\n" + END + "}")]
FLAG = [("\tint ret;\n", "\tbool prepared = false;\n\tint ret;\n"), (HERE, HERE + "\tprepared = true;\n"),
        (END + "\treturn ret;\n", "\tif (prepared)\n\t\tvfio_uninit_group_dev(&b->vdev);\n\tkfree(b);\n\treturn ret;\n")]
UNTYPED = [("\tstruct bell *b;\n", "\tvoid *mem = kzalloc(sizeof(struct bell), GFP_KERNEL);\n\tstruct bell *b = mem;\n"),
           (TESTED, "\tif (!mem)\n\t\treturn -ENOMEM;\n"), ("\tkfree(b);\n\treturn", "\tkfree(mem);\n\treturn")]
PUT = "\tvfio_put_device(&b->vdev);\n"
# A device in memory that the driver frees by itself.
IN_PLACE = [(HERE, "\tret = vfio_init_device(&b->vdev, &mdev->dev, &bell_ops);\n\tif (ret) {\n\t\tkfree(b);\n\t\treturn ret;\n\t}\n"),
            ("static const struct", "static void bell_release(struct vfio_device *vdev)\n{\n}\n\nstatic const struct"),
            ('\t.name = "bell",\n', '\t.name = "bell",\n\t.release = bell_release,\n')]

RETURNED = [(PROBE, "static struct bell *bell_new(void)\n{\n\treturn kzalloc(sizeof(struct bell), GFP_KERNEL);\n}\n\n" + PROBE),
            (TESTED, "\tb = bell_new();\n\tif (!b)\n\t\treturn %s;\n")]


def returned(error):
    return [RETURNED[0], (TESTED, RETURNED[1][1] % error)]


# Each failure undoes in its own block what was done before.
BLOCK = "\t\tvfio_uninit_group_dev(&b->vdev);\n\t\tkfree(b);\n"


def in_blocks(undo, first="", kept="", removed=None):
    """bell.c with set-up whose undo stands in the block of the failed register."""
    return [("\tu8 *clapper;\n", "\tu8 *clapper;\n\tint tone;\n"), (PROBE, "static DEFINE_IDA(bell_tones);\n\n" + PROBE),
            ("#include <linux/mdev.h>\n", "#include <linux/idr.h>\n#include <linux/mdev.h>\n#include <linux/pm_runtime.h>\n"),
            ("\tdev_info(&mdev->dev, \"a bell\\n\");\n\n", first + "\tb->clapper = kzalloc(8, GFP_KERNEL);\n\tif (!b->clapper) {\n" +
             ("\t\tida_free(&bell_tones, b->tone);\n" if first else "") + BLOCK + "\t\treturn -ENOMEM;\n\t}\n" + kept),
            ("\tif (ret)\n\t\tgoto err_free;\n", "\tif (ret) {\n" + undo + BLOCK + "\t\treturn ret;\n\t}\n"),
            ("\treturn 0;\n\nerr_free:\n\tvfio_uninit_group_dev(&b->vdev);\n\tkfree(b);\n\treturn ret;\n", "\treturn 0;\n"),
            (END + "}", (undo.replace("\t\t", "\t").replace("&mdev->dev", "mdev_dev(mdev)") if removed is None else removed) + END + "}")]


TONE = "\tb->tone = ida_alloc(&bell_tones, GFP_KERNEL);\n\tif (b->tone < 0) {\n\t\tret = b->tone;\n" + BLOCK + "\t\treturn ret;\n\t}\n"

def clapper():
    """bell.c with memory of its own, which the error path frees behind a label."""
    return [("\tdev_info(&mdev->dev, \"a bell\\n\");\n", "\tb->clapper = kzalloc(8, GFP_KERNEL);\n\tif (!b->clapper) {\n\t\tret = -ENOMEM;\n\t\tgoto err_free;\n\t}\n"),
            ("\tif (ret)\n\t\tgoto err_free;\n\tdev_set", "\tif (ret)\n\t\tgoto err_clapper;\n\tdev_set"),
            ("err_free:\n", "err_clapper:\n\tkfree(b->clapper);\nerr_free:\n"), (END + "}", "\tkfree(b->clapper);\n" + END + "}")]


BY_JUMPS = """	b->clapper = kzalloc(8, GFP_KERNEL);
	if (!b->clapper) {
		ret = -ENOMEM;
		goto err_uninit;
	}
	ret = ida_alloc(&bell_tones, GFP_KERNEL);
	if (ret < 0)
		goto err_clapper;
	b->tone = ret;
	ret = vfio_register_emulated_iommu_dev(&b->vdev);
	if (ret)
		goto err_tone;
	return b;

err_tone:
	ida_free(&bell_tones, b->tone);
err_clapper:
	kfree(b->clapper);
err_uninit:
	vfio_uninit_group_dev(&b->vdev);
	kfree(b);
	return ERR_PTR(ret);
"""
BY_BLOCKS = """	b->clapper = kzalloc(8, GFP_KERNEL);
	if (!b->clapper) {
		vfio_uninit_group_dev(&b->vdev);
		kfree(b);
		return ERR_PTR(-ENOMEM);
	}
	ret = ida_alloc(&bell_tones, GFP_KERNEL);
	if (ret < 0) {
		kfree(b->clapper);
		vfio_uninit_group_dev(&b->vdev);
		kfree(b);
		return ERR_PTR(ret);
	}
	b->tone = ret;
	ret = vfio_register_emulated_iommu_dev(&b->vdev);
	if (ret) {
		ida_free(&bell_tones, b->tone);
		kfree(b->clapper);
		vfio_uninit_group_dev(&b->vdev);
		kfree(b);
		return ERR_PTR(ret);
	}
	return b;
"""


def creator(rest):
    """bell.c whose probe calls a function that makes and registers the bell."""
    probe = BELL[BELL.index("static int bell_probe"):BELL.index("static void bell_remove")]
    new = ("static struct bell *bell_new(struct device *dev)\n{\n\tstruct bell *b;\n\tint ret;\n\n" + TESTED.replace("return -ENOMEM", "return ERR_PTR(-ENOMEM)") +
           "\t" + THERE + rest + "}\n\nstatic int bell_probe(struct mdev_device *mdev)\n{\n\tstruct bell *b = bell_new(&mdev->dev);\n\n"
           "\tif (IS_ERR(b))\n\t\treturn PTR_ERR(b);\n\tdev_set_drvdata(&mdev->dev, b);\n\treturn 0;\n}\n\n")
    return [("\tu8 *clapper;\n", "\tu8 *clapper;\n\tint tone;\n"), ("#include <linux/mdev.h>\n", "#include <linux/idr.h>\n#include <linux/mdev.h>\n"),
            (probe, "static DEFINE_IDA(bell_tones);\n\n" + new), (END + "}", "\tida_free(&bell_tones, b->tone);\n\tkfree(b->clapper);\n" + END + "}")]


def pair(made, ended, first="b->clapper", more=""):
    """bell.c with a function that makes a bell, and one that ends it."""
    begin, end = BELL.index("static int bell_probe"), BELL.index("struct mdev_driver")
    new = ("static void bell_end(struct bell *bell)\n{\n" + ended + "\tvfio_uninit_group_dev(&bell->vdev);\n\tkfree(bell);\n}\n\n" +
           "static struct bell *bell_new(struct device *dev)\n{\n\tstruct bell *b;\n\n" + TESTED.replace("return -ENOMEM", "return ERR_PTR(-ENOMEM)") + "\t" + THERE + made +
           "\treturn b;\n}\n\n" + BELL[begin:end].replace(TESTED + HERE, "\tb = bell_new(&mdev->dev);\n\tif (IS_ERR(b))\n\t\treturn PTR_ERR(b);\n").replace(END, "\tbell_end(b);\n")
           .replace("\tdev_info(&mdev->dev, \"a bell\\n\");\n", ""))
    return [("\tu8 *clapper;\n", "\tu8 *clapper;\n\tstruct device *tower;\n"), (BELL[begin:end], new)]


CLAPPER = "\tb->clapper = kzalloc(8, GFP_KERNEL);\n\tif (!b->clapper) {\n" + BLOCK + "\t\treturn ERR_PTR(-ENOMEM);\n\t}\n"
TOWER = "\tb->tower = get_device(dev->parent);\n"

# name: (the edits of bell.c, what the result has, what it has not)
CONVERTED = {
    "init-under-test": (helper("\t" + ALLOC + "\tif (b)\n\t\t" + THERE + "\treturn b;\n"),
                        ["\treturn b;\n", "\tif (IS_ERR(b))\n\t\treturn PTR_ERR(b);\n"], ["if (b)", "if (!b)"]),
    "init-under-test-and-more": (helper("\t" + ALLOC + "\tif (b) {\n\t\t" + THERE + "\t\tb->pitch = 440;\n\t}\n\treturn b;\n"),
                                 ["\tif (!IS_ERR(b))", "\tif (IS_ERR(b))\n\t\treturn PTR_ERR(b);\n"], ["if (!b)"]),
    "null-goes-on": (helper("\t" + ALLOC + "\tif (b)\n\t\t" + THERE + "\treturn b;\n", OTHER),
                     ["\treturn IS_ERR(b) ? NULL : b;\n", "\tif (!b)\n\t\treturn -ENODEV;\n"], []),
    "returns-itself": (helper("\t" + ALLOC + "\tif (!b)\n\t\treturn b;\n\t" + THERE + "\treturn b;\n", OTHER),
                       ["\tif (IS_ERR(b))\n\t\treturn NULL;\n", "\tif (!b)\n\t\treturn -ENODEV;\n"], []),
    "goes-out": (helper("\t" + ALLOC + "\tif (!b)\n\t\tgoto out;\n\t" + THERE + "out:\n\treturn b;\n", OTHER),
                 ["\treturn IS_ERR(b) ? NULL : b;\n", "\tif (!b)\n\t\treturn -ENODEV;\n"], []),
    "error-goes-out": (helper("\t" + ALLOC + "\tif (!b)\n\t\tgoto out;\n\t" + THERE + "out:\n\treturn b;\n"),
                       ["\treturn b;\n", "\tif (IS_ERR(b))\n\t\treturn PTR_ERR(b);\n"], ["if (!b)"]),
    # The allocation is all that the function does.
    "returned": (returned("-ENOMEM"), ["\treturn vfio_alloc_device(bell, vdev, dev, ops);\n",
                                       "\tb = bell_new(&mdev->dev, &bell_ops);\n\tif (IS_ERR(b))\n\t\treturn PTR_ERR(b);\n"], ["kzalloc", "if (!b)"]),
    # What a failed registration left behind in the old code.
    "tail": (TAIL, ["\tret = vfio_register_emulated_iommu_dev(&b->vdev);\n\tif (ret)\n\t\tvfio_put_device(&b->vdev);\n\treturn ret;\n"], []),
    "tail-declares": (TAIL + [("\tint ret;\n", "")], ["\tint ret;\n", "\t\tvfio_put_device(&b->vdev);\n\treturn ret;\n"], []),
    # ... where it undoes all of it in its block,
    "moves-from-block": (in_blocks("\t\tkfree(b->clapper);\n\t\tida_free(&bell_tones, b->tone);\n", TONE),
                         ["\tif (b->tone < 0)\n\t\treturn b->tone;\n", "\tif (!b->clapper) {\n\t\tida_free(&bell_tones, b->tone);\n\t\treturn -ENOMEM;\n\t}\n",
                          "\tkfree(b->clapper);\n\tida_free(&bell_tones, b->tone);\n\tvfio_free_device(vdev);\n",
                          "\tif (ret) {\n\t\tvfio_put_device(&b->vdev);\n\t\treturn ret;\n\t}\n"], []),
    # ... in a function that returns errors as pointers, by jumps or not,
    "moves-from-creator": (creator(BY_JUMPS), ["\tif (!b->clapper)\n\t\treturn -ENOMEM;\n", "\tret = ida_alloc(&bell_tones, GFP_KERNEL);\n\tif (ret < 0)\n\t\tgoto err_clapper;\n",
                                               "err_clapper:\n\tkfree(b->clapper);\n\treturn ret;\n}", "\treturn ERR_PTR(ret);\n}"], []),
    "moves-from-creator-by-blocks": (creator(BY_BLOCKS), ["\tif (!b->clapper)\n\t\treturn -ENOMEM;\n", "\tif (ret < 0) {\n\t\tkfree(b->clapper);\n\t\treturn ret;\n\t}\n",
                                                          "\t\tvfio_put_device(&b->vdev);\n\t\treturn ERR_PTR(ret);\n"], []),
    # ... without what undoes set-up that stays in probe,
    "moves-behind-kept": (in_blocks("\t\tpm_runtime_disable(&mdev->dev);\n\t\tkfree(b->clapper);\n", "", "\tpm_runtime_enable(&mdev->dev);\n"),
                          ["\tkfree(b->clapper);\n\tvfio_free_device(vdev);\n", "\tif (ret) {\n\t\tpm_runtime_disable(&mdev->dev);\n\t\tvfio_put_device(&b->vdev);\n",
                           "\tpm_runtime_enable(&mdev->dev);\n"], []),
    # ... among which may be what could move by itself.
    "stays-with-kept-id": (in_blocks("\t\tida_free(&bell_tones, b->tone);\n\t\tkfree(b->clapper);\n", "",
                                     "\tpm_runtime_enable(&mdev->dev);\n\tb->tone = ida_alloc(&bell_tones, GFP_KERNEL);\n"),
                           ["\t\tida_free(&bell_tones, b->tone);\n\t\tvfio_put_device(&b->vdev);\n", "\tkfree(b->clapper);\n\tvfio_free_device(vdev);\n"], []),
    # Set-up moves where the failed registration only puts.
    "moves-by-block": ([("\tdev_info(&mdev->dev, \"a bell\\n\");\n", "\tb->pitch = 440;\n"),
                        ("\tif (ret)\n\t\tgoto err_free;\n", "\tif (ret) {\n\t\tvfio_uninit_group_dev(&b->vdev);\n\t\tkfree(b);\n\t\treturn ret;\n\t}\n"),
                        ("\treturn 0;\n\nerr_free:\n\tvfio_uninit_group_dev(&b->vdev);\n\tkfree(b);\n\treturn ret;\n", "\treturn 0;\n")],
                       ["\t.init = bell_init_dev,\n", "\tif (ret) {\n\t\tvfio_put_device(&b->vdev);\n\t\treturn ret;\n\t}\n"], []),
    # ... from a function that makes the device to that which ends it, whoever registers it between,
    "moves-from-pair": (pair(CLAPPER, "\tkfree(bell->clapper);\n"),
                        ["\tif (!b->clapper)\n\t\treturn -ENOMEM;\n\n\treturn 0;\n}", "\tstruct bell *bell = container_of(vdev, struct bell, vdev);\n\n\tkfree(bell->clapper);\n\tvfio_free_device(vdev);\n",
                         "{\n\tvfio_put_device(&bell->vdev);\n}", "\tif (ret)\n\t\tgoto err_free;\n"], []),
    # ... without what stays there,
    "moves-from-pair-in-part": (pair(CLAPPER + TOWER, "\tput_device(bell->tower);\n\tkfree(bell->clapper);\n"),
                                ["\tput_device(bell->tower);\n\tvfio_put_device(&bell->vdev);\n", "\tkfree(bell->clapper);\n\tvfio_free_device(vdev);\n"], []),
    # ... unless that can fail, and then undoes all,
    "kept-in-pair-that-fails": (pair(TOWER + CLAPPER.replace(BLOCK, "\t\tput_device(b->tower);\n" + BLOCK), "\tkfree(bell->clapper);\n\tput_device(bell->tower);\n"),
                                ["\t.release = vfio_free_device,\n", "\tkfree(bell->clapper);\n\tput_device(bell->tower);\n\tvfio_put_device(&bell->vdev);\n"], []),
    # ... or tests what would move.
    "kept-in-pair-by-test": (pair(CLAPPER.replace(BLOCK, "\t\tbell_end(b);\n"), "\tkfree(bell->clapper);\n"),
                             ["\t.release = vfio_free_device,\n", "\tkfree(bell->clapper);\n\tvfio_put_device(&bell->vdev);\n"], []),
    # ... unless a way out gives back what was taken before it, as the failed allocation does,
    "kept-for-count": ([("static const struct", "static atomic_t bells;\n\nstatic const struct"), ("\tb = kzalloc", "\tif (atomic_dec_if_positive(&bells) < 0)\n\t\treturn -EBUSY;\n\tb = kzalloc"),
                        ("\tif (!b)\n\t\treturn -ENOMEM;\n", "\tif (!b) {\n\t\tatomic_inc(&bells);\n\t\treturn -ENOMEM;\n\t}\n"),
                        ("\tdev_info(&mdev->dev, \"a bell\\n\");\n", "\tb->clapper = kzalloc(8, GFP_KERNEL);\n\tif (!b->clapper) {\n" + BLOCK + "\t\tatomic_inc(&bells);\n\t\treturn -ENOMEM;\n\t}\n"),
                        ("err_free:\n", "err_free:\n\tkfree(b->clapper);\n"), (END + "\treturn", END + "\tatomic_inc(&bells);\n\treturn"),
                        (END + "}", "\tkfree(b->clapper);\n" + END + "\tatomic_inc(&bells);\n}")],
                       ["\tif (!b->clapper) {\n\t\tvfio_put_device(&b->vdev);\n\t\tatomic_inc(&bells);\n\t\treturn -ENOMEM;\n\t}\n"], [".init"]),
    # ... in a function that creates as well.
    "kept-for-count-of-pair": (pair(CLAPPER.replace(BLOCK, BLOCK + "\t\tatomic_inc(&bells);\n"), "\tkfree(bell->clapper);\n") +
                               [("static const struct", "static atomic_t bells;\n\nstatic const struct"), ("\tb = kzalloc", "\tif (atomic_dec_if_positive(&bells) < 0)\n\t\treturn ERR_PTR(-EBUSY);\n\tb = kzalloc"),
                                ("\tif (!b)\n\t\treturn ERR_PTR(-ENOMEM);\n", "\tif (!b) {\n\t\tatomic_inc(&bells);\n\t\treturn ERR_PTR(-ENOMEM);\n\t}\n"),
                                ("\tkfree(bell);\n", "\tkfree(bell);\n\tatomic_inc(&bells);\n")],
                               ["\t\tvfio_put_device(&b->vdev);\n\t\tatomic_inc(&bells);\n\t\treturn ERR_PTR(-ENOMEM);\n"], [".init"]),
    # ... or gives back what was taken behind it, as the failed allocation does not,
    "kept-for-count-behind": (clapper() + [("static const struct", "static atomic_t bells;\n\nstatic const struct"),
                                           (TESTED, TESTED + "\tif (atomic_dec_if_positive(&bells) < 0) {\n\t\tkfree(b);\n\t\treturn -EBUSY;\n\t}\n"),
                                           (END + "\treturn", END + "\tatomic_inc(&bells);\n\treturn"), (END + "}", END + "\tatomic_inc(&bells);\n}")],
                              ["\tvfio_put_device(&b->vdev);\n\tatomic_inc(&bells);\n\treturn ret;\n"], [".init"]),
    # ... or before the put, where both would.
    "kept-for-count-above": (clapper() + [("static const struct", "static atomic_t bells;\n\nstatic const struct"), ("\tb = kzalloc", "\tif (atomic_dec_if_positive(&bells) < 0)\n\t\treturn -EBUSY;\n\tb = kzalloc"),
                                          ("\tif (!b)\n\t\treturn -ENOMEM;\n", "\tif (!b) {\n\t\tatomic_inc(&bells);\n\t\treturn -ENOMEM;\n\t}\n"),
                                          (END + "\treturn", "\tatomic_inc(&bells);\n" + END + "\treturn"), (END + "}", "\tatomic_inc(&bells);\n" + END + "}")],
                             ["\tatomic_inc(&bells);\n\tvfio_put_device(&b->vdev);\n\treturn ret;\n"], [".init"]),
    # ... but what it only says is no matter.
    "moves-beside-words": (clapper() + [("\tif (!b)\n\t\treturn -ENOMEM;\n", "\tif (!b) {\n\t\tdev_err(&mdev->dev, \"no %s\\n\", dev_name(&mdev->dev));\n\t\treturn -ENOMEM;\n\t}\n")],
                           ["\t.init = bell_init_dev,\n\t.release = bell_release_dev,\n"], []),
    # What is added is indented as probe is.
    "spaces": (clapper() + [("\t", "    ")], ["    struct bell *b = container_of(vdev, struct bell, vdev);\n\n    kfree(b->clapper);\n    vfio_free_device(vdev);\n}"], ["\t"]),
    "one-line-test": ([("\tif (!b)\n\t\treturn -ENOMEM;\n", "\tif (!b) { return -ENOMEM; }\n"), ("\tdev_info(&mdev->dev, \"a bell\\n\");\n", "")], ["\tif (IS_ERR(b))\n\t\treturn PTR_ERR(b);\n"], []),
    # ... behind a function that does no more than to register, or ends so,
    "moves-before-helper": (clapper() + [(PROBE, "static int bell_show(struct bell *b)\n{\n\tint ret = vfio_register_emulated_iommu_dev(&b->vdev);\n\n"
                                          "\tif (ret)\n\t\tpr_err(\"no bell\\n\");\n\treturn ret;\n}\n\n"
                                          "static void bell_hide(struct bell *b)\n{\n\tb->pitch = 0;\n\tvfio_unregister_group_dev(&b->vdev);\n}\n\n" + PROBE),
                                         ("\tret = vfio_register_emulated_iommu_dev(&b->vdev);\n", "\tret = bell_show(b);\n"),
                                         ("\tvfio_unregister_group_dev(&b->vdev);\n\tkfree(b->clapper)", "\tbell_hide(b);\n\tkfree(b->clapper)")],
                            ["\tkfree(b->clapper);\n\tvfio_free_device(vdev);\n", "\tbell_hide(b);\n\tvfio_put_device(&b->vdev);\n", "\tret = bell_show(b);\n"], []),
    # ... which undoes nothing of it.
    "kept-before-undo": (clapper() + [(PROBE, "static void bell_hide(struct bell *b)\n{\n\tvfio_unregister_group_dev(&b->vdev);\n\tkfree(b->clapper);\n}\n\n" + PROBE),
                                      ("\tvfio_unregister_group_dev(&b->vdev);\n\tkfree(b->clapper);\n" + END + "}", "\tbell_hide(b);\n" + END + "}")],
                         ["\tkfree(b->clapper);\n}\n", "\t.release = vfio_free_device,\n"], []),
    # What is added has names of its own.
    "names": (clapper() + [(PROBE, "#define bell_release_dev(b) ((b)->pitch = 0)\n\n" + PROBE), ("\tdev_set_drvdata(&mdev->dev, b);\n", "\tdev_set_drvdata(&mdev->dev, b);\n\tbell_release_dev(b);\n")],
              ["\t.init = bell_vfio_init_dev,\n\t.release = bell_vfio_release_dev,\n", "static void bell_vfio_release_dev(struct vfio_device *vdev)\n"], []),
    # Names follow what the labels do now.
    "labels": ([("err_free", "uninit")], ["\t\tgoto put_vdev;\n", "put_vdev:\n\tvfio_put_device(&b->vdev);\n"], ["uninit:"]),
    "plain-label": ([("err_free", "fail")], ["\t\tgoto fail;\n", "fail:\n\tvfio_put_device(&b->vdev);\n"], []),
    # Where there is nothing to destroy, the failure returns at once.
    "destroys-nothing": ([(PROBE, "static void bell_destroy(struct bell *b)\n{\n\tif (!b)\n\t\treturn;\n\tvfio_uninit_group_dev(&b->vdev);\n\tkfree(b);\n}\n\n" + PROBE),
                          ("\tint ret;\n", "\tint ret = -ENOMEM;\n"), ("\tif (!b)\n\t\treturn -ENOMEM;\n", "\tif (!b)\n\t\tgoto err_free;\n"),
                          ("err_free:\n\tvfio_uninit_group_dev(&b->vdev);\n\tkfree(b);\n", "err_free:\n\tbell_destroy(b);\n")],
                         ["\tif (IS_ERR(b))\n\t\treturn PTR_ERR(b);\n", "\tif (!b)\n\t\treturn;\n\tvfio_put_device(&b->vdev);\n"], []),
    # The allocation is new, and one of the ends is not.
    "half-error-path": (NEW + [(END + "}", "\tvfio_put_device(&b->vdev);\n}")],
                        ["\t\tgoto err_put_vdev;\n", "err_put_vdev:\n\tvfio_put_device(&b->vdev);\n\treturn ret;\n"], []),
    "half-remove": (NEW + [(END + "\treturn", "\tvfio_put_device(&b->vdev);\n\treturn")],
                    ["\tvfio_unregister_group_dev(&b->vdev);\n\tvfio_put_device(&b->vdev);\n}"], []),
    # No call is of the old model any more, and a part of the new one is missing.
    "new-freed": (NEW + [(END + "}", PUT + "}"), (END + "\treturn", "\tkfree(b);\n\treturn")],
                  ["\t\tgoto err_put_vdev;\n", "err_put_vdev:\n\tvfio_put_device(&b->vdev);\n\treturn ret;\n"], []),
    "new-without-release": (NEW[:1] + [(END + "}", PUT + "}"), (END + "\treturn", PUT + "\treturn")], ["\t.release = vfio_free_device,\n"], []),
    "between-commas": ([(END + "\treturn ret;\n", "\treturn vfio_uninit_group_dev(&b->vdev), kfree(b), ret;\n")],
                       ["\treturn vfio_put_device(&b->vdev), ret;\n"], []),
    "zero-or-null": ([("if (!b)", "if (unlikely(ZERO_OR_NULL_PTR(b)))")], ["\tif (IS_ERR(b))\n\t\treturn PTR_ERR(b);\n"], []),
    "joint": ([("\tstruct bell *b;\n", "\tstruct bell *b;\n\tu8 *own;\n"),
               (TESTED, "\t" + ALLOC + "\town = kzalloc(8, GFP_KERNEL);\n\tif (!b || !own) {\n\t\tkfree(own);\n\t\tkfree(b);\n\t\treturn -ENOMEM;\n\t}\n\tb->clapper = own;\n"),
               (END + "\treturn", "\tkfree(b->clapper);\n" + END + "\treturn"), (END + "}", "\tkfree(b->clapper);\n" + END + "}")],
              ["\tif (IS_ERR(b)) {\n\t\tkfree(own);\n\t\treturn PTR_ERR(b);\n\t}\n\tif (!own) {\n\t\tkfree(own);\n\t\tvfio_put_device(&b->vdev);\n\t\treturn -ENOMEM;\n"], []),
    # A put that was forgotten comes where the path has given back by itself.
    "gives-back-itself": (FORGOTTEN, ["\tif (!b->rope) {\n\t\tkfree(b->clapper);\n\t\treturn -ENOMEM;\n\t}\n"], []),
    "gave-back-before": ([(old, new.replace(ROPE, "\tif (!b->rope)\n\t\tkfree(b->clapper);\n\tif (!b->rope)\n\t\treturn -ENOMEM;\n")) for old, new in FORGOTTEN],
                         ["\tif (!b->rope)\n\t\tkfree(b->clapper);\n\tif (!b->rope)\n\t\treturn -ENOMEM;\n\n\treturn 0;\n"], []),
    "gave-nothing-back": ([(old, new.replace(ROPE, "\tif (!b->rope)\n\t\treturn -ENOMEM;\n")) for old, new in FORGOTTEN],
                          ["\tif (!b->rope) {\n\t\tret = -ENOMEM;\n\t\tgoto err_rope;\n\t}\n"], []),
    "breaks": (ONCE, ["\t\tif (IS_ERR(b)) {\n\t\t\tret = PTR_ERR(b);\n\t\t\tbreak;\n\t\t}\n"], []),
    # What told that there was something to uninit tells nothing any more.
    "flag": (FLAG, ["err_put_vdev:\n\tvfio_put_device(&b->vdev);\n"], ["prepared"]),
    "untyped": (UNTYPED, ["\tif (IS_ERR(mem))\n\t\treturn PTR_ERR(mem);\n", "err_put_vdev:\n\tvfio_put_device(&b->vdev);\n"], ["kfree(mem)"]),
    # The same pointer by other words.
    "asked-anew": ([("\tkfree(b);\n}", "\tkfree(dev_get_drvdata(&mdev->dev));\n}")],
                   ["\tvfio_unregister_group_dev(&b->vdev);\n\tvfio_put_device(&b->vdev);\n}"], ["dev_get_drvdata(&mdev->dev))"]),
    "made-from": ([(PROBE, "static inline struct bell *to_bell(struct vfio_device *vdev)\n{\n\treturn container_of(vdev, struct bell, vdev);\n}\n\n"
                    "static void bell_end(struct vfio_device *vdev)\n{\n\tvfio_uninit_group_dev(vdev);\n\tkfree(to_bell(vdev));\n}\n\n" + PROBE),
                   (END + "}", "\tbell_end(&b->vdev);\n}")], ["{\n\tvfio_put_device(vdev);\n}"], []),
    "lock-let-go": (drop("\tspin_unlock(&bell_lock);\n" + END), ["\tspin_unlock(&bell_lock);\n\tvfio_put_device(&b->vdev);\n"], []),
    # A label in front of the end of a block needs a statement.
    "label-at-end": ([(PROBE, "static void bell_undo(struct bell *b)\n{\n\tif (!b->clapper)\n\t\tgoto out;\n\tkfree(b->clapper);\nout:\n"
                       "\tvfio_uninit_group_dev(&b->vdev);\n}\n\n" + PROBE), (END + "}", "\tbell_undo(b);\n\tkfree(b);\n}")],
                     ["out:\n\t;\n}\n", "\tbell_undo(b);\n\tvfio_put_device(&b->vdev);\n"], []),
    "case-at-end": ([(PROBE, "static void bell_undo(struct bell *b)\n{\n\tswitch (b->pitch) {\n\tcase 1:\n\t\tkfree(b->clapper);\n\t\tfallthrough;\n\tdefault:\n"
                      "\t\tvfio_uninit_group_dev(&b->vdev);\n\t}\n}\n\n" + PROBE), (END + "}", "\tbell_undo(b);\n\tkfree(b);\n}")],
                    ["\tdefault:\n\t\tbreak;\n\t}\n}\n"], []),
    # The table is chosen first; what else the branches do comes where it did.
    "chosen-by-value": (chosen("\tint node, ret;\n", "\tnode = dev_to_node(&mdev->dev);\n", "node < 0"),
                        ["\tnode = dev_to_node(&mdev->dev);\n\tif (node < 0)\n\t\tops = &bell_low_ops;\n\telse\n\t\tops = &bell_ops;\n\n\tb = vfio_alloc",
                         "\tif (node < 0) {\n\t\tb->pitch = 220;\n\t} else {\n"], ["vdev.ops"]),
    # Who could change the answer meanwhile is not asked again.
    "chosen-by-state": (chosen("\tint ret;\n", "", "mdev->dev.id & 1"),
                        ["\tif (mdev->dev.id & 1)\n\t\tops = &bell_low_ops;\n", "\tif (ops == &bell_low_ops) {\n\t\tb->pitch = 220;\n\t} else {\n"], ["vdev.ops"]),
    # What the call needs the structure for comes behind what it asks.
    "chosen-by-call": (BY_CALL, ["\tif (mdev->dev.id & 1 && dev_to_node(&mdev->dev) >= 0)\n\t\tops = &bell_low_ops;\n\telse\n\t\tops = &bell_ops;\n\n\tb = vfio_alloc",
                                 "\tif (mdev->dev.id & 1) {\n\t\tret = bell_tune(b, mdev);\n\t\tif (!ret) {\n\t\t\tb->pitch++;\n\t\t} else {\n\t\t\tdev_warn"], ["vdev.ops"]),
    "chosen-by-what-is-set-there": ([(old, new.replace("\treturn 0;\n", "\treturn b->pitch & 1;\n")) for old, new in BY_CALL], ["b->vdev.ops = &bell_low_ops;\n"], []),
    # Who tests the variable never sees an error pointer in it.
    "kept": (only(), ["\tif (IS_ERR(state)) {\n\t\tonly = NULL;\n\t\treturn PTR_ERR(state);\n\t}\n\tonly = state;\n"], ["IS_ERR(only)"]),
    "kept-in-nothing": (only("\tif (only)\n\t\treturn -EBUSY;\n"),
                        ["\tif (IS_ERR(state))\n\t\treturn PTR_ERR(state);\n\tonly = state;\n"], ["IS_ERR(only)"]),
}
# What is new already: another thing is found by drvdata, too, and freed.
WHOLE = {
    "frees-another": NEW + [(END + "}", PUT + "}"), (END + "\treturn", PUT + "\treturn"), ("static const struct", "struct rope {\n\tint length;\n};\n\nstatic const struct"),
                            ("struct mdev_driver bell", "static struct rope *rope_of(struct device *dev)\n{\n\treturn dev_get_drvdata(dev);\n}\n\n"
                       "void rope_gone(struct device *dev)\n{\n\tkfree(rope_of(dev));\n}\n\nstruct mdev_driver bell")],
}
REFUSED = {
    "in-place-uninit": (IN_PLACE, "half-migrated", "ended here by vfio_uninit_group_dev() of the old model"),
    "in-place-freed": (IN_PLACE + [(END + "}", "\tkfree(b);\n}"), (END + "\treturn", "\tkfree(b);\n\treturn")],
                       "half-migrated", "its structure is freed here without a put of the device"),
    # The caller makes something else of NULL, which is no error pointer.
    "returned-as-null": (returned("-ENODEV"), "escaping-pointer", "is not kept in a variable here"),
    "choice-counts": (COUNTS, "init-arguments", "is not known yet where the structure is allocated"),
    "sequence-held": ([(PROBE, "static DEFINE_SEQLOCK(bell_lock);\n\n" + PROBE), (END + "}", "\twrite_seqlock(&bell_lock);\n" + END + "\twrite_sequnlock(&bell_lock);\n}")],
                      "atomic-context", "freed where the driver must not sleep"),
    "lock-held": (drop(END + "\tspin_unlock(&bell_lock);\n"), "atomic-context", "freed where the driver must not sleep"),
    "table-in-structure": ([("struct bell {\n", "struct bell_kind {\n\tconst struct vfio_device_ops *ops;\n};\n\nstruct bell {\n"),
                            ("\tu8 *clapper;\n", "\tu8 *clapper;\n\tconst struct bell_kind *kind;\n"),
                            (PROBE, "static const struct bell_kind bell_kinds[] = {\n\t{ &bell_ops },\n};\n\n" + PROBE),
                            (HERE, "\tb->kind = &bell_kinds[0];\n" + HERE.replace("&bell_ops", "b->kind->ops"))],
                           "init-arguments", "is found in the structure itself"),
}


def run(name, edits):
    text = BELL
    for old, new in edits:
        assert old in text, (name, old)
        text = text.replace(old, new)
    return (text, *convert([migrate, "--explain", "--kernel=" + kernel], os.path.join(work, name), text))


for name, (edits, has, has_not) in CONVERTED.items():
    before, done, text = run(name, edits)
    assert done.returncode == 0, (name, done.stdout)
    for line in has:
        assert line in text, "%s: lacks %r:\n%s" % (name, line, text)
    for line in has_not + ["uninit_group_dev", "kfree(b)"]:
        assert line not in text, "%s: has %r:\n%s" % (name, line, text)
    # Without set-up there is nothing to say of it.
    stays = name.startswith(("init-under-test-and-more", "kept", "chosen", "joint")) and name != "chosen-by-call"
    assert ("set-up stays" in done.stdout) == stays, (name, done.stdout)
for name, (edits, identifier, words) in REFUSED.items():
    before, done, text = run(name, edits)
    assert done.returncode == 2 and text == before, (name, done.stdout)
    assert "refused: %s:" % identifier in done.stdout and words in done.stdout, (name, done.stdout)

for name, edits in WHOLE.items():
    before, done, text = run(name, edits)
    assert done.returncode == 0 and text == before and "1 already new" in done.stdout, (name, done.stdout)

# The order of what happened is that of the code.
edits = [("\tvfio_unregister_group_dev(&b->vdev);\n\tvfio_uninit_group_dev(&b->vdev);\n\tkfree(b);\n",
          "\tvfio_unregister_group_dev(&b->vdev);\n\tkfree(b);\n\tvfio_uninit_group_dev(&b->vdev);\n")]
before, done, text = run("freed-first", edits)
assert "before: unregister, free, uninit\n" in done.stdout, done.stdout
assert "'b' is freed without 'vfio_uninit_group_dev' before it" in done.stdout, done.stdout
