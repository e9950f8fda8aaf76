#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""break-all.py TIDY KERNEL SAMPLES FOLDER: breaks each clean and each buggy sample of 6.1
by unrelated errors at places that its number picks, all kinds in turn, and compares
what is found with what is found in the sample as it is. A false alarm is a finding in a function that has none there:
of a function that is wrong, another thing may be said where a part of the driver was not seen."""
import glob
import json
import os
import re
import subprocess
import sys

tidy, kernel, samples, folder = sys.argv[1:]
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
KINDS = len(TOP) + len(BODY) + len(TABLE)


def functions(text):
    """Where bodies begin."""
    return [m.end() for m in re.finditer(r"^(?:static )[^;{}#]*\)\n\{\n", text, re.M)]


def broken(text, kind):
    if kind < len(TOP):
        at = text.index("\n", text.rindex("#include <linux/")) + 1
        return text[:at] + TOP[kind] + text[at:]
    if kind >= len(TOP) + len(BODY):
        record, row = TABLE[kind - len(TOP) - len(BODY)]
        head = re.search(r"^static (?:const )?struct (?:%s) (\w+) = \{\n" % record, text, re.M)
        if not head:
            return text
        # What some drivers say ahead of the functions that use a table.
        ahead = head.group(0).split(" = ")[0] + ";\n"
        at = text.index("\n", text.rindex("#include <linux/")) + 1
        return text[:at] + ahead + text[at:head.end()] + row + text[head.end():]
    places = functions(text)
    at = places[(kind * 7) % len(places)]
    return text[:at] + BODY[kind - len(TOP)] + text[at:]


def run(path):
    report = path + ".json"
    subprocess.run([tidy, "--kernel=" + kernel, "-j2", "--report=" + report, path],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    with open(report) as file:
        found = json.load(file)
    return {(os.path.basename(f["file"]).split("+")[0], f["check"], f["inside"],
             re.sub(r"\d+", "#", f["message"])) for f in found["findings"]}


os.makedirs(os.path.join(folder, "whole"))
os.makedirs(os.path.join(folder, "broken"))
count = 0
sources = sorted(glob.glob(os.path.join(samples, "buggy/6.1/*/*.c")) +
                 glob.glob(os.path.join(samples, "clean/6.1/*/*.c")))
for number, source in enumerate(sources):
    with open(source) as file:
        text = file.read()
    if '#include "' in text or not functions(text):
        continue
    name = os.path.basename(source)[:-2]
    with open(os.path.join(folder, "whole", name + ".c"), "w") as file:
        file.write(text)
    for kind in {number % KINDS, (number + 5) % KINDS, (number + 9) % KINDS}:
        count += 1
        with open(os.path.join(folder, "broken", "%s+%d.c" % (name, kind)), "w") as file:
            file.write(broken(text, kind))
whole = {(f[0].replace(".c", ""),) + f[1:] for f in run(os.path.join(folder, "whole"))}
after = {(f[0].replace(".c", ""),) + f[1:] for f in run(os.path.join(folder, "broken"))}
wrong = {(f[0], f[2]) for f in whole}
alarms = {f for f in after - whole if (f[0], f[2]) not in wrong}
for finding in sorted(alarms):
    print("false alarm:", finding)
print("%d broken drivers, %d findings kept, %d false alarms" %
      (count, len(after & whole), len(alarms)))
