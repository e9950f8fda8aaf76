# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares what vfio-clangd shows with what vfio-tidy reports.

  same-findings.py CLANGD TIDY KERNEL SAMPLES CHECKS INPUTS WORK
"""
import glob
import json
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lsp

clangd, tidy, kernel, samples, checks, inputs, work = sys.argv[1:]
MOCK = ["clang", "-x", "c", "-std=gnu11", "-nostdinc", "-ffreestanding", "-D__KERNEL__", "-DMODULE",
        '-DKBUILD_MODNAME="test"', "-Wno-unused"]


def mock_flags(source):
    """Those of the first generation of headers that the test is run with."""
    with open(source) as file:
        told = re.search(r"-gen=([\w.]+)", file.read())
    return MOCK + ["-I%s/%s/include" % (inputs, told[1] if told else "6.1"),
                   "-I%s/common/include" % inputs, "-I" + sources]


sources = os.path.join(work, "sources")
os.makedirs(sources)
with open(os.path.join(work, ".clang-tidy"), "w") as file:
    file.write("Checks: ''\n")
shutil.copytree(os.path.join(checks, "Inputs"), os.path.join(sources, "Inputs"))
database = []
for path in sorted(glob.glob(os.path.join(checks, "*.c"))):
    copy = os.path.join(sources, os.path.basename(path))
    shutil.copy(path, copy)
    database.append({"directory": sources, "file": copy, "arguments": mock_flags(path) + [copy]})
for folder in sorted(glob.glob(os.path.join(samples, "buggy/6.1/*"))):
    copy = os.path.join(sources, os.path.basename(folder))
    shutil.copytree(folder, copy)
    out = subprocess.run([tidy, "--kernel=" + kernel, "--print-database", copy],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    database += json.loads(out)
with open(os.path.join(work, "compile_commands.json"), "w") as file:
    json.dump(database, file)

files = [entry["file"] for entry in database]
report = os.path.join(work, "report.json")
done = subprocess.run([tidy, "-p", work, "-j2", "--report=" + report, *files],
                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
assert done.returncode == 2, done.stdout[-2000:]
with open(report) as file:
    found = json.load(file)
root = found["root"]
told = {path: set() for path in files}
for finding in found["findings"]:
    path = os.path.join(root, finding["file"])
    if path in told:
        told[path].add((finding["line"], finding["check"]))

client = lsp.Client([clangd, "--background-index=false", "--compile-commands-dir=" + work], work)
differ = 0
for path in files:
    client.open(path)
    shown = {(d["range"]["start"]["line"] + 1, d["code"]) for d in client.diagnostics(path)
             if d.get("code", "").startswith("vfio-")}
    client.notify("textDocument/didClose", {"textDocument": {"uri": "file://" + path}})
    if shown != told[path]:
        differ += 1
        print("%s differs: only in the editor %s, only vfio-tidy %s" % (
            os.path.basename(path), sorted(shown - told[path]), sorted(told[path] - shown)))
client.close()
if not differ:
    print("%d sources, %d findings, the same from both" % (len(files), sum(map(len, told.values()))))
sys.exit(1 if differ else 0)
