# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The driver's path through a device's life, with a wrong turn in it."""
import re

from ..source import PUT, REGISTER, UNREGISTER, Edit, Mutant

CHECK = "vfio-lifecycle"


def _ladder(function):
    """The labels in order, and which gotos there are after an allocation."""
    return [label["label"] for label in function.labels()]


def _gotos(probe):
    return [g for g in probe.function.gotos() if g.begin > probe.call.end]


def _ends(function, where):
    """What a goto to here still does for the device: the puts and unregisters
    that follow."""
    return [s for s in function.find(PUT) + function.find(UNREGISTER) if s.begin > where]


def skipped_unwinding(driver):
    """Each failure after the allocation leaves at once, or at a later label."""
    for probe in driver.probes:
        function = probe.function
        failure = function.first(r"return (?P<what>ret|err|rc);")
        for goto in _gotos(probe):
            texts = [("early-return", "return %s;" % (failure["what"] if failure else "-EIO"))]
            positions = {label["label"]: label.begin for label in function.labels()}
            here = positions.get(goto["label"], 0)
            for label, position in positions.items():
                if position > here and any(here < s.begin < position for s in _ends(function, 0)):
                    texts.append(("later-label", "goto %s;" % label))
            for name, text in texts:
                edit = Edit(driver).replace(goto.begin, goto.end, text)
                yield Mutant(driver, name, CHECK, edit.text(), [function.name])


def new_early_return(driver):
    """A new failure that forgets the device: after the allocation, and after
    the registration."""
    for probe in driver.probes:
        function = probe.function
        register = function.first(r"^\t(?:\w+ = )%s;\n\tif \(\w+\)(?: \{\n.*?^\t\}\n|\n[^;]*;\n)" % REGISTER)
        if not register:
            continue
        call = function.first(r"^\t\w+ = %s;\n" % REGISTER)
        dev = probe.device
        # A structure that the bus device has is not lost when probe succeeds.
        kept = re.search(r"_drvdata\(", driver.bare[probe.call.end:call.begin])
        for name, where in (("before-register", call.begin), ("after-register", register.end)):
            for kind, text in (("return", "\tif (!%s->parent)\n\t\treturn -ENODEV;\n" % _paren(dev)),
                               ("failing-call", "\tif (dev_set_name(%s, \"x\"))\n\t\treturn -EIO;\n" % dev),
                               ("switch", "\tswitch (dev_to_node(%s)) {\n\tcase 7:\n\t\treturn -EIO;\n\tdefault:\n\t\tbreak;\n\t}\n" % dev),
                               ("success", "\tif (!%s->parent)\n\t\treturn 0;\n" % _paren(dev))):
                if kind == "success" and (kept or name == "after-register"):
                    continue
                edit = Edit(driver).insert(where, text)
                yield Mutant(driver, "new-%s-%s" % (kind, name), CHECK, edit.text(), [function.name])


def _paren(expression):
    return "(%s)" % expression


def dropped_put(driver):
    for probe in driver.probes:
        for put in probe.function.statements(PUT):
            # It may be all that an `if` is for.
            edit = Edit(driver).replace(put.begin, put.end, "\t\t;\n")
            yield Mutant(driver, "put-dropped", CHECK, edit.text(), [probe.function.name])
    for function in driver.removes():
        for put in function.statements(PUT):
            yield Mutant(driver, "put-dropped-remove", CHECK, Edit(driver).drop(put).text(), [function.name])


