# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Changes drivers at random and gives them to vfio-tidy and vfio-migrate: neither
may crash, hang or end in another status than its own, and each source must be in
its summary. Most are compiled with the tests' own small headers, which takes a
tenth of the time; one batch in some has a kernel's. What fails is kept in
WORK/failed, with the seed in its name. An input counts where the program says
something of it in its report or messages, and as parsed where no error of its own
kept any file of it from being judged."""
import argparse
import glob
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

TOKEN = re.compile(rb"/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|\w+|\s+|[^\w\s]", re.S)
BAD = re.compile(r"crashed|not done within|wants more than|ended without a result|no process")


def swap(tokens, rng, _):
    a, b = rng.randrange(len(tokens)), rng.randrange(len(tokens))
    tokens[a], tokens[b] = tokens[b], tokens[a]


def delete(tokens, rng, _):
    at = rng.randrange(len(tokens))
    del tokens[at:at + rng.choice((1, 1, 1, 3, 40))]


def duplicate(tokens, rng, _):
    at = rng.randrange(len(tokens))
    tokens[at:at] = tokens[at:at + rng.choice((1, 3, 10, 200))] * rng.choice((1, 1, 2, 20))


def splice(tokens, rng, others):
    other = rng.choice(others)
    at, begin = rng.randrange(len(tokens)), rng.randrange(len(other))
    tokens[at:at + rng.choice((0, 1, 20))] = other[begin:begin + rng.choice((1, 5, 50, 500))]


def nest(tokens, rng, _):
    opening, inside, closing = rng.choice(
        [(b"(", b"1", b")"), (b"{", b"", b"}"), (b"[", b"1", b"]"), (b"if (1) {", b"", b"}"),
         (b"!", b"1", b""), (b"1 ? ", b"1", b" : 2"), (b"for (;;) {", b"break;", b"}"),
         (b"(int)", b"1", b""), (b"1 + ", b"1", b""), (b"if (0) ; else ", b";", b"")])
    deep = rng.choice((5, 50, 500, 3000))
    tokens.insert(rng.randrange(len(tokens)), opening * deep + inside + closing * deep)


def rename(tokens, rng, _):
    words = [i for i, t in enumerate(tokens) if re.match(rb"[a-z_]\w+$", t)]
    if words:
        tokens[rng.choice(words)] = tokens[rng.choice(words)]


def number(tokens, rng, _):
    numbers = [i for i, t in enumerate(tokens) if re.match(rb"\d", t)]
    if numbers:
        tokens[rng.choice(numbers)] = rng.choice(
            (b"0", b"-1", b"9223372036854775807", b"0x8000000000000000", b"18446744073709551615"))


def lines(tokens, rng, others):
    """What a hand does: a line is gone, is there twice, stands elsewhere, or is
    another driver's. Most of these still parse."""
    ends = [i for i, t in enumerate(tokens) if b"\n" in t]
    if len(ends) < 3:
        return
    at = rng.randrange(len(ends) - 1)
    line = tokens[ends[at]:ends[at + 1]]
    kind = rng.randrange(5)
    if kind in (0, 2, 4):
        del tokens[ends[at]:ends[at + 1]]
    if kind == 0:
        return
    if kind == 1:
        tokens[ends[at]:ends[at]] = line
        return
    if kind == 4:  # not far, so that it is still in its function
        ends = [i for i, t in enumerate(tokens) if b"\n" in t]
        to = ends[max(0, min(len(ends) - 1, at + rng.randrange(-10, 11)))]
        tokens[to:to] = line
        return
    if kind == 3:
        other = rng.choice(others)
        begin = rng.choice([i for i, t in enumerate(other) if b"\n" in t] or [0])
        line = other[begin:begin + rng.choice((8, 20, 60))]
    to = rng.randrange(len(tokens) + 1)
    while 0 < to < len(tokens) and b"\n" not in tokens[to]:
        to -= 1
    tokens[to:to] = line


CHANGES = (swap, delete, duplicate, splice, nest, rename, number, lines, lines, lines)
# What leaves most drivers such that they parse: they get further.
BY_HAND = (lines, lines, rename, number)


def disguise(text, rng):
    """The same bytes as an editor or a disk may leave them."""
    kind = rng.randrange(40)
    if kind == 0:
        return text.replace(b"\n", b"\r")
    if kind == 1:
        return text.replace(b"\n", b"\r\n")
    if kind == 2:
        return re.sub(rb"\s+", b" ", re.sub(rb"(?m)^#.*$", lambda m: b"\n" + m[0] + b"\n", text))
    if kind == 3:
        return b"\xef\xbb\xbf" + text
    if kind == 4:
        return text[:rng.randrange(len(text) + 1)]
    if kind in (5, 6):
        at = rng.randrange(len(text) + 1)
        return text[:at] + rng.choice((b"\0", b"\xff\xfe", b"\xc3", b"\x1b[31m")) + text[at:]
    return text


