#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs checks on a test source and compares what they say with the source.

  // RUN: %check_vfio %s vfio-missing-release %t [options] [-- flags for clang]

The source says what is expected, in FileCheck's language:
  CHECK-MESSAGES  warnings, in order; any other warning or error fails the test
  CHECK-NOTES     the same, and any other note fails it too
  CHECK-FIXES     lines of the source after --fix
  CHECK-<any>-61  only for that generation (515, TRANSITION, 61, 62)

Each generation named by -gen is run through both doors: vfio-tidy, and the
plugin in a stock clang-tidy (lit's --param doors=vfio-tidy: one). A fixed source must compile, and be silent but for
what had no fix.
"""
import argparse
import os
import re
import subprocess
import sys

import fixes

GENERATIONS = {"5.15": "515", "transition": "TRANSITION", "6.1": "61", "6.2": "62"}
FLAGS = ["-x", "c", "-std=gnu11", "-nostdinc", "-ffreestanding", "-D__KERNEL__",
         "-DMODULE", '-DKBUILD_MODNAME="test"', "-Wno-unused"]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for tool in ("vfio-tidy", "clang-tidy", "plugin", "clang", "filecheck", "inputs"):
        parser.add_argument("--" + tool, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--doors", default="vfio-tidy,clang-tidy", help=argparse.SUPPRESS)
    parser.add_argument("source")
    parser.add_argument("checks", help="one or more checks, with commas")
    parser.add_argument("temp", help="where temporary files are named after")
    parser.add_argument("-gen", default="6.1",
                        help="generations of mock headers, with commas, or all")
    parser.add_argument("-expect-clean", action="store_true",
                        help="nothing may be said")
    parser.add_argument("-config", help="check options, as clang-tidy's --config")
    parser.add_argument("-suffix", default="",
                        help="also use prefixes with -SUFFIX")
    arguments, rest = parser.parse_known_args()
    arguments.flags = rest[1:] if rest[:1] == ["--"] else rest
    return arguments


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace")
    print("$ " + " ".join(command))
    return done.returncode, done.stdout


def fail(message, output=""):
    print("%s\ncheck_vfio: %s" % (output, message))
    sys.exit(1)


class Run:
    """One generation through one door."""

    def __init__(self, arguments, generation, door):
        self.arguments = arguments
        self.label = "%s, headers %s" % (door, generation)
        self.base = "%s.%s.%s" % (arguments.temp, generation, door)
        self.suffixes = ["", "-" + GENERATIONS[generation]]
        if arguments.suffix:
            self.suffixes += ["-" + arguments.suffix]
        include = os.path.join(arguments.inputs, generation, "include")
        if not os.path.isdir(include):
            fail("no mock headers: " + include)
        source_dir = os.path.dirname(os.path.abspath(arguments.source))
        common = os.path.join(arguments.inputs, "common", "include")
        self.flags = FLAGS + ["-I" + include, "-I" + common, "-I" + source_dir,
                              *arguments.flags]
        self.tool = ([arguments.vfio_tidy] if door == "vfio-tidy"
                     else [arguments.clang_tidy, "--load=" + arguments.plugin])

    def prefixes(self, kind, text):
        """The prefixes of this kind that the source uses for this run."""
        wanted = ["CHECK-%s%s" % (kind, suffix) for suffix in self.suffixes]
        return [p for p in wanted if re.search(re.escape(p) + r"(-NOT|-NEXT|-DAG|-SAME|-EMPTY|-LABEL|-COUNT-\d+)?:", text)]

    def tidy(self, path, *options):
        command = self.tool + ["--checks=-*," + self.arguments.checks,
                               "--header-filter=.*", "--quiet", *options]
        if self.arguments.config:
            command.append("--config=" + self.arguments.config)
        return run(command + [path, "--"] + self.flags)

    def filecheck(self, prefixes, text, kind, *options):
        """Compares text, written next to the source, with its expectations."""
        output = "%s.%s" % (self.base, kind)
        with open(output, "w") as file:
            file.write(text)
        status, said = run([self.arguments.filecheck, "-input-file=" + output,
                            self.arguments.source,
                            "-check-prefixes=" + ",".join(prefixes), *options])
        if status:
            fail("%s differ (%s)" % (kind, self.label), text + "\n" + said)

    def messages(self, path, text):
        status, said = self.tidy(path)
        notes = self.prefixes("NOTES", text)
        expected = notes or self.prefixes("MESSAGES", text)
        loud = re.search(r"(warning|error): ", said)
        if re.search(r"error: |PLEASE submit a bug report", said) and not any(
                "error:" in line for line in text.splitlines() if "CHECK-" in line):
            fail("an error (%s)" % self.label, said)
        if not expected or self.arguments.expect_clean:
            if loud or status:
                fail("expected silence (%s)" % self.label, said)
            return
        kinds = "warning|error|note" if notes else "warning|error"
        self.filecheck(expected, said, "messages",
                       "-implicit-check-not={{%s}}: " % kinds)

    def diagnostics(self, path):
        exported = self.base + ".yaml"
        self.tidy(path, "--export-fixes=" + exported)
        return fixes.diagnostics(exported)

    def fix(self, path, text):
        before = self.diagnostics(path)
        expected = self.prefixes("FIXES", text)
        if not before[1]:
            if expected:
                fail("no fix is offered (%s)" % self.label)
            return
        self.tidy(path, "--fix")
        with open(path) as file:
            fixed = file.read()
        if expected:
            self.filecheck(expected, fixed, "fixes", "-strict-whitespace")
        status, said = run([self.arguments.clang, "-fsyntax-only", path] + self.flags)
        if status:
            fail("the fixed source does not compile (%s)" % self.label, said)
        for name, check, message in fixes.left_over(before, self.diagnostics(path)):
            fail("the fixed source is not silent (%s): %s [%s]" % (self.label, message, check), fixed)

    def execute(self):
        with open(self.arguments.source) as file:
            text = file.read()
        # Expectations must not match themselves: blank them, keep their lines.
        bare = re.sub(r"// *CHECK-[A-Z0-9-]*:.*", "//", text)
        bare = re.sub(r"// *RUN:.*", "//", bare)
        path = self.base + ".c"
        with open(path, "w") as file:
            file.write(bare)
        self.messages(path, text)
        self.fix(path, text)


def main():
    arguments = parse_arguments()
    wanted = list(GENERATIONS) if arguments.gen == "all" else arguments.gen.split(",")
    for generation in wanted:
        if generation not in GENERATIONS:
            fail("no such generation: " + generation)
        for door in arguments.doors.split(","):
            Run(arguments, generation, door).execute()


if __name__ == "__main__":
    main()
