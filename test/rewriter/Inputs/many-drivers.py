# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A plan with 17 drivers of a file each, in the folder that is given."""
import json
import os
import sys

base = sys.argv[1]
drivers = []
for n in range(1, 18):
    name = "d%02d/d%02d.c" % (n, n)
    for age in ("old", "new"):
        path = "%s/%s/%s" % (base, age, name)
        os.makedirs(os.path.dirname(path))
        with open(path, "w") as file:
            file.write("int d%02d; /* %s */\n" % (n, age))
    drivers.append({"record": "d%02d" % n, "mainFile": "old/" + name,
                    "outcome": "converted", "proof": ["read"],
                    "changes": [{"file": "old/" + name, "after": "new/" + name}]})
with open(base + "/plan.json", "w") as file:
    json.dump({"drivers": drivers}, file)
