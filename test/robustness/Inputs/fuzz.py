# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Changes drivers at random and gives them to vfio-tidy and vfio-migrate: neither
may crash, hang or end in another status than its own, and each source must be in
its summary. What fails is kept in WORK/failed, with the seed in its name."""
import argparse
import glob
import os
import random
import re
import shutil
import subprocess
import sys
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


CHANGES = (swap, delete, duplicate, splice, nest, rename, number)


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


class Fuzzer:
    def __init__(self, options):
        self.options = options
        self.rng = random.Random(options.seed)
        self.tidy = self.load("clean/6.1", "buggy/6.1", "clean/6.12", "buggy/6.12", "legacy")
        self.migrate = self.load("legacy")
        self.counts = {"vfio-tidy": 0, "vfio-migrate": 0}
        self.failed = 0
        self.slowest = 0.0

    def load(self, *folders):
        texts = []
        for folder in folders:
            for path in sorted(glob.glob(os.path.join(self.options.samples, folder, "*", "*.c"))):
                with open(path, "rb") as file:
                    texts.append(TOKEN.findall(file.read()))
        return texts

    def mutant(self, seeds):
        tokens = list(self.rng.choice(seeds))
        for _ in range(self.rng.choice((1, 1, 2, 3, 8))):
            if tokens:
                self.rng.choice(CHANGES)(tokens, self.rng, seeds)
        return disguise(b"".join(tokens), self.rng)

    def batch(self, program, seeds, size):
        tree = os.path.join(self.options.work, "tree")
        shutil.rmtree(tree, ignore_errors=True)
        for number in range(size):
            # In a folder each: a driver each.
            folder = os.path.join(tree, "d%d" % number)
            os.makedirs(folder)
            with open(os.path.join(folder, "drv.c"), "wb") as file:
                file.write(self.mutant(seeds))
        begin = time.monotonic()
        try:
            done = subprocess.run(
                [os.path.join(self.options.bin, program), "--kernel=" + self.options.kernel,
                 "--time-limit=%d" % self.options.limit, tree],
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60 + 10 * size)
            said, status = done.stderr.decode(errors="replace"), done.returncode
        except subprocess.TimeoutExpired:
            said, status = "", "hangs"
        self.slowest = max(self.slowest, time.monotonic() - begin)
        self.counts[program] += size
        bad = [line for line in said.splitlines() if BAD.search(line)]
        if status not in (0, 1, 2) or bad or "Sanitizer" in said:
            self.failed += 1
            kept = os.path.join(self.options.work, "failed", "%s-%d-%d" % (
                program, self.options.seed, self.counts[program]))
            shutil.copytree(tree, kept, dirs_exist_ok=True)
            print("%s: status %s in %s" % (program, status, kept))
            for line in bad[:5] or said.splitlines()[-3:]:
                print("  " + line)

    def run(self):
        begin = time.monotonic()
        size = self.options.batch
        while True:
            self.batch("vfio-tidy", self.tidy, size)
            self.batch("vfio-migrate", self.migrate, size)
            spent = time.monotonic() - begin
            if self.options.minutes and spent > 60 * self.options.minutes:
                break
            if not self.options.minutes and sum(self.counts.values()) >= self.options.count:
                break
        total = sum(self.counts.values())
        print("%d inputs (%s), seed %d, %.1f a second: %d batches failed" % (
            total, ", ".join("%s %d" % c for c in self.counts.items()), self.options.seed,
            total / (time.monotonic() - begin), self.failed))
        return 1 if self.failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("bin", "kernel", "samples", "work"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--limit", type=int, default=60)
    sys.exit(Fuzzer(parser.parse_args()).run())


main()
