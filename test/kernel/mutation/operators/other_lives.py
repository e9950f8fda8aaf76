# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a driver takes is not given back, or what core asks for is not there.

A warning of the check anywhere in the file counts: what a closer lost is told
where the opener took it.
"""
import re

from ..source import UNREGISTER, Edit, Mutant

OPEN, PROBE, LATE = "vfio-open-contract", "vfio-probe-contract", "vfio-runs-late"
TWICE, LOCKING, CORE = "vfio-given-twice", "vfio-locking", "vfio-core-rules"

GIVES = (r"kfree|vfree|kvfree|free_irq|kvm_put_kvm|eventfd_ctx_put|destroy_workqueue|ida_free|idr_remove|xa_erase"
         r"|pm_runtime_put\w*|list_del\w*|fput|put_device|pci_dev_put|mmdrop|mmput|put_pid|free_pages?"
         r"|bus_unregister_notifier|unregister_\w*notifier|iounmap|pci_iounmap|pci_disable_device"
         r"|pci_free_irq_vectors|vfio_pci_core_disable|kmem_cache_destroy|debugfs_remove\w*|class_destroy"
         r"|unregister_chrdev_region|iommu_group_put|module_put")
CANCELS = r"cancel_(?:delayed_)?work_sync|del_timer_sync|timer_delete_sync|hrtimer_cancel|flush_work(?:queue)?"
UNLOCKS = r"mutex_unlock|spin_unlock|spin_unlock_irqrestore|spin_unlock_irq|up_write|up_read"


def _mutant(driver, operator, check, edit, also=()):
    return Mutant(driver, operator, check, edit.text(), None, also=also)


def _closers(driver):
    """The closers, with the check that watches each."""
    for name, check in (("close_device", OPEN), ("release", PROBE)):
        for function in driver.callbacks(name):
            yield function, check
    for function in driver.removes():
        yield function, PROBE


def dropped_give(driver):
    for function, check in _closers(driver):
        for give in function.find(r"^\t+(?:%s)\([^;]*\);\n" % GIVES):
            yield _mutant(driver, "drop-give-in-closer", check, Edit(driver).drop(give),
                          [OPEN, PROBE, "vfio-release-contract", "vfio-lifecycle"])
        for cancel in function.find(r"^\t+(?:%s)\([^;]*\);\n" % CANCELS):
            yield _mutant(driver, "drop-cancel", LATE, Edit(driver).drop(cancel))


def dropped_unwind(driver):
    """In what follows an error label of an opener."""
    openers = [(f, OPEN) for f in driver.callbacks("open_device")] + [(p.function, PROBE) for p in driver.probes]
    openers += [(f, "vfio-init-contract") for f in driver.callbacks("init")]
    for function, check in openers:
        label = function.first(r"^[a-z]\w*:\n")
        for give in function.find(r"^\t+(?:%s)\([^;]*\);\n" % GIVES):
            if label and give.begin > label.begin:
                yield _mutant(driver, "drop-give-in-unwind", check, Edit(driver).drop(give),
                              ["vfio-lifecycle", PROBE])


def dropped_unlock(driver):
    for name in ("open_device", "close_device", "read", "write", "ioctl", "mmap", "device_feature", "dma_unmap"):
        for function in driver.callbacks(name):
            for unlock in function.find(r"^\t+(?:%s)\([^;]*\);\n" % UNLOCKS):
                yield _mutant(driver, "drop-unlock", LOCKING, Edit(driver).drop(unlock))
            for lock in function.find(r"^\tmutex_lock\([^;]*\);\n"):
                yield _mutant(driver, "lock-twice", LOCKING,
                              Edit(driver).insert(lock.end, driver.text[lock.begin:lock.end]))
            for lock in function.find(r"^\t+spin_lock\([^;]*\);\n"):
                yield _mutant(driver, "sleep-locked", LOCKING, Edit(driver).insert(lock.end, "\tmsleep(1);\n"))


def dropped_lock_init(driver):
    for function in driver.functions.values():
        for init in function.find(r"^\t+(?:mutex_init|spin_lock_init|init_rwsem)\(&(?P<of>\w+->\w+)\);\n"):
            member = init["of"].split("->")[1]
            if re.search(r"(?:mutex_lock\w*|spin_lock\w*|down_\w+)\(&\w+->%s\b" % member, driver.bare) and \
                    re.search(r"^\t(?:struct mutex|spinlock_t|struct rw_semaphore)\s+%s;" % member, driver.bare, re.M):
                yield _mutant(driver, "drop-lock-init", LOCKING, Edit(driver).drop(init))


def table_members(driver):
    iommufd = ("bind_iommufd", "unbind_iommufd", "attach_ioas", "detach_ioas")
    for table in driver.tables:
        begin = table.match.start("body")
        members = {m[1]: (begin + m.start(), begin + m.end())
                   for m in re.finditer(r"^\t\.(\w+)\s*=[^\n]*\n", table["body"], re.M)}
        # Where one is missing already, that is the finding of the file as it is.
        wanted = [n for n in iommufd if n in members]
        if len(wanted) == len(iommufd):
            for name in wanted:
                yield _mutant(driver, "drop-" + name, CORE, Edit(driver).replace(*members[name], ""))
        if "dma_unmap" in members and "vfio_pin_pages" in driver.bare:
            yield _mutant(driver, "drop-dma-unmap", CORE, Edit(driver).replace(*members["dma_unmap"], ""))
        if "init" in members and "vfio_pci_core_init_dev" in table["body"]:
            yield _mutant(driver, "drop-pci-init", CORE, Edit(driver).replace(*members["init"], ""),
                          ["vfio-release-contract"])
        if "close_device" in members and "vfio_pci_core_enable" in driver.bare:
            yield _mutant(driver, "drop-close", CORE, Edit(driver).replace(*members["close_device"], ""))


def pci_calls(driver):
    for probe in driver.probes:
        function = probe.function
        register = function.first(r"^\t\w+ = vfio_pci_core_register_device\([^;]*\);\n")
        drvdata = function.first(r"^\t(?:dev|pci)_set_drvdata\([^;]*\);\n")
        if register and drvdata and drvdata.begin < register.begin:
            yield _mutant(driver, "drop-drvdata", CORE, Edit(driver).drop(drvdata))
            yield _mutant(driver, "late-drvdata", CORE, Edit(driver).drop(drvdata).insert(
                register.end, driver.text[drvdata.begin:drvdata.end]))
    for function in driver.removes():
        end = function.first(r"^\tvfio_pci_core_unregister_device\([^;]*\);\n")
        pdev = function.parameter("struct pci_dev")
        if end and pdev:
            yield _mutant(driver, "clear-drvdata", CORE,
                          Edit(driver).insert(end.begin, "\tpci_set_drvdata(%s, NULL);\n" % pdev))
    for name in ("open_device", "close_device"):
        for function in driver.callbacks(name):
            for call in function.find(r"^\tvfio_pci_core_(?:finish_enable|close_device)\([^;]*\);\n"):
                yield _mutant(driver, "drop-pci-call", CORE, Edit(driver).drop(call))


def wrong_order(driver):
    """Remove frees, then unregisters; it frees what .release frees as well."""
    for function in driver.removes():
        end = function.first(r"^\t%s\n" % UNREGISTER)
        for give in function.find(r"^\t(?:kfree|vfree|destroy_workqueue)\([^;]*\);\n"):
            if end and give.begin > end.end:
                edit = Edit(driver).drop(give).insert(end.begin, driver.text[give.begin:give.end])
                yield _mutant(driver, "free-before-unregister", PROBE, edit, ["vfio-lifecycle", LATE])
        variable, struct, _ = driver.container(function)
        put = function.first(r"^\tvfio_put_device\([^;]*\);\n")
        for release in driver.callbacks("release"):
            for free in release.find(r"^\tkfree\(\w+->(?P<member>\w+)\);\n"):
                if put and variable:
                    yield _mutant(driver, "free-in-remove-too", TWICE, Edit(driver).insert(
                        put.begin, "\tkfree(%s->%s);\n" % (variable, free["member"])))


def emulated(driver):
    for function in driver.functions.values():
        for call in function.find(r"vfio_register_emulated_iommu_dev\("):
            yield _mutant(driver, "group-for-mdev", CORE,
                          Edit(driver).replace(call.begin, call.end, "vfio_register_group_dev("))


OPERATORS = (dropped_give, dropped_unwind, dropped_unlock, dropped_lock_init, table_members, pci_calls, wrong_order,
             emulated)
