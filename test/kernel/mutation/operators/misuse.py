# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The wrong function: the release that is missing, the free that is not
vfio's, the old calls, what is the core's own, what is only for ccw."""
import re

from ..source import PUT, REGISTER, UNREGISTER, Edit, Mutant

RELEASE_ROW = r"^\t\.release\s*=\s*\w+,\n"


def missing_release(driver):
    """The row of the table is gone, or NULL."""
    if driver.core_frees:
        return
    for table in driver.tables:
        row = re.compile(RELEASE_ROW, re.M).search(driver.bare, table.begin, table.end)
        if not row:
            continue
        for what, text in (("dropped", ""), ("null", "\t.release = NULL,\n")):
            edit = Edit(driver).replace(row.start(), row.end(), text)
            yield Mutant(driver, "release-" + what, "vfio-missing-release", edit.text(),
                         [table["name"]] + [p.function.name for p in driver.probes])


# How each allocator's free is called on a pointer.
FREES = {"kfree": "kfree(%s);", "kvfree": "kvfree(%s);", "vfree": "vfree(%s);",
         "kfree_sensitive": "kfree_sensitive(%s);",
         "kmem_cache_free": "kmem_cache_free(NULL, %s);"}
HEADERS = "#include <linux/slab.h>\n#include <linux/vmalloc.h>\n#include <linux/mm.h>\n"


def _free_sites(driver):
    """Where a device's life ends: (function, statement, container, device)."""
    if not driver.core_frees:
        for function in driver.callbacks("release"):
            device = function.parameter("struct vfio_device")
            container, _, _ = driver.container(function)
            for site in function.find(r"vfio_free_device\((\w+)\);"):
                yield function, site, container or device, device
    for function in [p.function for p in driver.probes] + driver.removes():
        container, _, member = driver.container(function)
        if not container:
            continue
        for site in function.find(PUT):
            yield function, site, container, "&%s->%s" % (container, member)


def mismatched_free(driver):
    """Another free in place of vfio_free_device or vfio_put_device."""
    for function, site, container, device in _free_sites(driver):
        variants = [(name, form % container) for name, form in FREES.items()]
        variants += [("kfree-of-member", "kfree(%s);" % device),
                     ("kvfree-of-alias", "{ void *mem = %s; kvfree(mem); }" % container),
                     ("devm_kfree", "devm_kfree((%s)->dev, %s);" % (device, container))]
        for name, text in variants:
            edit = Edit(driver).replace(site.begin, site.end, text).insert(0, HEADERS)
            yield Mutant(driver, "free-by-" + name, "vfio-mismatched-free", edit.text(),
                         [function.name], also=["vfio-release-contract"] if driver.core_frees else [])


def mismatched_free_helper(driver):
    """The wrong free is in a helper of the file."""
    for function, site, container, device in _free_sites(driver):
        _, struct, _ = driver.container(function)
        if not struct:
            continue
        helper = ("static void mutant_end(%s *gone)\n{\n\tkfree(gone);\n}" % struct)
        edit = Edit(driver).replace(site.begin, site.end, "mutant_end(%s);" % container)
        edit.before(function, helper).insert(0, HEADERS)
        yield Mutant(driver, "free-in-helper", "vfio-mismatched-free", edit.text(),
                     [function.name, "mutant_end"])


def free_device_for_put(driver):
    """vfio_free_device where a put is due."""
    if driver.core_frees:
        return
    for function, site, container, device in _free_sites(driver):
        if "put" in driver.bare[site.begin:site.end]:
            edit = Edit(driver).replace(site.begin, site.end, "vfio_free_device(%s);" % device)
            yield Mutant(driver, "free-device-for-put", "vfio-mismatched-free", edit.text(),
                         [function.name])


def scoped_free(driver):
    """__free(kfree) on the variable that holds the device."""
    if not driver.core_frees:
        return
    for probe in driver.probes:
        declared = probe.function.first(r"^\t%s \*%s;\n" % (probe.struct, probe.variable))
        if declared:
            edit = Edit(driver).replace(declared.begin, declared.end, "\t%s *%s __free(kfree) = NULL;\n" % (
                probe.struct, probe.variable)).insert(0, HEADERS + "#include <linux/cleanup.h>\n")
            yield Mutant(driver, "scoped-free", "vfio-mismatched-free", edit.text(), [probe.function.name])