class Seed:
    """A driver's files, as tokens where they are sources."""

    def __init__(self, folder, paths):
        self.files, self.sources = {}, []
        for path in paths:
            name = os.path.relpath(path, folder)
            with open(path, "rb") as file:
                self.files[name] = file.read()
            if name.endswith(".c"):
                self.sources.append(name)
        self.tokens = {n: TOKEN.findall(self.files[n]) for n in self.sources}


# What has its turn in a round: a program, its seeds, the small headers.
ROUND = (("vfio-tidy", "6.1", "6.1"), ("vfio-migrate", "old", "6.1"),
         ("vfio-tidy", "6.2", "6.2"), ("vfio-migrate", "old", "6.1"),
         ("vfio-tidy", "6.1", "6.1"), ("vfio-migrate", "old", "6.2"))


class Fuzzer:
    def __init__(self, options):
        self.options = options
        self.rng = random.Random(options.seed)
        # Each with the headers that it is for.
        self.seeds = {
            "6.1": self.load("samples/clean/6.1", "samples/buggy/6.1", "samples/legacy",
                             "samples/lives"),
            "6.2": self.load("samples/clean/6.2", "samples/buggy/6.2", "test/families/*"),
            "old": self.load("samples/legacy"),
        }
        self.made = 0
        self.counts = {"vfio-tidy": 0, "vfio-migrate": 0}
        self.parsed = {"vfio-tidy": 0, "vfio-migrate": 0}
        self.batches = self.failed = 0
        self.slowest = 0.0

    def load(self, *folders):
        seeds = []
        for folder in folders:
            for driver in sorted(glob.glob(os.path.join(self.options.root, folder, "*", ""))):
                paths = sorted(p for p in glob.glob(os.path.join(driver, "**"), recursive=True)
                               if os.path.isfile(p) and not p.endswith((".md", ".txt")))
                seed = Seed(driver, paths)
                if seed.sources:
                    seeds.append(seed)
        return seeds

    def mutant(self, seed, seeds):
        """The driver's files, one of its sources changed."""
        name = self.rng.choice(seed.sources)
        tokens = list(seed.tokens[name])
        others = [t for s in self.rng.sample(seeds, min(3, len(seeds)))
                  for t in s.tokens.values()]
        kinds = self.rng.choice((CHANGES, BY_HAND, BY_HAND))
        for _ in range(self.rng.choice((1, 1, 1, 2, 3, 8))):
            if tokens:
                self.rng.choice(kinds)(tokens, self.rng, others)
        files = dict(seed.files)
        files[name] = disguise(b"".join(tokens), self.rng)
        return files

    def make(self, tree, seeds, size):
        """Writes so many drivers, in a folder each. Returns their sources."""
        shutil.rmtree(tree, ignore_errors=True)
        sources = []
        for number in range(size):
            for name, text in self.mutant(self.rng.choice(seeds), seeds).items():
                path = os.path.join(tree, "d%d" % number, name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    file.write(text)
                if name.endswith(".c"):
                    sources.append(path)
        return sources

    def flags(self, tree, sources, headers):
        """How the sources are compiled: by a kernel's headers, or by a database
        with the tests' own."""
        if not headers:
            return ["--kernel=" + self.options.kernel, tree]
        inputs = os.path.join(self.options.root, "test", "Inputs")
        words = ["clang", "-std=gnu11", "-nostdinc"] + [
            "-I" + os.path.join(inputs, part, "include") for part in (headers, "common")]
        with open(os.path.join(tree, "compile_commands.json"), "w") as file:
            json.dump([{"directory": os.path.dirname(s), "file": s,
                        "arguments": words + self.own_folders(tree, s) + ["-c", s]}
                       for s in sources], file)
        # Precompiling these small headers costs more than it saves; it is tried
        # with a kernel's.
        return ["--no-shared-headers", "-p", tree, tree]

    @staticmethod
    def own_folders(tree, source):
        driver = os.path.join(tree, os.path.relpath(source, tree).split(os.sep)[0])
        return ["-I" + os.path.dirname(source), "-I" + os.path.join(driver, "include")]

    def run(self, program, flags):
        """Its status, what it said, its report, and the processor time it took."""
        report = os.path.join(self.options.work, "report.json")
        if os.path.exists(report):
            os.remove(report)
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                [os.path.join(self.options.bin, program), "--report=" + report,
                 "-j%d" % self.options.jobs, "--time-limit=%d" % (10 * self.options.limit)] + flags,
                stdout=subprocess.DEVNULL, stderr=said, start_new_session=True)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            text = said.read().decode(errors="replace")
        found = {}
        if os.path.exists(report):
            with open(report) as file:
                found = json.load(file)
        return process.returncode, text, found, usage.ru_utime + usage.ru_stime

    @staticmethod
    def drivers_in(value):
        """The numbers of the drivers that a text, or a part of a report, names."""
        return set(re.findall(r"\bd(\d+)/", value if isinstance(value, str)
                              else json.dumps(value)))

    def count(self, program, said, report):
        """Which inputs were read, and which of them parsed."""
        read = self.drivers_in(said) | self.drivers_in(report)
        broken = self.drivers_in([report.get(k, []) for k in ("failed", "errors", "notParsed")])
        if program == "vfio-migrate":
            broken |= self.drivers_in("".join(re.findall(r"(?m)^vfio-migrate: error: .*", said)))
            broken |= self.drivers_in([d for d in report.get("drivers", []) if "does-not-parse" in
                                       [r["id"] for r in d["refusals"]] or d["remainingErrors"]])
        self.counts[program] += len(read)
        self.parsed[program] += len(read - broken)

    def slow_ones(self, program, tree, headers):
        """The drivers that take longer than the limit, each alone: of processor
        time, as the machine may do other things too."""
        alone = os.path.join(self.options.work, "alone")
        slow = []
        for driver in sorted(os.listdir(tree)):
            if not os.path.isdir(os.path.join(tree, driver)):
                continue
            shutil.rmtree(alone, ignore_errors=True)
            shutil.copytree(os.path.join(tree, driver), os.path.join(alone, driver))
            sources = glob.glob(os.path.join(alone, driver, "**", "*.c"), recursive=True)
            spent = self.run(program, self.flags(alone, sources, headers))[3]
            if spent > self.options.limit:
                slow.append("%s takes %.1f s" % (driver, spent))
        return slow

    def batch(self, program, seeds, headers, size):
        tree = os.path.join(self.options.work, "tree")
        sources = self.make(tree, seeds, size)
        status, said, report, spent = self.run(program, self.flags(tree, sources, headers))
        self.batches += 1
        self.made += size
        self.count(program, said, report)
        bad = [line for line in said.splitlines() if BAD.search(line)]
        # No input took longer than all of them did.
        self.slowest = max(self.slowest, spent)
        if spent > self.options.limit:
            bad += self.slow_ones(program, tree, headers)
        if status not in (0, 1, 2) or bad or "Sanitizer" in said:
            self.failed += 1
            kept = os.path.join(self.options.work, "failed", "%s-%d-%d" % (
                program, self.options.seed, self.made))
            shutil.copytree(tree, kept, dirs_exist_ok=True)
            print("%s: status %s in %s" % (program, status, kept))
            for line in bad[:5] or said.splitlines()[-3:]:
                print("  " + line, flush=True)

    def one_round(self):
        rounds = self.batches // len(ROUND) + 1
        real = self.options.real and rounds % self.options.real == 0
        for program, seeds, headers in ROUND:
            if real:
                self.batch(program, self.seeds[seeds], None, max(1, self.options.batch // 10))
            else:
                self.batch(program, self.seeds[seeds], headers, self.options.batch)

    def loop(self):
        begin = time.monotonic()
        while True:
            self.one_round()
            spent = time.monotonic() - begin
            if self.options.minutes and spent > 60 * self.options.minutes:
                break
            if not self.options.minutes and sum(self.counts.values()) >= self.options.count:
                break
            if self.batches % 60 == 0:
                self.tell(begin)
        self.tell(begin)
        return 1 if self.failed else 0

    def tell(self, begin):
        total = sum(self.counts.values())
        print("%d inputs (%s), seed %d, %.1f a second: %d of %d batches failed; "
              "a batch took %.1f s of processor time at most" % (
                  total, ", ".join("%s %d, %d parsed" % (p, n, self.parsed[p])
                                   for p, n in self.counts.items()), self.options.seed,
                  total / (time.monotonic() - begin), self.failed, self.batches, self.slowest),
              flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("bin", "kernel", "root", "work"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--limit", type=int, default=10, help="seconds of processor time for an input")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--real", type=int, default=20,
                        help="one round in so many has a kernel's headers, and a tenth "
                        "of the inputs; 0: none has")
    options = parser.parse_args()
    options.root = os.path.realpath(options.root)
    sys.exit(Fuzzer(options).loop())


main()
