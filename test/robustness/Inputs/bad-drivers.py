# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A driver that is hard to work on, in a folder beside a good one."""
import os
import re
import shutil
import subprocess
import sys

MIGRATE, TIDY, KERNEL, SAMPLES, BASE = sys.argv[1:]


def sample(name):
    with open(os.path.join(SAMPLES, "legacy", name, name + ".c")) as file:
        return file.read()


def inside(statement):
    """The driver, with a statement more in a function of its own."""
    return sample("pebble") + "\nint pebble_deep(int x)\n{\n\tint y = 0;\n%s\n\treturn y;\n}\n" % statement


def one_line(text):
    lines = text.split("\n")
    head = [line for line in lines if line.startswith("#")]
    return "\n".join(head) + "\n" + " ".join(
        re.sub(r"//.*", "", line) for line in lines if not line.startswith("#"))


SLOW = ("".join("#define %s %s\n" % (a, (b + " ") * 10) for a, b in zip("ABCDEFGHI", "BCDEFGHIJ")) +
        "#define J ;\nint slow(void) { A return 0; }\n")
DRIVERS = {
    "deep in !": inside("\ty = %sx;" % ("!" * 3000)),
    "deep in casts": inside("\ty = %sx;" % ("(int)" * 3000)),
    "deep in &&": inside("\ty = %sx;" % ("x && " * 16000)),
    "deep in +": inside("\ty = %sx;" % ("x + " * 30000)),
    "deep in else": inside("\t" + "if (x == 1) y++; else " * 8000 + "y = 2;"),
    "many labels": inside("\tswitch (x) {\n%s\tdefault: y++; }" %
                          "".join("\tcase %d:\n" % n for n in range(10000))),
    "one line": one_line(sample("mixer")),
    "carriage returns": sample("mixer").replace("\n", "\r"),
    "arguments that are missing": sample("pebble").replace(
        "vfio_init_group_dev(vdev, &mdev->dev, &pebble_ops)", "vfio_init_group_dev(vdev)").replace(
            "dev_set_drvdata(&mdev->dev, vdev)", "dev_set_drvdata(vdev)"),
    "a code that is itself": sample("mixer").replace("int ret = -ENOMEM;", "int ret = ret;"),
}


def run(text, *command):
    shutil.rmtree(BASE + "/tree", ignore_errors=True)
    os.makedirs(BASE + "/tree/bad")
    with open(BASE + "/tree/bad/bad.c", "w", newline="") as file:
        file.write(text)
    shutil.copytree(os.path.join(SAMPLES, "legacy/beacon"), BASE + "/tree/good")
    done = subprocess.run([*command, "--kernel=" + KERNEL, BASE + "/tree"], timeout=300,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return done.returncode, done.stderr


def main():
    for title, text in DRIVERS.items():
        status, said = run(text, MIGRATE)
        good = status in (0, 2) and "crashed" not in said and re.search(r"^  converted .*/good/", said, re.M)
        print("%s: %s" % (title, "the good one converted" if good else said))
    # More than the largest stack holds: what did it is named, and where.
    deepest = sample("pebble") + "\nint pebble_deepest(int x)\n{\n\treturn %sx;\n}\n" % ("!" * 4000000)
    line = deepest[:deepest.index("!!!")].count("\n") # of the brace before it
    for program, begin in ((MIGRATE, "  crashed +"), (TIDY, "  failed: ")):
        _, said = run(deepest, program)
        told = re.search(r"^%s.*bad\.c: crashed: .*, at .*bad\.c:%d:" % (begin, line), said, re.M)
        good = re.search(r"^  converted .*/good/|analysed [1-9]", said, re.M)
        print("deeper than the stack: " + ("the good one done, the line told"
                                           if told and good else said))
    slow = sample("pebble") + SLOW
    _, said = run(slow, MIGRATE, "--time-limit=6", "--memory-limit=12288")
    told = re.search(r"^  (too-slow) +(.*)$", said, re.M)
    good = re.search(r"^  converted .*/good/", said, re.M)
    print("slow: " + ("the good one converted, %s %s" % told.groups() if told and good else said))
    _, said = run(slow, TIDY, "--time-limit=6", "--memory-limit=12288")
    told = re.search(r"^  failed: (.*bad\.c.*)$", said, re.M)
    good = re.search(r"analysed [1-9]", said)
    print("vfio-tidy, slow: " + ("the good one analysed, " + told[1] if told and good else said))
    status, said = run(sample("pebble"), MIGRATE, "--memory-limit=1")
    lines = said.splitlines()
    bad = [line for line in lines if not line.startswith("vfio-migrate: ")]
    print("no memory: " + ("nothing works, said of each in a line"
                           if status == 1 and lines and not bad else said))


main()
