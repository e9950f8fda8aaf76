# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Comments name files of this project that are there, and links of pages lead
somewhere.   names.py ROOT"""
import os
import re
import sys

root = sys.argv[1]
ROOMS = ["engine", "contracts", "lifecycle", "kbuild", "checks", "report", "rewriter", "tools",
         "cmake", "scripts", "test", "docs", "samples"]
there, texts = set(), []
for room in ROOMS + ["."]:
    for folder, inner, names in os.walk(os.path.join(root, room)):
        if room == ".":
            inner.clear()
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), root)
            there.add(path)
            if name.endswith((".h", ".cpp", ".def", ".cmake", ".py", ".sh", ".md", ".txt")):
                texts.append(path)
            for i in range(path.count("/")):
                there.add(path.rsplit("/", i + 1)[0])
basenames = {os.path.basename(p) for p in there}
# "rewriter/Migrate.h", "docs/editors.md"; and, of our own kinds, "Migrate.h".
PATH = re.compile(r"(?<![\w/.*%%{}<-])((?:%s)/[\w./-]+\.(?:h|cpp|def|py|sh|md|c|test|cmake))\b"
                  % "|".join(ROOMS))
BARE = re.compile(r"(?<![\w/.*%{}<>\"-])([A-Z]\w+\.(?:h|cpp|def|cmake))\b")
# Clang's, and the kernel's.
ELSEWHERE = {"ClangTidyModule.h", "samples/vfio-mdev/mdpy.c"}
LINK = re.compile(r"\]\(([^)#:]+)(?:#[\w-]+)?\)")

faults = []
for path in sorted(texts):
    with open(os.path.join(root, path)) as file:
        text = file.read()
    if path.endswith((".h", ".cpp", ".def")):
        text = "\n".join(m for m in re.findall(r"//.*|/\*.*?\*/", text, re.S))
    elif path.endswith(".md"):
        for link in LINK.findall(re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.S)):
            to = os.path.normpath(os.path.join(os.path.dirname(path), link))
            if to not in there:
                faults.append("%s: its link %s leads nowhere" % (path, link))
        continue
    else:
        text = "\n".join(re.findall(r"#.*", text))
    named = [n for n in PATH.findall(text) if n not in there]
    named += [n for n in BARE.findall(text) if n not in basenames]
    faults += ["%s: names %s, which is not here" % (path, n) for n in named if n not in ELSEWHERE]
print("\n".join(sorted(set(faults))))
sys.exit(1 if faults else 0)
