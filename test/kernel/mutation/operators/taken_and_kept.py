# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A driver takes something more than it gives back, or uses what is not ready.

What is put into a driver stands between its own statements, so a warning of the
check anywhere in the file counts, as in other_lives.py.
"""
import re

from ..source import Edit, Mutant
from .other_lives import CORE, GIVES, LATE, LOCKING, OPEN, PROBE, TWICE

HEADERS = "".join("#include <linux/%s.h>\n" % name for name in (
    "delay", "interrupt", "kvm_host", "list", "module", "mutex", "pm_runtime", "sched/mm", "slab", "spinlock",
    "timer", "workqueue"))

# What is taken by the vfio_device, and how a driver would give it back.
TAKES = {
    "kvm": ("kvm_get_kvm({vdev}->kvm);", r"kvm_put_kvm"),
    "power": ("pm_runtime_get_noresume({vdev}->dev);", r"pm_runtime_put|_pm_"),
    "mm": ("mmgrab(current->mm);", r"mmdrop"),
    "device": ("get_device({vdev}->dev);", r"put_device|mdev_put"),
    "module": ("__module_get(THIS_MODULE);", r"module_put"),
}


def _mutant(driver, operator, check, edit, also=()):
    return Mutant(driver, operator, check, edit.insert(0, HEADERS).text(), None, also=also)


def _device_structure(driver, function):
    """The name of the driver's structure in the function, and a place in its
    definition where a member can be added; None where that is in a header."""
    name, struct, _ = driver.container(function)
    definition = re.search(r"^%s \{\n(?:[^{}]*?)^\}" % struct, driver.bare, re.M | re.S) if struct else None
    return (name, definition.end() - 1) if definition else (None, None)


def taken_in_open(driver):
    for function in driver.callbacks("open_device"):
        vdev = function.parameter("struct vfio_device")
        start = function.after_declarations()
        for kind, (take, giver) in TAKES.items():
            if vdev and not re.search(r"\b(?:%s)" % giver, driver.bare):
                yield _mutant(driver, "keep-%s-in-open" % kind, OPEN,
                              Edit(driver).insert(start, "\t" + take.format(vdev=vdev) + "\n"))


def taken_in_probe(driver):
    for probe in driver.probes:
        register = probe.function.first(r"^\t\w+ = vfio_(?:register_\w+|pci_core_register_device)\([^;]*\);\n")
        for kind, (take, giver) in TAKES.items():
            if register and not re.search(r"\b(?:%s)" % giver, driver.bare):
                take = take.format(vdev="(%s)" % probe.vdev)
                yield _mutant(driver, "keep-%s-in-probe" % kind, PROBE,
                              Edit(driver).insert(register.begin, "\t" + take + "\n"))


def member_of_open(driver):
    """A member that needs an end, or a beginning, and has none."""
    for function in driver.callbacks("open_device"):
        name, place = _device_structure(driver, function)
        if not place or place > function.begin:
            continue
        start = function.after_declarations()
        work = "static void mutant_run(struct work_struct *work)\n{\n}"
        timer = "static void mutant_tick(struct timer_list *timer)\n{\n}"
        irq = "static irqreturn_t mutant_irq_handler(int irq, void *data)\n{\n\treturn IRQ_HANDLED;\n}"
        for operator, check, member, before, text in (
                ("keep-work", LATE, "struct work_struct mutant", work,
                 "\tINIT_WORK(&{0}->mutant, mutant_run);\n\tschedule_work(&{0}->mutant);\n"),
                ("keep-delayed-work", LATE, "struct delayed_work mutant", work,
                 "\tINIT_DELAYED_WORK(&{0}->mutant, mutant_run);\n\tschedule_delayed_work(&{0}->mutant, HZ);\n"),
                ("keep-timer", LATE, "struct timer_list mutant", timer,
                 "\ttimer_setup(&{0}->mutant, mutant_tick, 0);\n\tmod_timer(&{0}->mutant, jiffies + HZ);\n"),
                ("keep-irq", OPEN, "int mutant", irq,
                 "\tif (request_irq({0}->mutant, mutant_irq_handler, 0, \"mutant\", {0}))\n\t\treturn -EIO;\n"),
                ("keep-memory", OPEN, "void *mutant", "", "\t{0}->mutant = kzalloc(64, GFP_KERNEL);\n"),
                ("keep-queue", OPEN, "struct workqueue_struct *mutant", "",
                 "\t{0}->mutant = alloc_workqueue(\"mutant\", 0, 0);\n"),
                ("keep-entry", OPEN, "struct list_head mutant", "static LIST_HEAD(mutant_list);",
                 "\tlist_add(&{0}->mutant, &mutant_list);\n"),
                ("no-lock-init", LOCKING, "struct mutex mutant", "",
                 "\tmutex_lock(&{0}->mutant);\n\tmutex_unlock(&{0}->mutant);\n")):
            edit = Edit(driver).insert(place, "\t%s;\n" % member).insert(start, text.format(name))
            yield _mutant(driver, operator, check, edit.before(function, before))


def early_return_of_open(driver):
    """Open fails once more, after what it has taken."""
    for function in driver.callbacks("open_device"):
        vdev = function.parameter("struct vfio_device")
        for take in function.find(r"^\t\w+ = vfio_pci_core_enable\([^;]*\);\n\tif \(\w+\)\n\t\treturn \w+;\n"):
            if vdev:
                yield _mutant(driver, "fail-after-enable", OPEN,
                              Edit(driver).insert(take.end, "\tif (!%s->dev)\n\t\treturn -ENODEV;\n" % vdev))


CALLBACKS = ("open_device", "read", "write", "ioctl", "mmap", "device_feature", "close_device", "dma_unmap", "request")


def locks(driver):
    """A lock of the file is kept, taken twice, or slept under."""
    for name in CALLBACKS:
        for function in driver.callbacks(name):
            start = function.after_declarations()
            for operator, lock, text in (
                    ("return-locked", "static DEFINE_MUTEX(mutant_lock);", "\tmutex_lock(&mutant_lock);\n"),
                    ("lock-again", "static DEFINE_MUTEX(mutant_lock);",
                     "\tmutex_lock(&mutant_lock);\n\tmutex_lock(&mutant_lock);\n\tmutex_unlock(&mutant_lock);\n"),
                    ("sleep-under-spinlock", "static DEFINE_SPINLOCK(mutant_lock);",
                     "\tspin_lock(&mutant_lock);\n\tmsleep(1);\n\tspin_unlock(&mutant_lock);\n")):
                yield _mutant(driver, operator, LOCKING, Edit(driver).insert(start, text).before(function, lock))


def iommufd_family(driver):
    for table in driver.tables:
        begin = table.match.start("body")
        for member in re.finditer(r"= vfio_iommufd_(physical|emulated)_", table["body"]):
            other = "emulated" if member[1] == "physical" else "physical"
            edit = Edit(driver).replace(begin + member.start(1), begin + member.end(1), other)
            yield _mutant(driver, "iommufd-family", CORE, edit)


def migration(driver):
    """What core looks at before it registers a device that can migrate."""
    for table in re.finditer(r"struct vfio_(?:migration|log)_ops \w+ = \{\n(?P<body>.*?)^\};", driver.bare, re.M | re.S):
        for member in re.finditer(r"^\t\.\w+ = [^\n]*\n", table["body"], re.M):
            begin = table.start("body")
            yield _mutant(driver, "drop-migration-op", CORE,
                          Edit(driver).replace(begin + member.start(), begin + member.end(), ""))


def late_member(driver):
    """Probe sets what callbacks use only after it has registered."""
    for probe in driver.probes:
        name, place = _device_structure(driver, probe.function)
        register = probe.function.first(r"^\t\w+ = vfio_(?:register_\w+|pci_core_register_device)\([^;]*\);\n"
                                        r"\tif \(\w+\)\n\t\t(?:goto|return) \w+;\n")
        for user in driver.callbacks("open_device"):
            own, _ = _device_structure(driver, user)
            if register and place and own and place < user.begin:
                edit = Edit(driver).insert(place, "\tint *mutant;\n")
                edit.insert(register.end, "\t%s->mutant = &mutant_value;\n" % name)
                edit.insert(user.after_declarations(), "\t*%s->mutant = 1;\n" % own)
                first = min(user.begin, probe.function.begin)
                yield _mutant(driver, "late-member", CORE, edit.insert(first, "static int mutant_value;\n\n"))


def closes_sometimes(driver):
    for function in driver.callbacks("close_device"):
        vdev = function.parameter("struct vfio_device")
        for call in function.find(r"^\tvfio_pci_core_close_device\([^;]*\);\n"):
            if vdev:
                yield _mutant(driver, "close-sometimes", CORE,
                              Edit(driver).insert(call.begin, "\tif (%s->kvm)\n\t" % vdev))


def helpers_of_closers(driver):
    """What a closer gives back by a function of its own."""
    closers = driver.callbacks("close_device") + driver.callbacks("release") + driver.removes()
    called = {name for c in closers for name in re.findall(r"\b(\w+)\(", c.body)}
    for function in driver.functions.values():
        if function.name not in called or function in closers:
            continue
        for give in function.find(r"^\t+(?:%s)\(&?\w+->[^;]*\);\n" % GIVES):
            yield _mutant(driver, "drop-give-in-helper", OPEN, Edit(driver).drop(give),
                          [PROBE, LATE, TWICE, "vfio-release-contract", "vfio-lifecycle"])


OPERATORS = (taken_in_open, taken_in_probe, member_of_open, early_return_of_open, locks, iommufd_family, migration,
             late_member, closes_sometimes, helpers_of_closers)
