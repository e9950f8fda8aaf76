#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Drivers whose helper, in another source, is called anything: only what it does counts.

  names.py --vfio-tidy BIN --kernel HEADERS WORK

Of each name, and of each way to call a helper, there are two drivers in which
probe's error path and remove leave the put to it (it puts: good; it does not:
bug), and two that put after it (the other way round). They are made in WORK, and
asked about in one run. A bug needs a warning in each function that is wrong, a
good driver must have none.
"""
import argparse
import os
import re
import subprocess
import sys

NAMES = ["two_unroll", "strobe_put", "memory_put", "lamp_unroll", "lamp_give_back", "lamp_recycle", "lamp_bye",
         "lamp_fall"] + [word + "_lamp" for word in ("copy", "init", "test", "lock", "trace", "uuid", "complete", "mutex",
                                                     "debug", "warn", "str", "get", "show", "print")]
HEADER = """#ifndef LAMP_H
#define LAMP_H
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct lamp {
	struct vfio_device vdev;
	void *cfg;
	int watts;
};

%s
#endif
"""
MAIN = """#include "%(header)s"

%(before)sstatic int lamp_open(struct vfio_device *vdev)
{
	return 0;
}

static const struct vfio_device_ops lamp_ops = {
	.name = "lamp",
	.open_device = lamp_open,
	.release = %(release)s,
};

static int lamp_probe(struct platform_device *pdev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, &pdev->dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
%(setup)s	ret = vfio_register_group_dev(&l->vdev);
	if (ret) {
%(fail)s		return ret;
	}
	platform_set_drvdata(pdev, l);
	return 0;
}

static int lamp_remove(struct platform_device *pdev)
{
	struct lamp *l = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&l->vdev);
%(end)s	return 0;
}

static struct platform_driver lamp_driver = {
	.probe = lamp_probe,
	.remove = lamp_remove,
	.driver = { .name = "lamp" },
	.driver_managed_dma = true,
};
module_platform_driver(lamp_driver);

MODULE_LICENSE("GPL");
"""
PUT = "vfio_put_device(&l->vdev);"
WARNING = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+):\d+: (?:warning|error): .* \[vfio-[^\]]+\]$", re.M)


class Driver:
    """One driver; `wrong` are the functions that a warning is due in."""

    def __init__(self, name, helper, declared, call, wrong=(), **parts):
        self.name, self.wrong = name, wrong
        main = {"header": "lamp.h", "before": "", "release": "vfio_free_device", "setup": "",
                "fail": "\t\t%s\n" % call, "end": "\t%s\n" % call}
        self.helper_file = parts.pop("file", "helper.c")
        main.update(parts)
        self.files = {"lamp.h": HEADER % declared, "main.c": MAIN % main,
                      self.helper_file: '#include "%slamp.h"\n\n%s' % ("../lamp/" if "/" in self.helper_file else "", helper),
                      "Makefile": "obj-m := lamp.o\nlamp-y := main.o %s.o\n" % self.helper_file[:-2]}

    def write(self, work):
        for name, text in self.files.items():
            path = os.path.normpath(os.path.join(work, self.name, "lamp", name))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(text)

    def function_at(self, name, line):
        """The function, or the table, that a line of a file is in."""
        text = next((t for n, t in self.files.items() if os.path.basename(n) == os.path.basename(name)), "")
        heads = [re.search(r"(\w+)(?:\(| = \{)", l)[1] for l in text.split("\n")[:line] if re.match(r"\w.*(\(| = \{)", l)]
        return heads[-1] if heads else ""


def both(name, make):
    """make(puts, again): the driver whose helper puts or not, and who puts after it or not."""
    for again in (False, True):
        for puts in (True, False):
            yield make("%s-%s-%s" % (name, "twice" if again else "once", "bug" if puts == again else "good"), puts, again)


def plain(helper, **parts):
    def make(name, puts, again):
        call = helper + "(l);" + ("\n\t" + PUT if again else "")
        return Driver(name, "void %s(struct lamp *l)\n{\n\tl->watts = 0;\n%s}\n" % (helper, "\t%s\n" % PUT if puts else ""),
                      "void %s(struct lamp *l);\n" % helper, call,
                      wrong=("lamp_probe", "lamp_remove") if puts == again else (), **parts)
    return make


def through_table(name, puts, again):
    helper = """static void end(struct lamp *l)
{
	l->watts = 0;
%s}

