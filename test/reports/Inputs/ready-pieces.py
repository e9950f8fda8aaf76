#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""ready-pieces.py SOURCES: runs what .pre-commit-hooks.yaml, action.yml and the GitLab job
of docs/ci.md say, here. All are read as text: no YAML library is needed for what is asked of them."""
import os
import re
import subprocess
import sys

sources = sys.argv[1]


def text(name):
    with open(os.path.join(sources, name)) as file:
        return file.read()


def run(command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=False, **more)


entry = re.search(r"^  entry: (\S+)$", text(".pre-commit-hooks.yaml"), re.M).group(1)
print("hook: status %d" % run([entry, "norelease.c", "thyme.c"]).returncode)

action = text("action.yml")
script = "\n".join(line[8:] for line in action[action.index("run: |") + 7:].splitlines())
names = re.findall(r"^        (VFIO_\w+): \$\{\{ inputs\.(\w+) \}\}$", action, re.M)
assert len(names) == 4, names
given = {"path": ".", "since": "HEAD~1"}
done = run(["sh", "-c", script], env={**os.environ, **{name: given.get(key, "") for name, key in names}})
print("action: status %d" % done.returncode)
print(done.stdout, end="")

job = text("docs/ci.md").split("## GitLab")[1]
line = re.search(r"^  script:\n    - (vfio-tidy .*)$", job, re.M).group(1)
kept = re.search(r"^    paths: \[(\S+)\]$", job, re.M).group(1)
os.mkdir("ci")
for known in (False, True):
    # The second time, the baseline knows what there is.
    if known:
        run(["vfio-tidy", "--write-baseline=ci/vfio-baseline.json", "."])
    else:
        with open("ci/vfio-baseline.json", "w") as file:
            file.write('{"tool": "vfio-tidy", "findings": []}\n')
    done = run(["sh", "-c", line])
    print("gitlab: status %d, report: %s" % (done.returncode, os.path.exists(kept)))
    os.remove(kept)
