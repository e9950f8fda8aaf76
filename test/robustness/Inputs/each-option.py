# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Each option that a program's --help names, with each of these values: a file that is
not there, a folder, a file that holds something else, a number, nothing. Where the value
is wrong there must be one line, from the program, and status 1, before any output.

  each-option.py BIN KERNEL FOLDER     FOLDER: a new one, with driver.c in it
"""
import os
import re
import subprocess
import sys

VALUES = ["no/such", "folder", "junk", "7", ""]
# What is right: the values, or None where every value is.
RIGHT = {
    "vfio-tidy": {
        "--extra-arg": ["no/such", "folder", "junk", "7"], # more inputs, to clang
        "--removed-arg": ["no/such", "folder", "junk", "7"],
        "--checks": [""], "--config": [""], "--warnings-as-errors": [""], # as without
        "--export-fixes": ["junk", "7"], "--write-baseline": ["junk", "7"],
        "-j": ["7"], "--time-limit": ["7"], "--memory-limit": ["7"], "--fix": [""],
        "--generated": ["folder"], "--list-checks": [""]},
    "vfio-migrate": {
        "--patches": ["no/such", "folder", "7"], "--export-fixes": ["junk", "7"], "-j": ["7"],
        "--time-limit": ["7"], "--memory-limit": ["7"], "--no-shared-headers": [""],
        "-i": [""], "--explain": [""], "--dump-facts": [""], "--no-verify": [""],
        "--generated": ["folder"]},
    "vfio-check": {
        "--checks": [""], "--warnings-as-errors": [""],
        "--help": None, "--version": None}, # with a value, they are the compiler's
    "vfio-clangd": {"--docs": ["no/such", "folder", "junk", "7"]}, # an address
}


def run(program, option, value, kernel):
    command = [os.path.join(sys.argv[1], program), option + "=" + value]
    if program in ("vfio-tidy", "vfio-migrate"):
        if option not in ("--kernel", "-p"):
            command.append("--kernel=" + kernel)
        command.append("driver.c")
    elif program == "vfio-check":
        command += ["-nostdinc", "driver.c"]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=60)


def options(program):
    text = subprocess.check_output([os.path.join(sys.argv[1], program), "--help"], text=True)
    return sorted(set(re.findall(r"(?<![\w-])(--?[a-z][a-z-]*)", text)) - {"-", "--"})


def main(kernel):
    bad = 0
    for program, right in RIGHT.items():
        tried = 0
        for option in options(program):
            allowed = right.get(option, [])
            for value in VALUES:
                if allowed is None or value in allowed:
                    continue
                with open("junk", "w") as junk:
                    junk.write("this is none of it\n")
                done = run(program, option, value, kernel)
                tried += 1
                if (done.returncode != 1 or done.stdout or done.stderr.count("\n") != 1
                        or not re.match(r"vfio-[a-z]+: ", done.stderr)):
                    bad += 1
                    print("%s %s=%s: status %d, %d bytes of output, and:\n%s" % (
                        program, option, value, done.returncode, len(done.stdout), done.stderr))
        print("%s: %d options, %d wrong values" % (program, len(options(program)), tried))
    return bad != 0


os.chdir(sys.argv[3])
os.mkdir("folder")
sys.exit(main(sys.argv[2]))
