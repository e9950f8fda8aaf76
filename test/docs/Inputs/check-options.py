# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The options in the sources against those in --help, the manual pages and the
completions.   check-options.py SOURCE BUILD"""
import gzip
import os
import re
import subprocess
import sys

source, build = sys.argv[1:]
# Where each program reads its options, and how these stand there.
READERS = {
    "vfio-tidy": ("tools/vfio-tidy/Arguments.cpp", r'{"([\w-]+)", &Arguments'),
    "vfio-migrate": ("tools/vfio-migrate/Options.cpp",
                     r'cl::opt<[\w:]+> \w+\("([\w-]+)"'),
    "vfio-check": ("tools/vfio-check/VfioCheck.cpp", r'"(--[a-z][a-z-]+)=?"'),
    "vfio-clangd": ("tools/vfio-clangd/VfioClangd.cpp",
                    r'(?:Bare == "|"(?=--))([a-z-]+)=?"'),
}
# Other spellings of options that --help has.
ALIASES = {"--jobs": "-j", "--extra-arg-before": "--extra-arg", "-h": "--help", "--verbose": "-v", "--quiet": "-q"}

for name, (file, pattern) in READERS.items():
    with open(os.path.join(source, file)) as text:
        read = set(re.findall(pattern, text.read()))
    help_text = subprocess.run([os.path.join(build, "bin", name), "--help"], check=True,
                               stdout=subprocess.PIPE, universal_newlines=True).stdout
    lines = help_text.splitlines()
    assert len(lines) <= (36 if name == "vfio-tidy" else 24), "%s --help has %d lines" % (name, len(lines))
    assert max(map(len, lines)) <= 84, "%s --help: %s" % (name, max(lines, key=len))
    made = {}
    for made_name in (name + ".1.gz", name + ".bash", "_" + name):
        read_as = gzip.open if made_name.endswith(".gz") else open
        with read_as(os.path.join(build, "from-help", made_name), "rt") as text:
            made[made_name] = text.read().replace("\\-", "-").replace("\\fB", "").replace("\\fR", "")
    for option in read:
        option = option if option.startswith("-") else ("-" if len(option) == 1 else "--") + option
        option = ALIASES.get(option, option)
        if name == "vfio-check" and option in ("--patch", "--report"):
            continue # what it hands to vfio-tidy
        if option == "--found":
            continue # what the run over several kernels hands to those over one
        for place, text in dict(made, help=help_text).items():
            assert re.search(r"(?<![\w-])%s(?![\w-])" % re.escape(option), text), \
                "%s: %s is not in %s" % (name, option, place)
    print("%s: %d options, %d lines" % (name, len(read), len(lines)))
