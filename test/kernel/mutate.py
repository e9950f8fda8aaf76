#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes mistakes in drivers that are right, and counts how many are found.

  mutate.py --vfio-tidy BIN --clang CLANG --work DIR \\
      --kernel=HEADERS:SOURCE [--kernel=...] [--samples=HEADERS:DIR] [--floor 95] \\
      [--of=other-devices]

Each operator (mutation/operators/) is applied to each place of each driver that
it fits, one mistake a copy. The copies are checked by one vfio-tidy. A mistake
is found when the check that it belongs to warns in the function that it is in,
and when all of the copy still compiles. The drivers as they are must be silent.
"""
import argparse
import collections
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from mutation.operators import mutants
from mutation.source import Driver
from mutation.subjects import SUBJECTS

WARNING = re.compile(r"^(?P<file>/[^:]+):(?P<line>\d+):\d+: (?P<kind>warning|error): (?P<text>.*?)"
                     r"(?: \[(?P<check>[^\]]+)\])?$")
# What a kernel's build takes for an error.
ERRORS = ("implicit-function-declaration", "int-conversion", "incompatible-pointer-types", "return-type",
          "implicit-int", "return-mismatch", "incompatible-function-pointer-types")
COMPILES = ["-fsyntax-only", "-Wno-everything"] + ["-Werror=" + e for e in ERRORS]


class Tree:
    """Drivers to make mistakes in: where they are, and their kernel's headers."""

    def __init__(self, name, headers, source, paths):
        self.name, self.headers = name, headers
        self.paths = [p for p in (os.path.join(source, p) for p in paths) if os.path.exists(p)]
        with open(os.path.join(self._include(source), "linux/vfio.h")) as file:
            self.core_frees = "void vfio_free_device(" not in file.read()

    def _include(self, source):
        for base in (source, self.headers, self.headers.replace("-amd64", "-common")):
            if os.path.exists(os.path.join(base, "include/linux/vfio.h")):
                return os.path.join(base, "include")
        sys.exit("mutate: no include/linux/vfio.h in " + self.headers)

    def database(self, tidy, checks):
        done = subprocess.run([tidy, "--print-database", "--checks=" + checks, "--kernel=" + self.headers,
                               *self.paths],
                              stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout)


class Copy:
    """A driver's folder for one mutant (or, without one, for the driver as it
    is): the source at hand, and links to all that lies beside it."""

    def __init__(self, tree, entry, folder, mutant, text):
        self.tree, self.entry, self.folder, self.mutant = tree, entry, folder, mutant
        self.said, self.broken = [], None
        self.path = os.path.join(folder, os.path.basename(entry["file"]))
        self.link_the_rest()
        with open(self.path, "w") as file:
            file.write(text)
        self.functions = Driver(self.path, text, False).functions.values()
        self.text = text

    def link_the_rest(self):
        os.makedirs(self.folder)
        origin = os.path.dirname(self.entry["file"])
        for name in os.listdir(origin):
            if name.endswith((".c", ".h")) or name in ("Makefile", "Kbuild"):
                self.link(os.path.join(origin, name), os.path.join(self.folder, name))
        os.unlink(self.path)

    @staticmethod
    def link(origin, name):
        # No symbolic link: what that leads to is outside of the tree, and not read.
        try:
            os.link(origin, name)
        except OSError:
            shutil.copyfile(origin, name)

    def command(self):
        arguments = [a for a in self.entry["arguments"] if a != self.entry["file"]]
        origin = os.path.dirname(self.entry["file"])
        return arguments + ["-iquote", origin, self.path]

    def database_entry(self):
        return {"directory": self.entry["directory"], "file": self.path, "arguments": self.command()}

    def where(self, line):
        """The function or the ops table that has this line."""
        offset = sum(len(l) + 1 for l in self.text.split("\n")[:line - 1])
        for function in self.functions:
            if function.begin <= offset <= function.end:
                return function.name
        tables = re.finditer(r"struct vfio_device_ops (\w+) = \{\n.*?^\};", self.text, re.M | re.S)
        return next((t[1] for t in tables if t.start() - 200 <= offset <= t.end()), None)

    def found(self):
        return any(check in self.mutant.checks and
                   (self.mutant.functions is None or self.where(line) in self.mutant.functions)
                   for check, line, _ in self.said)


