# REQUIRES: headers-6.1, headers-6.12
# RUN: %python %s %vfio-migrate %headers61 %headers612 %src %t
"""Each row of rewriter/Steps.def by itself: a driver before, a line of it after,
and a driver in which the step has nothing to do.

A new step is a row there and a row here."""
import json
import os
import re
import shutil
import subprocess
import sys

migrate, kernel61, kernel612, source, work = sys.argv[1:]
with open(source + "/test/rewriter/Inputs/cases/bell.c") as file:
    BELL = file.read()
ALLOC = "b = kzalloc(sizeof(*b), GFP_KERNEL);\n"
TESTED = ALLOC + "\tif (!b)\n\t\treturn -ENOMEM;\n"
INIT = "\tvfio_init_group_dev(&b->vdev, &mdev->dev, &bell_ops);\n"
PROBE = "static int bell_probe"
OTHER = PROBE, 'static const struct vfio_device_ops bell_low_ops = {\n\t.name = "bell-low",\n};\n\n' + PROBE
NEW = PROBE, "static struct bell *bell_new(%s)\n{\n\tstruct bell *b;\n\n\t" + TESTED.replace("-ENOMEM", "NULL") + "%s\treturn b;\n}\n\n" + PROBE
TAIL = [("\tret = vfio_register_emulated_iommu_dev(&b->vdev);\n\tif (ret)\n\t\tgoto err_free;\n\tdev_set_drvdata(&mdev->dev, b);\n\treturn 0;\n\n"
         "err_free:\n\tvfio_uninit_group_dev(&b->vdev);\n\tkfree(b);\n\treturn ret;\n",
         "\tdev_set_drvdata(&mdev->dev, b);\n\treturn vfio_register_emulated_iommu_dev(&b->vdev);\n")]
END = "\tvfio_uninit_group_dev(&b->vdev);\n\tkfree(b);\n}"
SET_UP = [("\tdev_info(&mdev->dev, \"a bell\\n\");\n", "\tb->clapper = kzalloc(8, GFP_KERNEL);\n\tif (!b->clapper) {\n\t\tret = -ENOMEM;\n\t\tgoto err_free;\n\t}\n"),
          ("\t\tgoto err_free;\n\tdev_set", "\t\tgoto err_clapper;\n\tdev_set"), ("err_free:", "err_clapper:\n\tkfree(b->clapper);\nerr_free:"),
          (END, "\tkfree(b->clapper);\n" + END)]


def made(by, more=""):
    """An allocation in a helper."""
    return (NEW[0], NEW[1] % (by, more))


def library(export):
    """A module that prepares the bells of others."""
    head, probe = BELL.split("static const struct vfio_device_ops")
    record = head[head.index("struct bell {"):].rstrip() + "\n"
    includes = head[:head.index("struct bell {")]
    ring = "static int bell_open(struct vfio_device *vdev)\n{\n\treturn 0;\n}\n\n"
    common = (includes + '#include "bell.h"\n\n' + ring + "static const struct vfio_device_ops bell_ops = {\n\t.name = \"bell\",\n"
              "\t.open_device = bell_open,\n};\n\nint bell_probe_common(struct bell *b, struct device *dev)\n{\n\tint ret;\n\n"
              "\tvfio_init_group_dev(&b->vdev, dev, &bell_ops);\n\tret = vfio_register_emulated_iommu_dev(&b->vdev);\n\tif (ret)\n"
              "\t\tvfio_uninit_group_dev(&b->vdev);\n\treturn ret;\n}\n" + export % "bell_probe_common" +
              "\nvoid bell_remove_common(struct bell *b)\n{\n\tvfio_unregister_group_dev(&b->vdev);\n\tvfio_uninit_group_dev(&b->vdev);\n}\n"
              + export % "bell_remove_common")
    bus = (includes + '#include "bell.h"\n\nstatic int tower_probe(struct mdev_device *mdev)\n{\n\tstruct bell *b;\n\tint ret;\n\n'
           "\t" + TESTED + "\tret = bell_probe_common(b, &mdev->dev);\n\tif (ret) {\n\t\tkfree(b);\n\t\treturn ret;\n\t}\n"
           "\tdev_set_drvdata(&mdev->dev, b);\n\treturn 0;\n}\n\nstatic void tower_remove(struct mdev_device *mdev)\n{\n"
           "\tstruct bell *b = dev_get_drvdata(&mdev->dev);\n\n\tbell_remove_common(b);\n\tkfree(b);\n}\n\n"
           "struct mdev_driver tower_driver = {\n\t.probe = tower_probe,\n\t.remove = tower_remove,\n};\n")
    return {"bell.h": "#include <linux/vfio.h>\n\n" + record + "\nint bell_probe_common(struct bell *b, struct device *dev);\n"
            "void bell_remove_common(struct bell *b);\n", "bell_common.c": common, "tower.c": bus,
            "Makefile": "obj-m := bell_common.o tower.o\n"}


