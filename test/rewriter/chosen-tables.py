# REQUIRES: headers-6.1
# RUN: %python %s %vfio-migrate %headers61 %src %t
"""An ops table that is chosen between the allocation and the init: the choice
moves before the allocation where nothing that it passes can tell."""
import os
import sys

migrate, kernel, source, work = sys.argv[1:]
sys.path.insert(0, source + "/test/rewriter/Inputs")
from bell import BELL, convert

PROBE = "static int bell_probe"
LOW = 'static const struct vfio_device_ops bell_low_ops = {\n\t.name = "bell-low",\n};\n\n'
INIT = "\tvfio_init_group_dev(&b->vdev, &mdev->dev, &bell_ops);\n"
BY_BUS = "\tif (mdev->dev.parent->bus == &platform_bus_type)\n\t\tops = &bell_low_ops;\n"
BY_SWITCH = """	switch (mdev->dev.parent->numa_node) {
	case 0:
		ops = &bell_low_ops;
		break;
	default:
		break;
	}
"""


def driver(choice, more=""):
    text = BELL
    for old, new in [(PROBE, LOW + more + PROBE), ("\tint ret;\n", "\tconst struct vfio_device_ops *ops = &bell_ops;\n\tint ret;\n"),
                     ("#include <linux/slab.h>\n", "#include <linux/mutex.h>\n#include <linux/platform_device.h>\n#include <linux/slab.h>\n"),
                     ("\tu32 pitch;\n", "\tu32 pitch;\n\tstruct mutex lock;\n"), (INIT, choice + INIT.replace("&bell_ops", "ops"))]:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def run(name, text):
    return convert([migrate, "--kernel=" + kernel], os.path.join(work, name), text)


CONVERTED = {
    # What is written into the structure meanwhile, nobody else can see.
    "bus": (driver("\tmutex_init(&b->lock);\n\tb->pitch = 440;\n" + BY_BUS), BY_BUS),
    "spinlock-and-work": (driver("\tspin_lock_init(&b->fast);\n\tINIT_LIST_HEAD(&b->list);\n\tatomic_set(&b->count, 1);\n" + BY_BUS)
                          .replace("\tu32 pitch;\n", "\tu32 pitch;\n\tspinlock_t fast;\n\tstruct list_head list;\n\tatomic_t count;\n"), BY_BUS),
    "switch": (driver("\tmutex_init(&b->lock);\n" + BY_SWITCH), BY_SWITCH),
    # It leaves by what the choice does not look at.
    "guard-of-another": (driver("\tif (bell_quiet) {\n\t\tkfree(b);\n\t\treturn -EINVAL;\n\t}\n" + BY_BUS,
                                "static bool bell_quiet;\nmodule_param(bell_quiet, bool, 0444);\n\n"), BY_BUS),
}
for name, (text, choice) in CONVERTED.items():
    done, after = run(name, text)
    assert done.returncode == 0 and "verified:" in done.stdout, (name, done.stdout)
    at = after.index(choice + "\n\tb = vfio_alloc_device(bell, vdev, &mdev->dev, ops);\n")
    assert after.count(choice) == 1 and at < after.index("vfio_register"), (name, after)

REFUSED = {
    # Behind this, the parent may be looked at, and before it, not.
    "guard": driver("\tif (!mdev->dev.parent) {\n\t\tkfree(b);\n\t\treturn -EINVAL;\n\t}\n" + BY_BUS),
    # What is asked may be another's by then.
    "changed": driver("\tbell_tune(mdev->dev.parent);\n" + BY_BUS, "void bell_tune(struct device *dev);\n\n"),
    # Set-up of the structure that counts elsewhere, in a function or by itself.
    "counted": driver("\tbell_hang(b);\n\tif (bells > 1)\n\t\tops = &bell_low_ops;\n",
                      "static int bells;\n\nstatic void bell_hang(struct bell *b)\n{\n\tmutex_init(&b->lock);\n\tb->pitch = ++bells;\n}\n\n"),
    "counted-by-pointer": driver("\tb->tower = dev_get_drvdata(&mdev->dev);\n\tb->tower->bells++;\n"
                                 "\tif (((struct tower *)dev_get_drvdata(&mdev->dev))->bells > 1)\n\t\tops = &bell_low_ops;\n", "")
    .replace("struct bell {\n", "struct tower {\n\tint bells;\n};\n\nstruct bell {\n").replace("\tu32 pitch;\n", "\tu32 pitch;\n\tstruct tower *tower;\n"),
    "of-the-structure": driver("\tb->pitch = mdev->dev.parent->numa_node;\n\tif (b->pitch)\n\t\tops = &bell_low_ops;\n"),
}
for name, text in REFUSED.items():
    done, after = run(name, text)
    assert done.returncode == 2 and after == text, (name, done.stdout)
    assert "refused: init-arguments:" in done.stdout, (name, done.stdout)
