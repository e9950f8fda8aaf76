# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""visitors.py SOURCES: which functions of visitors lack ENGINE_OVERRIDE.

With it a compiler refuses a function that clang's visitor does not have (any
more); without, nobody calls it, and nobody says so.
"""
import glob
import os
import re
import sys

ROOMS = "engine contracts lifecycle kbuild checks report rewriter tools".split()
FUNCTION = re.compile(r"\bbool\s+(?:Visit|Traverse|WalkUpFrom)\w+\([^()]*\)\s*(\w+|[{;])")

root = sys.argv[1]
wrong, seen = [], 0
for path in sorted(f for room in ROOMS
                   for f in glob.glob(os.path.join(root, room, "**", "*.[ch]*"), recursive=True)):
    with open(path) as f:
        text = f.read()
    name = os.path.relpath(path, root)
    for function in FUNCTION.finditer(text):
        seen += 1
        if function.group(1) != "ENGINE_OVERRIDE":
            wrong.append("%s:%d: no ENGINE_OVERRIDE: %s" % (
                name, text.count("\n", 0, function.start()) + 1,
                " ".join(function.group(0).split())))
    if name != "engine/Compat.h" and re.search(r"public (clang::)?RecursiveASTVisitor", text):
        wrong.append("%s: a visitor by templates: take engine::ASTVisitor" % name)
print("\n".join(wrong))
if not seen:
    sys.exit("visitors.py: no visitor in " + root)
sys.exit(bool(wrong))
