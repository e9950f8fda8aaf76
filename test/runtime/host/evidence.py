# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""docs/evidence.md: a section for each group and kernel, made by its run.

A run says so when its section is stale. Kernels are updated between two runs:
so the last numbers of the version do not count, nor, for a driver with a bug,
which of the ways that cases.py expects it was seen in. Times stay out of it.
"""
import fcntl
import os
import re

INTRODUCTION = """\
# Evidence

What the tools said of each sample, and what a running kernel did with it. This page is written by the runtime tests (`VFIO_UPDATE_EVIDENCE=1`,
see `test/runtime/README.md`), which fail when it is stale; do not edit it. Each row is a module that was built by the kernel's own `make M=`, loaded into
Debian's kernel in QEMU with `slub_debug=FZPU`, and put through these steps:

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

The kernel named *checked* is a small one of our own (`test/runtime/checked`) from the same source, with IOMMUFD, KASAN, kmemleak, lockdep and debugobjects on. There, in
place of *cycle*, *kmemleak* looks for memory that the driver asked for and that nothing points at; *iommufd* does what *use* does by way of `/dev/iommu` and the
device's own file, `/dev/vfio/devices/vfioN`; *refused* makes opens fail, *peek* reads before any write, *settle* waits for what still runs.

`vfio-deprecated-lifecycle` has no row among the bugs: a kernel of the new model does not link the old functions. The whole of `samples/legacy` is what it finds.
"""

TITLES = {
    "clean": "Good drivers of the new model (`samples/clean`)",
    "migrated": "Drivers of the old model, migrated (`samples/legacy`)",
    "moved": "Good drivers of 6.1 (`samples/clean/6.1`), migrated to 6.2",
    "buggy": "Drivers with one bug each (`samples/buggy`)",
    "lives": "Drivers with one bug each in what they take and give back (`samples/lives`), and the same mended",
}


class Row:
    """A sample in the table. seen: a pattern for the kernel's words."""

    def __init__(self, sample, tool, kernel, seen=None):
        self.cells = ["`%s`" % sample] + [t.replace("|", "\\|") for t in (tool, kernel)]
        self.seen = seen

    def text(self):
        return "| %s |" % " | ".join(self.cells)

    def says(self, line):
        """Whether a line of the page says the same."""
        if line == self.text():
            return True
        start = "| %s | %s | " % tuple(self.cells[:2])
        return bool(self.seen and line.startswith(start)
                    and re.search(self.seen, line[len(start):]))


def title(group, release):
    return "%s, on %s" % (TITLES[group], release)


def _series(text):
    """A title without the last numbers of its kernel's version."""
    return re.sub(r"(, on \d+\.\d+)(?:.*(-checked)$|.*)", r"\1\2", text)


def _parse(text):
    """What stands under each title, without blank lines."""
    sections = {}
    for part in re.split(r"^## ", text, flags=re.M)[1:]:
        heading, _, body = part.partition("\n")
        sections[heading] = [line for line in body.splitlines() if line]
    return sections


def _read(path):
    try:
        with open(path) as f:
            return f.read()
    except FileNotFoundError:
        return ""


def stale(path, group, release, rows):
    """What of the page is not what was seen, as lines; none if it is."""
    text = _read(path)
    for heading, lines in _parse(text).items():
        if _series(heading) == _series(title(group, release)):
            break
    else:
        return ["no section for %s" % title(group, release)]
    wrong = [] if text.startswith(INTRODUCTION) else ["another introduction"]
    there = lines[2:]
    if len(there) != len(rows):
        wrong.append("%d rows, not %d" % (len(there), len(rows)))
    for line, row in zip(there, rows):
        if not row.says(line):
            wrong += ["- " + line, "+ " + row.text()]
    return wrong


def _order(heading):
    group = [heading.startswith(t) for t in TITLES.values()].index(True)
    return heading.endswith("-checked"), group, [int(n) for n in re.findall(r"\d+", _series(heading).split(", on ")[1])]


def update(path, group, release, rows):
    """Put this run's section into the page."""
    with open(path + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sections = {heading: lines for heading, lines in _parse(_read(path)).items()
                    if _series(heading) != _series(title(group, release))}
        sections[title(group, release)] = [
            "| sample | the tool | the kernel |", "|---|---|---|"] + [r.text() for r in rows]
        page = INTRODUCTION
        for heading in sorted(sections, key=_order):
            page += "\n## %s\n\n%s\n" % (heading, "\n".join(sections[heading]))
        with open(path, "w") as f:
            f.write(page)
        os.unlink(path + ".lock")
