# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the project's own tools say of a sample before it is run."""
import os
import re
import shutil
import subprocess

from . import cases, guest


class Said:
    """The tool's word on a sample, and the folder to build, if any.

    marked: the functions that the marked lines are in.
    """

    def __init__(self, ok, text, module_folder, marked=()):
        self.ok = ok
        self.text = text
        self.module_folder = module_folder
        self.marked = marked


class Group:
    """Samples that are prepared and judged alike."""

    def __init__(self, args, kernel, folder, table):
        self.args = args
        self.kernel = kernel
        self.folder = os.path.join(args.samples, folder)
        self.table = self.whole = table
        self.tidy = os.path.join(args.build, "bin", "vfio-tidy")

    def check_complete(self):
        """No sample may be forgotten."""
        there = {f for f in os.listdir(self.folder)
                 if os.path.isdir(os.path.join(self.folder, f))}
        forgotten = there - {case.name for case in self.whole}
        if forgotten:
            raise guest.GuestError("%s: not in host/cases.py: %s"
                                   % (self.folder, ", ".join(sorted(forgotten))))

    def findings(self, folder):
        """(file, line, check) of each vfio-tidy diagnostic in a folder."""
        sources = sorted(os.path.join(folder, f) for f in os.listdir(folder)
                         if f.endswith(".c") and not f.endswith(".mod.c"))
        said = subprocess.run(
            [self.tidy, "--checks=-*,vfio-*", "--kernel=" + self.kernel.headers,
             "--quiet"] + sources, capture_output=True, text=True)
        if said.returncode not in (0, 2):
            raise guest.GuestError("vfio-tidy could not work on %s:\n%s"
                                   % (folder, said.stdout + said.stderr))
        found = re.findall(r"^(.*?):(\d+):\d+: (?:warning|error): .*\[([\w.,-]+)\]",
                           said.stdout, re.M)
        return [(os.path.basename(f), int(n), c.split(",")[0]) for f, n, c in found]


class Clean(Group):
    """Silent in vfio-tidy, healthy in the kernel."""

    def __init__(self, args, kernel):
        generation = kernel.generation()
        table = cases.CLEAN[generation]
        super().__init__(args, kernel, "clean/" + generation,
                         cases.checked(*table) if kernel.checked else table)

    def prepare(self, case, work):
        folder = os.path.join(self.folder, case.name)
        found = self.findings(folder)
        text = "silent" if not found else "; ".join("%s:%d %s" % f for f in found)
        return Said(not found, "vfio-tidy: " + text, folder)


class Buggy(Group):
    """Named by vfio-tidy at the line that is marked, then seen in the kernel."""

    def __init__(self, args, kernel):
        generation = kernel.generation()
        super().__init__(args, kernel, "buggy/" + generation, cases.BUGGY[generation])

    def prepare(self, case, work):
        folder = os.path.join(self.folder, case.name)
        marked, functions = set(), []
        for name in sorted(os.listdir(folder)):
            if name.endswith(".c"):
                for line, check, function in marks(os.path.join(folder, name)):
                    marked.add((name, line, check))
                    functions.append(function)
        found = set(self.findings(folder))
        ok = {c for _, _, c in marked} == {case.check} and marked <= found
        text = ", ".join("%s (%s:%d)" % (c, f, n) for f, n, c in sorted(found & marked))
        if not ok:
            text = "missed " + ", ".join("%s (%s:%d)" % (c, f, n)
                                         for f, n, c in sorted(marked - found))
        return Said(ok, "vfio-tidy: " + text, folder, functions)


class Lives(Buggy):
    """Bugs in what a driver takes and gives back, beside the same driver mended:
    the first is named by vfio-tidy and seen in the kernel, the second neither."""

    def __init__(self, args, kernel):
        Group.__init__(self, args, kernel, "lives", cases.LIVES)

    def prepare(self, case, work):
        if case.check:
            return super().prepare(case, work)
        folder = os.path.join(work, "source", case.name)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(os.path.join(self.folder, os.path.basename(case.module)), folder)
        patched = subprocess.run(["patch", "-s", "-p1", "-d", folder, "-i", "mended.diff"],
                                 capture_output=True, text=True)
        if patched.returncode:
            raise guest.GuestError("%s: mended.diff does not apply:\n%s"
                                   % (folder, patched.stdout + patched.stderr))
        found = self.findings(folder)
        text = "silent" if not found else "; ".join("%s:%d %s" % f for f in found)
        return Said(not found, "vfio-tidy: " + text, folder)


