# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Each diff of docs/by-hand.md is part of the patch on standard input.
   by-hand.py PAGE < PATCH"""
import re
import sys

patch = sys.stdin.read().splitlines()
with open(sys.argv[1]) as file:
    blocks = re.findall(r"^```diff\n(.*?)^```$", file.read(), re.S | re.M)
assert len(blocks) >= 7, "the page has %d diffs" % len(blocks)
for block in blocks:
    lines = block.splitlines()
    if not any(patch[i:i + len(lines)] == lines for i in range(len(patch))):
        sys.exit("by-hand.md: the patch has no such part any more:\n" + block)
print("%d parts of the patch" % len(blocks))
