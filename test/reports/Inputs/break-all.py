#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Breaks drivers by unrelated errors, and compares what is found with what is found in the
driver as it is. A false alarm is a finding in a function that has none there: of a function
that is wrong, another thing may be said where a part of the driver was not seen.

  break-all.py TIDY FOLDER samples KERNEL DIR...  the drivers in DIR/*/*.c, each broken in
                                                  three ways that its number picks
  break-all.py TIDY FOLDER mocks INPUTS CHECKS    the sources of CHECKS, on the mock headers of
                                                  each generation that their RUN line names,
                                                  each broken at ten places, all kinds in turn
"""
import glob
import json
import os
import re
import shutil
import subprocess
import sys

tidy, folder, mode = sys.argv[1:4]
TOP = [
    "#include <linux/gone.h>\n",
    "static long unrelated(void) { return GONE_CONSTANT; }\n",
    "static gone_t unrelated_variable;\n",
    "static int unrelated(struct device *dev) { return dev->gone_member; }\n",
    "static void unrelated(void) { mutex_lock(); }\n",
    "GONE_MACRO(unrelated)\n",
]
BODY = [
    "\tgone_t gone = GONE_CONSTANT;\n",
    "\tgone(GONE_CONSTANT, 1);\n",
    "\tmutex_lock();\n",
    "\tif (GONE_CONSTANT)\n\t\treturn;\n",
]
# In a table: of an initialiser with an error in it clang keeps nothing.
TABLE = [
    ("vfio_device_ops", "\t.bind_iommufd = gone_function,\n"),
    ("vfio_device_ops", "\t.gone_member = 1,\n"),
    ("mdev_driver|pci_driver|platform_driver", "\t.gone_member = GONE_CONSTANT,\n"),
    ("vfio_device_ops", "\t.ioctl = mutex_lock(),\n"),
]
# In a call that is there: the function takes other arguments in this kernel, or is gone.
CALL = [
    lambda name, rest: "%s(GONE_CONSTANT, %s" % (name, rest),
    lambda name, rest: "%s_gone(%s" % (name, rest),
]
KINDS = len(TOP) + len(BODY) + len(TABLE) + len(CALL)


# How the tests of checks are compiled (check_vfio.py).
FLAGS = ["-x", "c", "-std=gnu11", "-nostdinc", "-ffreestanding", "-D__KERNEL__", "-DMODULE",
         '-DKBUILD_MODNAME="test"', "-w"]


def functions(text):
    """Where bodies begin."""
    return [m.end() for m in re.finditer(r"^(?:static )?[a-z][^;{}#]*\)\n?\s*\{\n", text, re.M)]


def tables(text, record):
    return list(re.finditer(r"^static (?:const )?struct (?:%s) (\w+) = \{\n" % record, text, re.M))


def behind_includes(text):
    return text.index("\n", text.rindex("#include ")) + 1


def broken(text, kind, place):
    """The text with an error of a kind in it; empty where there is no place for it."""
    at = behind_includes(text)
    if kind < len(TOP):
        return text[:at] + TOP[kind] + text[at:]
    if kind < len(TOP) + len(BODY):
        places = functions(text)
        if not places:
            return ""
        at = places[(place * 7) % len(places)]
        return text[:at] + BODY[kind - len(TOP)] + text[at:]
    kind -= len(TOP) + len(BODY)
    if kind >= len(TABLE):
        calls = list(re.finditer(r"^\t+(?:\w+ = )?([a-z]\w+)\((.*\);)$", text, re.M))
        if not calls:
            return ""
        call = calls[(place * 7) % len(calls)]
        return (text[:call.start(1)] + CALL[kind - len(TABLE)](call.group(1), call.group(2)) +
                text[call.end(2):])
    record, row = TABLE[kind]
    heads = tables(text, record)
    if not heads:
        return ""
    head = heads[place % len(heads)]
    # What some drivers say ahead of the functions that use a table.
    ahead = head.group(0).split(" = ")[0] + ";\n"
    end = head.end()
    if head.start() < at:
        return text[:end] + row + text[end:]
    return text[:at] + ahead + text[at:end] + row + text[end:]


class Set:
    """Drivers, each in a folder of its own: one knows nothing of another."""

    def __init__(self, name):
        self.root = os.path.join(folder, name)
        self.commands = []

    def add(self, name, text, flags=None):
        path = os.path.join(self.root, name.replace(":", "_"), "driver.c")
        os.makedirs(os.path.dirname(path))
        with open(path, "w") as file:
            file.write(text)
        if flags is not None:
            self.commands.append({"file": path, "directory": os.path.dirname(path),
                                  "arguments": ["clang", *flags, "-c", path]})

    def run(self, *how):
        """What is found: the driver, without what was done to it, and the finding."""
        report = self.root + ".json"
        if self.commands:
            with open(os.path.join(self.root, "compile_commands.json"), "w") as file:
                json.dump(self.commands, file)
            how = ("-p", self.root)
        done = subprocess.run([tidy, "-j2", "--report=" + report, *how, self.root],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        if done.returncode not in (0, 1, 2) or not os.path.exists(report):
            sys.exit("break-all.py: " + done.stdout)
        with open(report) as file:
            found = json.load(file)
        self.count = len(found["sources"]) + len(found["failed"])
        return {(os.path.basename(os.path.dirname(f["file"])).split("+")[0], f["check"], f["inside"],
                 re.sub(r"\d+", "#", f["message"])) for f in found["findings"]}


whole, changed = Set("whole"), Set("broken")


def take(name, text, flags, number, ways):
    """Takes a driver, and as many of it that are broken."""
    whole.add(name, text, flags)
    for place in range(ways):
        kind = (number + place * 5) % KINDS
        other = broken(text, kind, place)
        if other:
            changed.add("%s+%d+%d" % (name, kind, place), other, flags)


if mode == "samples":
    options = ["--kernel=" + sys.argv[4]]
    sources = sorted(source for each in sys.argv[5:] for source in glob.glob(each + "/*/*.c"))
    for number, source in enumerate(sources):
        with open(source) as file:
            text = file.read()
        if '#include "' not in text and functions(text):
            take(os.path.basename(source)[:-2], text, None, number, 3)
else:
    options = []
    inputs, checks = sys.argv[4:]
    # Nothing outside of a driver's own tree is read.
    os.makedirs(os.path.join(folder, ".git"))
    inputs = shutil.copytree(inputs, os.path.join(folder, "inputs"))
    shutil.copytree(os.path.join(checks, "Inputs"), os.path.join(folder, "own/Inputs"))
    for number, source in enumerate(sorted(glob.glob(checks + "/*.c"))):
        with open(source) as file:
            text = file.read()
        generations = re.search(r"RUN: %check_vfio .*-gen=([\w.,]+)", text)
        generations = generations.group(1).split(",") if generations else ["6.1"]
        if generations == ["all"]:
            generations = ["5.15", "transition", "6.1", "6.2"]
        for generation in generations:
            flags = FLAGS + ["-I" + os.path.join(inputs, generation, "include"),
                             "-I" + os.path.join(inputs, "common", "include"),
                             "-I" + os.path.join(folder, "own")]
            take("%s:%s" % (generation, os.path.basename(source)[:-2]), text, flags, number, 10)

before, after = whole.run(*options), changed.run(*options)
wrong = {(f[0], f[2]) for f in before}
alarms = {f for f in after - before if (f[0], f[2]) not in wrong}
for finding in sorted(alarms):
    print("false alarm:", finding)
print("%d drivers, %d broken ones, %d of %d findings kept, %d false alarms" %
      (whole.count, changed.count, len(after & before), len(before), len(alarms)))