# step: (the edits of bell.c, a sample or files, what the result has), where it has nothing to do
STEPS = {
    "MoveMemberFirst": ([("\tstruct vfio_device vdev;\n\tu8 *clapper;\n", "\tu8 *clapper;\n\tstruct vfio_device vdev;\n")],
                        "struct bell {\n\tstruct vfio_device vdev;\n\tu8 *clapper;\n", []),
    "ReplaceAllocation": ([], "\tb = vfio_alloc_device(bell, vdev, &mdev->dev, &bell_ops);\n", [("GFP_KERNEL", "GFP_DMA")]),
    "RemoveMemset": ([(TESTED, TESTED.replace("kzalloc", "kmalloc") + "\tmemset(b, 0, sizeof(*b));\n")], "return PTR_ERR(b);\n\tdev_info",
                     [(TESTED, TESTED + "\tmemset(&b->pitch, 0, sizeof(b->pitch));\n")]),
    "TestByIsErr": ([], "\tif (IS_ERR(b))\n\t\treturn PTR_ERR(b);\n", [(TESTED, ALLOC + "\tret = b ? 0 : -ENOMEM;\n\tif (ret)\n\t\treturn ret;\n")]),
    "TestApart": ([("\tint ret;\n", "\tu8 *own;\n\tint ret;\n"), ("\treturn ret;\n}", "\tkfree(own);\n\treturn ret;\n}"),
                   (TESTED, ALLOC + "\town = kzalloc(8, GFP_KERNEL);\n\tif (!own || !b) {\n\t\tkfree(own);\n\t\tkfree(b);\n\t\treturn -ENOMEM;\n\t}\n"),
                   ("\tdev_set_drvdata(&mdev->dev, b);\n", "\tb->clapper = own;\n\tdev_set_drvdata(&mdev->dev, b);\n"),
                   (END, "\tkfree(b->clapper);\n" + END)],
                  "\tif (IS_ERR(b)) {\n\t\tkfree(own);\n\t\treturn PTR_ERR(b);\n\t}\n\tif (!own) {\n", []),
    "TakeError": ([(TESTED, ALLOC + "\tret = b ? 0 : -ENOMEM;\n\tif (ret)\n\t\treturn ret;\n")], "\tret = PTR_ERR_OR_ZERO(b);\n", []),
    "StoreWhenThere": ([("static int bell_probe", "static struct { struct bell *only; } tower;\n\nstatic int bell_probe"),
                        (TESTED, "tower.only = kzalloc(sizeof(*tower.only), GFP_KERNEL);\n\tif (!tower.only)\n\t\treturn -ENOMEM;\n"),
                        (INIT, INIT.replace("&b->vdev", "&tower.only->vdev")), ("\tret = vfio_reg", "\tb = tower.only;\n\tret = vfio_reg"),
                        (END, END.replace("\tkfree(b);", "\tkfree(b);\n\ttower.only = NULL;")),
                        ("err_free:\n", "err_free:\n\ttower.only = NULL;\n")],
                       "\tif (IS_ERR(state)) {\n\t\ttower.only = NULL;\n\t\treturn PTR_ERR(state);\n\t}\n\ttower.only = state;\n", []),
    "ReturnErrors": ([made("struct device *dev", INIT.replace("&mdev->dev", "dev")), (TESTED + INIT, "b = bell_new(&mdev->dev);\n\tif (!b)\n\t\treturn -ENOMEM;\n")],
                     "\tb = vfio_alloc_device(bell, vdev, dev, &bell_ops);\n\treturn b;\n", []),
    "ChooseBefore": ([OTHER, ("\tint ret;\n", "\tconst struct vfio_device_ops *ops;\n\tint ret;\n"),
                      (INIT, "\tops = dev_name(&mdev->dev)[0] == 'l' ? &bell_low_ops : &bell_ops;\n" + INIT.replace("&bell_ops", "ops"))],
                     "? &bell_low_ops : &bell_ops;\n\n\tb = vfio_alloc_device(bell, vdev, &mdev->dev, ops);\n", []),
    "ChooseTable": ([OTHER, (INIT, "\tif (b->pitch)\n\t" + INIT.replace("bell_ops", "bell_low_ops") + "\telse\n\t" + INIT)],
                    "\t\tb->vdev.ops = &bell_low_ops;\n", []),
    "PassDevice": ([made("void"), (TESTED, "b = bell_new();\n\tif (!b)\n\t\treturn -ENOMEM;\n")],
                   "b = bell_new(&mdev->dev, &bell_ops);\n", []),
    "ExposeTable": ("legacy/beacon", "extern const struct vfio_device_ops beacon_ops;", []),
    "OwnTable": (library("EXPORT_SYMBOL_GPL(%s);\n"), "static const struct vfio_device_ops tower_ops = {\n\t.name = \"bell\",\n\t.release = vfio_free_device,\n"
                 "\t.open_device = bell_open,\n};\n", library("/* %s is of the same module. */\n")),
    "DropInit": ([(TESTED, "b = vfio_alloc_device(bell, vdev, &mdev->dev, &bell_ops);\n\tif (IS_ERR(b))\n\t\treturn PTR_ERR(b);\n")],
                 "\t\treturn PTR_ERR(b);\n\tdev_info", []),
    "InitDevice": ("legacy/harbour", "vfio_init_device(", []),
    "PutAndWait": ("legacy/harbour", "wait_for_completion(", []),
    "RemoveUninit": ([], "&b->vdev);\n\tvfio_put_device(&b->vdev);\n}", "legacy/edu_devm"),
    "PutInsteadOfFree": ([], "err_put_vdev:\n\tvfio_put_device(&b->vdev);\n", "legacy/edu_devm"),
    "PutDevmDevice": ("legacy/edu_devm", "vfio_put_device(", []),
    "PutInCondition": ([("\tvfio_unregister_group_dev(&b->vdev);\n" + END, "\tif (b) {\n\t\tvfio_unregister_group_dev(&b->vdev);\n"
                         "\t\tvfio_uninit_group_dev(&b->vdev);\n\t}\n\tkfree(b);\n}")],
                       "\tif (b) {\n\t\tvfio_unregister_group_dev(&b->vdev);\n\t\tvfio_put_device(&b->vdev);\n\t}\n}", []),
    "PutAtTail": (TAIL, "\tif (ret)\n\t\tvfio_put_device(&b->vdev);\n\treturn ret;\n", []),
    "FreeAfterUnregister": (SET_UP[:-1] + [("\tvfio_unregister_group_dev(&b->vdev);\n", "\tkfree(b->clapper);\n\tvfio_unregister_group_dev(&b->vdev);\n")],
                            "\tkfree(b->clapper);\n\tvfio_free_device(vdev);\n", SET_UP),
    "AddInit": ("legacy/edu_bare", ".init = vfio_pci_core_init_dev,", []),
    "AddRelease": ([], "\t.release = vfio_free_device,\n", SET_UP),
    "RenameCallback": ([('\t.name = "bell",\n', '\t.name = "bell",\n\t.open = bell_open,\n'),
                        ("static const struct vfio", "static int bell_open(struct vfio_device *vdev)\n{\n\treturn 0;\n}\n\nstatic const struct vfio")],
                       "\t.open_device = bell_open,\n", []),
    "RegisterEmulated": ([("vfio_register_emulated_iommu_dev", "vfio_register_group_dev")], "ret = vfio_register_emulated_iommu_dev(&b->vdev);\n", []),
    "DrvdataBeforeRegister": ("legacy/edu_late", "pci_set_drvdata(", "legacy/edu_bare"),
    "AddIommufd": ("clean/6.1/spark", ".detach_ioas = vfio_iommufd_emulated_detach_ioas,", []),
    "MoveToInit": (SET_UP, "\t.init = bell_init_dev,\n", []),
    "MoveToRelease": (SET_UP, "\t.release = bell_release_dev,\n", []),
    "MoveQuota": ("legacy/tokenpool", "\tkfree(tp->slots);\n\tatomic_add(tp->type->tokens, &tokenpool_left);\n\tvfio_free_device(vdev);\n", SET_UP),
    "DropRelease": ("clean/6.1/spark", '.name = "spark",\n\t.read = spark_read,', "clean/6.1/hearth"),
    "DropFree": ("clean/6.1/hearth", ".release = hearth_release_dev,", "clean/6.1/spark"),
}


