# REQUIRES: headers-6.1
# RUN: %python %s %vfio-migrate %headers61 %src %t
"""What moves must not change what others see; and shapes of ends that are
converted, or refused by what they are."""
import os
import sys

migrate, kernel, source, work = sys.argv[1:]
sys.path.insert(0, source + "/test/rewriter/Inputs")
from bell import BELL, convert

PROBE = "static int bell_probe"
ALLOC = "\tb = kzalloc(sizeof(*b), GFP_KERNEL);\n\tif (!b)\n\t\treturn -ENOMEM;\n"
INIT = "\tvfio_init_group_dev(&b->vdev, &mdev->dev, &bell_ops);\n"
TOLD = "\tdev_info(&mdev->dev, \"a bell\\n\");\n"
REGISTERED = ("\tret = vfio_register_emulated_iommu_dev(&b->vdev);\n\tif (ret)\n\t\tgoto err_free;\n\tdev_set_drvdata(&mdev->dev, b);\n\treturn 0;\n\n"
              "err_free:\n\tvfio_uninit_group_dev(&b->vdev);\n\tkfree(b);\n\treturn ret;\n")
REMOVED = "\tvfio_unregister_group_dev(&b->vdev);\n\tvfio_uninit_group_dev(&b->vdev);\n\tkfree(b);\n"
REMOVE = "\tstruct bell *b = dev_get_drvdata(&mdev->dev);\n\n" + REMOVED
COUNTED = "static int bells;\nstatic const u32 pitches[] = { 220, 440 };\n"

