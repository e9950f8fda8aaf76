# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The messages of docs/troubleshooting.md are in the sources, and each refusal has a
link there.   troubleshooting.py PAGE ROOT"""
import glob
import os
import re
import sys

page, root = sys.argv[1:]
with open(page) as file:
    text = file.read()
messages = re.findall(r"^\| `([^`]*)`", text, re.M)
shown = [name for name, section in re.findall(r"\[`([\w-]+)`\]\(refusals.md#([\w-]+)\)", text)
         if name == section]
sources = ""
for room in ("tools", "kbuild", "rewriter", "report", "cmake", "scripts"):
    for path in sorted(glob.glob(os.path.join(root, room, "**"), recursive=True)):
        if path.endswith((".cpp", ".h", ".def", ".cmake", ".sh")):
            with open(path) as file:
                sources += file.read()
sources = re.sub(r'"\s*\n\s*"', "", sources)

faults = []
for message in messages:
    for part in message.split("…"):
        if part.strip() not in sources:
            faults.append("no program says '%s' any more: mend its row" % part.strip())
[refusals] = glob.glob(os.path.join(root, "rewriter", "**", "Refusals.def"), recursive=True)
with open(refusals) as file:
    known = re.findall(r'^REFUSAL\(\w+,\s*"([\w-]+)"', file.read(), re.M)
faults += ["no link to the refusal " + n for n in known if n not in shown]
faults += ["%s is no refusal" % n for n in shown if n not in known]
assert len(known) > 10 and len(messages) > 20
if faults:
    sys.exit("docs/troubleshooting.md: " + "\n".join(faults))
