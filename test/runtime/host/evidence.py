# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""docs/evidence.md, made from the results of the runs."""
import fcntl
import glob
import json
import os

INTRODUCTION = """\
# Evidence

What the tools said of each sample, and what a running kernel did with it. This page is made by the runtime tests
(`test/runtime`); do not edit it. Each row is a module that was built by the kernel's own `make M=`, loaded into Debian's kernel in
QEMU with `slub_debug=FZPU`, and put through these steps:

- *warm*, *once*: a device is made and removed;
- *use*: opened through `/dev/vfio`, its region written, read back, closed; twice, for each type of device;
- *open*: removed while a user has it open: the remove waits for the user, the release comes after;
- *aux*: the device that the module itself brings along is unbound and bound;
- *cycle*: made and removed 100 times (PCI: bound, opened, unbound 20 times);
- *faults*: each call of its set-up that can fail is made to fail, one after the other (allocations, ids, the allocation
  of the device, the registration), by a kprobe that sends the call back with an error; *broken*: the sample's own way to fail;
- *objects*: no object that the driver or the core asked for on its behalf is left;
- *index*: no number that the core gives to devices is lost;
- *unload*: the module can be removed.

After each step the driver's own counters have to be where they were, and the kernel must not have complained of anything.
"""

TITLES = {
    "clean": "Good drivers of the new model (`samples/clean`)",
    "migrated": "Drivers of the old model, migrated (`samples/legacy`)",
    "buggy": "Drivers with one bug each (`samples/buggy`)",
}

CANNOT = """\
A kernel cannot show `vfio-init-device` and `vfio-private-member`: what these drivers do happens to work in this kernel. Nor
`vfio-deprecated-lifecycle`: a kernel of the new model does not link the old functions.
"""


def _rows(run):
    yield "| sample | the tool | the kernel |"
    yield "|---|---|---|"
    for r in run["results"]:
        mark = "" if r["ok"] else "**not as expected:** "
        yield "| `%s` | %s | %s%s |" % (r["sample"], r["tool"].replace("|", "\\|"), mark,
                                       r["did"].replace("|", "\\|"))


def _version(run):
    return [int(n) for n in run["kernel"].split("-")[0].split("+")[0].split(".")[:2]]


def page(runs):
    lines = [INTRODUCTION]
    for group, title in TITLES.items():
        for run in sorted((r for r in runs if r["group"] == group), key=_version):
            lines += ["## %s, on %s" % (title, run["kernel"]), ""]
            lines += list(_rows(run)) + [""]
        if group == "buggy":
            lines.append(CANNOT)
    lines += ["## Time", "", "| run | boots | seconds to the first case | seconds in all |",
              "|---|---|---|---|"]
    for run in sorted(runs, key=lambda r: (r["group"], _version(r))):
        timing = run["timing"]
        lines.append("| %s, %s | %d | %.1f to %.1f | %.0f |" % (
            run["group"], run["kernel"], timing["boots"], min(timing["ready"]),
            max(timing["ready"]), timing["total"]))
    return "\n".join(lines) + "\n"


def write(folder):
    """Make FOLDER/evidence.md, and the file $VFIO_EVIDENCE, from FOLDER/results."""
    with open(os.path.join(folder, "evidence.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        runs = []
        for path in sorted(glob.glob(os.path.join(folder, "results", "*.json"))):
            with open(path) as f:
                runs.append(json.load(f))
        for path in (os.path.join(folder, "evidence.md"), os.environ.get("VFIO_EVIDENCE")):
            if path:
                with open(path, "w") as f:
                    f.write(page(runs))
