# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A driver of several files with a new text for each, for tests of `-i`."""
import json
import os
import shutil
import subprocess


class Driver:
    """The files below BASE/tree, and how to run the program on them."""

    def __init__(self, program, base, parts, lines):
        self.program, self.base, self.lines = program, base, lines
        self.files = ["%s/part%d.%s" % (folder, n, "c" if n else "h")
                      for folder in ("bus", "core", "core/deep")
                      for n in range(parts)]

    def text(self, name, age):
        return "".join("/* %s, %s, line %d */\n" % (name, age, n)
                       for n in range(self.lines))

    def lay_out(self):
        shutil.rmtree(self.base, ignore_errors=True)
        changes = []
        for name in self.files:
            for folder, age in (("tree/", "old"), ("new/", "new")):
                path = os.path.join(self.base, folder + name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w") as file:
                    file.write(self.text(name, age))
            changes.append({"file": "tree/" + name, "after": "new/" + name})
        plan = {"drivers": [{"record": "d", "outcome": "converted",
                             "changes": changes,
                             "mainFile": "tree/" + self.files[1]}]}
        with open(self.base + "/plan.json", "w") as file:
            json.dump(plan, file)

    def start(self, *options, **environment):
        return subprocess.Popen([self.program, self.base + "/plan.json", *options],
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                env={**os.environ, **environment})

    def run(self, *options, **environment):
        """Exit status and what was said."""
        process = self.start(*options, **environment)
        said = process.communicate()[1].decode()
        return process.returncode, said

    def left_behind(self):
        """What of a write can be seen from outside."""
        return [name for _, _, names in os.walk(self.base + "/tree")
                for name in names if "vfio-migrate" in name]

    def everything(self):
        """The name and text of each file below the tree."""
        found = {}
        for folder, _, names in os.walk(self.base + "/tree"):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    found[os.path.join(folder, name)] = file.read()
        return found

    def ages(self):
        """{"old"}, {"new"}, or both; fails where a file is neither."""
        found = set()
        for name in self.files:
            with open(os.path.join(self.base, "tree", name)) as file:
                now = file.read()
            assert now in (self.text(name, "old"), self.text(name, "new")), \
                name + " is torn"
            found.add("old" if now == self.text(name, "old") else "new")
        return found
