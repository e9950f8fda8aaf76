# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A language server with a file open, for bench.py editor."""
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "test", "editor"))
import lsp


class Keys:
    """Keys that are pressed in the middle of a file, each in the peace of those
    before, and how long each takes until its diagnostics are there, and until
    the findings of the checks are, which may come later."""

    def __init__(self, command, path):
        self.path = path
        self.client = lsp.Client(command, os.path.dirname(path))
        self.client.open(path)
        self.client.diagnostics(path)
        self.text = self.client.texts[path]
        # Behind a brace that opens a function, somewhere in the middle.
        self.place = self.text.index("\n{\n", len(self.text) // 2) + 3
        self.times, self.whole, self.costs = [], [], []
        self.press()  # the first one finds nothing in the caches
        self.times, self.whole, self.costs = [], [], []

    def spent(self):
        with open("/proc/%d/stat" % self.client.process.pid) as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def press(self):
        typed = " " * self.client.versions[self.path]
        before, begin = self.spent(), time.monotonic()
        self.client.change(self.path, self.text[:self.place] + typed + self.text[self.place:])
        pending = self.client.first_diagnostics(self.path).get("vfioPending")
        self.times.append(time.monotonic() - begin)
        if pending:
            self.client.diagnostics(self.path)
        self.whole.append(time.monotonic() - begin)
        self.costs.append(self.spent() - before)

    def median(self):
        return statistics.median(self.times)

    def median_whole(self):
        return statistics.median(self.whole)

    def processor(self):
        """Of a key; the clock of it ticks too slowly for a single one."""
        return max(statistics.fmean(self.costs), 1e-3)

    def close(self):
        self.client.close()
