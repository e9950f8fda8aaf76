#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What other tools say of the mistakes that mutate.py makes: the table of README.md.

  compare.py --vfio-tidy BIN --clang CLANG --work DIR --kernel=HEADERS:SOURCE \\
      [--places N] [--smatch BIN]

A tool has found a mistake where it says something in the function that the mistake
is in, of the kind that is meant or another, that it does not say of the driver as
it is. Tools come with the rules that they bring themselves. sparse, coccinelle and
smatch are asked where they are installed.
"""
import argparse
import collections
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from mutate import Suite, Tree
from mutation.subjects import SUBJECTS

WARNING = re.compile(r"^(?P<file>/[^:]+):(?P<line>\d+)(?::\d+)?:? (?P<text>(?!note: ).*)$")
UNUSED = re.compile(r"unused|not used")
# Of clang's command line, what every compiler of the kernel understands.
ONE_WORD = re.compile(r"-[DI]|-std=|-nostdinc|-ffreestanding|-funsigned-char|-fshort-wchar|-O2")
TWO_WORDS = ("-include", "-isystem", "-iquote")


def plain_flags(copy):
    words = copy.command()
    flags = []
    for i, word in enumerate(words):
        if word in TWO_WORDS and not words[i + 1].startswith("/usr/lib/llvm"):
            flags += words[i:i + 2]
        elif ONE_WORD.match(word):
            flags.append(word)
    return flags


class Tools:
    """The tools that there are: by name, what makes {path: [(line, text)]} of
    copies."""

    def __init__(self, options, suite, source):
        self.options, self.suite = options, suite
        self.rules = os.path.join(source, "scripts/coccinelle")
        tidy = os.path.join(os.path.dirname(options.clang), "clang-tidy")
        self.all = {
            "vfio-tidy": self.ours,
            "clang-tidy's own checks": self.each(lambda c: [
                tidy, "--quiet", "--checks=clang-analyzer-*,bugprone-*,-bugprone-reserved-identifier",
                c.path, "--", *[a for a in c.command()[2:] if a != c.path]]),
            "gcc -Wall -Wextra": self.each(lambda c: [
                "gcc", "-c", "-o", "/dev/null", "-Wall", "-Wextra", "-fno-pie", "-mno-sse",
                "-mcmodel=kernel", "-mno-red-zone", *plain_flags(c), c.path])}
        if shutil.which("sparse"):
            self.all["sparse"] = self.each(
                lambda c: ["sparse", "-Wall", "-D__CHECKER__", "-m64", *plain_flags(c), c.path])
        if options.smatch:
            self.all["smatch"] = self.each(
                lambda c: [options.smatch, "-p=kernel", "-m64", *plain_flags(c), c.path])
        if shutil.which("spatch"):
            self.all["Coccinelle"] = self.coccinelle

    @staticmethod
    def run(command):
        done = subprocess.run(command, text=True, errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.stdout

    def said(self, commands, paths):
        """What these commands say of the files."""
        said = collections.defaultdict(list)
        with ThreadPoolExecutor(self.options.jobs) as pool:
            for text in pool.map(self.run, commands):
                collect(text, paths, said)
        return said

    def each(self, command):
        """A tool that is asked file by file."""
        return lambda copies: self.said([command(c) for c in copies], {c.path for c in copies})

    def ours(self, copies):
        self.suite.tidy()
        return {c.path: [(line, text) for _, line, text in c.said] for c in copies}

    def coccinelle(self, copies):
        """All that the kernel's own semantic patches report: a rule at a time."""
        rules = sorted(os.path.join(folder, name) for folder, _, names in os.walk(self.rules)
                       for name in names if name.endswith(".cocci") and "tests" not in folder)
        paths = sorted(c.path for c in copies)
        return self.said([["spatch", "-D", "report", "--very-quiet", "--no-show-diff", "--sp-file", rule,
                           "--timeout", "60", *paths] for rule in rules if "report" in open(rule).read()],
                         set(paths))


def collect(text, paths, said):
    for line in text.splitlines():
        match = WARNING.match(line)
        # That a mistake left a label or a variable without a use is not its name.
        if match and match["file"] in paths and not UNUSED.search(match["text"]):
            said[match["file"]].append((int(match["line"]), match["text"]))


def count(suite, said):
    """How many mistakes something new is said of in the function that they are in,
    and how many new warnings there are in all."""
    # By the folder of a driver: what is said of it as it is, without lines.
    before = {os.path.dirname(c.folder): collections.Counter(re.sub(r"\d+", "N", t) for _, t in said.get(c.path, []))
              for c in suite.originals}
    found = warnings = 0
    for copy in suite.copies:
        known, new = before[os.path.dirname(copy.folder)].copy(), []
        for line, text in said.get(copy.path, []):
            plain = re.sub(r"\d+", "N", text)
            known[plain] -= 1
            if known[plain] < 0:
                new.append(line)
        warnings += len(new)
        names = copy.mutant.functions
        found += any(names is None or copy.where(line) in names for line in new)
    return found, warnings


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("vfio-tidy", "clang", "work", "kernel"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--smatch", help="the program of a built smatch")
    parser.add_argument("--places", type=int, default=3, help="of each operator; 0 for all")
    parser.add_argument("--only", help="operators (and @files) that match this")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count())
    parser.set_defaults(of="vfio")
    options = parser.parse_args()
    options.work = os.path.abspath(options.work)
    headers, source = options.kernel.split(":")
    suite = Suite(options)
    suite.add(Tree(re.search(r"\d+\.\d+", os.path.basename(headers))[0], headers, source,
                   SUBJECTS[options.of].paths))
    if options.places:
        suite.thin_out()
    # Drivers that nobody made a mistake in are of no use here.
    used = {os.path.dirname(c.folder) for c in suite.copies}
    suite.originals = [c for c in suite.originals if os.path.dirname(c.folder) in used]
    copies = suite.originals + suite.copies
    print("%d mistakes in %d drivers" % (len(suite.copies), len(suite.originals)), flush=True)
    for tool, ask in Tools(options, suite, source).all.items():
        said = ask(copies)
        with open(os.path.join(options.work, tool.split()[0] + ".txt"), "w") as file:
            for path in sorted(said):
                file.writelines("%s:%d: %s\n" % (path, line, text) for line, text in said[path])
        print("%-32s %4d found, %5d new warnings" % ((tool,) + count(suite, said)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