def doubled_put(driver):
    for function in [p.function for p in driver.probes] + driver.removes():
        for put in function.statements(PUT):
            line = driver.text[put.begin:put.end]
            yield Mutant(driver, "put-twice", CHECK, Edit(driver).insert(put.end, line).text(), [function.name])
            indent = re.match(r"\s*", line)[0]
            alias = "%s{\n%s\tstruct vfio_device *alias = %s;\n\n%s\tvfio_put_device(alias);\n%s}\n" % (
                indent, indent, put["device"], indent, indent)
            yield Mutant(driver, "put-twice-by-alias", CHECK, Edit(driver).insert(put.end, alias).text(),
                         [function.name])
            container, struct, member = driver.container(function)
            if not container:
                continue
            helper = "static void mutant_put(%s *gone)\n{\n\tvfio_put_device(&gone->%s);\n}" % (struct, member)
            edit = Edit(driver).before(function, helper)
            edit.insert(put.end, "%smutant_put(%s);\n" % (indent, container))
            yield Mutant(driver, "put-twice-by-helper", CHECK, edit.text(), [function.name, "mutant_put"])
    for probe in driver.probes:
        for goto in _gotos(probe):
            edit = Edit(driver).replace(goto.begin, goto.end, "{\n\t\t\tvfio_put_device(%s);\n\t\t\tgoto %s;\n\t\t}" % (
                probe.vdev, goto["label"]))
            yield Mutant(driver, "put-before-goto", CHECK, edit.text(), [probe.function.name])


def use_after_put(driver):
    for function in [p.function for p in driver.probes] + driver.removes():
        container, struct, member = driver.container(function)
        if not container:
            continue
        for put in function.statements(PUT):
            device = "(&%s->%s)" % (container, member)
            for name, text in (("load", "dev_info(%s->dev, \"gone\\n\");" % device),
                               ("store", "%s->ops = NULL;" % device),
                               ("call", "memset(%s, 0, sizeof(*%s));" % (container, container)),
                               ("condition", "if (%s->dev)\n\t\tpr_info(\"gone\\n\");" % device)):
                edit = Edit(driver).insert(put.end, "\t%s\n" % text)
                yield Mutant(driver, "use-after-put-" + name, CHECK, edit.text(), [function.name])


def put_too_early(driver):
    """A put on the way to success, before or after the registration."""
    for probe in driver.probes:
        function = probe.function
        call = function.first(r"^\t\w+ = %s;\n" % REGISTER)
        if call:
            edit = Edit(driver).insert(call.begin, "\tvfio_put_device(%s);\n" % probe.vdev)
            yield Mutant(driver, "put-before-register", CHECK, edit.text(), [function.name])
        for success in function.returns():
            if success["value"].strip() == "0" and call and success.begin > call.begin:
                edit = Edit(driver).insert(success.begin, "\tvfio_put_device(%s);\n" % probe.vdev)
                yield Mutant(driver, "put-on-success", CHECK, edit.text(), [function.name])


def registration(driver):
    for probe in driver.probes:
        function = probe.function
        call = function.first(r"^\t(?P<var>\w+) = (?P<call>%s;)\n" % REGISTER)
        if not call:
            continue
        test = function.first(r"^\tif \(%s\)(?: \{\n.*?^\t\}\n|\n[^;]*;\n)" % call["var"])
        tests = [t for t in function.find(r"^\tif \(%s\)(?: \{\n.*?^\t\}\n|\n[^;]*;\n)" % call["var"])
                 if t.begin >= call.end]
        test = tests[0] if tests else None
        if test:
            # The result, in a variable that is not read again, or in none.
            edit = Edit(driver).replace(call.begin, call.end, "\t%s\n" % call["call"]).drop(test)
            yield Mutant(driver, "register-unchecked", CHECK, edit.text(), [function.name])
            edit = Edit(driver).drop(test)
            if re.match(r"(?s).*?return 0;", driver.bare[test.end:function.body_end]):
                yield Mutant(driver, "register-untested", CHECK, edit.text(), [function.name])
            edit = Edit(driver).replace(call.begin, call.end, "\t(void)%s\n" % call["call"]).drop(test)
            yield Mutant(driver, "register-voided", CHECK, edit.text(), [function.name])
            inverted = driver.text[test.begin:test.end].replace("if (%s)" % call["var"], "if (!%s)" % call["var"], 1)
            edit = Edit(driver).replace(test.begin, test.end, inverted)
            yield Mutant(driver, "register-inverted", CHECK, edit.text(), [function.name])
            positive = driver.text[test.begin:test.end].replace(
                "if (%s)" % call["var"], "if (%s > 0)" % call["var"], 1)
            edit = Edit(driver).replace(test.begin, test.end, positive)
            yield Mutant(driver, "register-tested-positive", CHECK, edit.text(), [function.name])
            second = "\t%s = %s\n\tif (%s)\n\t\tgoto %s;\n"
            label = re.search(r"goto (\w+);", driver.text[test.begin:test.end])
            if label:
                edit = Edit(driver).insert(test.end, second % (call["var"], call["call"], call["var"], label[1]))
                yield Mutant(driver, "register-twice", CHECK, edit.text(), [function.name])
        for put in function.statements(PUT):
            unregister = call["call"].replace("register", "unregister", 1) \
                .replace("emulated_iommu", "group")
            before = driver.bare[call.end:put.begin]
            if re.search(UNREGISTER, before):
                continue
            edit = Edit(driver).insert(put.begin, "\t%s\n" % unregister)
            yield Mutant(driver, "unregister-unregistered", CHECK, edit.text(), [function.name])


