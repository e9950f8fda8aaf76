#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small drivers of several files, each twice: are the two told apart?

  families.py --vfio-tidy BIN --kernel HEADERS [--kernel HEADERS] [--door folder] [--floor N] [--alarms N] [NAME...]
              [--clang-tidy BIN --plugin LIB] [--vfio-clangd BIN]

A family is a folder with bug/ and good/, which differ in one function of a file
that is not where the mistake shows, and about.txt: the kernel, the kind, and the
places at which a warning is right. A family is told apart when bug/ has a
warning in the function (or table) of such a place and good/ has none at all.

The doors are ways to ask: "folder" names the folder, "source" the one source
that has the first place (the other files are then vfio-tidy's to find), and
"database" goes by a compile_commands.json. "plugin" asks a stock clang-tidy about
that source, and "editor" opens it in vfio-clangd, both by such a database.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "editor"))
import lsp
WARNING = re.compile(r"^(?P<file>[^:]+):(?P<line>\d+):\d+: (?:warning|error): (?P<text>.*) \[(?P<check>[^\]]+)\]$")
SERIES = re.compile(r"linux-headers-(\d+\.\d+)\.")


class Family:
    def __init__(self, name):
        self.name = name
        with open(self.path("about.txt")) as file:
            about = dict(line.strip().split(": ", 1) for line in file)
        self.series = about["kernel"]
        places = [place.rsplit(":", 1) for place in about["bug"].split(", ")]
        self.places = [(file, int(line)) for file, line in places]
        self.differ = self.differing()
        if len(self.differ) != 1:
            sys.exit("families: %s: bug/ and good/ must differ in one file, not in %s"
                     % (name, ", ".join(self.differ) or "none"))

    def path(self, *parts):
        return os.path.join(HERE, self.name, *parts)

    def files(self, version):
        top = self.path(version)
        return {os.path.relpath(os.path.join(folder, file), top)
                for folder, _, files in os.walk(top) for file in files}

    def read(self, version, file):
        path = self.path(version, file)
        if not os.path.exists(path):
            return None
        with open(path) as text:
            return text.read()

    def differing(self):
        files = self.files("bug") | self.files("good")
        return sorted(f for f in files if self.read("bug", f) != self.read("good", f))

    def source(self):
        """A source that has a place, or (where that is a header) one beside it."""
        sources = [file for file, _ in self.places if file.endswith(".c")]
        return sources[0] if sources else "main.c"

    def span(self, file, line):
        """First and last line of the function or table that a line belongs to."""
        lines = self.read("bug", file).split("\n")
        first = last = line
        while first > 1 and not lines[first - 2].startswith("}"):
            first -= 1
        while last < len(lines) and not lines[last - 1].startswith("}"):
            last += 1
        return first, last

    def right(self, warning):
        """Whether a warning on bug/ is where one of the places is."""
        spans = [self.span(*place) for place in self.places if place[0] == warning[0]]
        return any(first <= warning[1] <= last for first, last in spans)


class Asker:
    """Runs vfio-tidy on a version of a family, through one door."""

    def __init__(self, options):
        self.tidy, self.door = os.path.abspath(options.vfio_tidy), options.door
        self.stock, self.plugin, self.clangd = options.clang_tidy, options.plugin, options.vfio_clangd
        self.kernels = {SERIES.search(os.path.basename(k))[1]: k for k in options.kernel}

    def shown(self, family, folder, work):
        """What the editor shows in the source, as warnings() has it."""
        source = os.path.join(folder, family.source())
        client = lsp.Client([self.clangd, "--background-index=false", "--compile-commands-dir=" + work], folder)
        client.open(source)
        found = [(family.source(), d["range"]["start"]["line"] + 1, d["code"]) for d in client.diagnostics(source)
                 if d.get("code", "").startswith("vfio-") and d["severity"] <= 2]
        client.close()
        return found

    def warnings(self, family, version):
        folder = family.path(version)
        kernel = "--kernel=" + self.kernels[family.series]
        with tempfile.TemporaryDirectory() as work:
            if self.door not in ("folder", "source"):
                with open(os.path.join(work, "compile_commands.json"), "w") as file:
                    subprocess.run([self.tidy, kernel, "--print-database", "."], cwd=folder, stdout=file, check=True)
            if self.door == "editor":
                return self.shown(family, folder, work)
            what = {"folder": [self.tidy, kernel, "."],
                    "source": [self.tidy, kernel, family.source()],
                    "database": [self.tidy, "-p", work],
                    "plugin": [self.stock, "--load=%s" % self.plugin, "--quiet", "-p", work, "--checks=-*,vfio-*",
                               family.source()]}[self.door]
            done = subprocess.run(what, cwd=folder, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        found = []
        for line in done.stdout.splitlines():
            match = WARNING.match(line)
            if match:
                path = os.path.normpath(os.path.join(folder, match["file"]))
                found.append((os.path.relpath(path, folder), int(match["line"]), match["check"]))
        if done.returncode not in (0, 2) or any(check.startswith("clang-diagnostic") for _, _, check in found):
            sys.exit("families: %s/%s was not checked:\n%s" % (family.name, version, done.stdout))
        return found


def said(warnings):
    return ", ".join("%s:%d %s" % warning for warning in warnings)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vfio-tidy", required=True)
    parser.add_argument("--kernel", action="append", required=True)
    parser.add_argument("--door", choices=("folder", "source", "database", "plugin", "editor"), default="folder")
    parser.add_argument("--clang-tidy")
    parser.add_argument("--plugin")
    parser.add_argument("--vfio-clangd")
    parser.add_argument("--floor", type=int, default=0, help="families that must be told apart")
    parser.add_argument("--alarms", type=int, default=0, help="good versions that may warn")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    names = options.names or sorted(n for n in os.listdir(HERE) if os.path.isdir(os.path.join(HERE, n, "bug")))
    families, asker = [Family(name) for name in names], Asker(options)

    def both(family):
        return family, asker.warnings(family, "bug"), asker.warnings(family, "good")

    apart = alarms = 0
    with ThreadPoolExecutor(2) as pool:
        for family, bug, good in pool.map(both, families):
            found = [w for w in bug if family.right(w)]
            apart += bool(found) and not good
            alarms += bool(good)
            verdict = "ALARM" if good else "apart" if found else "missed"
            print("%-12s %-5s %-7s %s" % (family.name, family.series, verdict, said(good or found or bug)), flush=True)
    print("told apart: %d of %d; good versions that warn: %d" % (apart, len(families), alarms))
    sys.exit(apart < options.floor or alarms > options.alarms)


if __name__ == "__main__":
    main()
