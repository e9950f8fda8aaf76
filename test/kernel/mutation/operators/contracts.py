# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""@release and @init that do too little, too much, or in the wrong order."""
import re

from ..source import Edit, Mutant

RELEASE, INIT = "vfio-release-contract", "vfio-init-contract"
LAST = r"(?:vfio_free_device|vfio_pci_core_release_dev)\(\w+\);"
UNDO = (r"^\t(?:k?v?free|kfree|vfree|atomic_(?:add|sub|inc|dec)|ida_free|free_irq|iounmap|"
        r"put_device|pci_dev_put|idr_remove|bus_unregister_notifier|put_page|free_page|"
        r"__free_page|clk_put|eventfd_ctx_put|mutex_unlock)\([^;]*\);\n")


def release_frees(driver):
    """The last call of @release: missing, doubled, conditional, first."""
    for function in driver.callbacks("release"):
        device = function.parameter("struct vfio_device")
        for last in function.statements(LAST):
            line = driver.text[last.begin:last.end]
            yield Mutant(driver, "free-dropped", RELEASE, Edit(driver).drop(last).text(), [function.name])
            yield Mutant(driver, "free-twice", RELEASE, Edit(driver).insert(last.end, line).text(),
                         [function.name])
            start = function.after_declarations()
            if driver.core_frees:
                continue
            edit = Edit(driver).insert(last.begin, "\tif (!%s->dev)\n\t\treturn;\n" % device)
            yield Mutant(driver, "return-before-free", RELEASE, edit.text(), [function.name])
            edit = Edit(driver).replace(last.begin, last.end, "\tif (%s->dev)\n\t%s" % (device, line))
            yield Mutant(driver, "free-sometimes", RELEASE, edit.text(), [function.name])
            if re.search(r"\w+\(", driver.bare[start:last.begin]):
                edit = Edit(driver).drop(last).insert(start, line)
                yield Mutant(driver, "free-first", RELEASE, edit.text(), [function.name])
            for name, text in (("load", "\tdev_info(%s->dev, \"gone\\n\");\n"), ("store", "\t%s->ops = NULL;\n"),
                               ("call", "\tmemset(%s, 0, sizeof(*%s));\n")):
                use = text.replace("%s", device)
                yield Mutant(driver, "use-after-free-" + name, RELEASE,
                             Edit(driver).insert(last.end, use).text(), [function.name])


def release_does_more(driver):
    """What only probe or remove may do, and frees where core frees."""
    for function in driver.callbacks("release"):
        device = function.parameter("struct vfio_device")
        container, _, _ = driver.container(function)
        start = function.after_declarations()
        calls = [("puts", "vfio_put_device(%s);" % device), ("unregisters", "vfio_unregister_group_dev(%s);" % device),
                 ("registers", "if (vfio_register_group_dev(%s))\n\t\tpr_info(\"no\\n\");" % device)]
        for name, text in calls:
            yield Mutant(driver, "release-" + name, RELEASE, Edit(driver).insert(start, "\t%s\n" % text).text(),
                         [function.name])
        if not driver.core_frees:
            continue
        end = function.body_end
        for name, text in (("kfree", "kfree(%s);" % container), ("kvfree-of-member", "kvfree(%s);" % device),
                           ("vfree", "vfree(%s);" % container)):
            if container or "member" in name:
                edit = Edit(driver).insert(end, "\t%s\n" % text)
                edit.insert(0, "#include <linux/slab.h>\n#include <linux/vmalloc.h>\n")
                yield Mutant(driver, "release-" + name, RELEASE, edit.text(), [function.name],
                             also=["vfio-mismatched-free"])


def release_forgets(driver):
    """What @init took is not given back, or twice."""
    inits = "".join(f.body for f in driver.callbacks("init"))
    for function in driver.callbacks("release"):
        for undo in function.find(UNDO):
            line = driver.text[undo.begin:undo.end]
            # A counter that init does not give back itself may just count.
            counter = re.search(r"atomic_\w+\(.*?&?(\w+)\)", line)
            if counter and len(re.findall(r"atomic_(?:add|sub|inc|dec)\([^;]*%s" % counter[1], inits)) < 2 \
                    and "cmpxchg" not in inits:
                continue
            member = re.search(r"->(\w+)\)", line)
            if member and not re.search(r"->%s = k\w+\(|->%s = v\w+\(" % (member[1], member[1]), inits):
                continue
            yield Mutant(driver, "undo-dropped", RELEASE, Edit(driver).drop(undo).text(), [function.name])
            if "free(" in line:
                yield Mutant(driver, "undo-twice", RELEASE, Edit(driver).insert(undo.end, line).text(),
                             [function.name])


