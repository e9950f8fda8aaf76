# REQUIRES: headers-6.1
# RUN: %python %s %vfio-migrate %headers61 %src %t
"""Each reason for which a driver is left as it is: a driver that has it, the
identifier in the summary, and not a byte changed."""
import os
import re
import shutil
import subprocess
import sys

migrate, kernel, source, work = sys.argv[1:]

DRIVER = """// SPDX-License-Identifier: GPL-2.0
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct lamp {
	struct vfio_device vdev;
	u8 *glow;
};

static const struct vfio_device_ops lamp_ops = {
	.name = "lamp",
};

static int lamp_probe(struct mdev_device *mdev)
{
	struct lamp *lp;
	int ret;

	lp = kzalloc(sizeof(*lp), GFP_KERNEL);
	if (!lp)
		return -ENOMEM;
	vfio_init_group_dev(&lp->vdev, &mdev->dev, &lamp_ops);

	ret = vfio_register_emulated_iommu_dev(&lp->vdev);
	if (ret)
		goto err_free;
	dev_set_drvdata(&mdev->dev, lp);
	return 0;

err_free:
	vfio_uninit_group_dev(&lp->vdev);
	kfree(lp);
	return ret;
}

static void lamp_remove(struct mdev_device *mdev)
{
	struct lamp *lp = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&lp->vdev);
	vfio_uninit_group_dev(&lp->vdev);
	kfree(lp);
}

struct mdev_driver lamp_driver = {
	.probe = lamp_probe,
	.remove = lamp_remove,
};
"""
ALLOC = "lp = kzalloc(sizeof(*lp), GFP_KERNEL);"
INIT = "vfio_init_group_dev(&lp->vdev, &mdev->dev, &lamp_ops);"
END = "\tvfio_uninit_group_dev(&lp->vdev);\n\tkfree(lp);\n"
TABLE = 'static const struct vfio_device_ops lamp_ops = {\n\t.name = "lamp",\n};\n'