class Suite:
    def __init__(self, options):
        self.options, self.subject = options, SUBJECTS[options.of]
        self.checks = ",".join([self.subject.checks] + ["clang-diagnostic-" + e for e in ERRORS])
        self.copies, self.originals = [], []
        shutil.rmtree(options.work, ignore_errors=True)
        os.makedirs(options.work)

    def add(self, tree):
        """Writes the mutants of a tree's drivers."""
        for entry in tree.database(self.options.vfio_tidy, self.checks):
            with open(entry["file"], errors="replace") as file:
                driver = Driver(entry["file"], file.read(), tree.core_frees)
            if not self.subject.concerns(driver):
                continue
            stem = os.path.basename(entry["file"])[:-2]
            folder = os.path.join(self.options.work, "%s-%03d-%s" % (tree.name, len(self.originals), stem))
            self.originals.append(Copy(tree, entry, os.path.join(folder, "original"), None, driver.text))
            for index, mutant in enumerate(mutants(driver, self.subject.modules)):
                if self.options.only and not re.search(self.options.only, mutant.operator + "@" + entry["file"]):
                    continue
                path = os.path.join(folder, "%03d.%s" % (index, mutant.operator))
                self.copies.append(Copy(tree, entry, path, mutant, mutant.text))

    def thin_out(self):
        """Keeps a few places of each operator in each tree, of as many drivers
        as possible; always the same ones."""
        kept, seen = [], collections.defaultdict(list)
        for copy in self.copies:
            seen[copy.tree.name, copy.mutant.check, copy.mutant.operator].append(copy)
        for copies in seen.values():
            turns = collections.Counter()
            for copy in copies:
                copy.turn = turns[copy.entry["file"]]
                turns[copy.entry["file"]] += 1
            kept += sorted(copies, key=lambda c: c.turn)[:self.options.places]
        for copy in set(self.copies) - set(kept):
            shutil.rmtree(copy.folder)
        self.copies = [c for c in self.copies if c in set(kept)]

    def compile(self):
        """A mutant must still be C: the rest is of no use."""
        def one(copy):
            arguments = [a for a in copy.command() if not a.startswith("-W")][1:]
            done = subprocess.run([self.options.clang, *arguments, *COMPILES], text=True,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            if done.returncode:
                copy.broken = next((l for l in done.stderr.splitlines() if " error: " in l), "?")
        with ThreadPoolExecutor(self.options.jobs) as pool:
            list(pool.map(one, self.copies))

    def tidy(self):
        everything = self.originals + self.copies
        database = os.path.join(self.options.work, "compile_commands.json")
        with open(database, "w") as file:
            json.dump([c.database_entry() for c in everything], file)
        done = subprocess.run([self.options.vfio_tidy, "-j%d" % self.options.jobs, "--checks=" + self.checks,
                               "-p", self.options.work, *(c.path for c in everything)],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        with open(os.path.join(self.options.work, "output.txt"), "w") as file:
            file.write(done.stdout)
        by_path = {c.path: c for c in everything}
        for line in done.stdout.splitlines():
            match = WARNING.match(line)
            copy = by_path.get(match["file"]) if match else None
            if copy and (match["kind"] == "error" or (match["check"] or "").startswith("clang-")):
                copy.broken = copy.broken or line
            elif copy and not any(k in match["text"] for k in self.subject.known):
                copy.said += [(c, int(match["line"]), match["text"]) for c in match["check"].split(",")]
        print(done.stdout.splitlines()[-1])

    def report(self):
        """The table, the list of the missed; 0 where nothing is wrong."""
        wrong = [c for c in self.originals if c.said or c.broken]
        for copy in wrong:
            print("not silent as it is: %s %s" % (copy.path, copy.said or copy.broken))
        broken = [c for c in self.copies if c.broken]
        for copy in broken:
            print("does not compile: %s: %s" % (copy.folder, copy.broken))
        rows = collections.defaultdict(lambda: [0, 0])
        for copy in self.copies:
            if not copy.broken:
                row = rows[copy.tree.name, copy.mutant.check]
                row[0] += 1
                row[1] += copy.found()
        missed = [c for c in self.copies if not c.broken and not c.found()]
        by_operator = collections.defaultdict(list)
        for copy in missed:
            by_operator[copy.mutant.check, copy.mutant.operator].append(copy)
        print("\nMissed:")
        for (check, operator), copies in sorted(by_operator.items()):
            print("  %s, %s: %d" % (check, operator, len(copies)))
            for copy in copies:
                said = "; ".join(sorted({"%s in %s" % (c, copy.where(l)) for c, l, _ in copy.said}))
                print("      %s%s" % (os.path.relpath(copy.folder, self.options.work),
                                    "  (said: %s)" % said if said else ""))
        trees = sorted({c.tree.name for c in self.copies})
        print("\n%-30s" % "check" + "".join("%18s" % t for t in trees) + "%18s" % "all")
        total = [0, 0]
        for check in sorted({c.mutant.check for c in self.copies}):
            counts = [rows.get((t, check), [0, 0]) for t in trees]
            counts.append([sum(c[0] for c in counts), sum(c[1] for c in counts)])
            total = [total[0] + counts[-1][0], total[1] + counts[-1][1]]
            print("%-30s" % check + "".join(self.cell(*c) for c in counts))
        counts = [[sum(r[i] for (t, _), r in rows.items() if t == tree) for i in (0, 1)] for tree in trees]
        print("%-30s" % "all" + "".join(self.cell(*c) for c in counts + [total]))
        recall = 100.0 * total[1] / max(total[0], 1)
        ok = not wrong and not broken and recall >= self.options.floor and total[0] >= self.options.least
        print("\n%d mutants, recall %.1f %% (floor %g %%, at least %d mutants): %s" % (
            total[0], recall, self.options.floor, self.options.least, "good" if ok else "NOT good"))
        return 0 if ok else 1

    @staticmethod
    def cell(made, found):
        return "%18s" % ("%d/%d %5.1f %%" % (found, made, 100.0 * found / made) if made else "-")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vfio-tidy", required=True)
    parser.add_argument("--clang", required=True)
    parser.add_argument("--of", choices=SUBJECTS, default="vfio", help="which devices the mistakes are made with")
    parser.add_argument("--work", required=True, help="a folder for the copies; it is emptied")
    parser.add_argument("--kernel", action="append", default=[], metavar="HEADERS:SOURCE")
    parser.add_argument("--samples", action="append", default=[], metavar="HEADERS:DIR")
    parser.add_argument("--floor", type=float, default=95.0, help="the least recall, in percent")
    parser.add_argument("--least", type=int, default=200, help="the least number of mutants")
    parser.add_argument("--only", help="operators (and @files) that match this")
    parser.add_argument("--places", type=int, default=3,
                        help="of each operator in each tree; 0 for all")
    parser.add_argument("--compile", action="store_true",
                        help="with clang too, each mutant, not only as vfio-tidy parses it")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    options.work = os.path.abspath(options.work)
    suite = Suite(options)
    for value in options.kernel:
        headers, source = value.split(":")
        suite.add(Tree(re.search(r"\d+\.\d+", os.path.basename(headers))[0], headers, source, suite.subject.paths))
    for value in options.samples:
        headers, source = value.split(":")
        suite.add(Tree("samples-" + re.search(r"\d+\.\d+", os.path.basename(headers))[0], headers, source, ("",)))
    print("%d drivers, %d mutants" % (len(suite.originals), len(suite.copies)))
    if options.places:
        suite.thin_out()
        print("%d of them taken" % len(suite.copies))
    if options.compile:
        suite.compile()
    suite.tidy()
    sys.exit(suite.report())


if __name__ == "__main__":
    main()