def _handmade(driver, probe, allocator, init=""):
    test = probe.function.first(r"if \(IS_ERR\(%s\)\)" % probe.variable)
    # What a function only hands out may yet be right.
    if not test or "*" + probe.function.name in probe.function.head:
        return None
    edit = Edit(driver).insert(0, HEADERS)
    edit.replace(probe.call.begin, probe.call.end,
                 "%s = %s;" % (probe.variable, allocator % {"v": probe.variable, "dev": probe.device}))
    edit.replace(test.begin, test.end, "if (!%s)\n\t\treturn -ENOMEM;\n%s\tif (IS_ERR(%s))" % (
        probe.variable, init, probe.variable))
    return edit


def handmade(driver):
    """A structure from another allocator is given to the new model."""
    for probe in driver.probes:
        for name, allocator in (("kzalloc", "kzalloc(sizeof(*%(v)s), GFP_KERNEL)"),
                                ("kvzalloc", "kvzalloc(sizeof(*%(v)s), GFP_KERNEL)"),
                                ("vzalloc", "vzalloc(sizeof(*%(v)s))"),
                                ("devm_kzalloc", "devm_kzalloc(%(dev)s, sizeof(*%(v)s), GFP_KERNEL)")):
            edit = _handmade(driver, probe, allocator)
            if edit:
                yield Mutant(driver, "handmade-" + name, "vfio-init-device", edit.text(),
                             [probe.function.name], also=["vfio-mismatched-free"])
            if driver.core_frees:
                continue
            edit = _handmade(driver, probe, allocator, "\tif (vfio_init_device(%s, %s, %s))\n\t\treturn -EIO;\n" % (
                probe.vdev, probe.device, probe.ops))
            if edit:
                yield Mutant(driver, "init-device-" + name, "vfio-init-device", edit.text(),
                             [probe.function.name], also=["vfio-mismatched-free"])


def deprecated(driver):
    """The old pair, in headers that have both models."""
    for probe in driver.probes:
        if "." in probe.member:
            core = "&%s->%s" % (probe.variable, probe.member.rsplit(".", 1)[0])
            init, uninit, device = "vfio_pci_core_init_device", "vfio_pci_core_uninit_device", core
            takes = "struct vfio_pci_core_device *, struct pci_dev *"
            parent = "to_pci_dev(%s)" % probe.device
        else:
            init, uninit, device = "vfio_init_group_dev", "vfio_uninit_group_dev", probe.vdev
            takes, parent = "struct vfio_device *, struct device *", probe.device
        declared = "void %s(%s, const struct vfio_device_ops *);\nvoid %s(%s);\n" % (
            init, takes, uninit, takes.split(",")[0])
        edit = _handmade(driver, probe, "kzalloc(sizeof(*%(v)s), GFP_KERNEL)",
                         "\t%s(%s, %s, %s);\n" % (init, device, parent, probe.ops))
        if edit:
            edit.insert(probe.function.begin, declared)
            yield Mutant(driver, "old-init", "vfio-deprecated-lifecycle", edit.text(), [probe.function.name])
        for site in probe.function.find(PUT):
            edit = Edit(driver).replace(site.begin, site.end, "%s(%s);" % (uninit, device))
            edit.insert(probe.function.begin, declared)
            yield Mutant(driver, "old-uninit", "vfio-deprecated-lifecycle", edit.text(), [probe.function.name])


PRIVATE = {"put-device": "put_device(&(%s)->device);", "get-device": "get_device(&(%s)->device);",
           "open-count": "(%s)->open_count++;", "refcount": "refcount_inc(&(%s)->refcount);",
           "index": "if ((%s)->index) return;", "completion": "complete(&(%s)->comp);",
           "address": "memset(&(%s)->open_count, 0, sizeof(int));"}


def private_member(driver):
    """What is the core's own, by name, in each function that has a device."""
    functions = driver.callbacks("open_device") + driver.callbacks("close_device") + driver.callbacks("release")
    for function in functions:
        device = function.parameter("struct vfio_device")
        if not device:
            continue
        for name, form in PRIVATE.items():
            text = form % device
            if not re.search(r"\bvoid\b", function.head.split("(")[0]):
                text = text.replace("return;", "return -EIO;")
            edit = Edit(driver).insert(function.after_declarations(), "\t%s\n" % text)
            yield Mutant(driver, "private-" + name, "vfio-private-member", edit.text(), [function.name])
    for function in [p.function for p in driver.probes] + driver.removes():
        for site in function.find(PUT):
            edit = Edit(driver).replace(site.begin, site.end, "put_device(&(%s)->device);" % site["device"])
            yield Mutant(driver, "put-by-put_device", "vfio-private-member", edit.text(), [function.name])


OPERATORS = (missing_release, mismatched_free, mismatched_free_helper, free_device_for_put, scoped_free,
             handmade, deprecated, private_member)
