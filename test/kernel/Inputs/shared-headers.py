# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""shared-headers.py BIN WORK KERNEL TREE: what the programs say of the drivers of a
tree, with shared headers and without."""
import json
import os
import re
import subprocess
import sys

BIN, WORK, KERNEL, TREE = sys.argv[1:]
FOLDERS = [p for p in (os.path.join(TREE, f) for f in (
    "drivers/vfio", "samples/vfio-mdev", "drivers/gpu/drm/i915/gvt"))
           if os.path.isdir(p)] or [TREE]


def findings(*options, paths=FOLDERS):
    report = WORK + "/report.json"
    done = subprocess.run([BIN + "/vfio-tidy", "--kernel=" + KERNEL, "--report=" + report,
                           *options, *paths], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True)
    with open(report) as file:
        return json.load(file), done.stdout, re.search(r"analysed (\d+)", done.stderr)[1]


def facts(*options):
    return json.loads(subprocess.run(
        [BIN + "/vfio-migrate", "--kernel=" + KERNEL, "--dump-facts", *options, *FOLDERS],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout)


shared, alone = findings(), findings("--no-shared-headers")
assert shared == alone, (shared, alone)
print("the same findings in %s sources" % shared[2])
shared, alone = facts(), facts("--no-shared-headers")
assert shared == alone, [pair for pair in zip(shared, alone) if pair[0] != pair[1]][:1]
print("the same facts of %d sources" % len(shared))
# A source by itself shares them with those that are read for it.
alone = next(p for p in (os.path.join(TREE, f) for f in (
    "drivers/vfio/pci/vfio_pci_config.c", "afterfree/afterfree.c")) if os.path.isfile(p))
assert findings(paths=[alone]) == findings("--no-shared-headers", paths=[alone])