def marks(path):
    """(line, check, function) of each line that is marked as a bug. The samples
    are in the kernel's style: a function's name is on an unindented line, and
    its closing brace stands alone on one."""
    found, function = [], None
    with open(path) as f:
        for number, line in enumerate(f, 1):
            head = re.match(r"(?!#)\w[\w\s*]*?\b(\w+)\(", line)
            if head:
                function = head.group(1)
            bug = re.search(r"/\* BUG: (vfio-[\w-]+) \*/", line)
            if bug:
                found.append((number, bug.group(1), function))
            if line.startswith("}"):
                function = None
    return found


# One wrong line, as a person would write it: what to look for, and what to
# put in its place.
BREAKS = {
    # The put in remove is gone.
    "no-put": (r"(_remove\(struct \w+ \*\w+\)\n\{(?:.*\n)*?)\tvfio_put_device\(.*\n", r"\1"),
    # The first kfree of release is there twice.
    "double-free": (r"(_release_dev\(struct vfio_device \*\w+\)\n\{(?:.*\n)*?)(\tkfree\(.*\n)",
                    r"\1\2\2"),
    # The first kfree of init, on its way out, is gone.
    "lost-unwind": (r"(_init_dev\(struct vfio_device \*\w+\)\n\{(?:[^}]|\n\t+\})*?)\tkfree\(.*\n",
                    r"\1"),
    # One of the iommufd operations is gone.
    "no-iommufd": (r"\t\.detach_ioas = .*\n", ""),
}


class Migrated(Group):
    """Converted by vfio-migrate, silent in vfio-tidy, healthy in the kernel."""

    def __init__(self, args, kernel, folder="legacy", table=cases.LEGACY,
                 checked=cases.CHECKED_LEGACY):
        super().__init__(args, kernel, folder, table)
        if kernel.checked:
            self.table = checked
        self.breaks = dict(b.split(":") for b in args.breaks)

    def prepare(self, case, work):
        folder = os.path.join(work, "source", case.name)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(os.path.join(self.folder, case.name), folder)
        migrate = os.path.join(self.args.build, "bin", "vfio-migrate")
        target = self.kernel.generation()
        run = subprocess.run(
            [migrate, "-i", "--kernel=" + self.kernel.headers, "--target=" + target, folder],
            capture_output=True, text=True)
        if run.returncode == 2:
            why = re.search(r"refused: ([\w-]+)", run.stderr + run.stdout)
            return Said(target in case.refused, "vfio-migrate: refused, %s"
                        % (why.group(1) if why else "with no reason"), None)
        if run.returncode or target in case.refused:
            return Said(False, "vfio-migrate: exit status %d: %s"
                        % (run.returncode, " ".join(run.stderr.split())), None)
        did = "already new" if re.search(r"^\s+already new", run.stderr, re.M) else "converted"
        mended = len(re.findall(r"^\s+bug not carried over", run.stderr, re.M))
        if mended:
            did += ", %d bugs of the old code mended" % mended
        broken = self.breaks.get(case.name)
        if broken:
            self.break_source(folder, broken)
            did += "; broken by hand: " + broken
        found = self.findings(folder)
        return Said(broken or not found, "vfio-migrate: %s; vfio-tidy: %s"
                    % (did, "; ".join("%s:%d %s" % f for f in found) or "silent"), folder)

    def break_source(self, folder, how):
        pattern, by = BREAKS[how]
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            if not name.endswith(".c"):
                continue
            with open(path) as f:
                text = f.read()
            changed = re.sub(pattern, by, text, count=1)
            if changed != text:
                with open(path, "w") as f:
                    f.write(changed)
                return
        raise guest.GuestError("%s: nothing to break by %s" % (folder, how))


class Moved(Migrated):
    """Good drivers of 6.1, whose release frees, converted for a core that does."""

    def __init__(self, args, kernel):
        super().__init__(args, kernel, "clean/6.1", cases.CLEAN["6.1"], cases.CHECKED_MOVED)


GROUPS = {"clean": Clean, "buggy": Buggy, "migrated": Migrated, "moved": Moved, "lives": Lives}