def teardown(driver):
    """remove, and the unwinding of what was registered."""
    for function in driver.removes() + [p.function for p in driver.probes]:
        unregisters, puts = function.statements(UNREGISTER), function.statements(PUT)
        if not unregisters or not puts:
            continue
        remove = function in driver.removes()
        where = "" if remove else "-probe"
        first, put = unregisters[0], puts[-1]
        edit = Edit(driver).replace(first.begin, first.end, driver.text[put.begin:put.end])
        edit.replace(put.begin, put.end, driver.text[first.begin:first.end])
        if remove:
            yield Mutant(driver, "unregister-put-swapped", CHECK, edit.text(), [function.name])
        yield Mutant(driver, "unregister-dropped" + where, CHECK, Edit(driver).drop(first).text(), [function.name])
        if remove:
            yield Mutant(driver, "end-dropped", CHECK, Edit(driver).drop(first).drop(put).text(), [function.name])
            line = driver.text[first.begin:first.end]
            yield Mutant(driver, "unregister-twice", CHECK, Edit(driver).insert(first.end, line).text(),
                         [function.name])
            edit = Edit(driver).drop(first).insert(put.end, line)
            yield Mutant(driver, "unregister-after-put", CHECK, edit.text(), [function.name])
            device = put["device"]
            result = "return;" if re.search(r"\bvoid\b", function.head.split("(")[0]) else "return 0;"
            edit = Edit(driver).insert(put.begin, "\tif (!(%s)->dev->parent)\n\t\t%s\n" % (device, result))
            yield Mutant(driver, "early-return-remove", CHECK, edit.text(), [function.name])
            edit = Edit(driver).replace(put.begin, put.end, "\tif ((%s)->dev->parent)\n%s" % (
                device, "\t" + driver.text[put.begin:put.end]))
            yield Mutant(driver, "put-sometimes", CHECK, edit.text(), [function.name])
            edit = Edit(driver).replace(first.begin, first.end, "\tif ((%s)->dev->parent)\n%s" % (
                device, "\t" + line))
            yield Mutant(driver, "unregister-sometimes", CHECK, edit.text(), [function.name])
            if not driver.core_frees:
                edit = Edit(driver).insert(put.end, "\tvfio_free_device(%s);\n" % device)
                yield Mutant(driver, "free-after-put", CHECK, edit.text(), [function.name],
                             also=["vfio-mismatched-free"])
            container, _, _ = driver.container(function)
            if not container:
                continue
            edit = Edit(driver).insert(put.end, "\tkfree(%s);\n" % container).insert(0, "#include <linux/slab.h>\n")
            yield Mutant(driver, "kfree-after-put", CHECK, edit.text(), [function.name],
                         also=["vfio-mismatched-free"])


OPERATORS = (skipped_unwinding, new_early_return, dropped_put, doubled_put, use_after_put, put_too_early,
             registration, teardown)
