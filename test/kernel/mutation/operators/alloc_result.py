# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What vfio_alloc_device gives is not looked at as it should be."""
import re

from ..source import REGISTER, Edit, Mutant

CHECK = "vfio-alloc-result"


def _test(probe):
    """The `if (IS_ERR(x)) ...` after the allocation."""
    return probe.function.first(
        r"^\tif \(IS_ERR\(%s\)\)(?: \{\n.*?^\t\}\n|\n[^;]*;\n)" % probe.variable)


def null_test(driver):
    for probe in driver.probes:
        for name, text in (("not", "if (!%s)"), ("equals-null", "if (%s == NULL)"),
                           ("unlikely-not", "if (unlikely(!%s))"), ("warn-on-not", "if (WARN_ON(!%s))")):
            condition = probe.function.first(r"if \(IS_ERR\(%s\)\)" % probe.variable)
            if not condition:
                continue
            for result in ("", "-ENOMEM"):
                edit = Edit(driver).replace(condition.begin, condition.end, text % probe.variable)
                error = probe.function.first(r"return PTR_ERR\(%s\);" % probe.variable)
                if result and error:
                    edit.replace(error.begin, error.end, "return %s;" % result)
                yield Mutant(driver, "null-test-%s%s" % (name, result.lower()), CHECK, edit.text(),
                             [probe.function.name])


def no_test(driver):
    for probe in driver.probes:
        test = _test(probe)
        if test:
            yield Mutant(driver, "no-test", CHECK, Edit(driver).drop(test).text(), [probe.function.name])


def late_test(driver):
    """The structure is used, then tested."""
    for probe in driver.probes:
        test = _test(probe)
        if not test:
            continue
        register = probe.function.first(r"^\t\w+ = %s;\n" % REGISTER)
        if register:
            edit = Edit(driver).drop(test).insert(register.end, driver.text[test.begin:test.end])
            yield Mutant(driver, "test-after-register", CHECK, edit.text(), [probe.function.name])
        use = "\t(%s)->dev = %s;\n" % (probe.vdev, probe.device)
        yield Mutant(driver, "use-before-test", CHECK,
                     Edit(driver).insert(test.begin, use).text(), [probe.function.name])


def lost_error(driver):
    for probe in driver.probes:
        error = probe.function.first(r"return PTR_ERR\(%s\);" % probe.variable)
        if not error:
            continue
        for name, text in (("zero", "return 0;"), ("enomem", "return -ENOMEM;")):
            edit = Edit(driver).replace(error.begin, error.end, text)
            yield Mutant(driver, "error-" + name, CHECK, edit.text(), [probe.function.name])


def inverted(driver):
    for probe in driver.probes:
        condition = probe.function.first(r"if \(IS_ERR\(%s\)\)" % probe.variable)
        if condition:
            edit = Edit(driver).replace(condition.begin, condition.end, "if (!IS_ERR(%s))" % probe.variable)
            yield Mutant(driver, "inverted-test", CHECK, edit.text(), [probe.function.name],
                         also=["vfio-lifecycle"])


OPERATORS = (null_test, no_test, late_test, lost_error, inverted)