const struct lamp_kind lamp_kind = { .end = end };
""" % ("\t%s\n" % PUT if puts else "")
    return Driver(name, helper, "struct lamp_kind {\n\tvoid (*end)(struct lamp *l);\n};\nextern const struct lamp_kind lamp_kind;\n",
                  "lamp_kind.end(l);" + ("\n\t" + PUT if again else ""),
                  wrong=("lamp_probe", "lamp_remove") if puts == again else ())


def recursive(name, puts, again):
    helper = """void lamp_down(struct lamp *l, int n)
{
	if (n > 0) {
		lamp_down(l, n - 1);
		return;
	}
	l->watts = 0;
%s}
""" % ("\t%s\n" % PUT if puts else "")
    return Driver(name, helper, "void lamp_down(struct lamp *l, int n);\n",
                  "lamp_down(l, l->watts);" + ("\n\t" + PUT if again else ""),
                  wrong=("lamp_probe", "lamp_remove") if puts == again else ())


def when_it_fails(name, puts, again):
    """The helper sets up; it ends its argument, or not, only when it fails."""
    helper = """int lamp_setup(struct lamp *l)
{
	l->cfg = kzalloc(64, GFP_KERNEL);
	if (!l->cfg) {
%s		return -ENOMEM;
	}
	return 0;
}
""" % ("\t\t%s\n" % PUT if puts else "")
    last = "kfree(l->cfg);\n\t%s" % PUT
    setup = "\tret = lamp_setup(l);\n\tif (ret)%s\n" % (
        " {\n\t\t%s\n\t\treturn ret;\n\t}" % PUT if again else "\n\t\treturn ret;")
    return Driver(name, helper, "int lamp_setup(struct lamp *l);\n", last, setup=setup,
                  wrong=("lamp_probe",) if puts == again else ())


def release(frees):
    helper = """void lamp_release(struct vfio_device *vdev)
{
	struct lamp *l = container_of(vdev, struct lamp, vdev);

	l->watts = 0;
%s}
""" % ("\tvfio_free_device(vdev);\n" if frees else "")
    return Driver("release-" + ("good" if frees else "bug"), helper, "void lamp_release(struct vfio_device *vdev);\n", PUT,
                  wrong=() if frees else ("lamp_release",), release="lamp_release")


def all_drivers():
    for name in NAMES:
        yield from both(name, plain(name))
    yield from both("library", plain("lamp_common", file="../common/end.c"))
    yield from both("table", through_table)
    yield from both("recursion", recursive)
    yield from both("when-it-fails", when_it_fails)
    yield release(True)
    yield release(False)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vfio-tidy", required=True)
    parser.add_argument("--kernel", required=True)
    parser.add_argument("work")
    options = parser.parse_args()
    drivers = list(all_drivers())
    for driver in drivers:
        driver.write(options.work)
    done = subprocess.run([options.vfio_tidy, "--kernel=" + options.kernel, "-j2", options.work],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0, 2) or "failed 0" not in done.stderr:
        sys.exit(done.stdout + done.stderr)
    said = {}
    for match in WARNING.finditer(done.stdout):
        parts = os.path.relpath(match["file"], options.work).split(os.sep)
        said.setdefault(parts[0], []).append((parts[-1], int(match["line"])))
    found = bugs = alarms = 0
    for driver in drivers:
        functions = {driver.function_at(*place) for place in said.get(driver.name, ())}
        if driver.wrong:
            bugs += 1
            hit = set(driver.wrong) <= functions
            found += hit
            if not hit:
                print("missed: %s: %s" % (driver.name, ", ".join(sorted(set(driver.wrong) - functions))))
        elif functions:
            alarms += 1
            print("ALARM: %s: %s" % (driver.name, ", ".join(sorted(functions))))
    print("found %d of %d bugs, %d false alarms on %d good drivers" % (found, bugs, alarms, len(drivers) - bugs))
    sys.exit(found < bugs or alarms > 0)


if __name__ == "__main__":
    main()