# identifier: what makes a driver of it, as (old, new) over DRIVER
VARIANTS = {
    "not-first-member": [("struct vfio_device vdev;\n\tu8 *glow;",
                          "u8 *glow;\n\tunion {\n\t\tstruct vfio_device vdev;\n\t\tu8 raw[4096];\n\t};")],
    "layout-sensitive": [("struct vfio_device vdev;\n\tu8 *glow;\n};",
                          "u8 *glow;\n\tstruct vfio_device vdev;\n} __packed;")],
    "structure-overwritten": [("\tvfio_init", "\t*lp = (struct lamp) { .glow = NULL };\n\tvfio_init")],
    "variable-size": [("u8 *glow;", "u8 glow[];"), ("sizeof(*lp)", "sizeof(*lp) + 64")],
    "unnamed-structure": [("struct lamp {", "typedef struct {"),
                          ("u8 *glow;\n};", "u8 *glow;\n} lamp_t;"),
                          ("struct lamp *lp", "lamp_t *lp")],
    "pointer-not-embedded": [("struct vfio_device vdev;", "struct vfio_device *vdev;"),
                             ("&lp->vdev", "lp->vdev"),
                             ("\tvfio_init", "\tlp->vdev = kzalloc(sizeof(*lp->vdev), GFP_KERNEL);\n"
                              "\tif (!lp->vdev) {\n\t\tkfree(lp);\n\t\treturn -ENOMEM;\n\t}\n\tvfio_init"),
                             ("\tkfree(lp);\n\treturn ret", "\tkfree(lp->vdev);\n\tkfree(lp);\n\treturn ret"),
                             ("\tkfree(lp);\n}", "\tkfree(lp->vdev);\n\tkfree(lp);\n}")],
    "slab-cache": [("struct lamp {", "extern struct kmem_cache *lamp_cache;\n\nstruct lamp {"),
                   (ALLOC, "lp = kmem_cache_zalloc(lamp_cache, GFP_KERNEL);"),
                   ("kfree(lp)", "kmem_cache_free(lamp_cache, lp)")],
    "special-memory": [("GFP_KERNEL", "GFP_KERNEL | GFP_DMA")],
    "atomic-context": [("GFP_KERNEL", "GFP_ATOMIC")],
    "several-instances": [("u8 *glow;", "struct vfio_device second;")],
    "conditional-code": [("\tkfree(lp);\n", "#ifndef CONFIG_LAMP\n\tkfree(lp);\n#else\n\tkvfree(lp);\n#endif\n")],
    "half-migrated": [(ALLOC, "lp = vfio_alloc_device(lamp, vdev, mdev->dev.parent, &lamp_ops);"), ("if (!lp)", "if (IS_ERR(lp))"),
                      ("return -ENOMEM;", "return PTR_ERR(lp);")],
    "call-in-macro": [("static int lamp_probe", "#define LAMP_END(l) do { vfio_uninit_group_dev(&(l)->vdev); kfree(l); } while (0)\n\nstatic int lamp_probe"),
                      (END, "\tLAMP_END(lp);\n")],
    "unpaired-cleanup": [("\tvfio_uninit_group_dev(&lp->vdev);\n\tkfree(lp);\n}",
                          "\tif (lp->glow)\n\t\tvfio_uninit_group_dev(&lp->vdev);\n\telse\n\t\tlp->glow = NULL;\n\tkfree(lp);\n}")],
    "escaping-pointer": [("static int lamp_probe", "struct lamp *lamp_from_elsewhere(void);\n\nstatic int lamp_probe"),
                         (ALLOC, "lp = lamp_from_elsewhere();")],
    "mixed-allocation": [
        ("static int lamp_probe", "static struct lamp *spare;\n\n"
         "static struct lamp *lamp_new(void)\n{\n\tstruct lamp *new;\n\n\tnew = kzalloc(sizeof(*new), GFP_KERNEL);\n\tif (!new)\n\t\treturn NULL;\n\treturn new;\n}\n\n"
         "static void lamp_free(struct lamp *lp)\n{\n\tkfree(lp);\n}\n\n"
         "int lamp_spare(void)\n{\n\tspare = lamp_new();\n\treturn spare ? 0 : -ENOMEM;\n}\n\n"
         "void lamp_no_spare(void)\n{\n\tlamp_free(spare);\n}\n\nstatic int lamp_probe"),
        (ALLOC, "lp = lamp_new();"), ("\tkfree(lp);\n\treturn ret", "\tlamp_free(lp);\n\treturn ret"),
        ("\tkfree(lp);\n}\n\nstruct mdev", "\tlamp_free(lp);\n}\n\nstruct mdev")],
    "unknown-ops": [(TABLE, "extern const struct vfio_device_ops lamp_ops;\n")],
    "call-in-expression": [(END + "}", "\tdo\n\t\tvfio_uninit_group_dev(&lp->vdev);\n\twhile (0);\n\tkfree(lp);\n}")],
    "unchecked-allocation": [("\tif (!lp)\n\t\treturn -ENOMEM;\n", "")],
    "init-arguments": [("\tint ret;\n", "\tconst struct vfio_device_ops *ops;\n\tint ret;\n"),
                       ("\tvfio_init", "\tops = lp->glow ? NULL : &lamp_ops;\n\tvfio_init"), ("&mdev->dev, &lamp_ops", "&mdev->dev, ops")],
    "too-old": [(INIT, "vfio_add_group_dev(&mdev->dev, &lamp_ops, lp);"),
                ("ret = vfio_register_emulated_iommu_dev(&lp->vdev);", "ret = 0;"),
                ("\tvfio_unregister_group_dev(&lp->vdev);\n", "\tvfio_del_group_dev(&mdev->dev);\n"),
                ("\tvfio_uninit_group_dev(&lp->vdev);\n", "")],
    "does-not-parse": [("\tvfio_unregister_group_dev(&lp->vdev);\n", "\tif (lp->gone(,) {\n")],
    "does-not-verify": [("\tvfio_unregister_group_dev(&lp->vdev);\n",
                         "\tvfio_unregister_group_dev(&lp->vdev);\n\tput_device(&lp->vdev.device);\n")],
}
# Reasons that lie in where the files are; see run_elsewhere().
ELSEWHERE = {"structure-outlives-device", "shared-header", "outside-given-paths"}


