# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The life of a vdpa device and of a plain struct device, with a wrong turn in
it. The device is a member of a structure, or a local that points to one: what
only a parameter leads to has no end that a driver could be asked for."""
import re

from ..source import Edit, Mutant

BEGIN = r"(?P<how>device_initialize|device_register)\((?P<device>[^;()]+)\)"
ALLOC = r"(?P<holder>\w+) = vdpa_alloc_device\(struct \w+, (?P<member>[\w.]+),[^;]*;\n"
VISIBLE = (r"(?:device_add|device_register|_?vdpa_register_device|cdev_device_add)"
           r"\((?:[^;(),]+, )?%s(?:, [^;()]+)?\)")
GONE = r"(?:device_del|cdev_device_del)\((?:[^;(),]+, )?%s\);"
ENDS = r"(?:device_unregister|_?vdpa_unregister_device)\((?P<device>[^;()]+)\);"
EMBEDDED = re.compile(r"&(?P<holder>\w+)->(?P<member>[\w.]+)$")


class Device:
    """A device in a function: how its last put is spelt, and whose it is."""

    def __init__(self, function, expression, kind):
        self.function, self.expression, self.kind = function, expression.strip(), kind
        local = re.search(r"^\t(?:struct device \*)?%s = (&\w+->[\w.]+);\n" % re.escape(self.expression),
                          function.body, re.M) if re.match(r"\w+$", self.expression) else None
        self.spellings = [self.expression] + ([local[1]] if local else [])
        embedded = EMBEDDED.match(self.spellings[-1])
        self.holder = embedded["holder"] if embedded else None
        self.member = embedded["member"] if embedded else None
        self.check = "lifecycle-" + kind

    def find(self, pattern):
        """The statements for this device, in its spellings."""
        spans = []
        for spelling in self.spellings:
            name = re.escape(spelling) + (r"(?:\.dev)?" if self.kind == "vdpa" else "")
            spans += self.function.statements(pattern % name)
        return sorted(spans, key=lambda span: span.begin)

    def puts(self):
        return self.find(r"put_device\(%s\);")

    def pointer(self):
        """The struct device."""
        if self.kind == "device":
            return self.expression
        return self.expression + ".dev" if self.holder else "&%s->dev" % self.expression

    def after(self, span, text):
        """More statements behind this one, which may be all of a branch."""
        line = self.function.driver.text[span.begin:span.end]
        return Edit(self.function.driver).replace(span.begin, span.end, "\t{\n%s\t\t%s\n\t}\n" % (line, text))

    def mutant(self, operator, edit):
        edit.insert(0, "#include <linux/slab.h>\n")
        return Mutant(self.function.driver, operator, self.check, edit.text(), [self.function.name])


def _made(driver):
    """The devices that a function makes, and where."""
    for function in driver.functions.values():
        for call in function.find(BEGIN):
            device = Device(function, call["device"], "device")
            if device.holder:
                yield device, call
        for call in function.find(ALLOC):
            yield Device(function, "&%s->%s" % (call["holder"], call["member"]), "vdpa"), call


def _ended(driver):
    """The devices that a function takes down and has not made."""
    makers = {device.function for device, _ in _made(driver)}
    for function in driver.functions.values():
        if function in makers:
            continue
        for call in function.find(GONE % r"(?P<device>&\w+->[\w.]+)"):
            device = Device(function, call["device"], "device")
            if device.puts():
                yield device


def _wrong_ends(device, end, prefix):
    """One call more, or another one, where the last reference is dropped."""
    line = device.function.driver.text[end.begin:end.end].strip()
    yield device.mutant(prefix + "-twice", device.after(end, line))
    yield device.mutant(prefix + "-then-use", device.after(end, "dev_info(%s, \"gone\\n\");" % device.pointer()))
    if device.holder:
        kfree = "kfree(%s);" % device.holder
        yield device.mutant(prefix + "-then-kfree", device.after(end, kfree))


def failures(driver):
    """The unwinding of what was made."""
    for device, call in _made(driver):
        for put in device.puts():
            yield device.mutant("made-put-dropped", Edit(driver).replace(put.begin, put.end, "\t\t;\n"))
            edit = Edit(driver).replace(put.begin, put.end, "\tkfree(%s);\n" % device.holder)
            yield device.mutant("made-kfree-for-put", edit)
            yield from _wrong_ends(device, put, "made-put")
        for goto in device.function.gotos():
            label = next((l for l in device.function.labels() if l["label"] == goto["label"]), None)
            value = next((r["value"] for r in device.function.returns() if label and r.begin > label.begin), None)
            if goto.begin > call.end and value and any(p.begin > label.begin for p in device.puts()):
                edit = Edit(driver).replace(goto.begin, goto.end, "return%s;" % value)
                yield device.mutant("made-early-return", edit)


def removal(driver):
    """The end of what was made elsewhere, by two calls."""
    for device in _ended(driver):
        puts, gone = device.puts(), device.find(GONE)
        if not gone or puts[-1].begin < gone[-1].begin:
            continue
        put, gone = puts[-1], gone[-1]
        line = driver.text[put.begin:put.end]
        yield device.mutant("ended-put-dropped", Edit(driver).replace(put.begin, put.end, "\t\t;\n"))
        yield device.mutant("ended-del-dropped", Edit(driver).replace(gone.begin, gone.end, "\t\t;\n"))
        edit = Edit(driver).replace(put.begin, put.end, "\tkfree(%s);\n" % device.holder)
        yield device.mutant("ended-kfree-for-put", edit)
        edit = Edit(driver).drop(put).replace(gone.begin, gone.end, line + driver.text[gone.begin:gone.end])
        yield device.mutant("ended-put-before-del", edit)
        yield from _wrong_ends(device, put, "ended-put")


def unregistering(driver):
    """The end by one call, which drops the reference as well."""
    for function in driver.functions.values():
        for call in function.find(r"^[ \t]*" + ENDS + "\n"):
            kind = "vdpa" if "vdpa" in driver.text[call.begin:call.end] else "device"
            device = Device(function, call["device"], kind)
            if kind == "device" and not device.holder:
                continue
            # Who asks a driver to end its vdpa device holds a reference himself.
            yield from (m for m in _wrong_ends(device, call, "unregistered")
                        if device.holder or not m.operator.endswith("-use"))
            yield device.mutant("unregistered-then-put", device.after(call, "put_device(%s);" % device.pointer()))


def concerns(driver):
    """True for a driver in which any of the operators finds a place."""
    return any(True for operator in OPERATORS for _ in operator(driver))


OPERATORS = (failures, removal, unregistering)
