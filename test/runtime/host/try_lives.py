# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What vfio-tidy says of samples/lives, and that the kernel's own make builds them.

    try_lives.py HEADERS BUILD SAMPLES SCRATCH
"""
import os
import sys
import types

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from host import guest, tools  # noqa: E402

headers, build, samples, scratch = sys.argv[1:]
kernel = types.SimpleNamespace(headers=headers, release=os.path.basename(headers))
group = tools.Lives(types.SimpleNamespace(build=build, samples=samples), kernel)
group.check_complete()
good = True
for case in group.table:
    said = group.prepare(case, scratch)
    guest.build_module(said.module_folder, kernel, os.path.join(scratch, "built", case.name))
    good &= said.ok
    print("%s %s: %s" % ("PASS" if said.ok else "FAIL", case.name, said.text))
sys.exit(0 if good else 1)