def run(name, what):
    """The steps of the plan, and the driver's text afterwards."""
    folder = os.path.join(work, name)
    shutil.rmtree(folder, ignore_errors=True)
    if isinstance(what, str):
        shutil.copytree(os.path.join(source, "samples", what), folder)
    elif isinstance(what, dict):
        os.makedirs(folder)
        for path, text in what.items():
            with open(os.path.join(folder, path), "w") as file:
                file.write(text)
    else:
        text = BELL
        for old, new in what:
            assert old in text, (name, old)
            text = text.replace(old, new)
        os.makedirs(folder)
        with open(folder + "/bell.c", "w") as file:
            file.write(text)
    later = str(what).startswith("clean")
    report = folder + ".json"
    done = subprocess.run([migrate, "-i", "--kernel=" + (kernel612 if later else kernel61), "--target=" + ("6.2" if later else "6.1"),
                           "--report=" + report, folder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with open(report) as file:
        plan = {step["step"] for driver in json.load(file)["drivers"] for step in driver.get("plan", [])}
    text = ""
    for path in sorted(os.listdir(folder)):
        with open(os.path.join(folder, path)) as file:
            text += file.read()
    return plan, text, done.stdout


with open(source + "/rewriter/Steps.def") as file:
    rows = re.findall(r"^STEP\((\w+),", file.read(), re.M)
assert sorted(rows) == sorted(STEPS), set(rows) ^ set(STEPS)
wrong = []
for step, (before, after, nothing) in STEPS.items():
    plan, text, output = run(step, before)
    if step not in plan or after not in text:
        wrong.append("%s: plan %s\n%s\n%s" % (step, sorted(plan), output, text))
    plan, text, output = run(step + "-not", nothing)
    if step in plan:
        wrong.append("%s: where it has nothing to do\n%s" % (step, output))
if wrong:
    sys.exit("\n".join(wrong))
