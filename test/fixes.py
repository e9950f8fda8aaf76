# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a clang-tidy said, as its --export-fixes wrote it down, and what --fix
must leave of it."""
import collections
import os
import re


def diagnostics(path):
    """Counts of (file, check, message) without a fix, and of those with one."""
    plain, fixable = collections.Counter(), collections.Counter()
    if not os.path.exists(path):
        return plain, fixable
    with open(path) as file:
        text = file.read()
    os.unlink(path)
    for chunk in re.split(r"^  - DiagnosticName: *", text, flags=re.M)[1:]:
        head = re.split(r"^    Notes:", chunk, flags=re.M)[0]
        message = re.search(r"^      Message: *(.*?)\n      \w+:", head, re.M | re.S)[1]
        place = re.search(r"^      FilePath: *'(.*)'$", head, re.M)
        key = (place[1] if place else "", head.split("\n")[0].strip("'"), re.sub(r"\s+", " ", message))
        has_fix = re.search(r"^      Replacements:\s*\n\s+- ", head, re.M)
        (fixable if has_fix else plain)[key] += 1
    return plain, fixable


def left_over(before, after):
    """What should not be there after --fix: whatever had a fix or has one, and
    what the fixes have brought."""
    (plain, _), (plain_after, fixable_after) = before, after
    return sorted((fixable_after + (plain_after - plain)).elements())
