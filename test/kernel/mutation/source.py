# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A driver's source as an operator sees it: functions, calls, ops tables.

It is read as text that keeps to the kernel's style (a function's braces in the
first column, a label at the start of a line), which is what the real drivers
do; what does not is not offered to the operators.
"""
import re

FUNCTION = re.compile(r"^(?!static const|struct|union|enum|typedef|#|/|\*| |\t|\})"
                      r"(?P<head>[^;{}#]*?\b(?P<name>\w+)\((?P<args>[^;{}]*?)\))\n"
                      r"\{\n(?P<body>.*?)^\}", re.M | re.S)
OPS_TABLE = re.compile(r"struct vfio_device_ops (?P<name>\w+) = \{\n(?P<body>.*?)^\};",
                       re.M | re.S)
CONTAINER_OF = re.compile(r"container_of\(\s*(?P<of>\w+),\s*(?P<struct>struct \w+),"
                          r"\s*(?P<member>[\w.]+)\)")
PUT = r"vfio_put_device\((?P<device>[^;]+?)\);"
REGISTER = (r"vfio_(?:register_(?:group|emulated_iommu)_dev|pci_core_register_device)"
            r"\((?P<device>[^;]+?)\)")
UNREGISTER = (r"vfio_(?:unregister_group_dev|pci_core_unregister_device)"
              r"\((?P<device>[^;]+?)\);")


def blank_comments(text):
    """The text with comments and literals as blanks, of the same length."""
    def blanks(match):
        return re.sub(r"[^\n]", " ", match.group())
    return re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"", blanks, text, flags=re.S)


class Span:
    """A piece of the text."""

    def __init__(self, begin, end, match=None):
        self.begin, self.end, self.match = begin, end, match

    def __getitem__(self, group):
        return self.match[group]


class Function(Span):
    def __init__(self, driver, match):
        super().__init__(match.start(), match.end(), match)
        self.driver, self.name = driver, match["name"]
        self.head, self.args = match["head"], match["args"]
        self.body_begin, self.body_end = match.start("body"), match.end("body")

    @property
    def body(self):
        return self.driver.bare[self.body_begin:self.body_end]

    def find(self, pattern, flags=re.M | re.S):
        """What in the body matches the pattern."""
        return [Span(m.start(), m.end(), m) for m in
                re.compile(pattern, flags).finditer(self.driver.bare, self.body_begin, self.body_end)]

    def first(self, pattern):
        return next(iter(self.find(pattern)), None)

    def statements(self, call):
        """The statements, a line of their own each, that call this."""
        return self.find(r"^[ \t]*(?:\w+ = )?%s;\n" % call if not call.endswith(";")
                         else r"^[ \t]*(?:\w+ = )?%s\n" % call)

    def after_declarations(self):
        """Where the first statement starts: after the first blank line."""
        blank = re.compile(r"^\n", re.M).search(self.driver.bare, self.body_begin, self.body_end)
        return blank.end() if blank else self.body_begin

    def labels(self):
        return [s for s in self.find(r"^(?P<label>[a-z]\w*):\n")]

    def gotos(self):
        return self.find(r"\bgoto (?P<label>\w+);")

    def returns(self):
        return self.find(r"^(?P<indent>[ \t]+)return(?P<value>[^;]*);\n")

    def parameter(self, kind):
        """The name of the parameter of this type."""
        found = re.search(kind + r"\s*\*\s*(\w+)", self.args)
        return found[1] if found else None

    def local(self, kind):
        found = re.search(kind + r"\s*\*\s*(\w+)", self.body)
        return found[1] if found else None


class Probe:
    """A function that allocates a device."""

    def __init__(self, function, call):
        self.function, self.call = function, call
        self.variable, self.struct = call["variable"], "struct " + call["struct"]
        self.member, self.device, self.ops = call["member"], call["dev"], call["ops"]
        self.vdev = "&%s->%s" % (self.variable, self.member)


class Driver:
    """One source file."""

    def __init__(self, path, text, core_frees):
        self.path, self.text, self.core_frees = path, text, core_frees
        self.bare = blank_comments(text)
        self.functions = {}
        for match in FUNCTION.finditer(self.bare):
            function = Function(self, match)
            self.functions[function.name] = function
        self.tables = [Span(m.start(), m.end(), m) for m in OPS_TABLE.finditer(self.bare)]
        self.probes = list(self._probes())

    def _probes(self):
        for function in self.functions.values():
            call = function.first(
                r"(?P<variable>\w+) = vfio_alloc_device\((?P<struct>\w+),\s*(?P<member>[\w.]+),"
                r"\s*(?P<dev>[^,;]+),\s*(?P<ops>[^,;]+?)\);")
            if call:
                yield Probe(function, call)

    def callbacks(self, name):
        """The functions of this file that a table has as this callback."""
        found = []
        for table in self.tables:
            match = re.search(r"\.%s\s*=\s*(\w+)," % name, table["body"])
            function = self.functions.get(match[1]) if match else None
            if function and function not in found:
                found.append(function)
        return found

    def removes(self):
        """The functions that unregister a device and are no probe."""
        probes = [p.function for p in self.probes]
        return [f for f in self.functions.values()
                if f not in probes and f.first(UNREGISTER) and f.first(PUT)]

    def container(self, function):
        """The name of the structure in a function, from what container_of or a
        helper gives, and the structure."""
        for probe in self.probes:
            name = function.local(probe.struct)
            if name:
                return name, probe.struct, probe.member
        found = function.first(r"(?P<struct>struct \w+) \*(?P<name>\w+) =\s*container_of\(\s*\w+,"
                               r"\s*struct \w+,\s*(?P<member>[\w.]+)\)")
        return (found["name"], found["struct"], found["member"]) if found else (None,) * 3


class Mutant:
    """A text with one mistake, and where it should be found."""

    def __init__(self, driver, operator, check, text, functions, lines=None, also=()):
        self.driver, self.operator, self.check = driver, operator, check
        self.checks = {check, *also}
        self.text, self.lines = text, lines
        self.functions = None if functions is None else set(functions)


class Edit:
    """Replacements in a driver's text, made at once."""

    def __init__(self, driver):
        self.driver, self.items = driver, []

    def replace(self, begin, end, text):
        self.items.append((begin, end, text))
        return self

    def drop(self, span):
        return self.replace(span.begin, span.end, "")

    def insert(self, where, text):
        return self.replace(where, where, text)

    def before(self, function, text):
        """A new function ahead of this one."""
        return self.insert(function.begin, text + "\n\n")

    def text(self):
        result = self.driver.text
        for begin, end, text in sorted(self.items, key=lambda item: item[0], reverse=True):
            result = result[:begin] + text + result[end:]
        return result