def plain_release(driver):
    """The driver's own @release is replaced by the ready-made one."""
    if driver.core_frees:
        return
    inits = "".join(f.body for f in driver.callbacks("init"))
    for function in driver.callbacks("release"):
        undone = [s for s in function.find(UNDO)
                  if (m := re.search(r"->(\w+)\)", s.match[0])) and re.search(r"->%s = [kv]\w+\(" % m[1], inits)]
        for table in driver.tables:
            row = re.compile(r"\.release\s*=\s*%s," % function.name).search(driver.bare, table.begin, table.end)
            if row and undone and function.first(r"vfio_free_device"):
                edit = Edit(driver).replace(row.start(), row.end(), ".release = vfio_free_device,")
                yield Mutant(driver, "release-by-core-only", RELEASE, edit.text(),
                             [function.name, table["name"]] + [f.name for f in driver.callbacks("init")])


def init_unwinding(driver):
    """Each failure of @init leaves at once or at a later label; each undo is
    dropped."""
    for function in driver.callbacks("init"):
        labels = function.labels()
        result = function.first(r"return (?P<what>ret|err|rc);")
        for goto in function.gotos():
            here = next((l.begin for l in labels if l["label"] == goto["label"]), None)
            if here is None:
                continue
            # What core's @init for PCI drivers set up needs no undo as yet.
            def skipped(end):
                return [s for s in re.findall(r"^\t\w+\(.*?;", driver.bare[here:end], re.M | re.S)
                        if not s.startswith("\tvfio_pci_core_release_dev")]
            texts = []
            if skipped(function.body_end):
                texts.append(("early-return", "return %s;" % (result["what"] if result else "-EIO")))
            for label in labels:
                if label.begin > here and skipped(label.begin):
                    texts.append(("later-label", "goto %s;" % label["label"]))
            for name, text in texts:
                yield Mutant(driver, "init-" + name, INIT,
                             Edit(driver).replace(goto.begin, goto.end, text).text(), [function.name])
        for undo in function.find(UNDO):
            if labels and undo.begin > labels[0].begin:
                yield Mutant(driver, "init-undo-dropped", INIT, Edit(driver).drop(undo).text(), [function.name])
        for undo in function.find(r"^\tif \(ret\)\n\t\tkfree\([^;]*\);\n"):
            yield Mutant(driver, "init-undo-dropped", INIT, Edit(driver).drop(undo).text(), [function.name])


TAKES = r"->\w+ = (?:k\w*alloc\w*|vmalloc\w*|vzalloc|kasprintf)\(|atomic_try_cmpxchg\("


def init_new_failure(driver):
    """A new failure at the end of @init, which undoes nothing."""
    for function in driver.callbacks("init"):
        device = function.parameter("struct vfio_device")
        taken = function.first(TAKES)
        success = [r for r in function.returns() if r["value"].strip() == "0"]
        if not success:
            continue
        where = success[-1].begin
        if taken:
            edit = Edit(driver).insert(where, "\tif (!%s->dev->parent)\n\t\treturn -ENODEV;\n" % device)
            yield Mutant(driver, "init-new-failure", INIT, edit.text(), [function.name])
        container, _, _ = driver.container(function)
        took = (("kzalloc", "\tvoid *mem = kzalloc(8, GFP_KERNEL);\n\n\tif (!mem)\n\t\treturn -ENOMEM;\n"),
                ("get_device", "\tget_device(%s->dev);\n" % device),
                ("module", "\tif (!try_module_get(THIS_MODULE))\n\t\treturn -ENODEV;\n"))
        for name, text in took:
            block = "\t{\n%s\tif (!%s->dev->parent)\n\t\treturn -ENODEV;\n%s\t}\n" % (
                text, device, "\tdev_set_drvdata(%s->dev, mem);\n" % device if name == "kzalloc" else "")
            edit = Edit(driver).insert(where, block)
            edit.insert(0, "#include <linux/slab.h>\n#include <linux/module.h>\n#include <linux/device.h>\n")
            yield Mutant(driver, "init-leaks-" + name, INIT, edit.text(), [function.name])


def init_does_more(driver):
    """@init frees, puts or registers the device."""
    for function in driver.callbacks("init"):
        device = function.parameter("struct vfio_device")
        container, _, _ = driver.container(function)
        start = function.after_declarations()
        fails = "\tif (!%s->dev) {\n\t\t%%s\n\t\treturn -ENODEV;\n\t}\n" % device
        variants = [("frees-kfree", fails % ("kfree(%s);" % container)),
                    ("frees-kvfree-of-member", fails % ("kvfree(%s);" % device)),
                    ("puts", fails % ("vfio_put_device(%s);" % device)),
                    ("registers", "\tif (vfio_register_group_dev(%s))\n\t\treturn -EIO;\n" % device)]
        if not driver.core_frees:
            variants.append(("frees", fails % ("vfio_free_device(%s);" % device)))
        for name, text in variants:
            if container or "container" not in name:
                edit = Edit(driver).insert(start, text).insert(0, "#include <linux/slab.h>\n#include <linux/mm.h>\n")
                yield Mutant(driver, "init-" + name, INIT, edit.text(), [function.name],
                             also=["vfio-mismatched-free"] if "kfree" in name or "kvfree" in name else [])


OPERATORS = (release_frees, release_does_more, release_forgets, plain_release, init_unwinding,
             init_new_failure, init_does_more)
