#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the steps of the Dockerfile in folders made by debootstrap, and then what it
makes on a sample with a bug. As root; no container engine is needed.

    try-dockerfile.py [--plan] [--folder DIR]

--plan only prints the steps. DIR is kept, and base systems in it are used again.
"""
import argparse
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
UNDERSTOOD = ("FROM", "RUN", "WORKDIR", "COPY", "ENTRYPOINT")
SAMPLE = "samples/buggy/6.2/stillfree"


def mirror():
    """Where this machine's apt has Debian from."""
    return subprocess.check_output(["bash", "-c", ". scripts/common.sh; debian_mirror"], cwd=ROOT,
                                   text=True).strip()


def steps(path):
    """The instructions of a Dockerfile: (word, rest of the line)."""
    with open(path) as f:
        text = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", f.read(), flags=re.M))
    found = [line.split(None, 1) for line in text.splitlines() if line.strip()]
    for word, _ in found:
        if word not in UNDERSTOOD:
            sys.exit("try-dockerfile: there is no %s here: %s" % (word, path))
    return [tuple(step) for step in found]


def run(command, **more):
    done = subprocess.run(command, **more)
    if done.returncode:
        sys.exit("try-dockerfile: %s: exit status %d" % (" ".join(command), done.returncode))


class Stage:
    """The root of an image."""

    def __init__(self, folder, image):
        suite = re.fullmatch(r"debian:(\w+)-slim", image)
        if not suite:
            sys.exit("try-dockerfile: %s is not Debian's" % image)
        self.root, self.cwd, self.entry = folder, "/", None
        if not os.path.exists(os.path.join(folder, "etc", "debian_version")):
            run(["debootstrap", "--variant=minbase", suite.group(1), folder, mirror()],
                stdout=subprocess.DEVNULL)
        run(["mount", "-t", "proc", "proc", os.path.join(folder, "proc")])

    def path(self, name):
        return self.root + os.path.join(self.cwd, name)

    def inside(self, command, **more):
        """Runs a command as the image would."""
        return subprocess.run(["chroot", self.root, "sh", "-c", 'cd "$0" && exec "$@"', self.cwd]
                              + command, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                                              "DEBIAN_FRONTEND": "noninteractive"}, **more)

    def close(self):
        subprocess.run(["umount", os.path.join(self.root, "proc")])


def copy_context(target):
    """What git knows of this folder, which is what a clone has."""
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], capture_output=True,
                            text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if os.path.lexists(os.path.join(ROOT, name)):
            os.makedirs(os.path.dirname(os.path.join(target, name)), exist_ok=True)
            shutil.copy2(os.path.join(ROOT, name), os.path.join(target, name),
                         follow_symlinks=False)


def perform(plan, folder, stages):
    """Carries the steps out; the last stage is what they make."""
    for word, rest in plan:
        print("== %s %s" % (word, rest), flush=True)
        now = stages[-1] if stages else None
        if word == "FROM":
            image, *name = re.split(r"\s+AS\s+", rest)
            stages.append(Stage(os.path.join(folder, "stage%d" % len(stages)), image))
            stages[-1].name = name[0] if name else None
        elif word == "WORKDIR":
            now.cwd = rest
            os.makedirs(now.path(""), exist_ok=True)
        elif word == "RUN":
            done = now.inside(["sh", "-c", rest], stdout=subprocess.DEVNULL)
            if done.returncode:
                sys.exit("try-dockerfile: exit status %d" % done.returncode)
        elif word == "ENTRYPOINT":
            now.entry = json.loads(rest)
        elif rest.startswith("--from="):
            name, what, where = rest[len("--from="):].split()
            origin = next(s for s in stages if s.name == name)
            found = glob.glob(origin.path(what))
            if not found:
                sys.exit("try-dockerfile: no %s" % what)
            for path in found:
                shutil.copy(path, now.path(where))
        else:
            copy_context(now.path(rest.split()[1]))
    return stages[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plan", action="store_true", help="print the steps")
    parser.add_argument("--folder", help="keep what is made here")
    arguments = parser.parse_args()
    plan = steps(os.path.join(ROOT, "Dockerfile"))
    if arguments.plan:
        print("\n".join("%s %s" % step for step in plan))
        return
    folder, stages = arguments.folder or tempfile.mkdtemp(), []
    try:
        image = perform(plan, folder, stages)
        shutil.copytree(os.path.join(ROOT, SAMPLE), image.path("sample"), dirs_exist_ok=True)
        done = image.inside(image.entry + ["sample"])
        if done.returncode != 2:
            sys.exit("try-dockerfile: no finding: exit status %d" % done.returncode)
        size = subprocess.run(["du", "-sxm", image.root], capture_output=True, text=True).stdout
        print("all there; the image has %s MB" % size.split()[0])
    finally:
        for stage in stages:
            stage.close()


if __name__ == "__main__":
    main()