def variant(edits):
    text = DRIVER
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return text


def contents(folder):
    found = {}
    for root, _, files in os.walk(folder):
        for name in files:
            with open(os.path.join(root, name), "rb") as file:
                found[os.path.join(root, name)] = file.read()
    return found


def refusals(paths, target="6.1"):
    """The output of a run that writes in place, and that nothing was written."""
    before = contents(work)
    run = subprocess.run([migrate, "-i", "--kernel=" + kernel, "--target=" + target, *paths],
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert contents(work) == before, "a refused driver was changed:\n" + run.stdout
    assert run.returncode == 2, "exit status %d:\n%s" % (run.returncode, run.stdout)
    return run.stdout


def write(name, text, mode=0o644):
    path = os.path.join(work, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, mode)
    return path


shutil.rmtree(work, ignore_errors=True)
wrong = []
for identifier, edits in VARIANTS.items():
    write(identifier + "/lamp.c", variant(edits))
output = refusals([work])
for identifier in VARIANTS:
    place = r"refused: %s: \S*/%s/lamp\.c:\d+" % (identifier, identifier)
    if not re.search(place, output):
        wrong.append(identifier)

# From 6.2 on core has nothing for a structure that outlives its device.
shutil.rmtree(work)
shutil.copytree(source + "/samples/legacy/harbour", work + "/harbour")
if "refused: structure-outlives-device:" not in refusals([work], "6.2"):
    wrong.append("structure-outlives-device")

# A header outside of the paths that were given, which would have to change.
shutil.rmtree(work)
RECORD = "struct lamp {\n\tstruct vfio_device vdev;\n\tu8 *glow;\n};\n"
write("include/lamp.h", "#include <linux/vfio.h>\n\nstruct lamp {\n\tu8 *glow;\n\tstruct vfio_device vdev;\n};\n")
moved = DRIVER.replace(RECORD, '#include "../include/lamp.h"\n')
driver = write("driver/lamp.c", moved)
if "refused: outside-given-paths:" not in refusals([driver]):
    wrong.append("outside-given-paths")

# A header in which two drivers must change, one of which is refused.
shutil.rmtree(work)
write("outside/torch.h", "#include <linux/vfio.h>\n\nstruct torch {\n\tu8 *glow;\n\tstruct vfio_device vdev;\n};\n")
write("in/light.h", '#include <linux/slab.h>\n#include "../outside/torch.h"\n\n'
      "struct lamp {\n\tu8 *glow;\n\tstruct vfio_device vdev;\n};\n\n"
      "static inline void torch_end(struct torch *lp)\n{\n" + END + "}\n")
write("in/lamp.c", DRIVER.replace(RECORD, '#include "light.h"\n'))
write("in/torch.c", DRIVER.replace(RECORD, '#include "light.h"\n').replace(END, "\ttorch_end(lp);\n")
      .replace("lamp_", "torch_").replace("struct lamp", "struct torch"))
output = refusals([work + "/in"])
if not re.search(r"in/lamp\.c.*\n\s*refused: shared-header:", output):
    wrong.append("shared-header")

with open(source + "/rewriter/Refusals.def") as file:
    rows = set(re.findall(r'^REFUSAL\(\w+,\s*"([^"]*)"', file.read(), re.M))
untested = rows - set(VARIANTS) - ELSEWHERE
assert not untested, "identifiers without a driver here: %s" % sorted(untested)
assert not wrong, "not refused by this name: %s\n%s" % (wrong, output)
