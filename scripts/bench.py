#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The measurements behind bench.sh, which see."""
import argparse
import json
import os
import shutil
import subprocess
import sys
import time

import editor
import growth

MEASURES = ("checks", "tree", "migrate", "growth", "editor")


class Cost:
    """What a command took: processor time, time on the clock, memory at most
    (of its largest process)."""

    def __init__(self, cpu, wall, memory, status):
        self.cpu, self.wall, self.memory, self.status = cpu, wall, memory, status


def run(command, output=subprocess.DEVNULL):
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(usage.ru_utime + usage.ru_stime, time.monotonic() - begin,
                usage.ru_maxrss / 1024, process.returncode)


def best(commands, rounds):
    """The cheapest of some rounds of each command; the commands take turns, so
    that what else the machine does falls on all of them."""
    costs = [[] for _ in commands]
    for _ in range(rounds):
        for command, seen in zip(commands, costs):
            seen.append(run(command))
    return [Cost(min(c.cpu for c in seen), min(c.wall for c in seen),
                 max(c.memory for c in seen), seen[-1].status) for seen in costs]


class Bench:
    def __init__(self, options):
        self.options = options
        self.bin = "/usr/lib/llvm-%s/bin/" % options.major
        self.tidy = os.path.join(options.build, "bin", "vfio-tidy")
        self.migrate_program = os.path.join(options.build, "bin", "vfio-migrate")
        self.plugin = os.path.join(options.build, "lib",
                                   "VfioTidyModule-%s.so" % options.major)
        os.makedirs(options.work, exist_ok=True)

    def database(self, paths):
        """The sources below these paths, and how they are compiled, as
        vfio-tidy would; also written out for clang-tidy."""
        text = subprocess.run([self.tidy, "--print-database",
                               "--kernel=" + self.options.kernel] + paths,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              check=True).stdout
        with open(os.path.join(self.options.work, "compile_commands.json"), "wb") as file:
            file.write(text)
        return json.loads(text)

    def syntax_only(self, entry):
        return [self.bin + "clang"] + entry["arguments"][1:]

    def checks(self):
        source = self.options.source
        entries = self.database([os.path.join(source, p) for p in
                                 ("drivers/vfio", "samples/vfio-mdev",
                                  "drivers/gpu/drm/i915/gvt")])
        print("All checks on a driver, of the processor time and the memory that\n"
              "clang -fsyntax-only takes (best of %d rounds):\n" % self.options.rounds)
        print("%-48s %8s %8s %9s %8s %9s" % ("", "clang", "plugin", "vfio-tidy",
                                            "memory", "memory"))
        total = [0.0, 0.0, 0.0]
        worst = [0.0, 0.0]
        for entry in entries:
            name = entry["file"]
            commands = [
                self.syntax_only(entry),
                [self.bin + "clang-tidy", "--load=" + self.plugin, "--quiet",
                 "--checks=-*,vfio-*", "-p", self.options.work, name],
                [self.tidy, "--kernel=" + self.options.kernel, name],
            ]
            clang, plugin, ours = best(commands, self.options.rounds)
            label = os.path.relpath(name, source)[-48:]
            if clang.status:
                print("%-48s does not parse" % label)
                continue
            for i, cost in enumerate((clang, plugin, ours)):
                total[i] += cost.cpu
            memory = (plugin.memory / clang.memory, ours.memory / clang.memory)
            worst = [max(w, m) for w, m in zip(worst, memory)]
            print("%-48s %6.2f s %7.2fx %8.2fx %7.2fx %8.2fx" % (
                label, clang.cpu, plugin.cpu / clang.cpu, ours.cpu / clang.cpu, *memory))
        print("%-48s %6.2f s %7.2fx %8.2fx %7.2fx %8.2fx" % (
            "all; memory: the worst", total[0], total[1] / total[0],
            total[2] / total[0], *worst))

    def tree(self):
        source = self.options.source
        command = [self.tidy, "--kernel=" + self.options.kernel]
        found = self.database([source])
        tidy = run(command + ["-j", "1", source])
        parallel = run(command + [source])
        clang = [run(self.syntax_only(entry)) for entry in found]
        print("The whole source tree: %d drivers found in it." % len(found))
        print("  vfio-tidy -j 1     %6.1f s processor, %6.1f s on the clock, "
              "largest process %.0f MB" % (tidy.cpu, tidy.wall, tidy.memory))
        print("  vfio-tidy          %6.1f s processor, %6.1f s on the clock" %
              (parallel.cpu, parallel.wall))
        print("  clang -fsyntax-only of these %5.1f s processor, %.0f MB at most: "
              "vfio-tidy %.2fx" % (sum(c.cpu for c in clang),
                                   max(c.memory for c in clang),
                                   tidy.cpu / sum(c.cpu for c in clang)))

    def make_tree(self):
        """Copies of sources that are no drivers, and the old drivers, in 32,000
        files."""
        tree = os.path.join(self.options.work, "tree")
        shutil.rmtree(tree, ignore_errors=True)
        os.makedirs(tree)
        wanted, count = 32000, 0
        for folder, folders, files in os.walk(self.options.source):
            relative = os.path.relpath(folder, self.options.source)
            if relative.startswith(("drivers/vfio", "samples/vfio")):
                folders[:] = []
                continue
            for name in files:
                if count == wanted or not name.endswith((".c", ".h")):
                    continue
                target = os.path.join(tree, relative)
                os.makedirs(target, exist_ok=True)
                try:
                    os.link(os.path.join(folder, name), os.path.join(target, name))
                except OSError:
                    shutil.copy(os.path.join(folder, name), target)
                count += 1
        drivers = sorted(os.listdir(self.options.samples))
        drivers = [d for d in drivers
                   if os.path.isdir(os.path.join(self.options.samples, d))][:12]
        for driver in drivers:
            shutil.copytree(os.path.join(self.options.samples, driver),
                            os.path.join(tree, "drivers/vfio/mdev", driver))
        return tree, count, drivers

    def migrate(self):
        tree, count, drivers = self.make_tree()
        rule = os.path.join(self.options.work, "rule.cocci")
        with open(rule, "w") as file:
            file.write("@@\nexpression d;\n@@\n- vfio_uninit_group_dev(d);\n"
                       "+ vfio_put_device(d);\n")
        print("A tree of %d files with %d old drivers in it:" % (count, len(drivers)))
        self.against_spatch(tree, rule)
        print("The 6.1 source tree, in which all drivers are new:")
        self.against_spatch(self.options.source, rule)

    def against_spatch(self, tree, rule):
        # In turns, so that no program finds the files on the disk only.
        spatch = ["spatch", "--very-quiet", "--sp-file", rule, "--dir", tree]
        ours, single, parallel = best(
            [[self.migrate_program, "--kernel=" + self.options.kernel,
              "--target=6.1", tree],
             spatch, spatch + ["-j", str(os.cpu_count())]], self.options.rounds)
        print("  vfio-migrate          %5.1f s on the clock, largest process %.0f MB, "
              "exit status %d" % (ours.wall, ours.memory, ours.status))
        for what, cost in (("", single), (" -j", parallel)):
            print("  spatch, two lines%-3s  %5.1f s on the clock, exit status %d: "
                  "vfio-migrate takes %.2fx of it" %
                  (what, cost.wall, cost.status, ours.wall / cost.wall))

    def editor(self):
        """From a key to the diagnostics, in an editor: our clangd against the
        stock one, which runs no check, on the same file and database."""
        source = self.options.source
        files = [os.path.join(self.options.samples, "..", "buggy", "6.1", "norelease",
                              "norelease.c"),
                 os.path.join(source, "samples/vfio-mdev/mtty.c"),
                 os.path.join(source, "drivers/vfio/pci/mlx5/main.c")]
        files = [os.path.realpath(f) for f in files]
        self.database(files)
        flags = ["--compile-commands-dir=" + self.options.work, "--background-index=false",
                 "--log=error"]
        print("From a key to the diagnostics (median of %d keys, in turn):" % self.options.keys)
        for path in files:
            stock = editor.Keys([self.bin + "clangd", "--clang-tidy=false"] + flags, path)
            ours = editor.Keys([os.path.join(self.options.build, "bin", "vfio-clangd"),
                                "--kernel=" + self.options.kernel] + flags, path)
            for _ in range(self.options.keys):
                stock.press()
                ours.press()
            print("  %-24s clangd %6.3f s, vfio-clangd %6.3f s: %.2fx; with the findings %6.3f s; "
                  "processor %5.3f s, %5.3f s" % (
                      "/".join(path.split("/")[-2:]), stock.median(), ours.median(),
                      ours.median() / stock.median(), ours.median_whole(),
                      stock.processor(), ours.processor()))
            stock.close()
            ours.close()

    def growth(self):
        """One function, at 1, 4 and 16 times a size."""
        inputs = os.path.join(os.path.dirname(self.options.samples), "..", "test", "Inputs")
        flags = ["-std=gnu11", "-nostdinc", "-fbracket-depth=20000"] + [
            "-I" + os.path.join(inputs, part, "include") for part in ("6.1", "common")]
        source = os.path.join(self.options.work, "growth.c")
        print("What a function costs that is 4 and 16 times as large, without what an "
              "empty driver costs:\n  shape      parts   processor s           growth"
              "        memory MB   clang's")

        def measure(shape, count):
            with open(source, "w") as file:
                file.write(growth.driver(shape, count))
            return best([[self.tidy, "--checks=-*,vfio-*", source, "--"] + flags,
                         [self.bin + "clang", "-fsyntax-only", "-w"] + flags + [source]],
                        min(self.options.rounds, 3))

        empty, _ = measure("ifs", 0)
        worst = [0, 0]
        for shape, (least, _) in growth.SHAPES.items():
            ours, clang = zip(*(measure(shape, least * times) for times in (1, 4, 16)))
            # Below a hundredth of a second, the clock says nothing.
            own = [max(c.cpu - empty.cpu, 0.01) for c in ours]
            grows = [own[1] / own[0], own[2] / own[0]]
            worst = [max(w, g) for w, g in zip(worst, grows)]
            print("  %-10s %6d  %6.2f %6.2f %6.2f   %5.1fx %5.1fx   %8.0f   %6.0f" % (
                (shape, least * 16) + tuple(c.cpu for c in ours) + tuple(grows) +
                (ours[2].memory, clang[2].memory)))
        print("  the worst growth: %.1fx and %.1fx" % tuple(worst))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("build", "major", "kernel", "source", "samples", "work"):
        parser.add_argument("--" + name, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keys", type=int, default=15)
    parser.add_argument("measures", nargs="*", metavar="|".join(MEASURES))
    options = parser.parse_args()
    unknown = set(options.measures) - set(MEASURES)
    if unknown:
        sys.exit("bench: no such measure: " + ", ".join(sorted(unknown)))
    bench = Bench(options)
    for measure in options.measures or MEASURES:
        getattr(bench, measure)()
        print(flush=True)


if __name__ == "__main__":
    main()