# name: (the edits of bell.c, what the result has, what it has not, what is said, what is not said)
CONVERTED = {
    # The pitch is that of the new count.
    "count": ([(PROBE, COUNTED + "\n" + PROBE), (INIT, "\tbells++;\n" + INIT), (TOLD, "\tb->pitch = pitches[bells & 1];\n")],
              ["\tbells++;\n", "\tb->pitch = pitches[bells & 1];\n"], [".init"], "what stays in front of it counts in 'bells'", "-"),
    "count-in-function": ([(PROBE, COUNTED + "\nstatic u32 bell_pitch(void)\n{\n\treturn pitches[bells & 1];\n}\n\n" + PROBE),
                           (INIT, "\tbells++;\n" + INIT), (TOLD, "\tb->pitch = bell_pitch();\n")],
                          ["\tb->pitch = bell_pitch();\n"], [".init"], "what stays in front of it counts in 'bells'", "-"),
    # One that has nothing to do with it moves.
    "count-apart": ([(PROBE, COUNTED + "\n" + PROBE), (INIT, "\tbells++;\n" + INIT), (TOLD, "\tb->pitch = pitches[0];\n")],
                    [".init = bell_init_dev"], [], "1 converted", "counts in"),
    # Labels of a switch are labels.
    "switch": ([(REGISTERED, "\tret = vfio_register_emulated_iommu_dev(&b->vdev);\n\tswitch (ret) {\n\tcase 0:\n\t\tdev_set_drvdata(&mdev->dev, b);\n\t\treturn 0;\n"
                 "\tdefault:\n\t\tvfio_uninit_group_dev(&b->vdev);\n\t\tkfree(b);\n\t\treturn ret;\n\t}\n")],
               ["\tdefault:\n\t\tvfio_put_device(&b->vdev);\n\t\treturn ret;\n"], [], "1 converted", "-"),
    # What a macro makes of the device is the device.
    "macro": ([(PROBE, "#define to_bell(v) container_of(v, struct bell, vdev)\n\nstatic void bell_end(struct vfio_device *vdev)\n{\n"
                "\tvfio_uninit_group_dev(vdev);\n\tkfree(to_bell(vdev));\n}\n\n" + PROBE),
               (REMOVED, "\tvfio_unregister_group_dev(&b->vdev);\n\tbell_end(&b->vdev);\n")],
              ["{\n\tvfio_put_device(vdev);\n}\n"], [], "1 converted", "-"),
    # A devm action gets a void *.
    "action": ([(PROBE, "static void bell_end(void *data)\n{\n\tvfio_uninit_group_dev(data);\n}\n\n" + PROBE),
                (ALLOC, ALLOC.replace("kzalloc(", "devm_kzalloc(&mdev->dev, ")),
                (INIT, INIT + "\tret = devm_add_action_or_reset(&mdev->dev, bell_end, &b->vdev);\n\tif (ret)\n\t\treturn ret;\n"),
                (REGISTERED, "\tret = vfio_register_emulated_iommu_dev(&b->vdev);\n\tif (ret)\n\t\treturn ret;\n\tdev_set_drvdata(&mdev->dev, b);\n\treturn 0;\n"),
                (REMOVED, "\tvfio_unregister_group_dev(&b->vdev);\n")],
               ["{\n\tvfio_put_device(data);\n}\n"], [], "1 converted", "-"),
    # devm freed when all was done, on every way out: the put comes behind the last use.
    "devm": ([("\tu32 pitch;\n", "\tu32 pitch;\n\tvoid *rope;\n"), (ALLOC, ALLOC.replace("kzalloc(", "devm_kzalloc(&mdev->dev, ") +
              "\tb->rope = devm_kmalloc(&mdev->dev, 16, GFP_KERNEL);\n\tif (!b->rope)\n\t\treturn -ENOMEM;\n"
              "\tb->clapper = memdup_user(NULL, 16);\n\tif (IS_ERR(b->clapper))\n\t\treturn PTR_ERR(b->clapper);\n"),
              ("err_free:\n\tvfio_uninit_group_dev(&b->vdev);\n\tkfree(b);\n", "err_free:\n\tvfio_uninit_group_dev(&b->vdev);\n\tkfree(b->clapper);\n"),
              (REMOVED, "\tvfio_unregister_group_dev(&b->vdev);\n\tvfio_uninit_group_dev(&b->vdev);\n\tkfree(b->clapper);\n")],
             ["\tif (!b->rope) {\n\t\tret = -ENOMEM;\n\t\tgoto err_free;\n\t}\n",
              "\tif (IS_ERR(b->clapper)) {\n\t\tret = PTR_ERR(b->clapper);\n\t\tvfio_put_device(&b->vdev);\n\t\treturn ret;\n\t}\n",
              "\tkfree(b->clapper);\n\tvfio_put_device(&b->vdev);\n\treturn ret;\n", "\tkfree(b->clapper);\n\tvfio_put_device(&b->vdev);\n}\n"], [], "1 converted", "-"),
    # One that was never prepared lacks no uninit.
    "dummy": ([(INIT, "\tdev_set_drvdata(&mdev->dev, b);\n\tif (!mdev->dev.parent->driver) {\n\t\tb->pitch = 0;\n\t\treturn 0;\n\t}\n" + INIT),
               (REMOVED, "\tif (!b->pitch) {\n\t\tkfree(b);\n\t\treturn;\n\t}\n" + REMOVED)],
              ["\tif (!b->pitch) {\n\t\tvfio_put_device(&b->vdev);\n\t\treturn;\n\t}\n"], [], "1 converted", "bug not carried over"),
    # Its undo is there, in other words.
    "undo-by-local": ([(TOLD, "\tb->clapper = kzalloc(16, GFP_KERNEL);\n\tif (!b->clapper) {\n\t\tret = -ENOMEM;\n\t\tgoto err_free;\n\t}\n"),
                       ("err_free:\n", "err_free:\n\tkfree(b->clapper);\n"),
                       (REMOVE, REMOVE.replace(";\n\n", ";\n\tu8 *clapper = b->clapper;\n\n", 1).replace("\tkfree(b);", "\tkfree(clapper);\n\tkfree(b);"))],
                      ["\tkfree(clapper);\n\tvfio_put_device(&b->vdev);\n"], [".init"],
                      "'kfree(b->clapper)', of the error path, does not stand in remove between the unregister and the put", "-"),
    # What is left as it was, is carried over.
    "left": ([("\tu32 pitch;\n", "\tu32 pitch;\n\tint result;\n"),
              ("\tret = vfio_register_emulated_iommu_dev(&b->vdev);\n\tif (ret)\n\t\tgoto err_free;\n", "\tvfio_register_emulated_iommu_dev(&b->vdev);\n"),
              ("\treturn 0;\n\nerr_free:\n\tvfio_uninit_group_dev(&b->vdev);\n\tkfree(b);\n\treturn ret;\n", "\treturn 0;\n"), ("\tint ret;\n", "")],
             [], [], "says of what is left as it was: ", "bug not carried over"),
}
GIVEN = "\tstruct device *dev = mdev->dev.parent;\n\tstruct bell *b;\n"
REFUSED = {
    # What would move up is looked at on the way.
    "device-read": ([("\tstruct bell *b;\n\tint ret;\n", GIVEN + "\tint ret;\n"),
                     (INIT, "\tb->pitch = dev_to_node(dev);\n\tdev = &mdev->dev;\n" + INIT.replace("&mdev->dev", "dev"))], "init-arguments", ""),
    "table-read": ([(PROBE, "static const struct vfio_device_ops gong_ops = {\n\t.name = \"gong\",\n};\n\n" + PROBE),
                    ("\tint ret;\n", "\tconst struct vfio_device_ops *ops = &bell_ops;\n\tint ret;\n"),
                    (INIT, "\tb->pitch = ops == &bell_ops;\n\tif (mdev->dev.id & 1)\n\t\tops = &gong_ops;\n" + INIT.replace("&bell_ops", "ops"))],
                   "init-arguments", ""),
    "copy": ([(PROBE, "static struct vfio_device last;\n\n" + PROBE), (TOLD, "\tlast = b->vdev;\n")], "layout-sensitive", "the vfio_device is copied here"),
    "static": ([(PROBE, "static struct bell only;\n\n" + PROBE), (ALLOC, "\tb = &only;\n"), ("\tkfree(b);\n\treturn ret;\n", "\treturn ret;\n"),
                (REMOVED, REMOVED.replace("\tkfree(b);\n", ""))], "structure-outlives-device", "is a variable of the module"),
    "other-type": ([(PROBE, "struct belfry {\n\tstruct bell first;\n\tu32 more;\n};\n\n" + PROBE), ("sizeof(*b)", "sizeof(struct belfry)"),
                    ("\tb = kzalloc", "\tb = (void *)kzalloc")], "mixed-allocation", "is kept in a pointer to a 'struct bell'"),
    # devm ends the interrupt before the structure; a put would come first.
    "devm-irq": ([(PROBE, "static irqreturn_t bell_isr(int irq, void *data)\n{\n\treturn IRQ_NONE;\n}\n\n" + PROBE),
                  ("#include <linux/mdev.h>\n", "#include <linux/interrupt.h>\n#include <linux/mdev.h>\n"),
                  (ALLOC, ALLOC.replace("kzalloc(", "devm_kzalloc(&mdev->dev, ")),
                  (TOLD, "\tret = devm_request_irq(&mdev->dev, 9, bell_isr, 0, \"bell\", b);\n\tif (ret)\n\t\tgoto err_free;\n"),
                  ("err_free:\n\tvfio_uninit_group_dev(&b->vdev);\n\tkfree(b);\n", "err_free:\n\tvfio_uninit_group_dev(&b->vdev);\n"),
                  (REMOVED, REMOVED.replace("\tkfree(b);\n", ""))], "escaping-pointer", "which can call the driver with it until then"),
    "two-structures": ([(PROBE, "struct gong {\n\tstruct vfio_device vdev;\n\tu32 size;\n};\n\nstatic const struct vfio_device_ops gong_ops = {\n\t.name = \"gong\",\n};\n\n"
                         "static int gong_probe(struct mdev_device *mdev)\n{\n\tstruct gong *b;\n\tint ret;\n\n" + ALLOC + INIT.replace("bell", "gong") +
                         REGISTERED.replace("mdev->dev, b)", "mdev->dev, &b->vdev)") + "}\n\n" + PROBE),
                        ("\tint ret;\n\n\tb = kzalloc(sizeof(*b), GFP_KERNEL);\n\tif (!b)\n\t\treturn -ENOMEM;\n\tvfio_init_group_dev(&b->vdev, &mdev->dev, &bell_ops);\n\tdev_info",
                         "\tint ret;\n\n\tif (mdev->dev.id & 1)\n\t\treturn gong_probe(mdev);\n" + ALLOC + INIT + "\tdev_info"),
                        ("\tdev_set_drvdata(&mdev->dev, b);\n", "\tdev_set_drvdata(&mdev->dev, &b->vdev);\n"),
                        (REMOVE, "\tstruct vfio_device *vdev = dev_get_drvdata(&mdev->dev);\n\n\tvfio_unregister_group_dev(vdev);\n\tvfio_uninit_group_dev(vdev);\n"
                         "\tif (vdev->ops == &gong_ops)\n\t\tkfree(container_of(vdev, struct gong, vdev));\n\telse\n\t\tkfree(container_of(vdev, struct bell, vdev));\n")],
                       "several-instances", "what is unregistered here can be in this structure or in another one"),
}


def run(name, edits):
    text = BELL
    for old, new in edits:
        assert old in text, (name, old)
        text = text.replace(old, new, 1)
    return (text, *convert([migrate, "--explain", "--kernel=" + kernel], os.path.join(work, name), text))


for name, (edits, has, has_not, said, not_said) in CONVERTED.items():
    before, done, text = run(name, edits)
    assert done.returncode == 0, (name, done.stdout)
    for line in has:
        assert line in text, "%s: lacks %r:\n%s" % (name, line, text)
    for line in has_not + ["uninit_group_dev", "kfree(b)"]:
        assert line not in text, "%s: has %r:\n%s" % (name, line, text)
    assert said in done.stdout and (not_said == "-" or not_said not in done.stdout), (name, done.stdout)
for name, (edits, identifier, words) in REFUSED.items():
    before, done, text = run(name, edits)
    assert done.returncode == 2 and text == before, (name, done.stdout)
    assert "refused: %s:" % identifier in done.stdout and words in done.stdout, (name, done.stdout)
